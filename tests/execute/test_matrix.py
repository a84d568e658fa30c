import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.execute.matrix import KILLS, build, column, killed, killed_ids, score, scores
from covet.records import PassMatrix, Verdict
from covet.sandbox.base import Cell

VERDICTS: tuple[Verdict, ...] = (
    "pass",
    "fail",
    "error",
    "timeout",
    "out_of_memory",
    "crash",
    "not_run",
    "infrastructure",
)
TESTS = ("a", "b", "c")


def one_program(*verdicts: Verdict) -> PassMatrix:
    names = tuple(f"t{row}" for row in range(len(verdicts)))
    return PassMatrix(names, ("p",), tuple((verdict,) for verdict in verdicts))


def test_only_a_rejection_kills() -> None:
    survived = {verdict for verdict in VERDICTS if killed(one_program(verdict)) == (False,)}
    assert survived == {"pass", "not_run"}


def test_nothing_is_known_where_infrastructure_failed_beside_no_kill() -> None:
    assert killed(one_program("pass", "infrastructure")) == (None,)
    assert killed(one_program("infrastructure", "fail")) == (True,)


@given(st.data())
def test_any_kill_is_what_brute_force_says(data: st.DataObject) -> None:
    tests = data.draw(st.integers(1, 4))
    programs = data.draw(st.integers(0, 4))
    row = st.tuples(*[st.sampled_from(VERDICTS)] * programs)
    cells = data.draw(st.tuples(*[row] * tests))
    table = PassMatrix(
        tuple(map(str, range(tests))), tuple(f"p{p}" for p in range(programs)), cells
    )
    answers = killed(table)
    assert len(answers) == programs
    for program, answer in enumerate(answers):
        met = {cells[test][program] for test in range(tests)}
        expected = True if met & KILLS else None if "infrastructure" in met else False
        assert answer is expected
    assert killed_ids(table) == tuple(f"p{p}" for p in range(programs) if answers[p])
    known = [answer for answer in answers if answer is not None]
    assert score(table) == (sum(known) / len(known) if known else None)


def test_the_score_of_a_test_counts_its_own_row() -> None:
    table = PassMatrix(
        ("a", "b", "c"),
        ("p", "q"),
        (("fail", "pass"), ("pass", "infrastructure"), ("infrastructure", "infrastructure")),
    )
    assert scores(table) == (0.5, 0.0, None)


def test_without_tests_nothing_is_killed() -> None:
    assert killed(PassMatrix((), ("p",), ())) == (False,)


def test_a_run_that_broke_off_is_charged_to_the_test_that_was_running() -> None:
    cell = Cell("p", "timeout", TESTS, (("a", "pass"),))
    assert column(TESTS, cell) == ("pass", "timeout", "not_run")


def test_a_run_that_broke_off_after_its_tests_is_charged_to_the_last() -> None:
    cell = Cell("p", "crash", TESTS, (("a", "pass"), ("b", "pass"), ("c", "pass")))
    assert column(TESTS, cell) == ("pass", "pass", "crash")


def test_a_run_that_broke_off_before_collecting_is_charged_to_the_first_test() -> None:
    assert column(TESTS, Cell("p", "out_of_memory")) == ("out_of_memory", "not_run", "not_run")


def test_a_run_that_broke_off_after_a_rejection_gets_no_second() -> None:
    cell = Cell("p", "timeout", TESTS, (("a", "fail"),))
    assert column(TESTS, cell) == ("fail", "not_run", "not_run")


def test_a_program_that_cannot_be_imported_is_rejected_by_every_test() -> None:
    assert column(TESTS, Cell("p", "done", error="NameError: x")) == ("error",) * 3


def test_infrastructure_leaves_open_what_was_not_known_before() -> None:
    cell = Cell("p", "infrastructure", TESTS, (("a", "pass"),))
    assert column(TESTS, cell) == ("pass", "infrastructure", "infrastructure")


def test_a_test_that_was_not_asked_about_has_no_row() -> None:
    cell = Cell("p", "done", TESTS, (("a", "pass"), ("other", "fail")))
    assert column(TESTS, cell) == ("pass", "not_run", "not_run")


@pytest.mark.parametrize("seed", range(3))
def test_programs_keep_their_order_and_those_without_a_cell_survive(seed: int) -> None:
    programs = [f"p{index}" for index in range(6)]
    cells = [Cell(program, "done", ("a",), (("a", "fail"),)) for program in programs[::2]]
    random.Random(seed).shuffle(cells)
    table = build(("a",), cells, programs=programs)
    assert table.programs == tuple(programs)
    assert killed(table) == (True, False) * 3
    assert table.cells[0][1] == "not_run"
