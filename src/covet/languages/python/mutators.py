"""Wrong programs: one small change to one place of a text, by a table of operators.

A change replaces the exact source range of a syntax node, so that every other byte stays, and
line numbers with them. Left alone are docstrings, annotations, decorators, the insides of
f-strings, and messages of ``raise`` and ``assert``. What does not compile, or compiles to what
was there, or to what another mutant is, is no mutant.
"""

import ast
import difflib
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from covet.languages.python.lines import (
    Definition,
    compiled,
    docstring_of,
    parse,
    span_of,
    split_lines,
)
from covet.records import Mutant, Span

# ----------------------------------------------------------------------------- the places


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``end`` of the text become ``new``."""

    start: int
    end: int
    new: str


class Text:
    """A source text with what ``ast`` says about it: positions as offsets into its UTF-8 bytes."""

    def __init__(self, source: str) -> None:
        self.tree = parse(source)
        self.bytes = source.encode()
        self.lines = split_lines(source)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line.encode()))

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def of(self, node: ast.expr | ast.stmt) -> str:
        return self.bytes[self.start(node) : self.end(node)].decode()

    def replace(self, node: ast.expr | ast.stmt, new: str) -> Edit:
        """Keeps the number of lines: an expression's in parentheses, a statement's below it."""
        missing = self.of(node).count("\n") - new.count("\n")
        if missing > 0:
            new += "\n" * missing
            new = f"({new})" if isinstance(node, ast.expr) else new
        return Edit(self.start(node), self.end(node), new)

    def between(self, left: ast.expr, right: ast.expr, operator: str) -> tuple[int, int]:
        """The range of an operator (a pattern) between two nodes; comments do not count."""
        start, end = self.end(left), self.start(right)
        gap = re.sub(rb"#[^\r\n]*", lambda c: b" " * len(c[0]), self.bytes[start:end])
        found = re.search(operator.encode(), gap)
        assert found is not None, (operator, gap)
        return start + found.start(), start + found.end()

    def apply(self, edit: Edit) -> str:
        return (self.bytes[: edit.start] + edit.new.encode() + self.bytes[edit.end :]).decode()

    def between_lines(self, first: int, last: int, edit: Edit | None = None) -> str:
        """Those lines, both included, after an edit among them."""
        start, end = self.starts[max(first, 1) - 1], self.starts[min(last, len(self.lines))]
        if edit is None:
            return self.bytes[start:end].decode()
        changed = self.bytes[start : edit.start] + edit.new.encode() + self.bytes[edit.end : end]
        return changed.decode()

    def line_of(self, offset: int) -> int:
        low, high = 0, len(self.lines)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        return low + 1


@dataclass(frozen=True, slots=True)
class Site:
    """A node that may be changed, with what surrounds it."""

    text: Text
    node: ast.AST
    parents: tuple[ast.AST, ...]
    """From the module down to the node's parent."""

    @property
    def parent(self) -> ast.AST:
        return self.parents[-1]


# -------------------------------------------------------------------------- the operators

_COMPARE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: (r"\bis\b", "is not"),
    ast.IsNot: (r"\bis\b[\s\\]+not\b", "is"),
    ast.In: (r"\bin\b", "not in"),
    ast.NotIn: (r"\bnot\b[\s\\]+in\b", "in"),
}
"""Each comparison as it is found, and its opposite."""

_BOUNDARY: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
}

_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.Pow: (r"\*\*", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: (r"\|", "&"),
    ast.BitXor: (r"\^", "&"),
}

_LOOSE = (ast.Pow, ast.BitAnd, ast.BitOr, ast.BitXor)
"""Whose replacement binds otherwise than they do."""


def _swap_comparison(table: dict[type[ast.cmpop], tuple[str, str]]) -> "Finder":
    def find(site: Site) -> Iterator[Edit]:
        if isinstance(site.node, ast.Compare):
            operands = [site.node.left, *site.node.comparators]
            for left, operator, right in zip(operands, site.node.ops, operands[1:], strict=False):
                if type(operator) in table:
                    pattern, new = table[type(operator)]
                    yield Edit(*site.text.between(left, right, pattern), new)

    return find


