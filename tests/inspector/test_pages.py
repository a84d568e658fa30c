import re

import pytest

from covet.evaluate.rows import Sample
from covet.inspector.address import Address
from covet.inspector.curves import curves, families
from covet.inspector.site import whole
from tests.inspector.runs import add_group, add_tasks, function_example, rollout


def shown(source, page="", code=200, **arguments):
    found, text = whole(source, Address.of(page, **arguments))
    assert found == code, text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


@pytest.fixture
def run(make_run):
    return make_run(tasks=6, reserved=2, steps=6, groups=6)


# -------------------------------------------------------------------------------------- run


def test_every_number_that_training_leaves_has_a_curve(run, opened):
    from covet.runlog import append_jsonl

    more = {"terms": {"asserts": 0.5, "novel": 0.1}, "canaries_paid": 0, "brand_new": 3.5}
    append_jsonl(run / "metrics.jsonl", {"step": 6, "alarms": ["kills fall"], **more})
    append_jsonl(run / "metrics.jsonl", {"step": 7, "alarms": ["canary paid"]})
    append_jsonl(run / "metrics.jsonl", {"step": 9, "alarms": ["canary paid"]})
    source = opened(run)
    charts, others = curves(families({"a": ({}, source.runs[0].steps)}, together=True))
    titles = [chart.title for chart in charts]
    for title in ("Reward", "Entropy", "Gradient norm", "Clipped", "Staleness", "Dead groups"):
        assert title in titles
    (terms,) = [chart for chart in charts if chart.title == "Reward terms"]
    assert [line.label for line in terms.lines] == ["asserts", "novel"]
    assert "Brand new" in [chart.title for chart in others]
    keys = {key for row in source.runs[0].steps for key in row}
    drawn = {line.label for chart in others for line in chart.lines}
    assert not {key for key in keys if key.startswith("grade_cpu")} - drawn
    assert "kills fall : step 6" in shown(source)
    assert "canary paid : 2 steps, from step 7 to step 9" in shown(source)


def test_runs_that_differ_in_their_seeds_only_are_one_line_with_a_band(make_run, opened):
    runs = [
        make_run(name=f"seed-{seed}", tasks=1, reserved=0, steps=5, seed=seed) for seed in range(3)
    ]
    other = make_run(name="other", tasks=1, reserved=0, steps=5, model="big")
    source = opened(*runs, other)
    loaded = {one.name: (one.tables, one.steps) for one in source.runs}
    together = families(loaded, together=True)
    assert [len(family.members) for family in together] == [3, 1]
    chart = next(chart for chart in curves(together)[0] if chart.title == "Reward")
    assert [bool(line.band) for line in chart.lines] == [True, False]
    assert len(families(loaded, together=False)) == 4
    text = shown(source)
    assert "mean and range of 3 runs" in text
    assert "policy.model" in text
    assert "4 runs" in text


def test_a_line_of_metrics_that_is_torn_or_spoilt_is_passed_over(run, opened):
    with (run / "metrics.jsonl").open("ab") as file:
        file.write(b'{"step": 3, "rew\xff\n{"step": 6, "reward": 0.5}\n{"step": 7, "rew')
    assert [row["step"] for row in opened(run).runs[0].steps] == list(range(7))


# ------------------------------------------------------------------------------------ lists


def test_groups_are_sorted_by_best_worst_divergent_and_suspicious(run, opened):
    source = opened(run)

    def first(order):
        text = whole(source, Address.of("groups", sort=order))[1]
        return re.search(r'href="\./group\?([^"]*)"', text)[1]

    examples = [function_example(f"odd{number}") for number in range(3)]
    add_group(run, examples[0], [rollout(examples[0], "a", reward=5.0)] * 2, step=20)
    add_group(run, examples[1], [rollout(examples[1], "b", status="failed", reward=-5.0)] * 2)
    both = [rollout(examples[2], "c", reward=9.0), rollout(examples[2], "d", reward=-9.0)]
    add_group(run, examples[2], both, step=20)
    source.index.catch_up()
    assert "odd0" in first("best")
    assert "odd1" in first("worst")
    assert "odd2" in first("divergent")


def test_a_rollout_that_is_paid_for_nothing_is_the_most_suspicious(run, opened):
    example = function_example("cheat")
    paid = rollout(example, "def test_a():\n    f()\n", reward=0.7, skill=0.0)
    add_group(run, example, [rollout(example, "x", reward=0.7, skill=1.0), paid], step=30)
    text = shown(opened(run), "rollouts", sort="suspicious")
    assert re.search(r"::\S+ · \d", text)[0] == "::clamp_cheat · 1"
    assert "earned 0.70 and killed none of" in text


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ({}, 24),
        ({"task": "item3"}, 4),
        ({"task": "ITEM3"}, 4),
        ({"step": 0}, 8),
        ({"from": 1}, 16),
        ({"to": 0}, 8),
        ({"from": 1, "to": 1}, 8),
        ({"q": "clamp("}, 24),
        ({"q": "no such text"}, 0),
        ({"status": "nonsense"}, 0),
    ],
)
def test_a_filter_leaves_what_it_says(run, opened, arguments, rows):
    source = opened(run)
    assert f"{rows} rollouts" in shown(source, "rollouts", **arguments)
    assert f"{rows // 4} groups" in shown(source, "groups", **arguments)


