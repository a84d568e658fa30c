"""Wrong programs: one small change to one place of a text, by the operators of ``mutators``.

A change replaces the exact source range of a syntax node, so that every other byte stays. Left
alone are docstrings, annotations, the names of decorators, the messages of assertions and the
insides of f-strings. What does not compile, or compiles to what was there, or to what another
mutant is, or is provably the same by one of ``RULES``, is no mutant.
"""

import ast
import difflib
import itertools
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, UnionType
from typing import Literal

from covet.languages.python.lines import (
    Definition,
    compiled,
    docstring_of,
    parse,
    span_of,
    split_lines,
)
from covet.languages.python.mutators import OPERATORS
from covet.languages.python.places import Edit, Site, Text, bound_by, text_of
from covet.records import Mutant, Span


@dataclass(frozen=True, slots=True)
class _Change:
    operator: str
    edit: Edit
    site: Site


@lru_cache(maxsize=64)
def mutants(source: str, span: Span, *, limit: int) -> tuple[Mutant, ...]:
    """In file order. A mutant's ``span`` is the statement (or header of a compound one) that
    holds its change: if no line of it runs, the change cannot show.
    """
    text = text_of(source)
    changes = sorted(_changes(text, span), key=lambda c: (c.edit.start, c.edit.end))
    distinct = [change for change in _distinct(text, changes) if not _is_same(change)]
    lines = [text.line_of(change.edit.start) for change in distinct]
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for line, change in zip(lines, distinct, strict=True):
        name = f"{line}:{change.operator}"
        ids.append(f"{name}:{seen[name]}")
        seen[name] += 1
    places = [(line, change.operator) for line, change in zip(lines, distinct, strict=True)]
    return tuple(_mutant(text, distinct[i], ids[i]) for i in spread(places, limit))


def _mutant(text: Text, change: _Change, identity: str) -> Mutant:
    span, diff = _span(change.site), _diff(text, change.edit)
    return Mutant(identity, change.operator, span, text.apply(change.edit), diff)


