"""How a test file avoids being a test, as its text tells it; and what it puts in the place of
things.

Each trick is a way that models were seen to take, or could: the focal function is replaced, the
failure swallowed, the test skipped, the source text read in the place of the behaviour, or the
function's own code copied as what it is compared with.
"""

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc

from covet.languages.python.checks import kinds
from covet.languages.python.copies import Original
from covet.languages.python.lines import Definition, parse
from covet.languages.python.nodes import last_of, own_parts, raising, root_of, written
from covet.languages.python.origins import CHANGED, Block, Names, Origin
from covet.records import CheckKind, Function, StandIn, Trick, TrickName

_EVERYTHING = frozenset({"Exception", "BaseException", "AssertionError", "Failed"})
_READS = frozenset(
    {"getsource", "getsourcelines", "__code__", "co_code", "linecache", "get_source"}
)
_RUNS = frozenset({"exec", "eval", "compile", "FunctionType"})
_PACKED = re.compile(r"decompress|[ab](?:16|32|64|85)_?decode|unhexlify|a2b_|fromhex|marshal")
"""In what is run: code that nobody can read."""
_SKIPS = frozenset({"skip", "xfail", "skipTest", "SkipTest", "expectedFailure"})
_MAKES = frozenset({"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"})
_FAITHFUL = frozenset({"autospec", "spec", "spec_set"})
_MIND: frozenset[CheckKind] = frozenset({"value", "state", "member", "helper", "relation"})
"""What a handler may ask of an error so that a failed assertion would not do."""
COPIED = 0.4
"""Share of the focal function's code that makes a candidate a copy of it."""


def tricks(
    tree: ast.Module, function: Function, names: Names, *, first_line: int
) -> Iterator[Trick]:
    """As far as they stand from ``first_line`` on."""
    finder = _Finder(function)
    for statement, inside in _statements(tree.body, names, None):
        if statement.lineno >= first_line or isinstance(statement, ast.ClassDef):
            for trick in finder.found(statement, inside):
                if trick.line >= first_line:
                    yield trick
    written = [node for node in tree.body if node.lineno >= first_line]
    share = Original(function.source).share_in([*written, *_in_texts(written)])
    if share >= COPIED:
        told = f"{share:.0%} of the function's code stands in the test file"
        yield Trick("copies_target", written[0].lineno, told)


