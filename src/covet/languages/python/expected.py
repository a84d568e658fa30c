"""What a test expects, as far as its text says it: which call is to give what.

``assert f(2) == 4``, and the same by way of names that are given one value each, become
``("f(2)", "4")``; ``with pytest.raises(E): f(2)`` becomes ``("f(2)", "raises E")``. Two tests that
expect the same have equal ones, however their names are. A test for which something is set up, or
which replaces something, says nothing that means the same elsewhere.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import islice

from covet.languages.base import Expectation
from covet.languages.python.lines import Definition, parse
from covet.languages.python.needs import bound_at_top, find_test

_REPLACES = frozenset({"patch", "setattr", "MonkeyPatch", "Mock", "MagicMock"})
_LARGEST = 1000
"""Parts of an expression, names replaced by what they were given; a larger one says nothing. A name
that holds another twice doubles it, and a few dozen of those fill any memory.
"""


def expectations(source: str, test: str) -> tuple[Expectation, ...]:
    """See ``Language.expectations``."""
    tree = parse(source)
    _, node = find_test(tree, test)
    if not _stands_alone(node):
        return ()
    given = Counter(
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )
    once = {name for name, count in given.items() if count == 1}
    try:
        return tuple(_in(node.body, {}, once, _known_to_all(tree)))
    except (RecursionError, ValueError):  # too deep, or what Python reads and does not write
        return ()


def _stands_alone(node: Definition) -> bool:
    """Whether nothing is set up for a test, and nothing of the codebase replaced in it."""
    asks = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    words = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    words |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    return asks in ([], ["self"]) and not node.decorator_list and not words & _REPLACES


def _known_to_all(tree: ast.Module) -> set[str]:
    """What is the same in another file: names that are imported, and the language's own."""
    found = set(dir(builtins))
    for part in tree.body:
        if isinstance(part, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in part.names)
        else:
            found.difference_update(bound_at_top(part))
    return found


def _in(
    body: Sequence[ast.stmt], values: dict[str, ast.expr], once: set[str], known: set[str]
) -> Iterator[Expectation]:
    for part in body:
        match part:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in once:
                if (found := _resolved(value, values)) is not None:
                    values[name] = found
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                if not isinstance(left, ast.Call | ast.Name | ast.Attribute | ast.Subscript):
                    left, right = right, left
                yield from _expectation(part, left, right, values, known)
            case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call)):
                yield from _expectation(part, call, ast.Constant(value=False), values, known)
            case ast.Assert(test=ast.Call() as call):
                yield from _expectation(part, call, ast.Constant(value=True), values, known)
            case ast.With(items=[item], body=[ast.Expr(value=ast.Call() as call)]):
                raised = _raised(item.context_expr)
                if raised is not None:
                    asked = _text(_resolved(call, values), known)
                    if asked:
                        yield Expectation(part.lineno, asked, f"raises {ast.unparse(raised)}")
            case ast.With(body=inner):
                yield from _in(inner, values, once, known)
            case _:
                pass


def _raised(expression: ast.expr) -> ast.expr | None:
    match expression:
        case ast.Call(func=ast.Attribute(attr="raises" | "assertRaises"), args=[kind, *_]):
            return kind
        case ast.Call(func=ast.Name(id="raises"), args=[kind, *_]):
            return kind
        case _:
            return None


def _expectation(
    part: ast.stmt,
    left: ast.expr,
    right: ast.expr,
    values: Mapping[str, ast.expr],
    known: set[str],
) -> Iterator[Expectation]:
    asked = _text(_resolved(left, values), known)
    expected = _text(_resolved(right, values), known)
    if asked and expected and "(" in asked:
        yield Expectation(part.lineno, asked, expected)


def _text(expression: ast.expr | None, known: set[str]) -> str:
    """Empty where it names what only the test, or its file, knows, or is too large."""
    if expression is None:
        return ""
    names = {part.id for part in ast.walk(expression) if isinstance(part, ast.Name)}
    return ast.unparse(expression) if names <= known else ""


class _Values(ast.NodeTransformer):
    """Names become what they were given."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    # typing has ``override`` from 3.12 on; the name is what ast calls.
    def visit_Name(  # pyrefly: ignore[missing-override-decorator]
        self, node: ast.Name
    ) -> ast.expr:
        return self._values.get(node.id, node)


def _resolved(expression: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr | None:
    """None where it would be too large."""
    named = ((part, values.get(getattr(part, "id", ""))) for part in ast.walk(expression))
    parts = (inner for part, value in named for inner in (ast.walk(value) if value else [part]))
    if sum(1 for _ in islice(parts, _LARGEST + 1)) > _LARGEST:
        return None
    found = _Values(values).visit(deepcopy(expression))
    assert isinstance(found, ast.expr)
    return found
