"""What counts as the same output, and the same result."""

import pytest

from covet.execute.programs_compare import equal_results, equal_texts, is_readable, shown, verdict
from covet.languages.python.worker import values
from covet.records import Case, Comparison
from covet.sandbox.base import Answer

ENDS = Comparison()
NEAR = Comparison("tolerance", absolute=1e-6, relative=1e-9)


@pytest.mark.parametrize(
    ("mode", "output", "expected", "same"),
    [
        ("exact", "1\n", "1", False),
        ("exact", "1\n", "1\n", True),
        ("ends", " 1 2\r\n", "1 2", True),
        ("ends", "1  2", "1 2", False),
        ("ends", "", "", True),
        ("whitespace", "1  2\n3", "1\t2 3\n", True),
        ("whitespace", "12", "1 2", False),
        ("tolerance", "0.3333333", "0.33333333", True),
        ("tolerance", "0.334", "0.333", False),
        ("tolerance", "yes 1.0", "yes 1", True),
        ("tolerance", "1 2", "1", False),
        ("tolerance", "nan", "nan", True),
        ("tolerance", "inf", "1e308", False),
        ("tolerance", "no", "yes", False),
    ],
)
def test_outputs_are_compared_as_declared(mode, output, expected, same) -> None:
    how = Comparison(mode, absolute=1e-6)
    assert equal_texts(output, expected, how) is same


@pytest.mark.parametrize(
    ("value", "expected", "same"),
    [
        (4, "4", True),
        (4, "4.0", True),
        (True, "1", True),
        ([1, 2], "[1, 2]", True),
        ([1, 2], "(1, 2)", False),
        ({"a": (1, {2})}, "{'a': (1, {2})}", True),
        (set(), "set()", True),
        ("4", "4", False),
        (float("nan"), "0", False),
        (2**80, str(2**80), True),
        (None, "None", True),
        (-1.5, " -1.5 ", True),
        (frozenset({1}), "{1}", True),
        (iter([]), "[]", False),
    ],
)
def test_results_are_compared_as_python_does(value, expected, same) -> None:
    assert equal_results(values.encode(value), expected, ENDS) is same


def test_numbers_inside_results_may_be_near() -> None:
    near = values.encode({"a": [0.1 + 0.2, 3]})
    assert equal_results(near, "{'a': [0.3, 3]}", NEAR)
    assert not equal_results(near, "{'a': [0.3, 3]}", ENDS)
    assert not equal_results(near, "{'a': [0.3, 3, 4]}", NEAR)
    assert not equal_results(near, "{'b': [0.3, 3]}", NEAR)
    assert equal_results(values.encode(1), "1.0000000001", NEAR)


@pytest.mark.parametrize(
    "told",
    ["", "{", "nonsense", '{"x": 1}', '{"t": 3}', '{"s": [[1]]}', "[" * 10_000, '{"i": "zz"}',
     '{"q": ["0x1", "0x0"]}', '{"a": 1, "b": 2}', "1" * 5000],
)  # fmt: skip
def test_what_no_worker_writes_equals_nothing(told: str) -> None:
    assert not equal_results(told, "1", ENDS)
    assert shown(told) == "<no value>"


@pytest.mark.parametrize("expected", ["", "x", "f(1)", "1 +", "[" * 5000, "1" * 70_000, "\0"])
def test_an_expected_result_that_is_no_literal_cannot_be_read(expected: str) -> None:
    assert not is_readable(Case("call", "1", expected))
    assert is_readable(Case("stdio", "1", expected))


def test_how_a_program_ends_comes_before_what_it_says() -> None:
    case = Case("stdio", "", "1")
    assert verdict(Answer("timeout", "1"), case, ENDS) == "timeout"
    assert verdict(Answer("done", "1"), case, ENDS) == "pass"
    assert verdict(Answer("done", "2"), case, ENDS) == "fail"
    assert verdict(Answer("done", "passed"), Case("test", "", ""), ENDS) == "pass"
    assert verdict(Answer("done", "failed"), Case("test", "", ""), ENDS) == "fail"
