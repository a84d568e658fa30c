"""Learn from groups of graded rollouts: roll, compare, learn, and again.

Examples and a ``roll`` that turns them into graded groups enter; the policy's weights change, and
the run directory gets a row of metrics for each step, a row for each rollout, and checkpoints.
``train`` is the whole of it. Rollouts are made ahead of the learner (``pipeline``). A run that was
killed goes on from its last checkpoint to the very weights that it would have reached, as far as
``roll`` gives the same groups for the same weights and step and ``train.schedule`` is ``fixed``.

GRPO: Shao et al. 2024 (arXiv:2402.03300); what else a group may be compared by is in
``covet.algo.advantage``, and what a token then counts in ``loss``.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from covet.algo.advantage import advantage, parts_at_k, trajectory_balance
from covet.algo.samples import training_samples
from covet.algo.select import by_solve_rate, in_turn
from covet.config import Config
from covet.config import Train as Settings
from covet.errors import UsageError
from covet.policy.hf import HFPolicy
from covet.records import Example, Group, Rollout, TrainingSample
from covet.reward import parts
from covet.runlog import RunLog
from covet.train import checkpoint, ranks
from covet.train.alarms import Watch
from covet.train.learner import Learner
from covet.train.pipeline import Batch, Pipeline, Sampler, Served
from covet.train.report import Cost, Judged, StepReport, outcome, rollout_rows

E = TypeVar("E", bound=Example)
Roll = Callable[[Sampler, Sequence[E], int], list[Group]]
"""Graded groups of those examples for a step, sampled from the policy that is given, with
randomness that the step and the example decide."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a longer run, in a run directory of its own."""

    until: int
    """The step before which it ends, counted from the longer run's beginning."""
    of: int
    """Steps of the longer run: for what falls over its whole length."""
    after: Path | None = None
    """The checkpoint with which the stretch before it ended; None: this is the first."""


def train(
    *,
    policy: HFPolicy,
    examples: Sequence[E],
    roll: Roll[E],
    config: Config,
    log: RunLog,
    on_step: Callable[[StepReport], None],
    served: Served | None = None,
    stretch: Stretch | None = None,
) -> None:
    """Take the steps that the settings ask for, or those of a ``stretch``, from the run's last
    checkpoint where it has one. Stretches together are one run: steps, the order of examples, the
    schedule, the optimizer's state and the weights that are sampled from go on from one to the
    next.

    ``roll`` is called in threads of its own, for one step in each at a time. ``on_step`` hears of
    each step once its rows are written. ``served`` samples in the policy's place. Several
    processes that were started together write one run directory, that of the first.
    """
    settings = config.train
    if not examples:
        raise UsageError("there is no example to train on; look at what `covet mine` found")
    asked_for = how_many(settings, len(examples))
    whole = stretch or Stretch(asked_for, asked_for)
    steps = whole.until
    checkpoints = ranks.of_first(log.root) / "checkpoints"
    last = checkpoint.latest(checkpoints) or whole.after
    resumed = checkpoint.load(last, policy) if last else checkpoint.Resumed()
    alone = ranks.count() == 1  # else what is ahead is a part, and is rolled again
    learner = Learner.of(policy, settings, steps=whole.of)
    if last:
        checkpoint.load_optimizer(last, policy, learner.optimizer)
    compare = comparison(config)
    watch = Watch.of(log.root)
    asked = _Asked(examples, settings, compare, solved=resumed.solved)
    pipeline = Pipeline(
        policy,
        lambda sampler, step: asked.roll(roll, sampler, step),
        settings=settings,
        threads=config.policy.threads,
        steps=range(resumed.step, steps),
        older=resumed.older,
        ahead=resumed.ahead if alone else {},
        served=served,
    )
    with pipeline:
        for step in range(resumed.step, steps):
            started, cpu_started = time.perf_counter(), time.process_time()
            rolled = pipeline.next(step)
            arrived = time.perf_counter()

            groups = ranks.gather(rolled.batch.groups)
            judged = [judge(group, compare) for group in groups]
            if settings.objective == "trajectory_balance":
                judged = balance(judged, settings, learner)
            samples = [sample for one in judged for sample in _samples(one)]
            update = learner.learn(samples, step=step) if samples else None
            policy.version = step + 1
            asked.learned(step, groups)
            pipeline.publish()

            ended = time.perf_counter()
            cost = Cost(
                wait_s=arrived - started,
                sample_s=rolled.sample_s,
                roll_s=rolled.roll_s,
                update_s=ended - arrived,
                wall_s=ended - started,
                cpu_s=time.process_time() - cpu_started,
                grade_cpu_s=sum(r.execution.cpu_s for group in groups for r in group.rollouts),
            )
            seen = outcome(judged, refilled=rolled.batch.refilled)
            report = StepReport(step, rolled.version, seen, update, cost)
            report = replace(report, alarms=watch.see(report.row()))
            if ranks.number() == 0:
                for row in (row for one in judged for row in rollout_rows(step, one)):
                    log.rollouts(row)
                log.metrics(report.row())
            if (step + 1) % settings.checkpoint_every == 0 or step + 1 == steps:
                ready = pipeline.ready if alone else {}
                stands = checkpoint.Resumed(step + 1, asked.solved, pipeline.older, ready)
                checkpoint.save(checkpoints, policy, learner.optimizer, stands)
            on_step(report)
    policy.unite()


