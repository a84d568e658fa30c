"""The operators: every way in which Covet makes a program wrong, as one table.

An operator looks at one node of the syntax tree and tells which edits to the text change what
it means. Which of them become mutants is decided in ``mutants``.
"""

import ast
import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from covet.languages.python.lines import Definition
from covet.languages.python.places import Edit, Placed, Site, Text

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
    ast.NotIn: (r"\bnot\b[\s\\]+in\b", "in"),  # codespell:ignore notin
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
}

_BITWISE: dict[type[ast.operator], tuple[str, str]] = {
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


def _swap_binary(table: dict[type[ast.operator], tuple[str, str]]) -> "Finder":
    def find(site: Site) -> Iterator[Edit]:
        match site.node:
            case (
                ast.AugAssign(target=left, op=op, value=right)
                | ast.BinOp(left=left, op=op, right=right)
            ) if type(op) in table and not _is_text(left) and not _is_text(right):
                pattern, new = table[type(op)]
                start, end = site.text.between(left, right, pattern)
                if isinstance(site.node, ast.BinOp) and isinstance(op, _LOOSE):
                    yield _regrouped(site.text, site.node, Edit(start, end, new))
                else:
                    yield Edit(start, end, new)
            case _:
                pass

    return find


def _regrouped(text: Text, node: ast.BinOp, edit: Edit) -> Edit:
    """``edit`` of the operator, with parentheses that keep the operands what they are."""
    start, end, new = edit.start, edit.end, edit.new
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
    return Edit(text.start(node), text.end(node), "".join(parts))


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


def _conditions(site: Site) -> list[ast.expr]:
    """What decides at a node."""
    match site.node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.comprehension(ifs=ifs):
            return ifs
        case ast.match_case(guard=ast.expr() as guard):
            return [guard]
        case _:
            return []


def _negate(site: Site) -> Iterator[Edit]:
    """A lone comparison or ``not`` has an operator of its own."""
    for test in _conditions(site):
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        inverted = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if not single and not inverted:
            yield Edit(site.text.start(test), site.text.end(test), f"not ({site.text.of(test)})")


def _drop_not(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.UnaryOp) and isinstance(site.node.op, ast.Not):
        start = site.text.start(site.node)
        space = re.compile(rb"[ \t]*").match(site.text.bytes, start + len("not"))
        yield Edit(start, space.end() if space else start + len("not"), "")


def _fix_condition(site: Site) -> Iterator[Edit]:
    """``while True`` is not made: most often it would never end."""
    for test in _conditions(site):
        if not isinstance(test, ast.Constant):
            if not isinstance(site.node, ast.While):
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
    if _is_talk(site):
        return
    if isinstance(site.node, ast.JoinedStr):
        yield _over(site, '""')
    elif isinstance(value, str):
        yield _over(site, '""' if value else '"covet"')
    elif isinstance(value, bytes):
        yield _over(site, 'b""' if value else 'b"covet"')


_LOGS = frozenset({"log", "logger", "logging", "warnings"})
_LEVELS = frozenset({"critical", "debug", "error", "exception", "info", "log", "warn", "warning"})


def _is_talk(site: Site) -> bool:
    """Whether a place is part of what a program says to people: an exception, a log or a
    warning. A test that pins it pins the wording.
    """
    return any(isinstance(parent, ast.Raise) or _is_log(parent) for parent in site.parents)


def _is_log(node: ast.AST) -> bool:
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=level)
        ):
            return owner.lower().strip("_") in _LOGS and level in _LEVELS
        case _:
            return False


def _change_truth(site: Site) -> Iterator[Edit]:
    value = _constant(site)
    if isinstance(value, bool):
        yield _over(site, str(not value))


def _change_none(site: Site) -> Iterator[Edit]:
    """To something true: where only truth is asked for, 0 would be the same."""
    if _constant(site) is None and not isinstance(site.parent, ast.Compare):
        yield _over(site, "1")


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


def _change_default(site: Site) -> Iterator[Edit]:
    """Constants have operators of their own, here as anywhere."""
    if isinstance(site.parent, ast.arguments) and isinstance(site.node, ast.expr):
        yield from _to_none(site)