def _in_texts(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The code that stands in texts, from where it can be run."""
    for part in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "(" in part.value:
            try:
                yield from parse(cleandoc(part.value)).body
            except SyntaxError:
                continue


def stand_ins(tree: ast.Module, *, first_line: int) -> Iterator[StandIn]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node.lineno < first_line:
            continue
        name, target = last_of(node.func), _target(node)
        target = target if isinstance(target, str) else written(target)
        given = {keyword.arg for keyword in node.keywords}
        if name in _MAKES:
            specced = name == "create_autospec" or bool(node.args) or bool(given & _FAITHFUL)
            yield StandIn(node.lineno, "", specced)
        elif target and name in {"patch", "object", "setattr", "multiple"}:
            yield StandIn(node.lineno, target, bool(given & _FAITHFUL))


def _statements(
    body: list[ast.stmt], names: Names, around: ast.ClassDef | None
) -> Iterator[tuple[ast.stmt, Names]]:
    """Every statement of a file, with the names as they are before it takes effect."""
    for statement in names.walk(body):
        yield statement, names
        if isinstance(statement, Definition):
            yield from _statements(statement.body, names.entering(statement, around, None), None)
        elif isinstance(statement, ast.ClassDef):
            yield from _statements(statement.body, names.inside(), statement)


class _Finder:
    def __init__(self, function: Function) -> None:
        *owners, self._focal = function.qualname.split(".")
        self._owner = owners[-1] if owners else ""
        self._module = function.module
        self._path = f"{function.module}.{function.qualname}"

    def found(self, statement: ast.stmt, names: Names) -> Iterator[Trick]:
        """In one statement, those in its blocks left out."""
        for node in own_parts(statement):
            if isinstance(node, ast.Call):
                yield from self._called(node, names)
            elif isinstance(node, ast.Attribute) and node.attr in _READS:
                yield Trick("reads_source", node.lineno, written(node))
            elif _is_mark(node):
                yield _trick("skips", node)
        match statement:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                for target in targets:
                    if self._is_replaced(target, names):
                        yield _trick("replaces_target", target)
            case ast.Try():
                yield from self._try(statement, names)
            case ast.With() | ast.AsyncWith():
                yield from self._with(statement, names)
            case ast.Raise(exc=error) if last_of(error) in _SKIPS:
                yield _trick("skips", statement)
            case ast.FunctionDef(name="__exit__") | ast.AsyncFunctionDef(name="__aexit__"):
                yield from _exits(statement)
            case _:
                pass
        for decorator in getattr(statement, "decorator_list", ()):
            is_bare = isinstance(decorator, ast.Name | ast.Attribute)
            if is_bare and last_of(decorator) in _SKIPS and not _is_mark(decorator):
                yield _trick("skips", decorator)

    # -------------------------------------------------------------------------- replacing

    def _called(self, node: ast.Call, names: Names) -> Iterator[Trick]:
        target = _target(node)
        is_named = isinstance(target, str) and target == self._path
        if is_named or (isinstance(target, ast.expr) and self._is_replaced(target, names)):
            yield _trick("replaces_target", node)
        name = last_of(node.func)
        if name in {"setitem", "delitem", "dict"} and node.args:
            keys = [node.args[1]] if name != "dict" and len(node.args) > 1 else []
            for argument in node.args[1:]:
                keys += [k for k in argument.keys if k] if isinstance(argument, ast.Dict) else []
            if any(self._is_place(node.args[0], key, names) for key in keys):
                yield _trick("replaces_target", node)
        if name in _RUNS and node.args and _PACKED.search(names.text(node.args[0])):
            yield _trick("copies_target", node)
        skips = name in _SKIPS and not _is_mark(node.func)
        if skips or _always_skips(node):
            yield _trick("skips", node)

    def _is_replaced(self, target: ast.expr, names: Names) -> bool:
        """Whether the focal function is what stands there."""
        if isinstance(target, ast.Subscript):
            return self._is_place(target.value, target.slice, names)
        if not isinstance(target, ast.Attribute) or target.attr != self._focal:
            return False
        base = target.value
        if not self._owner:
            given = [*base.args, base] if isinstance(base, ast.Call) else [base]
            return any(names.path(one) == self._module for one in given)
        if isinstance(base, ast.Name) and base.id in {"self", "cls"}:
            return False  # the test's own object
        return names.origin(base) >= Origin.CODE or last_of(base) in names.file.owners

    def _is_place(self, mapping: ast.expr, key: ast.expr, names: Names) -> bool:
        """Whether the focal function, or its module, is found under a key."""
        said = names.constant(key)
        text = written(mapping)
        if text.endswith(("sys.modules", "modules")):
            return isinstance(said, str) and f"{self._module}.".startswith(f"{said}.")
        is_space = text.endswith("__dict__") or text.startswith(("vars(", "globals("))
        return is_space and said == self._focal

    # -------------------------------------------------------------------------- swallowing

    def _try(self, node: ast.Try, names: Names) -> Iterator[Trick]:
        if not _may_assert(node.body, names):
            return
        for handler in node.handlers:
            given = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            caught = [last_of(kind) if kind is not None else "BaseException" for kind in given]
            if _EVERYTHING.intersection(caught) and not _minds(handler, names):
                yield Trick("swallows", handler.lineno, f"except {', '.join(caught)}")
        for statement in node.finalbody:
            for part in ast.walk(statement):
                if isinstance(part, ast.Return | ast.Break | ast.Continue):
                    yield _trick("swallows", part)

    def _with(self, node: Block, names: Names) -> Iterator[Trick]:
        for item in node.items:
            call = item.context_expr
            if not isinstance(call, ast.Call) or not (last_of(call) == "suppress" or raising(call)):
                continue
            given = [
                kind
                for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
                for kind in (argument.elts if isinstance(argument, ast.Tuple) else [argument])
            ]
            caught = {names.text(kind).rpartition(".")[2] for kind in given}
            if caught & _EVERYTHING and _may_assert(node.body, names):
                yield _trick("swallows", call)


def _trick(name: TrickName, node: ast.AST) -> Trick:
    return Trick(name, getattr(node, "lineno", 1), written(node)[:120])


def _minds(handler: ast.ExceptHandler, names: Names) -> bool:
    """Whether a handler lets the test fail, or asks of the error what a failed assertion lacks."""
    for statement in handler.body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Raise) or (isinstance(part, ast.Call) and _fails(part)):
                return True
    inside = names.inside()
    if handler.name:
        inside.give(handler.name, Origin.CODE)
    return bool(kinds(handler.body, inside) & _MIND)


def _fails(call: ast.Call) -> bool:
    return last_of(call) == "fail"


def _may_assert(statements: list[ast.stmt], names: Names) -> bool:
    """Whether an assertion may fail there: one of its own, of a function that is handed in, or of
    whoever comes back to a ``yield``.
    """
    for part in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(part, ast.Assert | ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(part, ast.Call):
            continue
        name, root = last_of(part.func), root_of(part.func)
        if name.startswith("assert") and root not in names.file.foreign:
            return True
        known = names.known.get(root) if isinstance(part.func, ast.Name) else None
        is_handed_in = known is not None and known.text.rstrip(CHANGED) == root
        is_handed_in = is_handed_in and root not in names.file.paths
        if known is not None and is_handed_in and known.origin is Origin.CODE:
            return True
        helper = names.helper(part)
        if helper is not None and any(isinstance(one, ast.Assert) for one in ast.walk(helper)):
            return True
    return False


def _exits(node: ast.stmt) -> Iterator[Trick]:
    """A context manager of the test's own that keeps errors to itself."""
    for part in ast.walk(node):
        value = part.value if isinstance(part, ast.Return) else None
        if value is not None and not (isinstance(value, ast.Constant) and not value.value):
            yield _trick("swallows", part)


# -------------------------------------------------------------------------------------- skips


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _SKIPS and last_of(node.value) == "mark"


def _always_skips(call: ast.Call) -> bool:
    if last_of(call.func) not in {"skipif", "skipIf"}:
        return False
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and bool(first.value)


# ----------------------------------------------------------------------------------- details


def _target(node: ast.Call) -> str | ast.expr:
    """What a call of ``patch``, ``patch.object`` or ``setattr`` replaces: its full name, or an
    attribute; empty for other calls.
    """
    name = last_of(node.func)
    if name not in {"patch", "object", "setattr", "delattr", "multiple"} or not node.args:
        return ""
    if name == "object" and "patch" not in written(node.func):
        return ""
    first = node.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    second = node.args[1] if len(node.args) > 1 else None
    if isinstance(second, ast.Constant) and isinstance(second.value, str):
        return ast.Attribute(first, second.value, ast.Load())
    return ""