def _swap_arithmetic(site: Site) -> Iterator[Edit]:
    node, text = site.node, site.text
    if isinstance(node, ast.AugAssign):
        pattern, new = _ARITHMETIC.get(type(node.op), ("", ""))
        if pattern and not _is_text(node.value):
            yield Edit(*text.between(node.target, node.value, pattern), new)
    if not isinstance(node, ast.BinOp) or type(node.op) not in _ARITHMETIC:
        return
    if _is_text(node.left) or _is_text(node.right):
        return
    pattern, new = _ARITHMETIC[type(node.op)]
    start, end = text.between(node.left, node.right, pattern)
    if not isinstance(node.op, _LOOSE):
        yield Edit(start, end, new)
        return
    parts = [
        "(",
        text.bytes[text.start(node) : text.start(node.left)].decode(),
        f"({text.of(node.left)})",
        text.bytes[text.end(node.left) : start].decode(),
        new,
        text.bytes[end : text.start(node.right)].decode(),
        f"({text.of(node.right)})",
        text.bytes[text.end(node.right) : text.end(node)].decode(),
        ")",
    ]
    yield Edit(text.start(node), text.end(node), "".join(parts))


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple)


def _drop_sign(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.UnaryOp) and isinstance(site.node.op, ast.USub | ast.Invert):
        start = site.text.start(site.node)
        touches = site.text.bytes[start - 1 : start].isalnum()
        yield Edit(start, start + 1, " " if touches else "")


def _swap_logic(site: Site) -> Iterator[Edit]:
    if not isinstance(site.node, ast.BoolOp):
        return
    old, new = ("and", "or") if isinstance(site.node.op, ast.And) else ("or", "and")
    values, text = site.node.values, site.text
    ranges = [
        text.between(left, right, rf"\b{old}\b") for left, right in itertools.pairwise(values)
    ]
    parts = [new]
    for (_, after), (before, _) in itertools.pairwise(ranges):
        parts += [text.bytes[after:before].decode(), new]
    yield Edit(ranges[0][0], ranges[-1][1], "".join(parts))


def _condition(site: Site, kinds: tuple[type[ast.AST], ...]) -> ast.expr | None:
    node = site.node
    if isinstance(node, kinds) and isinstance(node, ast.If | ast.While | ast.IfExp):
        return node.test
    return None


def _negate(site: Site) -> Iterator[Edit]:
    """A lone comparison or ``not`` has an operator of its own."""
    test = _condition(site, (ast.If, ast.While, ast.IfExp))
    single = isinstance(test, ast.Compare) and len(test.ops) == 1
    inverted = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    if test is not None and not single and not inverted:
        yield Edit(site.text.start(test), site.text.end(test), f"not ({site.text.of(test)})")


def _drop_not(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.UnaryOp) and isinstance(site.node.op, ast.Not):
        start = site.text.start(site.node)
        space = re.compile(rb"[ \t]*").match(site.text.bytes, start + len("not"))
        yield Edit(start, space.end() if space else start + len("not"), "")


def _fix_condition(site: Site) -> Iterator[Edit]:
    test = _condition(site, (ast.If, ast.IfExp))
    if test is not None and not isinstance(test, ast.Constant):
        yield site.text.replace(test, "True")
        yield site.text.replace(test, "False")


def _constant(site: Site) -> object:
    """The value of a constant that stands for itself; ``...`` otherwise."""
    if isinstance(site.node, ast.Constant) and not isinstance(site.parent, ast.Expr):
        return site.node.value
    return ...


def _change_number(site: Site) -> Iterator[Edit]:
    value = _constant(site)
    if isinstance(value, int | float | complex) and not isinstance(value, bool):
        if isinstance(value, float) and not math.isfinite(value + 1):
            return
        yield _over(site, repr(value + 1))


