"""Generated functions with their tests: names a family's shape, runs it, writes tests of what ran.

A `Function` carries its source and the calls that were made of it (`Case`: arguments, outcome and
the lines that ran, counted from the `def` line as 1). A `Suite` divides those calls into the tests
that exist and the calls that would cover a line that they leave. Every test passes by construction,
because its expected outcome is the one that was seen.
"""

import ast
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from recipes.nano.draw import Draw
from recipes.nano.families import STEP, Arguments, Family, quoted

CALLS_PER_FUNCTION = 18
LONGEST_LITERAL = 40
NONE_GUARD_SHARE = 0.12
DOCSTRING_SHARE = 0.1
WEAK_SHARE = 0.15
"""Tests that pass and check next to nothing, as real suites hold some."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call of a function, as it ran."""

    call: str
    result: object
    raised: str
    """The name of the exception, or empty."""
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Function:
    """A generated function and calls that between them run it along at least two paths."""

    family: str
    name: str
    source: str
    cases: tuple[Case, ...]

    def line(self, number: int) -> str:
        """A source line by its number, stripped."""
        return self.source.split("\n")[number - 1].strip()


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of a function that exist, and the calls that still cover something new."""

    tests: tuple[str, ...]
    covered: frozenset[int]
    open_cases: tuple[Case, ...]


def literal(value: object) -> str:
    """A value as the generated code writes it: as `repr`, with double quotes."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    return repr(value)


def lines_run(code: CodeType, call: Callable[[], object]) -> tuple[object, str, frozenset[int]]:
    """Call, and return the result, the name of what it raised or "", and the lines of `code` run.

    Any exception is an outcome here: the caller decides which of them a test may expect.
    """
    seen: set[int] = set()
    first = code.co_firstlineno

    def local(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            seen.add(frame.f_lineno - first + 1)
        return local

    def enter(frame: FrameType, _event: str, _: object) -> Any:
        return local if frame.f_code is code else None

    before, result, raised = sys.gettrace(), None, ""
    sys.settrace(enter)
    try:
        result = call()
    except Exception as error:  # noqa: BLE001 - what it raised is the outcome
        raised = type(error).__name__
    finally:
        sys.settrace(before)
    return result, raised, frozenset(seen)


def make_function(
    draw: Draw, families: Mapping[str, Family], taken: Collection[str] = ()
) -> Function:
    """A function of one of the families, of a free name, that runs along two paths or more."""
    while True:
        family = draw.choice(tuple(families))
        name, source, arguments = _define(draw, families[family], taken)
        cases = _calls(draw, name, source, arguments)
        if len({case.lines for case in cases}) >= 2:
            return Function(family, name, source, cases)


def _define(
    draw: Draw, family: Family, taken: Collection[str]
) -> tuple[str, str, Callable[[Draw], Arguments]]:
    shape = family(draw)
    name = draw.function_name(taken={*taken, *shape.params})
    body, arguments = shape.body, shape.arguments
    if draw.chance(NONE_GUARD_SHARE):
        missing = draw.choice(("None", "0", quoted(draw.label())))
        body = [f"if {shape.params[0]} is None:", f"{STEP}return {missing}", *body]
        arguments = _sometimes_none(arguments)
    if draw.chance(DOCSTRING_SHARE):
        words = f"{draw.choice(('Return', 'Find', 'Give', 'Pick'))} the {draw.noun()}."
        body = [f'"""{words}"""', *body]
    lines = [f"def {name}({', '.join(shape.params)}):", *(STEP + line for line in body)]
    return name, "\n".join(lines) + "\n", arguments


def _sometimes_none(arguments: Callable[[Draw], Arguments]) -> Callable[[Draw], Arguments]:
    def with_none(draw: Draw) -> Arguments:
        drawn = arguments(draw)
        return (None, *drawn[1:]) if draw.chance(0.2) else drawn

    return with_none


def _calls(
    draw: Draw, name: str, source: str, arguments: Callable[[Draw], Arguments]
) -> tuple[Case, ...]:
    """Distinct calls whose outcome a short test can state."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "<generated>", "exec"), namespace)  # noqa: S102 - text that this package made
    function = namespace[name]
    cases: dict[str, Case] = {}
    for _ in range(CALLS_PER_FUNCTION):
        drawn = arguments(draw)
        written = ", ".join(map(literal, drawn))
        result, raised, lines = lines_run(function.__code__, lambda args=drawn: function(*args))
        stated = raised in ("", "ValueError", "KeyError") and not isinstance(result, float)
        if stated and max(len(written), len(literal(result))) <= LONGEST_LITERAL:
            call = f"{name}({written})"
            cases[call] = Case(call, result, raised, lines)
    return tuple(cases.values())


def write_test(draw: Draw, function: Function, case: Case, *, number: int) -> str:
    """A passing test of one call; in `WEAK_SHARE` of draws one that hardly checks anything."""
    weak = draw.chance(WEAK_SHARE)
    head = f"def test_{function.name}_{number}():\n"
    if case.raised:
        expected = "Exception" if weak else case.raised
        return f"{head}{STEP}with pytest.raises({expected}):\n{STEP}{STEP}{case.call}\n"
    if weak and case.result is not None:
        kind = type(case.result).__name__
        claim = draw.choice((f"{case.call} is not None", f"isinstance({case.call}, {kind})"))
    else:
        operator = "is" if case.result is None or isinstance(case.result, bool) else "=="
        claim = f"{case.call} {operator} {literal(case.result)}"
    return f"{head}{STEP}assert {claim}\n"


def make_suite(draw: Draw, function: Function, *, full_share: float = 0.0) -> Suite:
    """Up to two tests, each along another path; but in `full_share` of draws, a line is left."""
    paths: dict[frozenset[int], list[Case]] = {}
    for case in function.cases:
        paths.setdefault(case.lines, []).append(case)
    order = list(paths)
    draw.shuffle(order)
    most = draw.choice((0, 1, 1, 1, 2)) if len(order) > 2 else draw.choice((0, 1, 1))
    may_be_full = draw.chance(full_share)
    chosen = order[: 2 if may_be_full else most]
    everything = frozenset[int]().union(*order)
    while not may_be_full and frozenset[int]().union(*chosen) == everything:
        chosen.pop()
    covered = frozenset[int]().union(*chosen)
    tests = tuple(
        write_test(draw, function, draw.choice(paths[path]), number=number)
        for number, path in enumerate(chosen, start=1)
    )
    open_cases = tuple(case for case in function.cases if case.lines - covered)
    return Suite(tests, covered, open_cases)


def normal_form(source: str) -> str:
    """A function's source without its own name and docstring: what makes two of them the same."""
    (definition,) = ast.parse(source).body
    if not isinstance(definition, ast.FunctionDef):
        raise TypeError(f"not one function: {source!r}")
    definition.name = "_"
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    return ast.unparse(definition)
