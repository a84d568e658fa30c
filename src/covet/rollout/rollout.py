"""Examples → Groups, by way of prompt, policy, parser, grader and reward.

``Roller.roll`` is the whole of it. One Example gives one Group, in the given order. An example
whose prompt does not fit the budget is never sampled and comes back by its id. A candidate whose
grading failed through our own fault stays in its group, with that status: who compares rollouts
leaves it out. Nothing here knows what a Group is for, and nothing imports a tensor library.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from covet import config
from covet.execute.grader import Grader, OnDone
from covet.languages.base import Language
from covet.policy.base import Draw, Policy
from covet.prompt import PromptTooLong, Template, parse, render
from covet.records import (
    Candidate,
    Completion,
    Execution,
    FunctionExample,
    Group,
    Prompt,
    Rollout,
)
from covet.reward import reward


@runtime_checkable
class Encodes(Protocol):
    """A policy that can be learned from tells which tokens its model is given."""

    def encode(self, prompt: Prompt) -> tuple[int, ...]: ...


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


@dataclass(slots=True)
class Roller:
    """Everything between an example and its graded rollouts, put together once for a run."""

    policy: Policy
    grader: Grader
    language: Language
    template: Template
    weights: config.Reward
    budget: int
    """Most tokens of a prompt."""
    on_graded: OnDone | None = None
    """Hears of each verdict as soon as it is found; maybe from several threads."""
    _prompts: dict[str, Prompt | None] = field(default_factory=dict)
    """By example; None where it does not fit."""

    def roll(
        self,
        examples: Sequence[FunctionExample],
        *,
        samples: int,
        key: tuple[int | str, ...],
    ) -> Rolled:
        """``samples`` graded rollouts of each example.

        ``key`` names the draw (seed, step …), and an example's own randomness comes from it and
        the example's id: what is drawn beside it does not matter.
        """
        asked = [
            (example, prompt)
            for example in examples
            if (prompt := self.prompt(example)) is not None
        ]
        draws = [Draw(prompt, samples, (*key, example.id)) for example, prompt in asked]

        sampling = _Stopwatch()
        answers = self.policy.sample(draws) if draws else []
        sample_s, sample_cpu_s = sampling.read()

        candidates = [
            [self._parse(completion, example, prompt) for completion in completions]
            for (example, prompt), completions in zip(asked, answers, strict=True)
        ]

        grading = _Stopwatch()
        jobs = [
            (example, candidate)
            for (example, _), proposed in zip(asked, candidates, strict=True)
            for candidate in proposed
        ]
        executions = iter(self.grader.grade(jobs, on_done=self.on_graded) if jobs else [])
        grade_s, _ = grading.read()

        groups = [
            Group(
                example_id=example.id,
                prompt=prompt,
                prompt_token_ids=self._encode(prompt),
                rollouts=tuple(
                    self._rollout(completion, candidate, next(executions))
                    for completion, candidate in zip(completions, proposed, strict=True)
                ),
            )
            for (example, prompt), completions, proposed in zip(
                asked, answers, candidates, strict=True
            )
        ]
        grade_cpu_s = sum(rollout.execution.cpu_s for group in groups for rollout in group.rollouts)
        fits = {example.id for example, _ in asked}
        too_long = tuple(example.id for example in examples if example.id not in fits)
        return Rolled(groups, too_long, Timing(sample_s, sample_cpu_s, grade_s, grade_cpu_s))

    def prompt(self, example: FunctionExample) -> Prompt | None:
        """The example's prompt, rendered the first time it is asked for; None: it is too long."""
        if example.id not in self._prompts:
            try:
                self._prompts[example.id] = render(
                    example,
                    template=self.template,
                    language=self.language,
                    budget=self.budget,
                    count=self.policy.count_tokens,
                )
            except PromptTooLong:
                self._prompts[example.id] = None
        return self._prompts[example.id]

    def _parse(self, completion: Completion, example: FunctionExample, prompt: Prompt) -> Candidate:
        return parse(completion, example, answer=prompt.answer, language=self.language)

    def _rollout(
        self, completion: Completion, candidate: Candidate, execution: Execution
    ) -> Rollout:
        return Rollout(completion, candidate, execution, reward(execution, self.weights))

    def _encode(self, prompt: Prompt) -> tuple[int, ...]:
        return self.policy.encode(prompt) if isinstance(self.policy, Encodes) else ()


class _Stopwatch:
    """Wall and processor seconds of this process since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._cpu
