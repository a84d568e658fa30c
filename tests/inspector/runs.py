"""Run directories and datasets as Covet leaves them, made through the writers that runs use."""

import math
import random
from dataclasses import fields, replace

from covet.config import Config, as_toml
from covet.evaluate.rows import AFTER, BEFORE, Sample, TaskRow, path_of
from covet.inspector.source import mutant_diffs
from covet.mine.baseline import SuiteReport
from covet.mine.dataset import Dataset, Report, write
from covet.records import (
    Candidate,
    Completion,
    Coverage,
    Execution,
    Function,
    FunctionExample,
    Group,
    PassMatrix,
    Prompt,
    Reward,
    Rollout,
    Segment,
    Span,
    TestCase,
)
from covet.runlog import RunLog, append_jsonl
from covet.train.report import Cost, Judged, Outcome, StepReport, Update, rollout_rows

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
    told = {
        "groups": 12,
        "dropped_groups": 0,
        "refilled": 0,
        "dead_groups": min(1, max(0, 0.5 - 0.25 * done + rng.gauss(0, 0.08))),
        "rollouts": 96,
        "ungraded": 0,
        "reward": share * 0.6,
        "passes": share,
        "gains": share * 0.6,
        "kills": share * 0.2,
        "completion_tokens": 29.0,
        "thought_tokens": 0.0,
        "truncated": 0.0,
    }
    # What a report also tells has no part in what is tested here.
    outcome = Outcome(**{one.name: told.get(one.name, 0) for one in fields(Outcome)})
    cost = Cost(
        wait_s=0.2, sample_s=2.0, roll_s=3.1, update_s=1.1, wall_s=4.2, cpu_s=4.0, grade_cpu_s=2.0
    )
    update = Update(samples=60, tokens=900, kl=0.3 * math.sqrt(done) + abs(noise) / 5)
    return StepReport(step, step, outcome, None if step == 3 else update, cost)


def build_run(
    run, *, tasks=40, reserved=20, steps=50, model="nano", rows=(), after=True, groups=0, seed=0
):
    """A run directory: evaluations of so many tasks, training steps, groups of rollouts."""
    settings = Config.model_validate(
        {
            "policy": {"model": model},
            "train": {"seed": seed, "steps": steps},
            "mine": {"reserved": ["shop/heldout/*"]},
            "evaluate": {"bootstrap": 200},
        }
    )
    log = RunLog.create(run, as_toml(settings), extra={"verb": "demo"})
    rng = random.Random(3 + seed)
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
    if groups:
        fill(run, groups=groups)
    return run


TEST = "def test_clamp():\n    assert clamp(5, 1, 9) == 5\n"


def function_example(name, split="train"):
    """A task on ``shop/<name>.py``, whose lines 5 and 7 no existing test reaches."""
    code = SOURCE.format(name=name)
    source = f'"""Quotas."""\n\n{code}'
    span = Span(3, 10)
    return FunctionExample(
        id=f"shop/{name}.py::clamp_{name}",
        function=Function(f"shop/{name}.py", f"shop.{name}", f"clamp_{name}", span, code),
        source_file=source,
        test_path=f"tests/test_{name}.py",
        test_file=TEST,
        tests=(TestCase(f"tests/test_{name}.py", "test_clamp", Span(1, 2), TEST, ("name",)),)
        if split == "train"
        else (),
        executable=Coverage(frozenset({5, 6, 7, 8, 9, 10, 11})),
        baseline=Coverage(frozenset({5, 7, 9, 11})),
        split=split,
    )


def rollout(example, text, *, status="ok", reward=0.0, terms=None, skill=0.5, seed=0):
    """One with a pass matrix over the example's real mutants, where it passes."""
    rng = random.Random(f"{text!a} {seed}")
    mutants = tuple(mutant_diffs(example.source_file, example.function.span))
    cells = tuple("fail" if rng.random() < skill else "pass" for _ in mutants)
    passes = status == "ok"
    execution = Execution(
        status=status,
        outcomes={"test_clamp": "pass" if passes else "fail"},
        covered=Coverage(frozenset({5, 6})),
        gained=Coverage(frozenset({6})) if passes else Coverage(),
        mutants=PassMatrix(("test_clamp",), mutants, (cells,)) if passes else None,
        killed=tuple(
            m for m, cell in zip(mutants, cells, strict=True) if cell == "fail" and passes
        ),
        killed_before=mutants[:2],
        steps=12,
        cpu_s=0.05,
        wall_s=0.15,
        detail="" if passes else "AssertionError: assert 1 == 2",
    )
    segment = Segment("policy", text, (1,) * 20, (-0.1,) * 20)
    return Rollout(
        Completion((segment,), "stop", "nano", 0),
        Candidate(example.test_path, text, text),
        execution,
        Reward(reward, terms if terms is not None else {"passes": float(passes), "gains": 0.0}),
    )


def add_group(run, example, rollouts, *, step=0, advantages=None, prompt="# write a test\n"):
    """As training does it."""
    group = Group(example.id, Prompt(example.id, prompt, "nano", "append"), (1,), tuple(rollouts))
    judged = Judged(group, tuple(advantages or [r.reward.value - 0.3 for r in rollouts]))
    for row in rollout_rows(step, judged):
        append_jsonl(run / "rollouts.jsonl", row)


def add_tasks(folder, examples):
    """A dataset folder, as the miner writes it."""
    counts = {split: sum(one.split == split for one in examples) for split in ("train", "heldout")}
    report = Report(
        codebase="/home/someone/shop",
        within="",
        functions=len(examples) + 3,
        files=counts,
        examples=counts,
        removed=0,
        dropped={"the existing suite covers it": 3},
        links={"name": len(examples)},
        untested=0,
        near=(("shop/a.py::f", "shop/b.py::f"),),
        checked=1,
        differing={},
        unfit=(),
        secrets=(),
        unreadable={"shop/odd.py": "line 3: invalid syntax"},
        passed_over=0,
        not_imported={},
        suite=SuiteReport(passed=12),
        seed=0,
        heldout=0.25,
        reserved=(),
        gaps_only=True,
    )
    write(Dataset(tuple(examples), report), {}, folder)


def fill(run, *, groups=6, size=4):
    """Groups of rollouts, and the tasks that they are of."""
    examples = [function_example(f"item{number}") for number in range(groups)]
    rng = random.Random(11)
    for number, example in enumerate(examples):
        members = []
        for _ in range(size):
            value, result = rng.choice([("None", 1), ("20", 9), ("0", 1)])
            test = f"assert clamp({value}, 1, 9) == {result}"
            text = f"# return {result}\ndef test_clamp():\n    {test}\n"
            good = rng.random() < 0.6
            terms = {"passes": float(good), "gains": float(good), "kills": 0.5 * good}
            reward = 0.2 * terms["passes"] + 0.5 * terms["gains"] + 0.3 * terms["kills"]
            status = "ok" if good else rng.choice(["failed", "error", "syntax"])
            members.append(rollout(example, text, status=status, reward=reward, terms=terms))
        add_group(run, example, members, step=number // 2)
    add_tasks(run / "tasks", [*examples, function_example("item0x", "heldout")])