def test_filters_of_groups_by_signal_part_them_in_two(run, opened):
    source = opened(run)
    counts = [
        int(re.search(r"(\d+) groups", shown(source, "groups", signal=signal))[1])
        for signal in ("any", "some", "none")
    ]
    assert counts[0] == counts[1] + counts[2] == 6


# ------------------------------------------------------------------------ group and rollout


def test_a_group_shows_its_prompt_traces_tests_terms_and_advantages(make_run, opened):
    run = make_run(tasks=1, reserved=0, steps=1)
    example = function_example("deep")
    text = "<think>Five lies between.</think>\ndef test_clamp():\n    assert clamp(5, 1, 9) == 5\n"
    terms = {"passes": 1.0, "gains": 0.0, "kills": 0.5}
    add_group(
        run,
        example,
        [rollout(example, text, reward=0.35, terms=terms), rollout(example, "x", status="syntax")],
        prompt="Write tests for clamp.\n",
        advantages=(0.75, -0.75),
    )
    source = opened(run)
    page = shown(source, "group", step=0, example=example.id)
    for part in ("Write tests for clamp.", "Five lies between.", "assert clamp(5, 1, 9) == 5"):
        assert part in page
    assert "advantage +0.75" in page
    assert "does not parse" in page
    weights = source.runs[0].tables["reward"]
    whole_page = whole(source, Address.of("group", step=0, example=example.id))[1]
    assert f"kills 0.5 × {weights['kills']:.3g}" in whole_page


@pytest.mark.parametrize("order", ["sample", "best", "worst", "divergent", "suspicious"])
def test_a_group_can_be_sorted(run, opened, order):
    source = opened(run)
    example = function_example("item0").id
    page = whole(source, Address.of("group", step=0, example=example, sort=order))[1]
    rewards = [float(found) for found in re.findall(r"reward <b>([\d.]+)</b>", page)]
    assert len(rewards) == 4
    if order in ("best", "worst"):
        assert rewards == sorted(rewards, reverse=order == "best")


def test_a_rollout_shows_lines_survivors_and_time(make_run, opened):
    run = make_run(tasks=1, reserved=0, steps=1)
    example = function_example("deep")
    add_group(run, example, [rollout(example, "def test_clamp(): ...\n", skill=0.5)] * 2)
    add_tasks(run / "tasks", [example])
    text = whole(opened(run), Address.of("rollout", step=0, example=example.id, sample=1))[1]
    lines = dict(re.findall(r'<li class="(\w+)"><span class="no">(\d+)</span>', text))
    assert lines["after"] == "6"  # the one that it gains
    assert lines["run"] == "5"
    assert re.search(r"\d+ survive<", text)
    assert '<span class="plus">' in text
    assert "0.15 s" in text
    assert text.count("the existing tests kill it") == 2


def test_a_rollout_of_a_task_that_is_nowhere_is_shown_without_its_code(make_run, opened):
    run = make_run(tasks=1, reserved=0, steps=1)
    example = function_example("away")
    add_group(run, example, [rollout(example, "def test_clamp(): ...\n")] * 2)
    page = shown(opened(run), "rollout", step=0, example=example.id, sample=0)
    assert "Lines 5, 6; newly 6." in page
    assert "no dataset at hand" in page


def test_rows_of_an_older_run_are_shown_as_far_as_they_go(make_run, opened):
    from covet.runlog import append_jsonl

    run = make_run(tasks=1, reserved=0, steps=1)
    old = {"step": 0, "example_id": "a", "sample": 0, "completion": "x", "status": "ok"}
    append_jsonl(run / "rollouts.jsonl", {**old, "reward": 0.5, "killed": 1, "mutants": 2})
    source = opened(run)
    assert "1 of 2 mutants were killed" in shown(source, "rollout", example="a")
    assert "hold no prompts" in shown(source, "group", example="a")
    assert "No pass matrix" in shown(source, "matrix", example="a")


def test_keys_that_nobody_knows_are_shown_under_their_names(make_run, opened):
    from covet.runlog import append_jsonl

    run = make_run(tasks=1, reserved=0, steps=1)
    row = {"example_id": "a", "reward": 0.0, "refused": ["skips: it skips"], "writer": "coder-2"}
    append_jsonl(run / "rollouts.jsonl", row)
    page = shown(opened(run), "rollout", example="a")
    assert "writer coder-2" in page
    assert "Refused: skips: it skips" in page


# ----------------------------------------------------------------------------------- matrix


