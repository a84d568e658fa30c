"""The assertions of a test, and what each of them asks.

An ``assert``, a method of ``unittest``'s, ``pytest.raises`` and its like, a stand-in's
``assert_called…``, or a call of a function whose name says that it checks. What an assertion asks
is told by its outermost form and by where the values in it come from (``origins``).
"""

import ast
import re
from collections.abc import Iterator

from covet.languages.python.lines import Definition
from covet.languages.python.origins import MOCKS, Names, Origin
from covet.records import Check, CheckKind, Span

_LOOSE = 0.1
"""A tolerance of more than this share of a value, or of 1, lets nearly everything pass."""
_BROAD = frozenset({"Exception", "BaseException"})
_HELPER = re.compile(r"_*(assert|check|verify|expect|ensure)", re.IGNORECASE)
_CALLED = re.compile(r"assert_(any_|not_|has_)?(called|call|await|awaited)")
_SOURCE = frozenset(
    {"getsource", "getsourcelines", "getsourcefile", "__code__", "co_code", "__doc__", "__name__"}
    | {"__module__", "__qualname__", "__annotations__", "signature", "getdoc", "getfullargspec"}
)
_PARTS = frozenset(
    {"startswith", "endswith", "match", "fullmatch", "search", "any", "all", "issubset"}
    | {"issuperset", "isdigit", "isalpha", "isupper", "islower", "count", "find"}
)
_COMPARED: dict[str, type[ast.cmpop]] = {
    "assertIs": ast.Is, "assertIsNot": ast.IsNot, "assertNotEqual": ast.NotEq, "assertIn": ast.In,
    "assertNotIn": ast.NotIn, "assertGreater": ast.Gt, "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt, "assertLessEqual": ast.LtE,
}  # fmt: skip
_EQUAL = frozenset(
    {"assertEqual", "assertEquals", "assertDictEqual", "assertListEqual", "assertSetEqual"}
    | {"assertTupleEqual", "assertSequenceEqual", "assertMultiLineEqual", "assertCountEqual"}
)
_RAISES = frozenset({"raises", "assertRaises", "warns", "assertWarns", "deprecated_call"})
_RAISES_SAYING = frozenset({"assertRaisesRegex", "assertWarnsRegex", "assertRaisesRegexp"})


def checks(
    name: str, node: ast.stmt, names: Names, around: ast.ClassDef | None = None
) -> Iterator[Check]:
    """Of one function, in the order of its text."""
    if isinstance(node, Definition):
        reader = _Reader(name, names.inside())
        if around is not None:
            reader.prepare(around)
        reader.parameters(node, around)
        yield from reader.body(node.body)


