"""The assertions of a test, and what each of them asks.

An ``assert``, a method of ``unittest``'s, ``pytest.raises`` and its like, a stand-in's
``assert_called…``, or a call of a function from elsewhere whose name says that it checks; functions
of the test file are read where they are called, with what they are called with. What an assertion
asks is told by its outermost form and by where the values in it come from (``origins``).
"""

import ast
import re
from collections.abc import Iterable, Iterator

from covet.languages.python.lines import Definition
from covet.languages.python.nodes import RAISES_SAYING, dotted, last_of, own_parts, raising, root_of
from covet.languages.python.origins import DEPTH, MAKES_MOCKS, Block, Names, Origin
from covet.records import Check, CheckKind, Span

_LOOSE = 0.1
"""A tolerance of more than this share of a value, or of 1, lets nearly everything pass."""
_CALLS = 300
"""Calls of a test file's own functions that are read into, from one of them."""
_BROAD = frozenset({"Exception", "BaseException"})
_HELPER = re.compile(r"_*(assert|check|verify|expect|ensure)", re.IGNORECASE)
_CALLED = re.compile(r"assert_(any_|not_|has_)?(called|call|await|awaited)")
_MERELY_CALLED = frozenset({"assert_called", "assert_awaited", "called"})
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


def checks(
    name: str, node: ast.stmt, names: Names, around: ast.ClassDef | None = None
) -> Iterator[Check]:
    """Of one function, in the order of its text."""
    if isinstance(node, Definition):
        reader = _Reader(name, names.entering(node, around, None), _Budget())
        yield from reader.read(node.body)


def kinds(statements: Iterable[ast.stmt], names: Names) -> frozenset[CheckKind]:
    """What statements ask that stand by themselves."""
    return frozenset(check.kind for check in _Reader("", names, _Budget()).read(statements))


def called_helpers(node: ast.AST, names: Names) -> Iterator[Definition]:
    """The file's own functions that are called somewhere in a function."""
    for part in ast.walk(node):
        helper = names.helper(part) if isinstance(part, ast.Call) else None
        if helper is not None:
            yield helper


class _Budget:
    def __init__(self) -> None:
        self.left = _CALLS