def _change_decorator(site: Site) -> Iterator[Edit]:
    """Likewise."""
    if isinstance(site.node, ast.expr):
        *_, owner, call = [p for p in site.parents if not isinstance(p, ast.keyword)]
        if call in getattr(owner, "decorator_list", []):
            yield from _to_none(site)


def _to_none(site: Site) -> Iterator[Edit]:
    match site.node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()) | ast.Starred():
            pass
        case _:
            yield _over(site, "None")


_ALIKE = frozenset({"filter", "getattr", "hasattr", "isinstance", "issubclass", "map", "setattr"})
"""Whose first two arguments no one mixes up unnoticed."""
_SYMMETRIC = frozenset({"gcd", "hypot", "isclose", "lcm", "max", "min", "print"})
"""Which do not ask, or hardly ever, for the order of their arguments."""


def _swap_arguments(site: Site) -> Iterator[Edit]:
    node, text = site.node, site.text
    if not isinstance(node, ast.Call) or len(node.args) < 2 or _is_talk(site) or _is_log(node):
        return
    first, second = node.args[:2]
    if isinstance(first, ast.Starred) or isinstance(second, ast.Starred):
        return
    if _called(node) not in _ALIKE | _SYMMETRIC and ast.dump(first) != ast.dump(second):
        between = text.bytes[text.end(first) : text.start(second)].decode()
        new = text.of(second) + between + text.of(first)
        yield Edit(text.start(first), text.end(second), new)