class _Reader:
    def __init__(self, name: str, names: Names) -> None:
        self._name, self._names = name, names

    def prepare(self, around: ast.ClassDef) -> None:
        """What the methods of a class set on themselves."""
        for inner in around.body:
            if isinstance(inner, Definition) and not inner.name.startswith("test"):
                for statement in ast.walk(inner):
                    if isinstance(statement, ast.Assign):
                        self._assign(statement)

    def parameters(self, node: Definition, around: ast.ClassDef | None) -> None:
        values = _parametrized(node, around)
        patched = any("patch" in ast.dump(one) for one in node.decorator_list)
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            if argument.arg in values or argument.arg in {"self", "cls"}:
                origin = Origin.OWN
            elif argument.arg in MOCKS or (patched and argument.arg not in self._names.known):
                origin = Origin.MOCK
            else:
                known = self._names.known.get(argument.arg)
                origin = known.origin if known is not None else Origin.CODE
            self._names.give(argument.arg, origin)

    # ------------------------------------------------------------------------ statements

    def body(self, statements: list[ast.stmt]) -> Iterator[Check]:
        for statement in statements:
            yield from self._statement(statement)

    def _statement(self, node: ast.stmt) -> Iterator[Check]:
        self._names.touched(node)
        match node:
            case ast.Assert(test=asked):
                yield from self._asked(asked, _span(node))
            case (
                ast.Expr(value=ast.Call() as call)
                | ast.Expr(value=ast.Await(value=ast.Call() as call))
            ):
                yield from self._called(call, _span(node))
            case ast.Assign():
                yield from self._raised_in(node.value, _span(node))
                self._assign(node)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._names.bind(target, value)
            case ast.AugAssign(target=target, value=value):
                if self._names.origin(value) > self._names.origin(target):
                    self._names.bind(target, value)
            case ast.With() | ast.AsyncWith():
                yield from self._with(node)
            case ast.For() | ast.AsyncFor():
                self._names.bind(node.target, node.iter, text=ast.unparse(node.target))
                yield from self.body([*node.body, *node.orelse])
            case ast.If() | ast.While():
                yield from self.body([*node.body, *node.orelse])
            case ast.Try():
                yield from self._try(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _Reader(self._name, self._names.inside()).body(node.body)
            case _:
                pass

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._names.bind(target, node.value)

    def _try(self, node: ast.Try) -> Iterator[Check]:
        yield from self.body(node.body)
        for handler in node.handlers:
            if handler.name:
                self._names.give(handler.name, Origin.CODE)
            yield from self.body(handler.body)
        yield from self.body([*node.orelse, *node.finalbody])

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterator[Check]:
        header = Span(node.lineno, max(node.lineno, node.body[0].lineno - 1))
        for item in node.items:
            call = item.context_expr
            if isinstance(item.optional_vars, ast.Name):
                origin = self._names.origin(call)
                raising = isinstance(call, ast.Call) and _raising(call)
                self._names.give(item.optional_vars.id, Origin.CODE if raising else origin)
            if isinstance(call, ast.Call) and _raising(call):
                tied = any(self._runs_code(inner) for inner in node.body)
                yield Check(self._name, header, self._kind_of_raising(call, tied=tied), tied)
        yield from self.body(node.body)

    def _raised_in(self, value: ast.expr, span: Span) -> Iterator[Check]:
        """``error = pytest.raises(Error, function, …)``."""
        if isinstance(value, ast.Call) and _raising(value) and len(value.args) > 1:
            tied = any(self._names.origin(part) >= Origin.CODE for part in value.args[1:])
            yield Check(self._name, span, self._kind_of_raising(value, tied=tied), tied)

    def _runs_code(self, statement: ast.stmt) -> bool:
        parts = (part for part in ast.walk(statement) if isinstance(part, ast.expr))
        return any(self._names.origin(part) >= Origin.CODE for part in parts)

    def _kind_of_raising(self, call: ast.Call, *, tied: bool) -> CheckKind:
        if not tied:
            return "own"
        says = _last(call.func) in _RAISES_SAYING
        says = says or any(k.arg in {"match", "check"} for k in call.keywords)
        first = call.args[0] if call.args else None
        errors = first.elts if isinstance(first, ast.Tuple) else [first] if first else []
        if says:
            return "raises"
        return "broad" if any(_last(error) in _BROAD for error in errors) else "raises_type"

    # ------------------------------------------------------------------------- assertions

    def _called(self, call: ast.Call, span: Span) -> Iterator[Check]:
        name = _last(call.func)
        first = call.args[0] if call.args else None
        if _raising(call):
            yield from self._raised_in(call, span)
        elif _CALLED.match(name):
            yield self._check("called", span, tied=True)
        elif not _HELPER.match(name):
            return
        elif name in {"assertTrue", "assert_"} and first is not None:
            yield from self._asked(first, span)
        elif name == "assertFalse" and first is not None:
            yield from self._asked(ast.UnaryOp(ast.Not(), first), span)
        elif name in {"assertIsNone", "assertIsNotNone"} and first is not None:
            is_none = ast.Is() if name == "assertIsNone" else ast.IsNot()
            yield from self._asked(ast.Compare(first, [is_none], [ast.Constant(None)]), span)
        elif name == "assertIsInstance":
            yield self._check("type", span, tied=True)
        elif name in _EQUAL and len(call.args) > 1:
            yield self._equal(call.args[0], call.args[1], span)
        elif name in {"assertAlmostEqual", "assertNotAlmostEqual"} and len(call.args) > 1:
            kind: CheckKind = "any" if _few_places(call) else "value"
            yield self._told(kind, [call.args[0], call.args[1]], span)
        elif name in _COMPARED and len(call.args) > 1:
            compared = ast.Compare(call.args[0], [_COMPARED[name]()], [call.args[1]])
            yield from self._asked(compared, span)
        elif call.args or call.keywords:
            yield self._told("helper", [*call.args, *(k.value for k in call.keywords)], span)

    def _asked(self, asked: ast.expr, span: Span) -> Iterator[Check]:
        match asked:
            case ast.BoolOp(op=ast.And(), values=values):
                for value in values:
                    yield from self._asked(value, span)
            case ast.BoolOp(values=values):
                is_fixed = any(isinstance(v, ast.Constant) and v.value for v in values)
                yield self._told("constant" if is_fixed else "any", values, span)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[op]) as compared):
                opposite = _OPPOSITE.get(type(op), type(op))()
                yield self._compared(compared.left, opposite, compared.comparators[0], span)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from self._asked(operand, span)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                yield self._compared(left, op, right, span)
            case ast.Compare(left=left, comparators=others):
                yield self._told("order", [left, *others], span)
            case ast.NamedExpr(value=value):
                self._names.bind(asked.target, value)
                yield from self._asked(value, span)
            case _:
                yield self._told(self._kind_of_truth(asked), [asked], span)

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr, span: Span) -> Check:
        sides = [left, right]
        none = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
        if isinstance(op, ast.Eq | ast.Is):
            return self._equal(left, right, span)
        if isinstance(op, ast.NotEq | ast.IsNot):
            return self._told("exists" if none else "differs", sides, span)
        if isinstance(op, ast.In):
            chosen = isinstance(right, ast.Tuple | ast.List | ast.Set | ast.Dict)
            few = chosen and self._names.origin(left) > self._names.origin(right)
            return self._told("any" if few else "member", sides, span)
        if isinstance(op, ast.NotIn):
            return self._told("differs", sides, span)
        return self._told("constant" if _never_fails(left, op, right) else "order", sides, span)

    def _equal(self, left: ast.expr, right: ast.expr, span: Span) -> Check:
        names, sides = self._names, [left, right]
        if names.text(left) == names.text(right):
            return self._told("same", sides, span)
        if any(_last(side) == "ANY" or _is_loose(side) for side in sides):
            return self._told("any", sides, span)
        if any(_asks_type(side) for side in sides):
            return self._told("type", sides, span)
        if any(_asks_size(side) for side in sides):
            return self._told("size", sides, span)
        both = [names.origin(side) for side in sides]
        if both == [Origin.FOCAL, Origin.FOCAL]:
            return self._told("relation", sides, span)
        if max(both) is Origin.MOCK:
            return self._told("called" if _counts_calls(left, right) else "own", sides, span)
        return self._told("value" if Origin.FOCAL in both else "state", sides, span)

    def _kind_of_truth(self, asked: ast.expr) -> CheckKind:
        if isinstance(asked, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.JoinedStr):
            return "constant"
        if isinstance(asked, ast.Lambda):
            return "constant"
        name = _last(asked)
        if name in {"isinstance", "issubclass"}:
            return "type"
        if name in {"hasattr", "callable"}:
            return "exists"
        if name in {"all", "any"} and isinstance(asked, ast.Call) and asked.args:
            inner = asked.args[0]
            if isinstance(inner, ast.GeneratorExp | ast.ListComp):
                kind = self._kind_of_truth(inner.elt)
                return kind if kind in {"type", "exists", "constant"} else "member"
        if name in _PARTS:
            return "member"
        if name in {"called", "called_once", "call_count", "mock_calls"}:
            return "called"
        return "truth"

    def _told(self, kind: CheckKind, about: list[ast.expr], span: Span) -> Check:
        origin = max(map(self._names.origin, about), default=Origin.OWN)
        if any(_last(part) in _SOURCE for side in about for part in ast.walk(side)
               if isinstance(part, ast.Attribute | ast.Name)):  # fmt: skip
            return self._check("source", span, tied=False)
        if kind not in {"constant", "same", "called"} and origin <= Origin.MOCK:
            kind = "own"
        return self._check(kind, span, tied=origin >= Origin.CODE)

    def _check(self, kind: CheckKind, span: Span, *, tied: bool) -> Check:
        return Check(self._name, span, kind, tied)


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def _span(node: ast.stmt) -> Span:
    return Span(node.lineno, node.end_lineno or node.lineno)


