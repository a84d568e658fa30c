"""Examples → Groups for any kind of example: prompt, sample, read, grade, in that order.

``roll`` is the whole of it. One Example gives one Group, in the given order. An example whose
prompt does not fit the budget is never sampled and comes back by its id. What a kind of example
needs done at each station is its ``Work``: ``Roller`` for functions of a codebase, and for
instructions those in ``instructions``. Nothing here knows what a Group is for, and nothing imports
a tensor library.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from covet.policy.base import Draw, Policy
from covet.records import Candidate, Completion, Example, Execution, Group, Prompt, Reward, Rollout

E = TypeVar("E", bound=Example)
E_contra = TypeVar("E_contra", bound=Example, contravariant=True)
A = TypeVar("A")


@runtime_checkable
class Encodes(Protocol):
    """A policy that can be learned from tells which tokens its model is given."""

    def encode(self, prompt: Prompt) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """All of a rollout but its completion."""

    candidate: Candidate
    execution: Execution
    reward: Reward


class Work(Protocol[E_contra, A]):
    """What is done for one kind of example; ``A`` is what an answer is read as."""

    def prompt(self, example: E_contra) -> Prompt | None:
        """None where it does not fit the budget."""
        ...

    def read(self, completion: Completion, example: E_contra, prompt: Prompt) -> A:
        """Never raises, whatever the policy wrote."""
        ...

    def grade(self, jobs: Sequence[tuple[E_contra, A]]) -> list[Graded]:
        """One for each, in order. A failure of our own is a status, and who compares rollouts
        leaves that one out.
        """
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """What a roll cost. Processor seconds of grading are the candidates' own, also of those whose
    execution the grader remembers.
    """

    sample_s: float = 0.0
    sample_cpu_s: float = 0.0
    grade_s: float = 0.0
    grade_cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of a roll."""

    groups: list[Group]
    too_long: tuple[str, ...]
    """Ids of the examples whose prompt does not fit."""
    timing: Timing


def roll(
    work: Work[E, A],
    policy: Policy,
    examples: Sequence[E],
    *,
    samples: int,
    key: tuple[int | str, ...],
) -> Rolled:
    """``samples`` graded rollouts of each example.

    ``key`` names the draw (seed, step …), and an example's own randomness comes from it and the
    example's id: what is drawn beside it does not matter.
    """
    asked = [
        (example, prompt) for example in examples if (prompt := work.prompt(example)) is not None
    ]
    draws = [Draw(prompt, samples, (*key, example.id)) for example, prompt in asked]

    sampling = _Stopwatch()
    answers = policy.sample(draws) if draws else []
    sample_s, sample_cpu_s = sampling.read()

    jobs = [
        (example, work.read(completion, example, prompt))
        for (example, prompt), completions in zip(asked, answers, strict=True)
        for completion in completions
    ]

    grading = _Stopwatch()
    graded = iter(work.grade(jobs) if jobs else [])
    grade_s, _ = grading.read()

    groups = [
        Group(
            example_id=example.id,
            prompt=prompt,
            prompt_token_ids=policy.encode(prompt) if isinstance(policy, Encodes) else (),
            rollouts=tuple(_rollout(completion, next(graded)) for completion in completions),
        )
        for (example, prompt), completions in zip(asked, answers, strict=True)
    ]
    grade_cpu_s = sum(rollout.execution.cpu_s for group in groups for rollout in group.rollouts)
    fits = {example.id for example, _ in asked}
    too_long = tuple(example.id for example in examples if example.id not in fits)
    return Rolled(groups, too_long, Timing(sample_s, sample_cpu_s, grade_s, grade_cpu_s))


def _rollout(completion: Completion, graded: Graded) -> Rollout:
    return Rollout(completion, graded.candidate, graded.execution, graded.reward)


class _Stopwatch:
    """Wall and processor seconds of this process since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._cpu