def spread(places: Sequence[tuple[int, str]], limit: int) -> list[int]:
    """At most ``limit`` indices into ``places`` (line and operator of each), ascending: as many
    different lines as possible, evenly over them, and on a line the operator that has been
    chosen least; among equals another than on the line before.
    """
    if len(places) <= limit:
        return list(range(len(places)))
    queues: dict[int, list[int]] = {}
    for index, (line, _) in enumerate(places):
        queues.setdefault(line, []).append(index)
    for turn, queue in enumerate(queues.values()):
        shift = turn % len(queue)
        queue[:] = queue[shift:] + queue[:shift]
    chosen: list[int] = []
    uses: Counter[str] = Counter()
    while len(chosen) < limit:
        waiting = [queue for queue in queues.values() if queue]
        take = min(limit - len(chosen), len(waiting))
        for turn in range(take):
            queue = waiting[turn * len(waiting) // take]
            index = min(queue, key=lambda i: uses[places[i][1]])
            queue.remove(index)
            uses[places[index][1]] += 1
            chosen.append(index)
    return sorted(chosen)


def _changes(text: Text, span: Span) -> Iterator[_Change]:
    for site in _sites(text, text.tree, (), span):
        for way in OPERATORS:
            for edit in way.find(site):
                first, last = text.line_of(edit.start), text.line_of(max(edit.start, edit.end - 1))
                if first in span and last in span:
                    yield _Change(way.name, edit, site)


def _sites(text: Text, node: ast.AST, parents: tuple[ast.AST, ...], span: Span) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        lines = span_of(node)
        if lines.last_line < span.first_line or span.last_line < lines.first_line:
            return
    if parents:
        yield Site(text, node, parents)
    for child in _children(node, parents):
        yield from _sites(text, child, (*parents, node), span)


def _children(node: ast.AST, parents: tuple[ast.AST, ...]) -> Iterator[ast.AST]:
    """What may be changed inside ``node``."""
    if isinstance(node, ast.JoinedStr):
        return
    skipped = {"annotation", "returns", "type_params", "type_comment"}
    if isinstance(node, ast.Assert):
        skipped.add("msg")
    if parents and node in getattr(parents[-1], "decorator_list", []):
        skipped.add("func")
    owner = isinstance(node, ast.Module | ast.ClassDef | Definition)
    docstring = docstring_of(node) if owner else None
    for name, value in ast.iter_fields(node):
        if name in skipped:
            continue
        for child in value if isinstance(value, list) else [value]:
            bare = name == "decorator_list" and not isinstance(child, ast.Call)
            if isinstance(child, ast.AST) and child is not docstring and not bare:
                yield child


def _distinct(text: Text, changes: Sequence[_Change]) -> Iterator[_Change]:
    """Those that compile to something new."""
    seen: dict[ast.stmt, set[object]] = {}
    for change in changes:
        unit, header = _unit(text, change.site)
        if unit not in seen:
            seen[unit] = {_fingerprint(header + _unit_text(text, unit))}
        try:
            changed = _fingerprint(header + _unit_text(text, unit, change.edit))
        except SyntaxError:
            continue
        if changed not in seen[unit]:
            seen[unit].add(changed)
            yield change


def _unit(text: Text, site: Site) -> tuple[ast.stmt, str]:
    """The smallest statement of a module or class around a site, which compiles alone, and the
    line to put before it.
    """
    chain = [*site.parents, site.node]
    depth = 1
    while isinstance(chain[depth], ast.ClassDef) and depth + 1 < len(chain):
        inner = chain[depth + 1]
        if not isinstance(inner, ast.stmt) or not _stands_alone(text, inner):
            break
        depth += 1
    unit, owner = chain[depth], chain[depth - 1]
    assert isinstance(unit, ast.stmt)
    return unit, f"class {owner.name}:\n" if isinstance(owner, ast.ClassDef) else ""


def _stands_alone(text: Text, statement: ast.stmt) -> bool:
    line = text.starts[span_of(statement).first_line - 1]
    return not text.bytes[line : text.start(statement)].partition(b"@")[0].strip()


def _unit_text(text: Text, unit: ast.stmt, edit: Edit | None = None) -> str:
    span = span_of(unit)
    return text.between_lines(span.first_line, span.last_line, edit)


def _fingerprint(source: str) -> object:
    return _essence(compiled(source))


def _essence(value: object) -> object:
    """A code object without its positions, equal exactly where two compute the same."""
    match value:
        case CodeType():
            return (
                value.co_code,
                tuple(_essence(constant) for constant in value.co_consts),
                (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars),
                (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount),
                (value.co_flags, value.co_name, value.co_exceptiontable),
            )
        case tuple():
            return tuple(_essence(item) for item in value)
        case frozenset():
            return frozenset(_essence(item) for item in value)
        case _:
            return (type(value).__name__, repr(value))


def _span(site: Site) -> Span:
    """The lines of which one runs before a change at a site can show: of the innermost statement
    around it; of a compound one, its header's; of a decorator, its own.
    """
    depth = max(i for i, node in enumerate(site.chain) if isinstance(node, _Lined))
    holder = site.chain[depth]
    for decorator in getattr(holder, "decorator_list", []):
        if isinstance(decorator, ast.expr) and decorator in site.chain[depth + 1 : depth + 2]:
            return Span(decorator.lineno, decorator.end_lineno or decorator.lineno)
    first = _first_line(holder, decorated=False)
    body: list[ast.AST] = getattr(holder, "body", None) or getattr(holder, "cases", [])
    if body:
        return Span(first, max(first, _first_line(body[0]) - 1))
    return Span(first, getattr(holder, "end_lineno", None) or first)


_Lined = ast.stmt | ast.ExceptHandler | ast.match_case


def _first_line(node: ast.AST, *, decorated: bool = True) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    assert isinstance(node, ast.stmt | ast.ExceptHandler)
    return span_of(node).first_line if decorated and isinstance(node, ast.stmt) else node.lineno


def _diff(text: Text, edit: Edit) -> str:
    first = text.line_of(edit.start) - 1
    last = text.line_of(max(edit.start, edit.end - 1)) + 1
    before = split_lines(text.between_lines(first, last))
    after = split_lines(text.between_lines(first, last, edit))
    lines = difflib.unified_diff(before, after, n=1)
    return "".join(line.rstrip("\r\n") + "\n" for line in list(lines)[3:])


# ---------------------------------------------------------------- provably the same program


@dataclass(frozen=True, slots=True)
class Rule:
    """A proof that some changes cannot show, whatever a function is called with. What only
    introspection sees (constants of code objects, variables of frames) does not count.
    """

    name: str
    holds: Callable[[_Change], bool]
    """May miss a change that cannot show; never takes one that can."""


def _is_same(change: _Change) -> bool:
    return any(rule.holds(change) for rule in RULES)


def _is_unread(change: _Change) -> bool:
    """A constant kept in a local variable that is never read, or not before the next value."""
    statement = change.site.statement
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            pass
        case _:
            return False
    scopes = [n for n in change.site.parents if isinstance(n, Definition | ast.ClassDef)]
    if not _is_constant(value) or not scopes or not isinstance(scopes[-1], Definition):
        return False
    if _is_shared(name, scopes[-1]):
        return False
    chain = change.site.chain
    chain = chain[chain.index(scopes[-1]) : chain.index(statement) + 1]
    if not any(_mentions(node, name, ast.Load | ast.Del) for node in scopes[-1].body):
        return True
    return _dies_behind(name, chain)


def _is_constant(value: ast.expr) -> bool:
    """Whether its evaluation can neither fail nor do anything."""
    match value:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float())):
            return True
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return all(_is_constant(element) for element in elts)
        case _:
            return False