def _called(call: ast.Call) -> str:
    """The last part of the name that is called; empty where it has none."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _drop_keyword(site: Site) -> Iterator[Edit]:
    """With the comma behind it, or else the one before."""
    if not isinstance(site.node, ast.Call) or _is_talk(site):
        return
    for keyword in site.node.keywords:
        if keyword.arg is not None:
            yield _without(site.text, keyword)


def _without(text: Text, argument: Placed) -> Edit:
    start, end = text.start(argument), text.end(argument)
    behind = re.compile(rb"\s*,[ \t]*").match(text.bytes, end)
    before = re.compile(rb",\s*$").search(text.bytes[:start][-200:])
    if behind:
        end = behind.end()
    elif before:
        start -= len(before[0])
    return Edit(start, end, "\n" * text.bytes[start:end].count(b"\n"))


_OTHER = {"all": "any", "any": "all", "max": "min", "min": "max"}


def _swap_builtin(site: Site) -> Iterator[Edit]:
    match site.node:
        case ast.Call(func=ast.Name(id=name) as function) if name in _OTHER:
            yield site.text.replace(function, _OTHER[name])
        case _:
            pass


def _assign_over(site: Site) -> Iterator[Edit]:
    match site.node:
        case ast.AugAssign(target=target, value=value):
            yield Edit(*site.text.between(target, value, r"[^\s=\\)]+="), "=")
        case _:
            pass


def _return_nothing(site: Site) -> Iterator[Edit]:
    """A value becomes None; a bare return goes on with what follows it."""
    match site.node:
        case ast.Return(value=ast.expr() as value):
            yield site.text.replace(value, "None")
        case ast.Return() as node:
            yield site.text.replace(node, "pass")
        case _:
            pass


def _swallow(site: Site) -> Iterator[Edit]:
    """What the handler did for its exception is not done; the program goes on behind it."""
    if isinstance(site.node, ast.ExceptHandler) and not _is_idle(site.node.body):
        yield site.text.replace_block(site.node.body, "pass")


def _raise_again(site: Site) -> Iterator[Edit]:
    """As if the exception had not been thought of."""
    if isinstance(site.node, ast.ExceptHandler) and not isinstance(site.node.body[-1], ast.Raise):
        yield site.text.replace_block(site.node.body, "raise")


def _is_idle(block: list[ast.stmt]) -> bool:
    match block:
        case [ast.Pass() | ast.Expr(value=ast.Constant())]:
            return True
        case _:
            return False


def _drop_raise(site: Site) -> Iterator[Edit]:
    if isinstance(site.node, ast.Raise):
        yield site.text.replace(site.node, "pass")


def _drop_statement(site: Site) -> Iterator[Edit]:
    """What is done for its effect: calls, yields, deletions of items, and assignments, save
    those without which a name would not exist. An ``assert`` that holds has no effect.
    """
    node = site.node
    match node:
        case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
            yield site.text.replace(node, "pass")
        case ast.AugAssign():
            yield site.text.replace(node, "pass")
        case ast.Delete(targets=targets) if not any(isinstance(t, ast.Name) for t in targets):
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
    bound = site.text.stores(scopes[-1] if scopes else site.parents[0])
    names = [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and _is_store(n)]
    return any(bound[name] < 2 for name in names)


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
    mistake: str
    """What somebody did who made it."""
    before: str
    after: str
    """An example: a function body before and after."""
    find: Finder


OPERATORS = (
    Operator(
        "boundary",
        "off by one in a comparison",
        "return a < b",
        "return a <= b",
        _swap_comparison(_BOUNDARY),
    ),
    Operator(
        "compare",
        "asked for the opposite",
        "return a == b",
        "return a != b",
        _swap_comparison(_COMPARE),
    ),
    Operator(
        "arithmetic",
        "computed with the wrong operator",
        "return a + b",
        "return a - b",
        _swap_binary(_ARITHMETIC),
    ),
    Operator(
        "bitwise",
        "mixed up flags, masks or shifts",
        "return a << b",
        "return a >> b",
        _swap_binary(_BITWISE),
    ),
    Operator("sign", "forgot a sign or a complement", "return -a", "return a", _drop_sign),
    Operator("assign", "replaced what was to be added to", "a += b", "a = b", _assign_over),
    Operator("logic", "mixed up and with or", "return a and b", "return a or b", _swap_logic),
    Operator(
        "negate",
        "took a condition the wrong way round",
        "return 1 if a else b",
        "return 1 if not (a) else b",
        _negate,
    ),
    Operator("not", "forgot a not", "return not a", "return a", _drop_not),
    Operator(
        "condition",
        "left out a case, or its test",
        "return 1 if a else b",
        "return 1 if True else b",
        _fix_condition,
    ),
    Operator("number", "off by one in a constant", "return a(1)", "return a(2)", _change_number),
    Operator("text", "wrong key, name or text", "return 'é' in a", 'return "" in a', _change_text),
    Operator("truth", "set a flag wrongly", "return a(True)", "return a(False)", _change_truth),
    Operator(
        "none", "mistook what stands for nothing", "return a(None)", "return a(1)", _change_none
    ),
    Operator(
        "bound",
        "off by one in a slice or range",
        "return a[:b]",
        "return a[:(b) + 1]",
        _shift_bound,
    ),
    Operator(
        "default",
        "wrong value where the caller gives none",
        "return lambda d=b: d",
        "return lambda d=None: d",
        _change_default,
    ),
    Operator(
        "decorator",
        "wrong argument to a decorator",
        "@a(b)\ndef g(): return c",
        "@a(None)\ndef g(): return c",
        _change_decorator,
    ),
    Operator(
        "swap", "arguments in the wrong order", "return a(b, c)", "return a(c, b)", _swap_arguments
    ),
    Operator(
        "keyword", "forgot to pass an option", "return a(b, d=c)", "return a(b)", _drop_keyword
    ),
    Operator(
        "builtin",
        "mixed up any with all, min with max",
        "return any(a)",
        "return all(a)",
        _swap_builtin,
    ),
    Operator("return", "forgot to return", "return a", "return None", _return_nothing),
    Operator("raise", "let bad input through", "raise a", "pass", _drop_raise),
    Operator(
        "swallow",
        "lost an exception",
        "try: a()\nexcept b: c()",
        "try: a()\nexcept b: pass",
        _swallow,
    ),
    Operator(
        "escape",
        "did not handle an exception",
        "try: a()\nexcept b: c()",
        "try: a()\nexcept b: raise",
        _raise_again,
    ),
    Operator("drop", "forgot a step", "a(b)", "pass", _drop_statement),
    Operator(
        "loop",
        "left a loop too early or too late",
        "for a in b: break",
        "for a in b: continue",
        _swap_loop_exit,
    ),
)
"""In the order in which changes to one place are listed."""
