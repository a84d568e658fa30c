import io
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from covet.config import Evaluate
from covet.errors import DataError
from covet.evaluate.metrics import ALL, MEASURES
from covet.evaluate.rows import AFTER, BEFORE, path_of, read_rows
from covet.evaluate.scorecard import Terms, as_json, as_table, chosen, evaluate, read
from covet.policy.recorded import RecordedPolicy

CLAMP, DISCOUNT = "shop/price.py::clamp", "shop/price.py::discount"
IMPORTS = "from shop.price import clamp, discount\n\n\n"
HIGH = IMPORTS + "def test_clamp_high():\n    assert clamp(20, 1, 9) == 9\n"
WRONG = IMPORTS + "def test_clamp_wrong():\n    assert clamp(20, 1, 9) == 1\n"
MEMBER = IMPORTS + "def test_discount_member():\n    assert discount(20, True) == 15\n"
BROKEN = "def test_clamp(:\n"
ALL_BROKEN = {CLAMP: [BROKEN] * 3, DISCOUNT: [BROKEN] * 3}


class Tuned(RecordedPolicy):
    """A recording that passes for later weights."""

    version = 5


@pytest.fixture
def try_policy(make_roller, lost_grader, examples, settings, tmp_path):
    """Evaluate a policy whose tests are never run."""

    def run(policy, name=BEFORE, **options):
        roller = make_roller(policy, grader=lost_grader)
        return evaluate(name, examples, roller=roller, settings=settings, run=tmp_path, **options)

    return run


def test_a_scorecard_tells_what_the_tests_showed(make_roller, grader, examples, settings, tmp_path):
    policy = RecordedPolicy({CLAMP: [HIGH, WRONG, BROKEN], DISCOUNT: [MEMBER] * 3})
    roller = make_roller(policy, grader=grader)
    card = evaluate(BEFORE, examples, roller=roller, settings=settings, run=tmp_path)

    heldout = {name: found.value for name, found in card.measures["heldout"].items()}
    assert heldout["pass_rate"] == pytest.approx(1 / 3)
    assert heldout["coverage_increase_rate"] == pytest.approx(1 / 3)
    assert heldout["coverage_increase_rate@3"] == 1.0
    assert heldout["covered_lines_increase@3"] == 1.0
    assert 0 < heldout["mutation_score@3"] < 1
    assert heldout["diversity"] == 1.0
    reserved = {name: found.value for name, found in card.measures["reserved"].items()}
    assert reserved["pass_rate"] == 1.0
    assert reserved["diversity"] == pytest.approx(1 / 3)

    row = card.rows["heldout"][CLAMP]
    assert [sample.status for sample in row.samples] == ["ok", "failed", "syntax"]
    assert row.samples[0].gained == (8,)
    assert set(row.samples[0].killed) <= set(row.mutants)
    assert row.source.startswith("def clamp")
    assert card.funnel["heldout"]["passes"] == 1


def test_what_the_existing_tests_reject_is_known_where_no_sample_passes_too(
    make_roller, grader, examples, settings, tmp_path
):
    policy = RecordedPolicy({CLAMP: [WRONG] * 3})
    roller = make_roller(policy, grader=grader)
    options = {"roller": roller, "settings": settings, "run": tmp_path}
    plain = evaluate("plain", examples[:1], **options)
    told = evaluate("told", examples[:1], **options, terms=Terms(grades_existing=True))
    assert plain.rows["heldout"][CLAMP].killed_before is None
    killed = told.rows["heldout"][CLAMP].killed_before
    assert killed is not None
    assert set(killed) < set(told.rows["heldout"][CLAMP].mutants)
    assert ALL["marginal_kills@3"](told.rows["heldout"][CLAMP]) == 0.0


def test_what_is_there_is_not_run_again(try_policy):
    first = try_policy(RecordedPolicy(ALL_BROKEN))
    empty = RecordedPolicy({})  # would raise when asked
    assert try_policy(empty) == first


def test_a_chunk_that_was_cut_short_is_run_whole(try_policy, tmp_path):
    first = try_policy(RecordedPolicy(ALL_BROKEN))
    path = path_of(tmp_path, BEFORE)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])
    again = try_policy(RecordedPolicy(ALL_BROKEN))
    assert again.measures == first.measures
    assert list(read_rows(tmp_path, BEFORE)) == [CLAMP, DISCOUNT]