_FRAMES = frozenset({"currentframe", "_getframe", "dir", "eval", "exec", "locals", "vars"})


def _is_shared(name: str, scope: ast.AST) -> bool:
    """Whether more than the statements of ``scope`` in their turn may read its variable."""
    for node in ast.walk(scope):
        match node:
            case ast.Name(id=other) | ast.Attribute(attr=other) if other in _FRAMES:
                return True
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                return True
            case ast.Lambda() | ast.GeneratorExp() | ast.ClassDef() if _mentions(node, name):
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node is not scope:
                if _mentions(node, name):
                    return True
            case _:
                pass
    return False


def _mentions(
    node: ast.AST,
    name: str,
    context: type[ast.expr_context] | UnionType = ast.expr_context,
) -> bool:
    """Adding to a variable reads it."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.AugAssign) and _mentions_itself(inner.target, name):
            return True
        if _mentions_itself(inner, name) and isinstance(getattr(inner, "ctx", None), context):
            return True
    return False


def _mentions_itself(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _dies_behind(name: str, chain: Sequence[ast.AST]) -> bool:
    """Whether no path from the end of a chain, its function the first, reads a variable before
    setting it.
    """
    for parent, child in reversed(list(itertools.pairwise(chain))):
        if not isinstance(parent, Definition | ast.If | ast.For | ast.While):
            return False  # exceptions may lead from anywhere to a place that reads it
        blocks: list[list[ast.stmt]] = [
            parent.body,
            [] if isinstance(parent, Definition) else parent.orelse,
        ]
        block = next(block for block in blocks if child in block)
        at = next(index for index, other in enumerate(block) if other is child)
        fate = _fate(name, block[at + 1 :])
        if fate != "kept":
            return fate == "gone"
        if isinstance(parent, ast.For | ast.While) and block is parent.body:
            if isinstance(parent, ast.While) and _mentions(parent.test, name):
                return False
            if "read" in (_fate(name, block), _fate(name, parent.orelse)):
                return False
    return True


_Fate = Literal["read", "gone", "kept"]


def _fate(name: str, block: Sequence[ast.stmt]) -> _Fate:
    """What running ``block`` may do to a variable's value first: read it; on every path lose
    it; or neither. ``read`` also where it is hard to tell.
    """
    for statement in block:
        fate = _fate_in(name, statement)
        if fate != "kept":
            return fate
    return "kept"


def _fate_in(name: str, statement: ast.stmt) -> _Fate:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse) if not _mentions(test, name):
            fates = {_fate(name, body), _fate(name, orelse)}
            return "read" if "read" in fates else "gone" if fates == {"gone"} else "kept"
        case ast.Assign(targets=targets) if not _mentions(statement, name, ast.Load):
            return "gone" if any(_mentions_itself(t, name) for t in targets) else "kept"
        case ast.Return() | ast.Raise() if not _mentions(statement, name):
            return "gone"
        case ast.For(orelse=[]) | ast.While(orelse=[]) if not _mentions(statement, name):
            return "kept"
        case _:
            jumps = any(isinstance(node, ast.Break | ast.Continue) for node in ast.walk(statement))
            return "read" if jumps or _mentions(statement, name) else "kept"


def _is_same_length_test(change: _Change) -> bool:
    """``len(a)`` against a whole number, where no length tells the two tests apart, of those
    from 0 on that the tests before it, of which it is an ``elif``, let through.
    """
    site = change.site
    compare = next((n for n in reversed(site.chain) if isinstance(n, ast.Compare)), None)
    if compare is None or not _is_builtin("len", site):
        return False
    before, after = _length_test(compare), _length_test(_changed(change, compare))
    if before is None or after is None or before[0] != after[0]:
        return False
    failed = [test for test in _failed_tests(site, compare) if test[0] == before[0]]
    lengths = range(max(0, *(bound for _, _, bound in (before, after, *failed))) + 2)
    return all(
        before[1](n, before[2]) == after[1](n, after[2])
        for n in lengths
        if not any(holds(n, bound) for _, holds, bound in failed)
    )


_LengthTest = tuple[str, Callable[[int, int], bool], int]
"""Whose length, and how it is compared with what."""


def _failed_tests(site: Site, compare: ast.Compare) -> Iterator[_LengthTest]:
    """Tests of lengths of variables that did not hold just before ``compare`` is asked: where it
    is the whole test of an ``elif``, those above it as far as nothing else is asked.
    """
    if not isinstance(site.statement, ast.If) or site.statement.test is not compare:
        return
    chain = site.chain[: site.chain.index(site.statement) + 1]
    for outer, inner in reversed(list(itertools.pairwise(chain))):
        if not isinstance(outer, ast.If) or outer.orelse != [inner]:
            return
        test = _length_test(outer.test)
        if test is None or not test[0].startswith("Name("):
            return
        yield test


def _length_test(node: ast.expr | None) -> _LengthTest | None:
    match node:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[asked], keywords=[]),
            ops=[op],
            comparators=[bound],
        ) if type(op) in _ORDER:
            value = _whole_number(bound)
            return None if value is None else (ast.dump(asked), _ORDER[type(op)], value)
        case _:
            return None


_ORDER: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _whole_number(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case _:
            return None


def _is_past_the_end(change: _Change) -> bool:
    """A bound of a slice at the length of a local list, tuple or text, moved further out."""
    site = change.site
    if isinstance(site.statement, ast.AugAssign):
        return False
    match site.parent, site.node:
        case ast.Subscript(value=ast.Name(id=name)), ast.Slice(lower=lower, upper=upper, step=None):
            moved, other = (upper, lower) if _starts(change, upper) else (lower, upper)
        case _:
            return False
    match moved, other:
        case (
            ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=asked)], keywords=[]),
            None | ast.Constant() | ast.Name(),  # which cannot change the length in between
        ):
            at_it = change.operator == "bound" and asked == name and _starts(change, moved)
            return at_it and _is_builtin("len", site) and _is_sequence(name, site)
        case _:
            return False


def _starts(change: _Change, node: ast.expr | None) -> bool:
    return node is not None and change.site.text.start(node) == change.edit.start


def _is_sequence(name: str, site: Site) -> bool:
    """Whether all that a local variable is ever set to is a sequence of Python's own."""
    scopes = [n for n in site.parents if isinstance(n, Definition | ast.ClassDef)]
    if not scopes or not isinstance(scopes[-1], Definition) or _is_shared(name, scopes[-1]):
        return False
    values: list[ast.expr] = []
    bindings = 0
    for node in ast.walk(scopes[-1]):
        bindings += bound_by(node).count(name)
        if isinstance(node, ast.Assign) and any(_mentions_itself(t, name) for t in node.targets):
            values.append(node.value)
    return bindings == len(values) > 0 and all(_makes_sequence(value, site) for value in values)