def _change_text(site: Site) -> Iterator[Edit]:
    value = _constant(site)
    talk = (ast.Raise, ast.Assert)
    if any(isinstance(parent, talk) for parent in site.parents):
        return
    if isinstance(site.node, ast.JoinedStr):
        yield _over(site, '""')
    elif isinstance(value, str):
        yield _over(site, '""' if value else '"covet"')
    elif isinstance(value, bytes):
        yield _over(site, 'b""' if value else 'b"covet"')


def _change_truth(site: Site) -> Iterator[Edit]:
    value = _constant(site)
    if isinstance(value, bool):
        yield _over(site, str(not value))


def _change_none(site: Site) -> Iterator[Edit]:
    if _constant(site) is None and not isinstance(site.parent, ast.Compare):
        yield _over(site, "0")


def _over(site: Site, new: str) -> Edit:
    assert isinstance(site.node, ast.expr)
    return site.text.replace(site.node, new)


def _shift_bound(site: Site) -> Iterator[Edit]:
    node, text = site.node, site.text
    bounds: list[ast.expr | None] = []
    if isinstance(node, ast.Slice):
        bounds = [node.lower, node.upper]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        bounds = [node.args[min(1, len(node.args) - 1)]] if node.args else []
    for bound in bounds:
        if bound is not None and not isinstance(bound, ast.Constant | ast.Starred):
            yield Edit(text.start(bound), text.end(bound), f"({text.of(bound)}) + 1")


def _return_none(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.Return) and site.node.value is not None:
        yield site.text.replace(site.node.value, "None")


def _drop_raise(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.Raise):
        yield site.text.replace(site.node, "pass")


def _drop_statement(site: Site) -> Iterator[Edit]:
    """Calls and assignments, save those without which a name would not exist."""
    node = site.node
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            yield site.text.replace(node, "pass")
        case ast.Assign(targets=targets) if not any(_first_binding(t, site) for t in targets):
            yield site.text.replace(node, "pass")
        case ast.AnnAssign(target=target, value=ast.expr()) if not _first_binding(target, site):
            yield site.text.replace(node, "pass")
        case _:
            pass


def _first_binding(target: ast.expr, site: Site) -> bool:
    """Whether ``target`` holds a name that its function binds nowhere else."""
    scopes = [parent for parent in site.parents if isinstance(parent, Definition)]
    bound = Counter(_bindings(scopes[-1] if scopes else site.parents[0]))
    names = [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and _is_store(n)]
    return any(bound[name] < 2 for name in names)


def _bindings(scope: ast.AST) -> Iterator[str]:
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and _is_store(node):
            yield node.id
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names * 2


