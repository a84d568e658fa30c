"""The operators: every way in which Covet makes a program wrong, as one table.

An operator looks at one node of the syntax tree and tells which edits to the text change what
it means. Which of them become mutants is decided in ``mutants``.
"""

import ast
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from covet.languages.python.lines import Definition
from covet.languages.python.places import Edit, Site

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