def how_many(settings: Settings, examples: int) -> int:
    """Steps of a run."""
    each = max(1, examples // settings.examples)
    return settings.epochs * each if settings.epochs else settings.steps


Compare = Callable[[Sequence[Rollout]], list[float]]


def comparison(config: Config) -> Compare:
    """How the rollouts of a group are compared with each other."""
    settings = config.train
    if settings.advantage == "parts_at_k":
        return lambda rollouts: parts_at_k(
            [parts(rollout, config.reward) for rollout in rollouts],
            min(settings.k, len(rollouts)),
        )
    compare = advantage(settings.advantage, k=settings.k, success=settings.success)
    return lambda rollouts: compare([rollout.reward.value for rollout in rollouts])


def judge(group: Group, compare: Compare) -> Judged:
    """The advantage of each rollout over its siblings. One whose grading failed is left out, never
    a zero; one that is left alone has nothing to be compared with.
    """
    graded = {
        place: rollout
        for place, rollout in enumerate(group.rollouts)
        if rollout.execution.status != "infrastructure"
    }
    if len(graded) < 2:
        return Judged(group, (None,) * len(group.rollouts))
    by_place = dict(zip(graded, compare(list(graded.values())), strict=True))
    return Judged(group, tuple(by_place.get(place) for place in range(len(group.rollouts))))


def balance(judged: Sequence[Judged], settings: Settings, learner: Learner) -> list[Judged]:
    """The same with what ``trajectory_balance`` says in the place of advantages."""
    parts = [
        training_samples(replace(one.group, rollouts=tuple(compared)), [1.0] * len(compared))
        for one in judged
        for compared in [one.compared]
    ]
    ratios = iter(learner.log_ratios([sample for part in parts for sample in part]))

    def compare(rollouts: Sequence[Rollout]) -> list[float]:
        known = [next(ratios) for _ in rollouts]
        rewards = [rollout.reward.value for rollout in rollouts]
        strength = settings.inverse_temperature
        return trajectory_balance(rewards, known, inverse_temperature=strength)

    return [judge(one.group, compare) for one in judged]


def _samples(judged: Judged) -> list[TrainingSample]:
    known = [advantage for advantage in judged.advantages if advantage is not None]
    return training_samples(replace(judged.group, rollouts=tuple(judged.compared)), known)


class _Asked(Generic[E]):
    """Which examples the steps ask about, and how those did that came before."""

    def __init__(
        self,
        examples: Sequence[E],
        settings: Settings,
        compare: Compare,
        *,
        solved: Mapping[str, Sequence[tuple[int, float]]],
    ) -> None:
        self._by_id = {example.id: example for example in examples}
        self._settings = settings
        self._compare = compare
        self.solved: dict[str, list[tuple[int, float]]] = {
            name: list(known) for name, known in solved.items()
        }
        """By example: steps, and the share of its rollouts that solved it there."""

    def roll(self, roll: Roll[E], sampler: Sampler, step: int) -> Batch:
        """The part of a step that is this process's: examples, and others in the place of those
        whose groups teach nothing.
        """
        settings = self._settings
        order = self._order(step, known=sampler.version)
        size = min(settings.examples, len(order))
        waiting = [*ranks.share(order[:size]), *ranks.share(order[size:])]
        wanted = len(ranks.share(order[:size]))
        groups: list[Group] = []
        refilled = 0
        for turn in range(settings.refill + 1):
            ids, waiting = waiting[:wanted], waiting[wanted:]
            refilled += len(ids) if turn else 0
            new = roll(sampler, [self._by_id[name] for name in ids], step) if ids else []
            groups += new
            if turn == settings.refill:
                break  # whether they teach anything is found when they are judged
            wanted -= sum(any(judge(group, self._compare).advantages) for group in new)
            if not wanted:
                break
        return Batch(groups, refilled)

    def learned(self, step: int, groups: Sequence[Group]) -> None:
        """What the rollouts of a step showed; for steps that are sampled from what it learned."""
        for group in groups:
            rewards = [
                rollout.reward.value
                for rollout in group.rollouts
                if rollout.execution.status != "infrastructure"
            ]
            if self._settings.curriculum and rewards:
                share = sum(value >= self._settings.success for value in rewards) / len(rewards)
                self.solved.setdefault(group.example_id, []).append((step, share))

    def _order(self, step: int, *, known: int) -> list[str]:
        """``known``: the version that samples; it has learned from the steps before it."""
        ids, settings = list(self._by_id), self._settings
        if not settings.curriculum:
            return in_turn(ids, step=step, size=settings.examples, seed=settings.seed)
        solved = {
            name: shares[-1][1]
            for name, all_shares in self.solved.items()
            if (shares := [one for one in all_shares if one[0] < known])
        }
        return by_solve_rate(ids, solved, step=step, seed=settings.seed)