def _is_store(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _swap_loop_exit(site: Site) -> Iterator[Edit]:
    """``break`` stays in ``while``, where a loop would most often never end."""
    if isinstance(site.node, ast.Continue):
        yield site.text.replace(site.node, "break")
    elif isinstance(site.node, ast.Break):
        loops = [p for p in site.parents if isinstance(p, ast.For | ast.AsyncFor | ast.While)]
        if loops and not isinstance(loops[-1], ast.While):
            yield site.text.replace(site.node, "continue")


Finder = Callable[[Site], Iterator[Edit]]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way of being wrong."""

    name: str
    before: str
    after: str
    """An example: a function body before and after."""
    find: Finder


OPERATORS = (
    Operator("boundary", "return a < b", "return a <= b", _swap_comparison(_BOUNDARY)),
    Operator("compare", "return a == b", "return a != b", _swap_comparison(_COMPARE)),
    Operator("arithmetic", "return a + b", "return a - b", _swap_arithmetic),
    Operator("sign", "return -a", "return a", _drop_sign),
    Operator("logic", "return a and b", "return a or b", _swap_logic),
    Operator("negate", "return 1 if a else b", "return 1 if not (a) else b", _negate),
    Operator("not", "return not a", "return a", _drop_not),
    Operator("condition", "return 1 if a else b", "return 1 if True else b", _fix_condition),
    Operator("number", "return a(1)", "return a(2)", _change_number),
    Operator("text", "return 'é' in a", 'return "" in a', _change_text),
    Operator("truth", "return a(True)", "return a(False)", _change_truth),
    Operator("none", "return a(None)", "return a(0)", _change_none),
    Operator("bound", "return a[:b]", "return a[:(b) + 1]", _shift_bound),
    Operator("return", "return a", "return None", _return_none),
    Operator("raise", "raise a", "pass", _drop_raise),
    Operator("drop", "a(b)", "pass", _drop_statement),
    Operator("loop", "for a in b: break", "for a in b: continue", _swap_loop_exit),
)
"""In the order in which changes to one place are listed."""


# ---------------------------------------------------------------------------- the mutants


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
    text = _text(source)
    changes = sorted(_changes(text, span), key=lambda c: (c.edit.start, c.edit.end))
    distinct = list(_distinct(text, changes))
    lines = [text.line_of(change.edit.start) for change in distinct]
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for line, change in zip(lines, distinct, strict=True):
        name = f"{line}:{change.operator}"
        ids.append(f"{name}:{seen[name]}")
        seen[name] += 1
    return tuple(_mutant(text, distinct[i], ids[i]) for i in spread(lines, limit))


@lru_cache(maxsize=8)
def _text(source: str) -> Text:
    """Functions of one file come one after another."""
    return Text(source)


def _mutant(text: Text, change: _Change, identity: str) -> Mutant:
    span, diff = _statement_span(change.site), _diff(text, change.edit)
    return Mutant(identity, change.operator, span, text.apply(change.edit), diff)


def spread(lines: Sequence[int], limit: int) -> list[int]:
    """At most ``limit`` indices into ``lines``, ascending: as many different lines as possible,
    evenly over them, and within a line another first choice than in the line before.
    """
    if len(lines) <= limit:
        return list(range(len(lines)))
    queues: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        queues.setdefault(line, []).append(index)
    for turn, queue in enumerate(queues.values()):
        shift = turn % len(queue)
        queue[:] = queue[shift:] + queue[:shift]
    chosen: list[int] = []
    while len(chosen) < limit:
        waiting = [queue for queue in queues.values() if queue]
        take = min(limit - len(chosen), len(waiting))
        chosen += [waiting[turn * len(waiting) // take].pop(0) for turn in range(take)]
    return sorted(chosen)


def _changes(text: Text, span: Span) -> Iterator[_Change]:
    for site in _sites(text, text.tree, (), span):
        for operator in OPERATORS:
            for edit in operator.find(site):
                first, last = text.line_of(edit.start), text.line_of(max(edit.start, edit.end - 1))
                if first in span and last in span:
                    yield _Change(operator.name, edit, site)


def _sites(text: Text, node: ast.AST, parents: tuple[ast.AST, ...], span: Span) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        lines = span_of(node)
        if lines.last_line < span.first_line or span.last_line < lines.first_line:
            return
    if parents:
        yield Site(text, node, parents)
    for child in _children(node):
        yield from _sites(text, child, (*parents, node), span)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What may be changed inside ``node``."""
    if isinstance(node, ast.JoinedStr):
        return
    owner = isinstance(node, ast.Module | ast.ClassDef | Definition)
    docstring = docstring_of(node) if owner else None
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "type_comment"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and child is not docstring:
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


def _statement_span(site: Site) -> Span:
    """The lines of the innermost statement around a site; of a compound one, its header's."""
    chain = [*site.parents, site.node]
    statement = next(node for node in reversed(chain) if isinstance(node, ast.stmt))
    span = span_of(statement)
    body: list[ast.stmt | ast.match_case] = getattr(statement, "body", None) or getattr(
        statement, "cases", []
    )
    if not body:
        return span
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return Span(span.first_line, max(span.first_line, first - 1))


def _diff(text: Text, edit: Edit) -> str:
    first = text.line_of(edit.start) - 1
    last = text.line_of(max(edit.start, edit.end - 1)) + 1
    before = split_lines(text.between_lines(first, last))
    after = split_lines(text.between_lines(first, last, edit))
    lines = difflib.unified_diff(before, after, n=1)
    return "".join(line.rstrip("\r\n") + "\n" for line in list(lines)[3:])