def _last(node: ast.expr | None) -> str:
    """The last part of the name of a thing, or of what is called."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _raising(call: ast.Call) -> bool:
    return _last(call.func) in _RAISES | _RAISES_SAYING


def _asks_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and _last(node.func) == "type" and len(node.args) == 1:
        return True
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _asks_size(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _counts_calls(*sides: ast.expr) -> bool:
    names = {"call_count", "call_args", "call_args_list", "mock_calls", "await_count"}
    return any(
        isinstance(part, ast.Attribute) and part.attr in names
        for side in sides
        for part in ast.walk(side)
    )


def _is_loose(node: ast.expr) -> bool:
    """``approx`` with a tolerance that lets nearly everything pass."""
    if not isinstance(node, ast.Call) or _last(node.func) not in {"approx", "isclose"}:
        return False
    tolerances = [*node.args[1:3], *(keyword.value for keyword in node.keywords)]
    found = [_number(value) for value in tolerances]
    expected = _number(node.args[0]) if node.args else None
    scale = max(1.0, abs(expected)) if expected is not None else 1.0
    return any(value is not None and value > _LOOSE * scale for value in found)


def _few_places(call: ast.Call) -> bool:
    given = {keyword.arg: _number(keyword.value) for keyword in call.keywords}
    places = given.get("places", _number(call.args[2]) if len(call.args) > 2 else None)
    delta = given.get("delta")
    return (places is not None and places < 1) or (delta is not None and delta > 1)


def _number(node: ast.expr) -> float | None:
    try:
        value = ast.literal_eval(node)
        return float(value) if isinstance(value, int | float) else None
    except (ValueError, TypeError, OverflowError, SyntaxError):
        return None


def _never_fails(left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
    """``len(…) >= 0`` and the like."""
    if isinstance(op, ast.GtE):
        return _asks_size(left) and _number(right) in {0.0, -0.0}
    if isinstance(op, ast.Gt):
        low = _number(right)
        return _asks_size(left) and low is not None and low < 0
    return isinstance(op, ast.LtE) and _asks_size(right) and _number(left) == 0.0


def _parametrized(node: Definition, around: ast.ClassDef | None) -> set[str]:
    """Names of parameters that are given as values."""
    found: set[str] = set()
    for decorator in [*node.decorator_list, *(around.decorator_list if around else [])]:
        if isinstance(decorator, ast.Call) and _last(decorator.func) in {"parametrize", "given"}:
            first = decorator.args[0] if decorator.args else None
            for part in ast.walk(first) if first else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found |= {name.strip() for name in part.value.split(",")}
            found |= {keyword.arg for keyword in decorator.keywords if keyword.arg}
    return found
