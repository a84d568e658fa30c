"""A run directory as Covet leaves it, made through the writers that runs use."""

import math
import random
from dataclasses import replace

import pytest

from covet.config import Config, as_toml
from covet.evaluate.rows import AFTER, BEFORE, Sample, TaskRow, path_of
from covet.records import Span
from covet.runlog import RunLog, append_jsonl
from covet.train.report import Cost, Outcome, StepReport, Update

SOURCE = '''\
def clamp_{name}(value, low, high):
    """Keep the quota between its ends."""
    if value is None:
        return low
    if value > high:
        return high
    if value < low:
        return low
    return value
'''
DIFFS = {
    "12:compare:0": "@@ -12 +12 @@\n-    if value is None:\n+    if value is not None:\n",
    "14:compare:0": "@@ -14 +14 @@\n-    if value > high:\n+    if value >= high:\n",
    "15:return:0": "@@ -15 +15 @@\n-        return high\n+        return None\n",
    "16:compare:0": "@@ -16 +16 @@\n-    if value < low:\n+    if value <= low:\n",
    "16:drop:0": "@@ -16 +16 @@\n-    if value < low:\n+    if False:\n",
    "17:return:0": "@@ -17 +17 @@\n-        return low\n+        return None\n",
}


def row(name, *samples, evaluation=BEFORE, split="heldout"):
    return TaskRow(
        evaluation=evaluation,
        example_id=f"shop/{name}.py::clamp_{name}",
        policy="nano",
        version=50 if evaluation == AFTER else 0,
        split=split,
        path=f"shop/{name}.py",
        qualname=f"clamp_{name}",
        span=Span(10, 18),
        source=SOURCE.format(name=name),
        executable=(12, 13, 14, 15, 16, 17, 18),
        baseline=(12, 14, 16, 18),
        mutants=DIFFS,
        samples=samples,
        sample_s=0.06,
        grade_s=0.11,
    )


def sample(name, skill, rng):
    value, result = rng.choice([("None", 1), ("20", 9), ("0", 1), ("5", 5)])
    right = rng.random() < skill
    written = (
        f"# return {'high' if value == '20' else 'low'}\n"
        f"def test_clamp_{name}_{rng.randrange(2, 5)}():\n"
        f"    assert clamp_{name}({value}, 1, 9) == {result if right else result + 1}\n"
    )
    if rng.random() < 0.1:
        return Sample(written[:-8] + "(", "syntax", 0.0, "line 3: '(' was never closed")
    if not right:
        detail = f"E       assert {result} == {result + 1}\nE        +  where clamp_{name}()"
        return Sample(written, rng.choice(["failed", "failed", "error"]), 0.0, detail)
    gained = {"None": (13,), "20": (15,), "0": (17,), "5": ()}[value]
    killed = tuple(mutant for mutant in DIFFS if rng.random() < 0.4)
    return Sample(written, "ok", 0.7, "", gained, killed)


def step_report(step, steps, rng):
    done = step / max(1, steps)
    noise = rng.gauss(0, 0.05)
    share = min(1, max(0, 0.2 + 0.4 * done + noise))
    outcome = Outcome(
        groups=12,
        dropped_groups=0,
        refilled=0,
        dead_groups=min(1, max(0, 0.5 - 0.25 * done + rng.gauss(0, 0.08))),
        rollouts=96,
        ungraded=0,
        reward=share * 0.6,
        passes=share,
        gains=share * 0.6,
        kills=share * 0.2,
        completion_tokens=29.0,
        thought_tokens=0.0,
        truncated=0.0,
    )
    cost = Cost(
        wait_s=0.2, sample_s=2.0, roll_s=3.1, update_s=1.1, wall_s=4.2, cpu_s=4.0, grade_cpu_s=2.0
    )
    update = Update(samples=60, tokens=900, kl=0.3 * math.sqrt(done) + abs(noise) / 5)
    return StepReport(step, step, outcome, None if step == 3 else update, cost)


@pytest.fixture
def task_row():
    """``task_row(name, *samples, evaluation=, split=)`` → a row."""
    return row


@pytest.fixture
def make_run(tmp_path):
    """``make_run(tasks=, steps=, …)`` → the run directory."""

    def make(*, tasks=40, reserved=20, steps=50, model="nano", rows=(), after=True):
        run = tmp_path / "demo-001"
        settings = Config.model_validate(
            {
                "policy": {"model": model},
                "mine": {"reserved": ["shop/heldout/*"]},
                "evaluate": {"bootstrap": 200},
            }
        )
        log = RunLog.create(run, as_toml(settings), extra={"verb": "demo"})
        rng = random.Random(3)
        for step in range(steps):
            log.metrics(step_report(step, steps, rng).row())
        log.close()
        path_of(run, BEFORE).parent.mkdir()
        for evaluation in (BEFORE, AFTER) if after else (BEFORE,):
            skill = 0.3 if evaluation == BEFORE else 0.6
            for number in range(tasks + reserved):
                name = f"item{number}"
                split = "heldout" if number < tasks else "reserved"
                samples = [sample(name, skill, rng) for _ in range(4)]
                written = row(name, *samples, evaluation=evaluation, split=split)
                append_jsonl(path_of(run, evaluation), written)
            for extra in rows:
                append_jsonl(path_of(run, evaluation), replace(extra, evaluation=evaluation))
        return run

    return make
