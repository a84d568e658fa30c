import difflib
import inspect
import json.decoder
import shlex
import textwrap
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.languages.python import PYTHON
from covet.languages.python.mutants import mutants, spread
from covet.languages.python.mutators import OPERATORS, Operator
from covet.records import Mutant, Span

ALL = 10**6


def of(source: str, *operators: str) -> list[Mutant]:
    span = Span(1, source.count("\n") + 1)
    found = mutants(source, span, limit=ALL)
    return [mutant for mutant in found if not operators or mutant.operator in operators]


def bodies(body: str, *operators: str) -> list[str]:
    """The mutants of a body of one line, as bodies."""
    found = of(f"def f(a, b, c):\n    {body}\n", *operators)
    return [mutant.source.split("\n")[1].strip() for mutant in found]


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_operator_does_what_its_example_shows(operator: Operator) -> None:
    assert operator.after in bodies(operator.before, operator.name)


def test_operators_have_their_own_names() -> None:
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS)


@pytest.mark.parametrize(
    ("body", "operator", "expected"),
    [
        ("return a is not b", "compare", ["return a is b"]),
        ("return a not in b", "compare", ["return a in b"]),
        ("return a < b <= c", "compare", ["return a >= b <= c", "return a < b > c"]),
        ("return (a)==(b)", "compare", ["return (a)!=(b)"]),
        ("a -= b", "arithmetic", ["a += b"]),
        ("return a ** b ** c", "arithmetic", [
            "return ((a) * (b ** c))", "return a ** ((b) * (c))"]),
        ("return a & b == c", "arithmetic", ["return ((a) | (b)) == c"]),
        ("return (a | b) & c", "arithmetic", [
            "return (((a | b)) | (c))", "return (((a) & (b))) & c"]),
        ("return '%s' % a", "arithmetic", []),
        ("return a and b and c", "logic", ["return a or b or c"]),
        ("return a and (b or c)", "logic", ["return a or (b or c)", "return a and (b and c)"]),
        ("if a == b: return c", "negate", []),
        ("if not a: return c", "negate", []),
        ("if (a and b): return c", "negate", ["if (not (a and b)): return c"]),
        ("return not(a)", "not", ["return (a)"]),
        ("return a[1]", "number", ["return a[2]"]),
        ("return a * 1.5", "number", ["return a * 2.5"]),
        ("return a('')", "text", ['return a("covet")']),
        ("return a(b'x')", "text", ['return a(b"")']),
        ("return a('x' 'y')", "text", ['return a("")']),
        ("raise a('message')", "text", []),
        ("return a is None", "none", []),
        ("return a[b:c]", "bound", ["return a[(b) + 1:c]", "return a[b:(c) + 1]"]),
        ("return range(a, b)", "bound", ["return range(a, (b) + 1)"]),
        ("return-a", "sign", ["return a"]),
        ("return", "return", []),
        ("return None", "return", []),
        ("x = a(b)", "drop", []),
        ("a = b", "drop", ["pass"]),
        ("a.x = b", "drop", ["pass"]),
        ("a[b] = c", "drop", ["pass"]),
        ("while a: break", "loop", []),
    ],
)  # fmt: skip
def test_operators_know_their_places(body: str, operator: str, expected: list[str]) -> None:
    assert bodies(body, operator) == expected


def test_docstrings_annotations_and_decorators_are_left_alone() -> None:
    source = '''
@cache(1)
def f(a: "int" = 1, *b: x[2]) -> "None":
    """Doc."""
    c: "int" = 1
    return a
'''
    assert {mutant.operator for mutant in of(source)} == {"number", "return"}


def test_an_f_string_is_changed_whole_or_not_at_all() -> None:
    assert bodies("return f'{a + 1:>{b}} {c!r}'") == ["return None", 'return ""']


def test_positions_are_right_behind_letters_that_take_several_bytes() -> None:
    source = 'def f(ä, b):\n    é = "日本"; return ä + b, "😀" == b\n'
    (plus,) = of(source, "arithmetic")
    (equal,) = of(source, "compare")
    assert plus.source == source.replace("ä + b", "ä - b")
    assert equal.source == source.replace("==", "!=")


