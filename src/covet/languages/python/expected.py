"""What a test expects, as far as its text says it: which call is to give what.

``assert f(2) == 4``, and the same by way of names that are given one value each, become
``("f(2)", "4")``; ``with pytest.raises(E): f(2)`` becomes ``("f(2)", "raises E")``. Two tests that
expect the same have equal ones, however their names are.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from covet.languages.base import Expectation
from covet.languages.python.lines import parse
from covet.languages.python.needs import find_test


def expectations(source: str, test: str) -> tuple[Expectation, ...]:
    """See ``Language.expectations``."""
    _, node = find_test(parse(source), test)
    given = Counter(
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )
    once = {name for name, count in given.items() if count == 1}
    return tuple(_in(node.body, {}, once, set(given)))


def _in(
    body: Sequence[ast.stmt], values: dict[str, ast.expr], once: set[str], local: set[str]
) -> Iterator[Expectation]:
    for part in body:
        match part:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in once:
                values[name] = _resolved(value, values)
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                if not isinstance(left, ast.Call | ast.Name | ast.Attribute | ast.Subscript):
                    left, right = right, left
                yield from _expectation(part, left, right, values, local)
            case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call)):
                yield from _expectation(part, call, ast.Constant(value=False), values, local)
            case ast.Assert(test=ast.Call() as call):
                yield from _expectation(part, call, ast.Constant(value=True), values, local)
            case ast.With(items=[item], body=[ast.Expr(value=ast.Call() as call)]):
                raised = _raised(item.context_expr)
                if raised is not None:
                    asked = _text(_resolved(call, values), local)
                    if asked:
                        yield Expectation(part.lineno, asked, f"raises {ast.unparse(raised)}")
            case ast.With(body=inner):
                yield from _in(inner, values, once, local)
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
    local: set[str],
) -> Iterator[Expectation]:
    asked = _text(_resolved(left, values), local)
    expected = _text(_resolved(right, values), local)
    if asked and expected and "(" in asked:
        yield Expectation(part.lineno, asked, expected)


def _text(expression: ast.expr, local: set[str]) -> str:
    """Empty where it names what only the test knows."""
    names = {part.id for part in ast.walk(expression) if isinstance(part, ast.Name)}
    return "" if names & local else ast.unparse(expression)


class _Values(ast.NodeTransformer):
    """Names become what they were given."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    # typing has ``override`` from 3.12 on; the name is what ast calls.
    def visit_Name(  # noqa: N802  # pyrefly: ignore[missing-override-decorator]
        self, node: ast.Name
    ) -> ast.expr:
        return self._values.get(node.id, node)


def _resolved(expression: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    found = _Values(values).visit(deepcopy(expression))
    assert isinstance(found, ast.expr)
    return found
