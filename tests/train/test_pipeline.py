"""Rollouts ahead of the learner: concurrent, bounded, and the same whatever runs beside them."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from covet.errors import ModelError, SandboxError
from covet.records import Group, InstructionExample
from tests.train.toy import Roll, Samples, run, without_signal


def slow(roll: Roll, *, grade_s: float) -> Roll:
    """Grading takes its time without the processor."""

    def late(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
        groups = roll(policy, examples, step)
        time.sleep(grade_s)
        return groups

    return late


def test_with_a_lag_grading_runs_beside_learning(llama_folder: Path, tmp_path: Path) -> None:
    def wall(lag: int) -> float:
        _, reports = run(
            llama_folder,
            tmp_path / str(lag),
            steps=6,
            lag=lag,
            change=lambda roll: slow(roll, grade_s=0.4),
        )
        return sum(report.cost.wall_s for report in reports[2:])

    assert wall(2) < 0.75 * wall(0)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_no_more_steps_are_ahead_than_the_lag_allows(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    begun: list[int] = []
    most: list[int] = []

    def counted(roll: Roll) -> Roll:
        def count(
            policy: Samples, examples: Sequence[InstructionExample], step: int
        ) -> list[Group]:
            begun.append(step)
            return roll(policy, examples, step)

        return count

    _, reports = run(
        llama_folder,
        tmp_path / "run",
        steps=5,
        lag=lag,
        change=counted,
    )
    most = [report.step - report.sampled_at for report in reports]
    assert sorted(begun) == [0, 1, 2, 3, 4]
    assert most == [min(step, lag) for step in range(5)]


def test_a_free_schedule_is_never_staler_than_the_lag(llama_folder: Path, tmp_path: Path) -> None:
    _, reports = run(llama_folder, tmp_path / "run", steps=8, lag=2, schedule="free")
    ages = [report.step - report.sampled_at for report in reports]
    assert all(0 <= age <= 2 for age in ages)
    assert reports[-1].outcome.reward > reports[0].outcome.reward


def test_a_step_that_hangs_is_named(llama_folder: Path, tmp_path: Path) -> None:
    release = threading.Event()

    def hanging(roll: Roll) -> Roll:
        def hang(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            groups = roll(policy, examples, step)
            if step == 2:
                release.wait(60)
            return groups

        return hang

    message = r"step 2 has waited 1 s for its rollouts.*step 2: grading for \d s.*--resume"
    try:
        with pytest.raises(ModelError, match=message):
            run(llama_folder, tmp_path / "run", steps=5, lag=1, stall_s=1.0, change=hanging)
    finally:
        release.set()


@pytest.mark.parametrize("lag", [0, 1])
def test_what_goes_wrong_while_rolling_ends_the_run(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    def failing(roll: Roll) -> Roll:
        def fail(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            if step == 3:
                raise SandboxError("no sandbox any more")
            return roll(policy, examples, step)

        return fail

    with pytest.raises(SandboxError, match="no sandbox any more"):
        run(llama_folder, tmp_path / "run", steps=5, lag=lag, change=failing)


def test_groups_that_teach_nothing_are_replaced_and_counted(
    llama_folder: Path, tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def first_dead(roll: Roll) -> Roll:
        dead = without_signal(roll)

        def some(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            asked.append([example.id for example in examples])
            return (dead if len(asked) == 1 else roll)(policy, examples, step)

        return some

    _, (report,) = run(
        llama_folder,
        tmp_path / "run",
        steps=1,
        examples=2,
        refill=2,
        temperature=3.0,
        change=first_dead,
    )
    assert len(asked[0]) == len(asked[1]) == 2
    assert not set(asked[0]) & set(asked[1])
    assert report.outcome.refilled >= 2
    assert report.outcome.groups == 2 + report.outcome.refilled
    assert report.update is not None


def test_a_curriculum_leaves_what_is_always_solved_alone(
    llama_folder: Path, tmp_path: Path
) -> None:
    asked: list[str] = []

    def easy(roll: Roll) -> Roll:
        """Half of the tasks are always solved, the others every other time."""

        def some(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            asked.extend(example.id for example in examples)
            return [
                earning(group, 1.0, 1.0) if group.example_id in EASY else earning(group, 0.0, 1.0)
                for group in roll(policy, examples, step)
            ]

        return some

    run(
        llama_folder,
        tmp_path / "run",
        steps=30,
        examples=1,
        learning_rate=1e-9,
        curriculum=True,
        change=easy,
    )
    assert sum(name in EASY for name in asked[8:]) < 8  # of 22; if all were alike, 11


EASY = {"task0", "task1", "task2"}


def earning(group: Group, *rewards: float) -> Group:
    """The group with those rewards by turns."""
    rollouts = [
        replace(one, reward=replace(one.reward, value=rewards[place % len(rewards)]))
        for place, one in enumerate(group.rollouts)
    ]
    return replace(group, rollouts=tuple(rollouts))


@pytest.mark.parametrize(
    "changes",
    [
        {"advantage": "max_at_k", "k": 2},
        {"advantage": "pass_at_k", "k": 2},
        {"advantage": "best_of_all"},
        {"advantage": "rloo", "ratio": "decoupled", "minibatches": 2, "lag": 1},
        {"objective": "trajectory_balance", "inverse_temperature": 6.0, "steps": 40},
        {"entropy": 1e-3, "normalise": "sequences", "decay": "cosine", "dual_clip": 3.0},
    ],
    ids=lambda changes: "-".join(map(str, changes.values())),
)
def test_each_way_to_learn_learns(
    llama_folder: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    _, reports = run(llama_folder, tmp_path / "run", **({"steps": 24} | changes))
    first = sum(report.outcome.reward for report in reports[:4]) / 4
    last = sum(report.outcome.reward for report in reports[-4:]) / 4
    assert last > first + 0.25