def test_later_weights_are_tried_anew(try_policy, tmp_path):
    try_policy(RecordedPolicy(ALL_BROKEN), AFTER)
    card = try_policy(Tuned({CLAMP: ["x = 1\n"] * 3, DISCOUNT: ["x = 1\n"] * 3}), AFTER)
    assert card.policy == {"name": "recorded", "version": 5}
    statuses = {s.status for row in read_rows(tmp_path, AFTER).values() for s in row.samples}
    assert statuses == {"no_tests"}


def test_evaluations_of_two_names_do_not_meet(try_policy, tmp_path):
    try_policy(RecordedPolicy(ALL_BROKEN), BEFORE)
    assert read_rows(tmp_path, AFTER) == {}


def test_a_task_whose_prompt_is_too_long_is_counted(
    make_roller, lost_grader, examples, settings, tmp_path
):
    roller = make_roller(RecordedPolicy({}), grader=lost_grader, budget=1)
    card = evaluate(BEFORE, examples, roller=roller, settings=settings, run=tmp_path)
    assert card.left_out("heldout") == {"too_long": 1, "unknown_samples": 0, "too_few_samples": 0}
    assert card.measures["heldout"]["pass_rate"].n == 0


def test_a_task_that_could_not_be_graded_has_no_part_in_any_rate(try_policy):
    card = try_policy(RecordedPolicy({CLAMP: [HIGH, BROKEN, BROKEN], DISCOUNT: [MEMBER] * 3}))
    assert card.left_out("heldout") == {"too_long": 0, "unknown_samples": 1, "too_few_samples": 1}
    assert card.measures["heldout"]["pass_rate"].n == 1
    assert card.measures["heldout"]["coverage_increase_rate@3"].n == 0
    assert card.measures["reserved"]["pass_rate"].n == 0


def test_how_far_it_is_can_be_heard(try_policy):
    heard = []
    try_policy(RecordedPolicy(ALL_BROKEN), on_done=lambda *done: heard.append(done))
    assert heard == [(0, 2), (2, 2)]


def test_nothing_held_out_is_an_error(make_roller, lost_grader, examples, settings, tmp_path):
    training = [replace(example, split="train") for example in examples]
    roller = make_roller(RecordedPolicy({}), grader=lost_grader)
    with pytest.raises(DataError, match="no held-out example"):
        evaluate(BEFORE, training, roller=roller, settings=settings, run=tmp_path)


def test_the_choice_of_tasks_depends_on_the_seed_and_their_ids_alone(examples):
    many = [
        replace(examples[0], id=f"{split}{number}", split=split)
        for split in ("heldout", "reserved", "train")
        for number in range(30)
    ]
    some = chosen(many, Evaluate(tasks=5))
    assert [example.split for example in some] == ["heldout"] * 5 + ["reserved"] * 5
    assert {e.id for e in chosen(many[::-1], Evaluate(tasks=5))} == {e.id for e in some}
    assert {e.id for e in chosen(many, Evaluate(tasks=5, seed=1))} != {e.id for e in some}
    assert len(chosen(many, Evaluate())) == 60


def test_the_json_holds_both_sides_their_change_and_the_report(try_policy, tmp_path):
    before = try_policy(RecordedPolicy(ALL_BROKEN), BEFORE)
    after = try_policy(Tuned(ALL_BROKEN), AFTER)
    report = tmp_path / "report.html"
    told = msgspec.json.decode(msgspec.json.encode(as_json(before, after, report=report)))
    for side in ("before", "after", "change"):
        assert set(told[side]) == set(told["reserved"][side]) == set(MEASURES)
        for found in told[side].values():
            assert set(found) == {"value", "low", "high", "n"}
    assert told["report"] == str(report)
    assert told["policy"]["after"]["version"] == 5
    assert told["tasks"] == told["reserved"]["tasks"] == 1
    assert set(as_json(before)) == set(told) - {"after", "change"}
    assert "after" not in as_json(before)["funnel"]


def test_the_table_has_a_line_for_each_measure(try_policy):
    before = try_policy(RecordedPolicy(ALL_BROKEN), BEFORE)
    after = try_policy(Tuned(ALL_BROKEN), AFTER)
    shown = io.StringIO()
    Console(file=shown, width=120).print(as_table(before, after))
    assert all(name in shown.getvalue() for name in MEASURES)
    assert "+0.0 [+0.0, +0.0]" in shown.getvalue()


def test_a_scorecard_can_be_read_while_it_is_written(tmp_path):
    card = read(tmp_path, BEFORE, settings=Evaluate(bootstrap=10))
    assert card.policy == {}
    assert card.measures["heldout"]["pass_rate"].n == 0