class _Reader:
    def __init__(self, name: str, names: Names, budget: _Budget) -> None:
        self._name, self._names, self._budget = name, names, budget
        self._handed: frozenset[str] = frozenset()

    def read(self, statements: Iterable[ast.stmt]) -> Iterator[Check]:
        statements = list(statements)
        self._handed = frozenset(_handed(statements))
        for statement in self._names.walk(statements):
            yield from self._statement(statement, statements)

    def _statement(self, node: ast.stmt, whole: list[ast.stmt]) -> Iterator[Check]:
        match node:
            case ast.Assert(test=asked):
                yield from self._asked(asked, _span(node))
            case (
                ast.Expr(value=ast.Call() as call)
                | ast.Expr(value=ast.Await(value=ast.Call() as call))
            ) if self._names.helper(call) is None:
                yield from self._called(call, _span(node))
            case ast.Assign():
                yield from self._raised_in(node.value, _span(node))
            case ast.With() | ast.AsyncWith():
                yield from self._with(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if not _calls(whole, node.name):  # handed to something that may call it
                    inside = self._names.entering(node, None, None)
                    yield from _Reader(self._name, inside, self._budget).read(node.body)
            case _:
                pass
        for part in own_parts(node):
            if isinstance(part, ast.Call):
                yield from self._inside(part)

    def _inside(self, call: ast.Call) -> Iterator[Check]:
        """The assertions of a function of the file that is called."""
        names, helper = self._names, self._names.helper(call)
        if helper is None or names.depth >= DEPTH or not self._budget.left:
            return
        self._budget.left -= 1
        inside = names.entering(helper, None, names.called_with(call, helper))
        inside.depth = names.depth + 1
        yield from _Reader(self._name, inside, self._budget).read(helper.body)

    # ------------------------------------------------------------------------------ errors

    def _with(self, node: Block) -> Iterator[Check]:
        header = Span(node.lineno, max(node.lineno, node.body[0].lineno - 1))
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and raising(call):
                tied = self._names.runs_code(node.body)
                yield Check(self._name, header, self._kind_of_raising(call, tied=tied), tied)

    def _raised_in(self, value: ast.expr, span: Span) -> Iterator[Check]:
        """``error = pytest.raises(Error, function, …)``."""
        if isinstance(value, ast.Call) and raising(value) and len(value.args) > 1:
            tied = any(self._names.origin(part) >= Origin.CODE for part in value.args[1:])
            yield Check(self._name, span, self._kind_of_raising(value, tied=tied), tied)

    def _kind_of_raising(self, call: ast.Call, *, tied: bool) -> CheckKind:
        if not tied:
            return "own"
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        pattern = given.get("match", given.get("expected_regex"))
        if last_of(call.func) in RAISES_SAYING and len(call.args) > 1:
            pattern = call.args[1]
        if "check" in given or (pattern is not None and not self._matches_anything(pattern)):
            return "raises"
        first = call.args[0] if call.args else given.get("expected_exception")
        errors = first.elts if isinstance(first, ast.Tuple) else [first] if first else []
        names = [self._names.text(error).rpartition(".")[2] for error in errors]
        return "broad" if not names or any(name in _BROAD for name in names) else "raises_type"

    def _matches_anything(self, pattern: ast.expr) -> bool:
        text = self._names.constant(pattern)
        try:
            return isinstance(text, str) and re.search(text, "") is not None
        except re.error:
            return False

    # ------------------------------------------------------------------------- assertions

    def _called(self, call: ast.Call, span: Span) -> Iterator[Check]:
        name = last_of(call.func)
        first = call.args[0] if call.args else None
        if raising(call):
            yield from self._raised_in(call, span)
        elif _CALLED.match(name):
            yield self._of_stand_in(call.func, span)
        elif not _HELPER.match(name):
            return
        elif name in {"assertTrue", "assert_"} and first is not None:
            yield from self._asked(first, span)
        elif name == "assertFalse" and first is not None:
            yield from self._asked(ast.UnaryOp(ast.Not(), first), span)
        elif name in {"assertIsNone", "assertIsNotNone"} and first is not None:
            is_none = ast.Is() if name == "assertIsNone" else ast.IsNot()
            yield from self._asked(ast.Compare(first, [is_none], [ast.Constant(None)]), span)
        elif name in {"assertIsInstance", "assertNotIsInstance"} and first is not None:
            yield self._told("type", [first], span)
        elif name in _EQUAL and len(call.args) > 1:
            yield self._equal(call.args[0], call.args[1], span)
        elif name in {"assertAlmostEqual", "assertNotAlmostEqual"} and len(call.args) > 1:
            kind: CheckKind = "any" if self._few_places(call) else "value"
            yield self._told(kind, [call.args[0], call.args[1]], span)
        elif name in _COMPARED and len(call.args) > 1:
            compared = ast.Compare(call.args[0], [_COMPARED[name]()], [call.args[1]])
            yield from self._asked(compared, span)
        elif (call.args or call.keywords) and self._may_be_helper(call.func):
            yield self._told("helper", [*call.args, *(k.value for k in call.keywords)], span)

    def _may_be_helper(self, function: ast.expr) -> bool:
        """A method that is called after checking is, on objects of the codebase, its own work."""
        is_assert = last_of(function).lower().lstrip("_").startswith("assert")
        is_own = isinstance(function, ast.Name) or root_of(function) in {"self", "cls"}
        return (is_assert or is_own) and not self._names.is_focal(function)

    def _of_stand_in(self, asked: ast.expr, span: Span) -> Check:
        """One that only the test itself can have called says nothing."""
        root = root_of(asked)
        known = self._names.known.get(root)
        made = known is not None and known.origin is Origin.MOCK and known.is_mutable
        if made and root not in self._handed and _made_here(known.text if known else ""):
            return self._check("own", span, tied=False)
        merely = last_of(asked) in _MERELY_CALLED
        return self._check("any" if merely else "called", span, tied=True)

    def _asked(self, asked: ast.expr, span: Span) -> Iterator[Check]:
        match asked:
            case ast.BoolOp(op=ast.And(), values=values):
                for value in values:
                    yield from self._asked(value, span)
            case ast.BoolOp(values=values):
                is_fixed = any(isinstance(v, ast.Constant) and v.value for v in values)
                yield self._told("constant" if is_fixed else "any", values, span)
            case ast.IfExp(test=_, body=body, orelse=orelse):
                is_fixed = any(_always_true(one) for one in (body, orelse))
                yield self._told("constant" if is_fixed else "any", [body, orelse], span)
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
        if self._never_fails(left, op, right):
            return self._told("constant", sides, span)
        return self._told("any" if self._is_far(left, op, right) else "order", sides, span)

    def _equal(self, left: ast.expr, right: ast.expr, span: Span) -> Check:
        names, sides = self._names, [left, right]
        if names.text(left) == names.text(right):
            return self._told("same", sides, span)
        if any(self._is_anything(side) for side in sides):
            return self._told("any", sides, span)
        if any(_asks_type(side) for side in sides):
            return self._told("type", sides, span)
        if any(_asks_size(side) for side in sides):
            return self._told("size", sides, span)
        both = [names.origin(side) for side in sides]
        if both == [Origin.FOCAL, Origin.FOCAL]:
            return self._told("relation", sides, span)
        if max(both) is Origin.MOCK:
            counted = next((side for side in sides if _counts_calls(side)), None)
            return self._of_stand_in(counted, span) if counted else self._told("own", sides, span)
        return self._told("value" if Origin.FOCAL in both else "state", sides, span)

    def _is_anything(self, node: ast.expr) -> bool:
        """Whether nearly everything is equal to it."""
        if isinstance(node, ast.Tuple | ast.List) and node.elts:
            return all(map(self._is_anything, node.elts))
        if isinstance(node, ast.Dict) and node.values:
            return all(map(self._is_anything, node.values))
        made = self._names.file.classes.get(last_of(node)) if isinstance(node, ast.Call) else None
        if made is not None and any(getattr(part, "name", "") == "__eq__" for part in made.body):
            return True
        return last_of(node) == "ANY" or self._is_loose(node)

    def _kind_of_truth(self, asked: ast.expr) -> CheckKind:
        if _always_true(asked) or isinstance(asked, ast.Constant | ast.Dict | ast.List):
            return "constant"
        name = last_of(asked)
        if name in {"isinstance", "issubclass"}:
            return "type"
        if name in {"hasattr", "callable"}:
            return "exists"
        if name in {"repr", "id", "str", "type"} and isinstance(asked, ast.Call):
            return "any"
        if name in {"all", "any"} and isinstance(asked, ast.Call) and asked.args:
            inner = asked.args[0]
            if isinstance(inner, ast.GeneratorExp | ast.ListComp):
                kind = self._kind_of_truth(inner.elt)
                return kind if kind in {"type", "exists", "constant"} else "member"
        if name in _PARTS:
            return "member"
        if name in _MERELY_CALLED:
            return "any"
        if name in {"called_once", "call_count", "mock_calls"}:
            return "called"
        return "any" if self._is_loose(asked) else "truth"

    def _told(self, kind: CheckKind, about: list[ast.expr], span: Span) -> Check:
        origin = max(map(self._names.origin, about), default=Origin.OWN)
        if any(last_of(part) in _SOURCE for side in about for part in ast.walk(side)
               if isinstance(part, ast.Attribute | ast.Name)):  # fmt: skip
            return self._check("source", span, tied=False)
        if kind not in {"constant", "same", "called"} and origin <= Origin.MOCK:
            kind = "own"
        return self._check(kind, span, tied=origin >= Origin.CODE)

    def _check(self, kind: CheckKind, span: Span, *, tied: bool) -> Check:
        return Check(self._name, span, kind, tied)

    # ------------------------------------------------------------------------- tolerances

    def _number(self, node: ast.expr | None) -> float | None:
        value = self._names.constant(node)
        return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else None

    def _is_loose(self, node: ast.expr) -> bool:
        """``approx`` or ``isclose`` with a tolerance that lets nearly everything pass."""
        if not isinstance(node, ast.Call) or last_of(node.func) not in {"approx", "isclose"}:
            return False
        first = 2 if last_of(node.func) == "isclose" else 1
        tolerances = [*node.args[first:3], *(keyword.value for keyword in node.keywords)]
        expected = [self._number(value) for value in node.args[:first]]
        scale = max([1.0, *(abs(value) for value in expected if value is not None)])
        found = [self._number(value) for value in tolerances]
        return any(value is not None and value > _LOOSE * scale for value in found)

    def _few_places(self, call: ast.Call) -> bool:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        places = self._number(given.get("places", call.args[2] if len(call.args) > 2 else None))
        delta = self._number(given.get("delta"))
        return (places is not None and places < 1) or (delta is not None and delta > 1)

    def _is_far(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
        """``abs(… - …) < tolerance`` with a tolerance that lets nearly everything pass."""
        small, large = (left, right) if isinstance(op, ast.Lt | ast.LtE) else (right, left)
        bound = self._number(large)
        return last_of(small) == "abs" and bound is not None and bound > 1

    def _never_fails(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
        """``len(…) >= 0`` and the like."""
        if isinstance(op, ast.Lt | ast.LtE):
            left, right = right, left
        low = self._number(right)
        if low is None or not isinstance(left, ast.Call):
            return False
        is_open = isinstance(op, ast.Gt | ast.Lt)
        if last_of(left) == "len" and left.args and last_of(left.args[0]) == "repr":
            return low <= 0 if is_open else low <= 1
        if last_of(left) == "len":
            return low < 0 if is_open else low <= 0
        return last_of(left) == "id"


_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def _span(node: ast.stmt) -> Span:
    return Span(node.lineno, node.end_lineno or node.lineno)


def _always_true(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Dict):
        return bool(node.value if isinstance(node, ast.Constant) else list(ast.walk(node))[1:])
    return isinstance(node, ast.Lambda | ast.JoinedStr)


def _calls(statements: Iterable[ast.stmt], name: str) -> bool:
    return any(
        isinstance(part, ast.Call) and dotted(part.func) == name
        for statement in statements
        for part in ast.walk(statement)
    )


def _handed(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Names of values that leave the test: as arguments, in attributes and collections."""
    for part in (part for statement in statements for part in ast.walk(statement)):
        out: list[ast.expr | None] = []
        if isinstance(part, ast.Call) and not _CALLED.match(last_of(part.func)):
            out += [*part.args, *(keyword.value for keyword in part.keywords)]
        elif isinstance(part, ast.Assign | ast.Return | ast.Yield):
            out += [part.value]
        for inner in (inner for one in out if one is not None for inner in ast.walk(one)):
            if isinstance(inner, ast.Name):
                yield inner.id


def _made_here(text: str) -> bool:
    """Whether what a name stands for is a call that makes a mock and puts it nowhere."""
    try:
        made = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    return isinstance(made, ast.Call) and last_of(made) in MAKES_MOCKS


def _asks_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and last_of(node.func) == "type" and len(node.args) == 1:
        return True
    return isinstance(node, ast.Attribute) and node.attr == "__class__"


def _asks_size(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _counts_calls(side: ast.expr) -> bool:
    names = {"call_count", "call_args", "call_args_list", "mock_calls", "await_count"}
    return any(isinstance(part, ast.Attribute) and part.attr in names for part in ast.walk(side))
