"""How a test file avoids being a test, as its text tells it; and what it puts in the place of
things.

Each trick is a way that models were seen to take, or could: the focal function is replaced, the
failure swallowed, the test skipped, the source text read in the place of the behaviour, or the
function's own code copied as what it is compared with.
"""

import ast
from collections.abc import Iterator

from covet.languages.python.lines import Definition
from covet.languages.python.origins import Names
from covet.languages.python.tokens import tokens
from covet.records import Function, StandIn, Trick

_EVERYTHING = frozenset({"Exception", "BaseException", "AssertionError", "Failed"})
_READS = frozenset(
    {"getsource", "getsourcelines", "__code__", "co_code", "linecache", "get_source"}
)
_SKIPS = frozenset({"skip", "xfail", "skipTest", "SkipTest", "expectedFailure", "importorskip"})
_MAKES = frozenset({"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"})
_FAITHFUL = frozenset({"autospec", "spec", "spec_set"})
SHINGLE = 6
"""Tokens that are looked for together."""
COPIED = 0.6
"""Share of the focal function's that make a helper a copy of it."""
LEAST = 12
"""Shingles below which a function is too short for that to say anything."""


def tricks(
    tree: ast.Module, function: Function, names: Names, *, first_line: int
) -> Iterator[Trick]:
    """In the order of the text, as far as they stand from ``first_line`` on."""
    wanted = _shingles(function.source)
    for node in ast.walk(tree):
        if getattr(node, "lineno", first_line) < first_line:
            continue
        if isinstance(node, ast.Call):
            yield from _replacing(node, function, names)
            yield from _skipping(node)
        elif isinstance(node, ast.Assign | ast.Delete):
            yield from _overwriting(node, function, names)
        elif isinstance(node, ast.Try | ast.With):
            yield from _swallowing(node)
        elif isinstance(node, Definition):
            yield from _decorated(node)
            yield from _copying(node, wanted)
        elif isinstance(node, ast.ClassDef):
            yield from _decorated(node)
        elif isinstance(node, ast.Attribute) and node.attr in _READS:
            yield Trick("reads_source", node.lineno, ast.unparse(node))
        elif isinstance(node, ast.Raise) and "SkipTest" in ast.dump(node):
            yield Trick("skips", node.lineno, ast.unparse(node))


def stand_ins(tree: ast.Module, *, first_line: int) -> Iterator[StandIn]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node.lineno < first_line:
            continue
        name, target = _last(node.func), _target(node)
        given = {keyword.arg for keyword in node.keywords}
        if name in _MAKES:
            specced = name == "create_autospec" or bool(node.args) or bool(given & _FAITHFUL)
            yield StandIn(node.lineno, "", specced)
        elif target and name in {"patch", "object", "setattr", "multiple"}:
            yield StandIn(node.lineno, target, bool(given & _FAITHFUL))


# ------------------------------------------------------------------------------------ tricks


def _replacing(node: ast.Call, function: Function, names: Names) -> Iterator[Trick]:
    target = _target(node)
    if target and _is_target(target, function, names):
        yield Trick("replaces_target", node.lineno, ast.unparse(node)[:120])


def _overwriting(
    node: ast.Assign | ast.Delete, function: Function, names: Names
) -> Iterator[Trick]:
    *_, last = function.qualname.split(".")
    for target in node.targets:
        if not isinstance(target, ast.Attribute) or target.attr != last:
            continue
        root = target.value
        if isinstance(root, ast.Name) and (root.id in names.foreign or root.id in names.owners):
            yield Trick("replaces_target", node.lineno, ast.unparse(target))


def _swallowing(node: ast.Try | ast.With) -> Iterator[Trick]:
    if not any(_asserts(part) for statement in node.body for part in ast.walk(statement)):
        return
    if isinstance(node, ast.With):
        for item in node.items:
            call = item.context_expr
            given = call.args if isinstance(call, ast.Call) and _last(call) == "suppress" else []
            if any(_last(argument) in _EVERYTHING for argument in given):
                yield Trick("swallows", node.lineno, ast.unparse(call))
        return
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        caught = [_last(kind) if kind is not None else "BaseException" for kind in kinds]
        if any(kind in _EVERYTHING for kind in caught) and not _minds(handler):
            yield Trick("swallows", handler.lineno, f"except {', '.join(caught)}")


def _minds(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets the test fail, or asserts something of the error."""
    for statement in handler.body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Raise) or _last(part) == "fail":
                return True
            if isinstance(part, ast.Assert) and not isinstance(part.test, ast.Constant):
                return True
    return False


def _skipping(node: ast.Call) -> Iterator[Trick]:
    if _last(node.func) in _SKIPS - {"importorskip"}:
        yield Trick("skips", node.lineno, ast.unparse(node)[:120])


def _decorated(node: ast.stmt) -> Iterator[Trick]:
    for decorator in getattr(node, "decorator_list", ()):
        is_bare = isinstance(decorator, ast.Attribute | ast.Name) and _last(decorator) in _SKIPS
        if is_bare or _always_skips(decorator):
            yield Trick("skips", decorator.lineno, ast.unparse(decorator)[:120])


def _always_skips(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call) or _last(decorator.func) not in {"skipif", "skipIf"}:
        return False
    first = decorator.args[0] if decorator.args else None
    return isinstance(first, ast.Constant) and bool(first.value)


def _copying(node: ast.stmt, wanted: frozenset[tuple[str, ...]]) -> Iterator[Trick]:
    if len(wanted) < LEAST:
        return
    share = len(wanted & _shingles(ast.unparse(node))) / len(wanted)
    if share >= COPIED:
        name = getattr(node, "name", "")
        yield Trick("copies_target", node.lineno, f"{name} has {share:.0%} of the function's code")


def _shingles(source: str) -> frozenset[tuple[str, ...]]:
    try:
        found = tokens(source)
    except SyntaxError:
        return frozenset()
    return frozenset(tuple(found[at : at + SHINGLE]) for at in range(len(found) - SHINGLE + 1))


# ----------------------------------------------------------------------------------- details


def _target(node: ast.Call) -> str:
    """What a call of ``patch``, ``patch.object`` or ``setattr`` replaces, as dotted text."""
    name = _last(node.func)
    if name not in {"patch", "object", "setattr", "delattr", "multiple"} or not node.args:
        return ""
    if name == "object" and "patch" not in ast.unparse(node.func):
        return ""
    first = node.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    second = node.args[1] if len(node.args) > 1 else None
    if isinstance(second, ast.Constant) and isinstance(second.value, str):
        return f"{ast.unparse(first)}.{second.value}"
    return ""


def _is_target(target: str, function: Function, names: Names) -> bool:
    *owners, last = function.qualname.split(".")
    *before, attribute = target.split(".")
    if attribute != last or not before:
        return False
    if owners:
        return before[-1] == owners[-1] or before[-1] in names.owners
    root = before[0]
    module = function.module.split(".")
    return root in names.foreign or before[-1] == module[-1] or root == module[0]


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and _last(node.func).startswith("assert")


def _last(node: ast.AST | None) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
