"""What a training step tells: a row of metrics, and a row for each rollout.

The names are those of ``metrics.jsonl`` and ``rollouts.jsonl``. A step may be written twice by a
resumed run; the later row holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from covet.records import Group, Rollout
from covet.train.alarms import Alarm


@dataclass(frozen=True, slots=True)
class Judged:
    """A group with the advantage of each rollout."""

    group: Group
    advantages: tuple[float | None, ...]
    """None: not compared, because its grading failed, or that of all but one of the group's."""

    @property
    def compared(self) -> list[Rollout]:
        pairs = zip(self.group.rollouts, self.advantages, strict=True)
        return [rollout for rollout, advantage in pairs if advantage is not None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the rollouts of a step did. Shares and means are over those that were graded."""

    groups: int
    dropped_groups: int
    """Of which fewer than two rollouts could be graded; left out."""
    dead_groups: float
    """Share of the others whose advantages are all zero: nothing is learned from them."""
    refilled: int
    """Groups that were asked for in the place of such."""
    rollouts: int
    ungraded: int
    """Rollouts whose grading failed through no fault of theirs; left out."""
    reward: float
    passes: float
    """Share that passes."""
    gains: float
    """Share that passes and covers a new line."""
    kills: float
    """Mean share of the mutants killed; 0 for one that does not pass."""
    asserts: float | None
    """Mean of that term over those that pass; None where none does."""
    weak: float | None
    """Share of those that pass whose assertions tell hardly anything, or that a guard refuses."""
    refused: float | None
    """Share of those that pass that a guard refuses."""
    diversity: float
    """Share of a group's answers that are unlike the others in it, letter by letter."""
    trace: float | None
    """Mean of that term over those that pass with a thought; None where there are none."""
    saturated: float
    """Share of the groups in which every rollout earned the same, and something: there is nothing
    left to learn."""
    canaries: int
    canaries_paid: int
    """Of which so many earned something."""
    completion_tokens: float
    thought_tokens: float
    """Of those, in thoughts."""
    truncated: float
    """Share that was cut off at the token limit."""


@dataclass(frozen=True, slots=True)
class Update:
    """What the optimizer did. Measures are means over the tokens learned from."""

    samples: int = 0
    tokens: int = 0
    learning_rate: float = 0.0
    loss: float = 0.0
    kl: float | None = None
    """From the model that training started from, in nats; None where it was not asked for."""
    entropy: float = 0.0
    clip_share: float = 0.0
    logprob_gap: float = 0.0
    """Mean difference of log-probabilities between sampling and training."""
    truncated_weights: float = 0.0
    """Share of tokens whose weight for being stale was cut."""
    grad_norm: float = 0.0
    """Before clipping."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds."""

    wait_s: float
    """The learner waited for its rollouts."""
    sample_s: float
    """Sampling them took; with a lag, beside what the learner did."""
    roll_s: float
    """They took in all: with grading, and with waiting for the weights that sample."""
    update_s: float
    wall_s: float
    cpu_s: float
    """Processor time of this process, all threads."""
    grade_cpu_s: float
    """Processor time of the candidates' own runs."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """One training step."""

    step: int
    """From 0: the version that learned from its rollouts."""
    sampled_at: int
    """The version that they were sampled from."""
    outcome: Outcome
    update: Update | None
    """None: no group carried a signal, and the weights stayed as they were."""
    cost: Cost
    alarms: tuple[Alarm, ...] = ()

    def row(self) -> dict[str, Any]:
        """Flat, for ``metrics.jsonl``; measures of an update that was not made are null."""
        flat: dict[str, Any] = {
            "step": self.step,
            "sampled_at": self.sampled_at,
            "updated": self.update is not None,
        }
        for part in (self.outcome, self.update or Update(), self.cost):
            flat |= {name: getattr(part, name) for name in part.__slots__}
        if self.update is None:
            flat |= dict.fromkeys(_MEASURES)
        return flat | {"alarms": [alarm.name for alarm in self.alarms]}


_MEASURES = (
    "learning_rate",
    "loss",
    "kl",
    "entropy",
    "clip_share",
    "logprob_gap",
    "truncated_weights",
    "grad_norm",
)


WEAK = 0.25
"""Of the term ``asserts``: what is less tells hardly anything."""


def outcome(judged: Sequence[Judged], *, refilled: int = 0) -> Outcome:
    everyone = [rollout for one in judged for rollout in one.group.rollouts]
    graded = [rollout for rollout in everyone if rollout.execution.status != "infrastructure"]
    compared = [one for one in judged if one.compared]
    dead = [one for one in compared if not any(one.advantages)]
    passing = [rollout for rollout in graded if rollout.execution.status == "ok"]
    thinking = [rollout for rollout in passing if rollout.completion.thought_tokens]
    asserts = [rollout.reward.terms.get("asserts", 0.0) for rollout in passing]
    canaries = [canary for one in judged for canary in one.group.canaries]
    return Outcome(
        groups=len(judged),
        dropped_groups=len(judged) - len(compared),
        dead_groups=len(dead) / len(compared) if compared else 0.0,
        refilled=refilled,
        rollouts=len(everyone),
        ungraded=len(everyone) - len(graded),
        reward=_mean(rollout.reward.value for rollout in graded),
        passes=_mean(rollout.execution.status == "ok" for rollout in graded),
        gains=_mean(bool(rollout.execution.gained.lines) for rollout in graded),
        kills=_mean(_kill_share(rollout) for rollout in graded),
        asserts=fmean(asserts) if asserts else None,
        weak=fmean(value < WEAK for value in asserts) if asserts else None,
        refused=fmean(bool(r.reward.refused) for r in passing) if passing else None,
        diversity=_mean(_different(one.group) for one in judged),
        trace=fmean(r.reward.terms.get("trace", 0.0) for r in thinking) if thinking else None,
        saturated=_mean(_is_saturated(one.compared) for one in compared),
        canaries=len(canaries),
        canaries_paid=sum(canary.value > 0 for canary in canaries),
        completion_tokens=_mean(_tokens(rollout) for rollout in everyone),
        thought_tokens=_mean(rollout.completion.thought_tokens for rollout in everyone),
        truncated=_mean(rollout.completion.finish == "length" for rollout in everyone),
    )


def rollout_rows(step: int, judged: Judged) -> Iterator[dict[str, Any]]:
    """One row for each rollout of a group; (step, example_id, sample) is its key. The first of a
    group has the prompt of all.
    """
    pairs = zip(judged.group.rollouts, judged.advantages, strict=True)
    for sample, (rollout, advantage) in enumerate(pairs):
        execution = rollout.execution
        yield {
            "step": step,
            "example_id": judged.group.example_id,
            "sample": sample,
            "prompt": "" if sample else judged.group.prompt.text,
            "version": rollout.completion.version,
            "completion": rollout.completion.text,
            "finish": rollout.completion.finish,
            "tokens": _tokens(rollout),
            "status": execution.status,
            "detail": execution.detail,
            "gained_lines": len(execution.gained.lines),
            "mutants": len(execution.mutants.programs) if execution.mutants else 0,
            "killed": len(execution.killed),
            "execution": replace(execution, detail=""),
            "reward": rollout.reward.value,
            "terms": rollout.reward.terms,
            "refused": rollout.reward.refused,
            "advantage": advantage,
        }


def _tokens(rollout: Rollout) -> int:
    return sum(
        len(segment.token_ids)
        for segment in rollout.completion.segments
        if segment.owner == "policy"
    )


def _is_saturated(rollouts: Sequence[Rollout]) -> bool:
    rewards = {rollout.reward.value for rollout in rollouts}
    return len(rewards) == 1 and rewards != {0.0}


def _different(group: Group) -> float:
    texts = [rollout.completion.text for rollout in group.rollouts]
    return len(set(texts)) / len(texts) if texts else 0.0


def _kill_share(rollout: Rollout) -> float:
    mutants = rollout.execution.mutants
    if mutants is None or not mutants.programs:
        return 0.0
    return len(rollout.execution.killed) / len(mutants.programs)


def _mean(values: Iterable[float]) -> float:
    listed = [float(value) for value in values]
    return fmean(listed) if listed else 0.0