def test_line_numbers_stay_where_a_change_takes_lines_away() -> None:
    source = "def f(a):\n    a(\n        1,\n    )\n    return {\n        2: a,\n    }\n"
    for mutant in of(source, "drop", "return"):
        assert mutant.source.count("\n") == source.count("\n")
        compile(mutant.source, "f", "exec")


def test_every_other_byte_stays_with_windows_line_ends() -> None:
    source = "def f(a):\r\n    if a < 1:  # é\r\n        return a\r\n\r\n\r\nx = 1"
    (less,) = of(source, "boundary")
    assert less.source == source.replace("<", "<=")


def test_a_changed_operator_is_found_among_comments() -> None:
    source = "def f(a, b):\n    return (a  # not in, < and +\n            < b)\n"
    (mutant,) = of(source, "boundary")
    assert mutant.source == source.replace("            < b", "            <= b")


def test_what_compiles_to_the_same_is_no_mutant() -> None:
    source = "def f(a):\n    if a:\n        return None\n    return\n"
    assert of(source, "return", "drop") == []


def test_an_id_tells_line_operator_and_ordinal_and_outlives_a_limit() -> None:
    source = "def f(a, b):\n    return a < b < 1 < 2\n"
    ids = [mutant.id for mutant in of(source, "boundary")]
    assert ids == ["2:boundary:0", "2:boundary:1", "2:boundary:2"]
    everything = {mutant.id: mutant.source for mutant in of(source)}
    for mutant in mutants(source, Span(1, 2), limit=3):
        assert everything[mutant.id] == mutant.source


def test_the_span_of_a_mutant_is_its_statement_or_header() -> None:
    source = (
        "def f(a,\n      b=1):\n    if (a and\n            1):\n        return a(2,\n          3)\n"
    )
    spans = {(mutant.id[0], mutant.span) for mutant in of(source, "number")}
    expected = {("2", Span(1, 2)), ("4", Span(3, 4)), ("5", Span(5, 6)), ("6", Span(5, 6))}
    assert spans == expected


def test_a_diff_shows_the_change_between_its_neighbours() -> None:
    source = "def f(a):\n    b = 1\n    c = a < b\n    d = 2\n    return c\n"
    (mutant,) = of(source, "boundary")
    assert mutant.diff == "     b = 1\n-    c = a < b\n+    c = a <= b\n     d = 2\n"


def test_private_names_of_methods_are_compared_as_their_class_mangles_them() -> None:
    source = "class A:\n    def f(self):\n        self.__x = 1\n        return super().f()\n"
    assert [mutant.id for mutant in of(source)] == ["3:drop:0", "3:number:0", "4:return:0"]


def test_a_class_body_has_mutants_too() -> None:
    source = "class A:\n    x = 1\n    class B: y = 2\n"
    assert {mutant.id for mutant in of(source)} >= {"2:number:0", "3:number:0"}


@given(st.lists(st.integers(1, 9)).map(sorted), st.integers(0, 40))
def test_thinning_keeps_as_many_lines_as_it_can(lines: list[int], limit: int) -> None:
    chosen = spread(lines, limit)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(limit, len(lines))
    assert len({lines[index] for index in chosen}) == min(limit, len(set(lines)))


@pytest.mark.parametrize("module", [textwrap, shlex, json.decoder, difflib])
def test_all_mutants_of_real_code_compile_and_differ_in_one_region(module: ModuleType) -> None:
    source = inspect.getsource(module)
    for function in PYTHON.functions(source, path="a.py", module="a")[:6]:
        found = PYTHON.mutants(source, function.span, limit=ALL)
        assert len({mutant.id for mutant in found}) == len(found)
        for mutant in found:
            assert _changed_lines(source, mutant.source, function.span)
        for mutant in found[:: max(1, len(found) // 5)]:
            compile(mutant.source, "a.py", "exec")


def _changed_lines(old: str, new: str, span: Span) -> Sequence[str]:
    """The old lines from the first that differs to the last; they must lie in ``span``."""
    before, after = old.split("\n"), new.split("\n")
    start = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    pairs = zip(reversed(before), reversed(after), strict=False)
    tail = next(i for i, (a, b) in enumerate(pairs) if a != b)
    end = len(before) - tail
    assert start + 1 in span
    assert max(end, start + 1) in span
    return before[start:end]