def test_a_matrix_of_solutions_is_shown_like_one_of_mutants(make_run, opened):
    from covet.runlog import append_jsonl

    run = make_run(tasks=1, reserved=0, steps=1)
    matrix = {
        "tests": ["case 1", "case 2"],
        "programs": ["solution-0", "solution-1", "solution-2"],
        "cells": [["pass", "fail", "timeout"], ["pass", "pass", "crash"]],
    }
    row = {"example_id": "sum/1", "status": "ok", "mutants": 3, "execution": {"mutants": matrix}}
    append_jsonl(run / "rollouts.jsonl", row)
    page = shown(opened(run), "matrix", example="sum/1")
    assert "2 tests × 3 programs" in page
    assert "rejected by 0 1 2" in page
    assert "1 programs that no test rejects" in page


def test_a_matrix_that_does_not_fit_together_is_none():
    from covet.inspector.pages.matrix import as_matrix

    assert as_matrix({"tests": ["a"], "programs": ["x"], "cells": [["pass", "fail"]]}) is None
    assert as_matrix({"tests": ["a"], "programs": ["x"], "cells": []}) is None
    assert as_matrix({"tests": ["a"], "programs": ["x"], "cells": [["nonsense"]]}) is None
    assert as_matrix(None) is None


# ------------------------------------------------------------- compare, dataset, scorecard


def test_comparing_tells_what_improved_and_what_broke(make_run, task_row, opened):
    from covet.evaluate.rows import AFTER, BEFORE, path_of
    from covet.runlog import append_jsonl

    run = make_run(tasks=0, reserved=0, steps=1)
    good, bad = Sample("def test_a(): ...\n", "ok", 0.7, "", (13,)), Sample("x", "error", 0.0)
    sides = {"up": (bad, good), "down": (good, bad), "same": (good, good)}
    for name, pair in sides.items():
        for evaluation, sample in zip((BEFORE, AFTER), pair, strict=True):
            append_jsonl(path_of(run, evaluation), task_row(name, sample, evaluation=evaluation))
    source = opened(run)
    page = shown(source, "compare")
    assert "1 improved , 1 broke and 1 are as before" in page
    for outcome, name in (("improved", "up"), ("broke", "down"), ("same", "same")):
        narrowed = shown(source, "compare", outcome=outcome)
        assert "1 tasks" in narrowed
        assert f"shop/{name}.py" in narrowed
    assert "1 new line: 13" in shown(source, "task", example="shop/up.py::clamp_up")


def test_two_runs_can_be_compared_on_the_tasks_that_both_tried(make_run, opened):
    one = make_run(name="one", tasks=4, reserved=0, steps=1)
    other = make_run(name="other", tasks=3, reserved=0, steps=1, seed=5)
    page = shown(opened(one, other), "compare", run="one", other="other", a="after", b="after")
    assert "Of 3 tasks" in page


def test_the_dataset_tells_drops_links_and_every_task(run, opened):
    source = opened(run)
    page = shown(source, "dataset")
    for part in ("the existing suite covers it 3", "name 7", "shop/odd.py", "7 tasks"):
        assert part in page
    assert "1 tasks" in shown(source, "dataset", split="heldout")
    assert "1 tasks" in shown(source, "dataset", tested="no")
    assert "6 tasks" in shown(source, "dataset", evidence="name")
    assert "0 tasks" in shown(source, "dataset", evidence="direct")
    one = shown(source, "example", id=function_example("item1").id)
    assert "linked by name" in one
    assert "tests go into tests/test_item1.py" in one


def test_a_dataset_alone_can_be_looked_at(tmp_path, opened):
    add_tasks(tmp_path / "tasks", [function_example("a")])
    source = opened(tmp_path / "tasks")
    assert "1 tasks" in shown(source, "dataset")
    assert "0 runs" in shown(source)


def test_the_scorecard_has_a_row_for_each_file(run, opened):
    page = shown(opened(run), "scorecard")
    assert "By file: 6" in page
    assert "shop/item3.py" in page


def test_evaluations_of_another_version_are_said_to_be_so_and_the_rest_is_exported(
    run, opened, tmp_path
):
    from covet.inspector.export import export

    path = run / "evaluations" / "after.jsonl"
    path.write_text(path.read_text().replace('"baseline":[', '"baseline":["x",'))
    source = opened(run)
    assert "after.jsonl, line 1" in shown(source, "scorecard", code=404)
    text = export(source, tmp_path / "run.html").read_text()
    assert "after.jsonl, line 1" in text
    assert "Learning curves" in text


@pytest.mark.parametrize(
    ("page", "arguments"),
    [
        ("nonsense", {}),
        ("group", {"example": "gone"}),
        ("rollout", {"example": "gone"}),
        ("matrix", {"example": "gone"}),
        ("task", {"example": "gone"}),
        ("example", {"id": "gone"}),
        ("dataset", {"dataset": "gone"}),
        ("groups", {"run": "gone"}),
        ("scorecard", {"a": "gone"}),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(run, opened, page, arguments):
    shown(opened(run), page, code=404, **arguments)
