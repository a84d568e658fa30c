import itertools
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.evaluate.metrics import (
    FUNNEL,
    MEASURES,
    Bootstrap,
    estimate,
    funnel,
    measure,
    normalised,
    paired_difference,
)
from covet.evaluate.rows import Sample, TaskRow
from covet.records import Span

MUTANTS = ("3:swap:0", "4:swap:0", "5:drop:0", "6:drop:0")
QUICK = Bootstrap(resamples=50)


def task(*samples, example_id="a.py::f", mutants=MUTANTS):
    return TaskRow(
        evaluation="before",
        example_id=example_id,
        policy="recorded",
        version=0,
        split="heldout",
        path="a.py",
        qualname="f",
        span=Span(1, 9),
        source="def f(): ...\n",
        executable=(2, 3),
        baseline=(2,),
        mutants=dict.fromkeys(mutants, "-a\n+b\n"),
        samples=samples,
    )


@st.composite
def samples(draw):
    status = draw(st.sampled_from(["ok", "ok", "failed", "syntax", "unstable", "infrastructure"]))
    if status != "ok":
        return Sample("def test_a(): ...\n", status, 0.0)
    killed = draw(st.sets(st.sampled_from(MUTANTS)))
    gained = draw(st.sets(st.integers(1, 9), max_size=4))
    return Sample("def test_a(): ...\n", "ok", 0.5, "", tuple(sorted(gained)), tuple(killed))


TASKS = st.lists(samples(), min_size=0, max_size=7).map(lambda drawn: task(*drawn))


def over_triples(row, value):
    triples = list(itertools.combinations(row.known_samples, 3))
    return statistics.fmean(map(value, triples)) if triples else None


@given(TASKS)
def test_the_chance_that_one_of_three_gains_is_that_over_all_triples(row):
    expected = over_triples(row, lambda three: any(s.gained for s in three))
    assert MEASURES["coverage_increase_rate@3"](row) == pytest.approx(expected)


@given(TASKS)
def test_the_most_new_lines_of_three_are_those_over_all_triples(row):
    expected = over_triples(row, lambda three: max(len(s.gained) for s in three))
    assert MEASURES["covered_lines_increase@3"](row) == pytest.approx(expected)


@given(TASKS)
def test_the_mutants_that_three_kill_together_are_those_over_all_triples(row):
    expected = over_triples(
        row, lambda three: len(set().union(*(s.killed for s in three))) / len(MUTANTS)
    )
    assert MEASURES["mutation_score@3"](row) == pytest.approx(expected)


@given(TASKS)
def test_no_share_leaves_the_range_from_nothing_to_all(row):
    for name, of in MEASURES.items():
        value = of(row)
        if value is not None and name != "covered_lines_increase@3":
            assert 0 <= value <= 1


@given(TASKS)
def test_an_infrastructure_failure_changes_no_measure_of_what_was_written(row):
    failed = Sample("def test_b(): assert 1\n", "infrastructure", 0.0)
    more = task(*row.samples, failed)
    for name, of in MEASURES.items():
        if name != "diversity":
            assert of(more) == of(row)


def test_a_task_with_fewer_than_three_known_samples_has_no_measure_at_three():
    ok = Sample("a", "ok", 1.0, "", (3,), MUTANTS)
    row = task(ok, ok, Sample("b", "infrastructure", 0.0))
    values = {name: of(row) for name, of in MEASURES.items()}
    assert [name for name, value in values.items() if value is None] == [
        "coverage_increase_rate@3",
        "covered_lines_increase@3",
        "mutation_score@3",
    ]
    assert values["pass_rate"] == 1.0


def test_a_mutant_of_unknown_fate_is_left_out_of_the_tasks_share():
    ok = Sample("a", "ok", 1.0, "", (3,), (MUTANTS[0],), (MUTANTS[1],))
    assert MEASURES["mutation_score@3"](task(ok, ok, ok)) == pytest.approx(1 / 3)


def test_a_function_without_mutants_has_no_mutation_score():
    ok = Sample("a", "ok", 1.0)
    assert MEASURES["mutation_score@3"](task(ok, ok, ok, mutants=())) is None


def test_tests_that_differ_in_name_and_comments_alone_are_one():
    one = "# return 18\ndef test_clamp_2():\n    assert clamp(20) == 18\n"
    other = "# return n\ndef test_clamp_7():\n    assert clamp( 20 ) == 18  # top\n"
    different = "def test_clamp_2():\n    assert clamp(20) == 17\n"
    assert normalised(one) == normalised(other) != normalised(different)


@pytest.mark.parametrize("hostile", ["\0", "(" * 10_000, "def", "'\\d'", "", "  x\n y", "#" * 9])
def test_nothing_that_is_written_breaks_the_normalisation(hostile):
    assert isinstance(normalised(hostile), str)


def test_what_cannot_be_parsed_is_compared_without_its_comment_lines():
    assert normalised("# a\nassert (\n") == normalised("# b\n\n  assert (\n") == "assert ("


def test_the_funnel_only_narrows():
    statuses = ["syntax", "no_tests", "error", "timeout", "failed", "unstable", "ok"]
    row = task(
        *(Sample("a", status, 0.0) for status in statuses),
        Sample("a", "ok", 0.7, "", (3,)),
        Sample("a", "ok", 0.9, "", (3,), (MUTANTS[0],)),
        Sample("a", "infrastructure", 0.0),
    )
    counts = funnel([row])
    assert counts == {
        "sampled": 9,
        "parsed": 7,
        "runs": 5,
        "passes": 4,
        "stable": 3,
        "gains": 2,
        "kills": 1,
    }
    assert list(counts) == list(FUNNEL)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.integers(0, 5))
def test_an_estimate_is_the_mean_inside_its_range(values, seed):
    found = estimate(values, Bootstrap(200, seed))
    assert found.value == pytest.approx(statistics.fmean(values))
    assert found.n == len(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == estimate(values, Bootstrap(200, seed))


def test_no_values_are_no_tasks():
    assert estimate([], QUICK).n == 0
    assert all(found.n == 0 for found in measure([task()], QUICK).values())


def test_the_range_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    held = 0
    for seed in range(200):
        found = estimate(rng.exponential(size=60).tolist(), Bootstrap(400, seed))
        held += found.low <= 1.0 <= found.high
    assert 0.88 <= held / 200 <= 0.98


def test_a_paired_change_is_over_the_tasks_known_both_times():
    ok, bad = Sample("a", "ok", 1.0), Sample("a", "failed", 0.0)
    before = {"a": task(bad), "b": task(bad), "c": task(ok), "d": task()}
    after = {"b": task(ok), "c": task(ok), "d": task(ok), "e": task(ok)}
    found = paired_difference(before, after, MEASURES["pass_rate"], QUICK)
    assert (found.value, found.n) == (0.5, 2)


def test_a_change_shared_by_all_tasks_has_a_range_of_no_width():
    lines = [tuple(range(width)) for width in (0, 3, 8)]
    before = {str(i): task(*[Sample("a", "ok", 1.0, "", run)] * 3) for i, run in enumerate(lines)}
    after = {
        str(i): task(*[Sample("a", "ok", 1.0, "", (*run, 99))] * 3) for i, run in enumerate(lines)
    }
    found = paired_difference(before, after, MEASURES["covered_lines_increase@3"], QUICK)
    assert found.low == found.value == found.high == 1.0