def _makes_sequence(value: ast.expr, site: Site) -> bool:
    match value:
        case ast.List() | ast.ListComp() | ast.Tuple():
            return True
        case ast.Constant(value=str() | bytes()):
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted" | "tuple" as name)):
            return _is_builtin(name, site)
        case _:
            return False


_DEFAULTS: dict[tuple[str, str], object] = {
    ("enumerate", "start"): 0,
    ("max", "key"): None,
    ("min", "key"): None,
    ("open", "mode"): "r",
    ("print", "end"): "\n",
    ("print", "sep"): " ",
    ("sorted", "key"): None,
    ("sorted", "reverse"): False,
    ("sum", "start"): 0,
    ("zip", "strict"): False,
}


def _restates_default(change: _Change) -> bool:
    """An option that is left out, of a builtin function that takes the same by default."""
    call, site = change.site.node, change.site
    if change.operator != "keyword" or not isinstance(call, ast.Call):
        return False
    for keyword in call.keywords:
        if change.edit.start <= site.text.start(keyword) < change.edit.end:
            match call.func, keyword.value:
                case ast.Name(id=name), ast.Constant(value=value):
                    default = _DEFAULTS.get((name, keyword.arg or ""), ...)
                    same = type(value) is type(default) and value == default
                    return same and _is_builtin(name, site)
                case _:
                    return False
    return False


def _is_builtin(name: str, site: Site) -> bool:
    """Whether no text of the file gives the name another meaning."""
    return not site.text.bound & {name, "*"}


def _changed(change: _Change, node: ast.expr) -> ast.expr | None:
    """A node after a change inside it."""
    text, edit = change.site.text, change.edit
    start, end = text.start(node), text.end(node)
    if not start <= edit.start <= edit.end <= end:
        return None
    new = text.bytes[start : edit.start] + edit.new.encode() + text.bytes[edit.end : end]
    try:
        tree = parse(f"({new.decode()}\n)")
    except SyntaxError:
        return None
    return tree.body[0].value if isinstance(tree.body[0], ast.Expr) else None


RULES = (
    Rule("never read", _is_unread),
    Rule("length", _is_same_length_test),
    Rule("past the end", _is_past_the_end),
    Rule("default restated", _restates_default),
)
"""In the order in which they are asked. Each rule's docstring says what it takes."""
