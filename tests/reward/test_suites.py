"""Golden vectors: what UTRL's and CURE's published functions returned when they were run."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.config import Suites
from covet.records import Verdict
from covet.reward.suites import Judgement, code_reward, cure, marginal_kills, suite_reward

PROGRAMS = {
    "right": lambda n: 2 * n,
    "plus": lambda n: n + 2,
    "absolute": lambda n: 2 * abs(n),
    "empty": lambda _: None,
}


def judged(*cases: tuple[int | str, int | str], well_formed: bool = True) -> Judgement:
    """Of the reference 2n, by running the four programs here."""

    def verdict(name: str, given: int | str, expected: int | str) -> Verdict:
        if isinstance(given, str):
            return "error"
        return "pass" if PROGRAMS[name](given) == expected else "fail"

    distinct = list(dict.fromkeys(cases))
    return Judgement(
        reference=tuple(verdict("right", *case) for case in distinct),
        cells=tuple(tuple(verdict(name, *case) for name in PROGRAMS) for case in distinct),
        labels=("right", "wrong", "wrong", "wrong"),
        admissible=(True,) * len(distinct),
        well_formed=well_formed,
    )


@pytest.mark.parametrize(
    ("cases", "discrimination", "validity", "value"),
    [
        ([(2, 4)], 0.25, 1 / 12, 0.3167),
        ([(3, 6)], 0.50, 1 / 12, 0.5292),
        ([(-1, -2)], 0.75, 1 / 12, 0.7417),
        ([(-1, -2), (3, 7)], 0.75, 1 / 12, 0.7417),
        ([(3, 6), (3, 6)], 0.50, 1 / 12, 0.5292),
        ([(n, 2 * n) for n in range(-6, 6)], 0.75, 1.0, 0.7875),
        ([(n, 2 * n) for n in range(-12, 12)], 0.75, 1.0, 0.7875),
        ([("abc", "error")], 0.0, 0.0, 0.10),
    ],
)
def test_the_published_code_s_reward_is_given_back(cases, discrimination, validity, value):
    found = suite_reward(judged(*cases), Suites(reward="utrl_code"))
    assert found.terms["discrimination"] == pytest.approx(discrimination)
    assert found.terms["validity"] == pytest.approx(validity)
    assert found.value == pytest.approx(value, abs=5e-5)


def test_an_answer_without_cases_and_form_earns_nothing():
    assert suite_reward(judged(well_formed=False), Suites(reward="utrl_code")).value == 0.0


def test_the_published_code_takes_a_tenth_for_a_missing_reasoning():
    found = suite_reward(judged((3, 6), well_formed=False), Suites(reward="utrl_code"))
    assert found.value == pytest.approx(0.4292, abs=5e-5)


def test_without_a_lower_bound_of_the_denominator_one_valid_case_is_all():
    found = suite_reward(judged((3, 6)), Suites(reward="utrl_code", tau=0))
    assert found.value == pytest.approx(0.575)


def test_the_paper_s_reward_weighs_discrimination_and_validity():
    found = suite_reward(judged((3, 6)), Suites())
    assert found.value == pytest.approx(0.85 * 0.5 + 0.15 / 12)


def test_a_program_is_detected_by_failing_and_not_by_passing_a_valid_case():
    rows = ["111111", "011101", "001111"]
    cells = tuple(tuple("pass" if one == "1" else "fail" for one in row) for row in rows)
    judgement = Judgement(("pass",) * 3, cells, ("unknown",) * 6, (True,) * 3)
    assert suite_reward(judgement, Suites()).terms["discrimination"] == pytest.approx(3 / 6)
    more = (*cells, tuple("pass" if one == "1" else "fail" for one in "111011"))
    judgement = Judgement(("pass",) * 4, more, ("unknown",) * 6, (True,) * 4)
    assert suite_reward(judgement, Suites()).terms["discrimination"] == pytest.approx(4 / 6)


def test_a_right_program_is_never_killed_and_failing_it_costs():
    judgement = Judgement(("pass",), (("fail", "fail"),), ("right", "wrong"), (True,))
    found = suite_reward(judgement, Suites(tau=1, false_kills=0.5))
    assert found.terms["discrimination"] == 0.5
    assert found.terms["false_kills"] == 1.0
    assert found.value == pytest.approx(0.85 * 0.5 + 0.15 - 0.5)


def test_what_failed_through_our_own_fault_is_no_kill_and_no_survivor():
    judgement = Judgement(("pass",), (("fail", "infrastructure"),), ("unknown",) * 2, (True,))
    assert suite_reward(judgement, Suites()).terms["discrimination"] == 1.0


def test_a_case_that_the_task_shows_earns_nothing():
    judgement = Judgement(("pass",), (("fail",),), ("unknown",), (False,))
    assert suite_reward(judgement, Suites()).value == 0.0


@pytest.mark.parametrize(
    ("column", "strict", "value"),
    [
        ("1110", False, 0.5),
        ("1100", False, 1.0),
        ("1111", False, 0.0),
        ("0011", False, -1.0),
        ("1110", True, 0.0),
        ("0010", True, -1.0),
    ],
)
def test_cure_s_vectors_are_given_back(column, strict, value):
    row = tuple("pass" if one == "1" else "fail" for one in column)
    judgement = Judgement((row[0],), (row,), ("right", "right", "wrong", "wrong"), (True,))
    assert cure(judgement, strict=strict) == [value]


def test_cure_s_paper_is_its_code_times_the_wrong_programs():
    """R_u = - sum of passes of wrong programs + [all right ones pass] * their number."""
    for row in itertools.product(("pass", "fail"), repeat=4):
        judgement = Judgement((row[0],), (row,), ("right", "right", "wrong", "wrong"), (True,))
        passing = sum(one == "pass" for one in row[2:])
        paper = -passing + 2 * all(one == "pass" for one in row[:2])
        assert cure(judgement) == [paper / 2]


def test_only_the_first_case_that_kills_a_program_earns_for_it():
    cells = (("fail", "pass"), ("fail", "pass"), ("pass", "fail"), ("fail", "fail"))
    judgement = Judgement(("pass",) * 4, cells, ("wrong",) * 2, (True,) * 4)
    assert marginal_kills(judgement, redundancy=0.1) == [0.5, -0.1, 0.5, -0.2]


@pytest.mark.parametrize(
    ("verdicts", "value"),
    [(["pass", "pass"], 0.99999955), ([], 0.1)],
)
def test_the_published_code_s_reward_of_a_program_is_given_back(verdicts, value):
    assert code_reward(verdicts, rule="utrl_code").value == pytest.approx(value, abs=1e-9)


def test_a_program_that_fails_one_case_of_201_is_not_solved():
    found = code_reward(["pass"] * 200 + ["fail"], rule="share")
    assert found.value == pytest.approx(0.99502, abs=5e-6)
    assert found.terms["solved"] == 0.0


VERDICTS = st.sampled_from(["pass", "fail", "timeout"])
ROWS = st.lists(st.tuples(VERDICTS, VERDICTS, VERDICTS, VERDICTS), min_size=1, max_size=5)


def of_rows(rows: list[tuple[Verdict, ...]]) -> Judgement:
    return Judgement(
        tuple(row[0] for row in rows),
        tuple(row[1:] for row in rows),
        ("unknown", "wrong", "right"),
        (True,) * len(rows),
    )


@given(ROWS)
def test_the_order_of_cases_does_not_matter(rows):
    settings = Suites()
    forward, backward = of_rows(rows), of_rows(rows[::-1])
    assert suite_reward(forward, settings) == suite_reward(backward, settings)


@given(ROWS, st.tuples(VERDICTS, VERDICTS, VERDICTS))
def test_a_case_that_is_not_valid_never_helps(rows, cells):
    settings = Suites(tau=4)
    more = of_rows([*rows, ("fail", *cells)])
    assert suite_reward(more, settings).value <= suite_reward(of_rows(rows), settings).value


@given(ROWS)
def test_a_reward_lies_between_its_bounds(rows):
    assert -0.5 <= suite_reward(of_rows(rows), Suites()).value <= 1.0
