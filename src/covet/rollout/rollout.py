"""Focal functions → Groups, by way of prompt, policy, parser, grader and reward.

A ``Roller`` is all that ``roll`` needs to know about functions of a codebase. A candidate whose
grading failed through our own fault stays in its group, with that status: who compares rollouts
leaves it out.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from covet import config
from covet.execute.grader import Grader, OnDone
from covet.languages.base import Language
from covet.policy.base import Policy
from covet.prompt import PromptTooLong, Template, parse, render, thoughts_in
from covet.records import Canary, Candidate, Completion, FunctionExample, Group, Prompt
from covet.reward import Attempt, rewards
from covet.rollout.loop import Graded, Rolled, roll


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer is read as."""

    candidate: Candidate
    thought: str
    is_whole: bool
    """Whether it came to its own end, and its thought to one."""


@dataclass(slots=True)
class Roller:
    """Everything between a focal function and its graded rollouts, put together once for a run."""

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
        canaries: float = 0.0,
    ) -> Rolled:
        """``samples`` graded rollouts of each example: see ``covet.rollout.loop.roll``. A share
        ``canaries`` of the groups, drawn by the key, get one.
        """
        rolled = roll(self, self.policy, examples, samples=samples, key=key)
        return replace(rolled, groups=self._with_canaries(rolled.groups, examples, key, canaries))

    def _with_canaries(
        self,
        groups: Sequence[Group],
        examples: Sequence[FunctionExample],
        key: tuple[int | str, ...],
        rate: float,
    ) -> list[Group]:
        by_id = {example.id: example for example in examples}
        names: dict[str, str] = {}
        jobs: list[tuple[FunctionExample, Read]] = []
        for name in (group.example_id for group in groups):
            drawn = random.Random(repr((*key, name, "canary")))  # noqa: S311
            if drawn.random() < rate:
                cheats = self.language.cheats(by_id[name].function)
                names[name] = drawn.choice(sorted(cheats))
                jobs.append((by_id[name], _whole(by_id[name], cheats[names[name]])))
        graded = self.grade(jobs) if jobs else []
        found = {
            example.id: (Canary(names[example.id], one.execution.status, one.reward.value),)
            for (example, _), one in zip(jobs, graded, strict=True)
        }
        return [replace(group, canaries=found.get(group.example_id, ())) for group in groups]

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

    def read(self, completion: Completion, example: FunctionExample, prompt: Prompt) -> Read:
        """The test file that it proposes."""
        candidate = parse(completion, example, answer=prompt.answer, language=self.language)
        text = completion.text
        is_whole = completion.finish == "stop" and text.count("<think>") <= text.count("</think>")
        return Read(candidate, thoughts_in(text), is_whole)

    def grade(self, jobs: Sequence[tuple[FunctionExample, Read]]) -> list[Graded]:
        """Each with its reward, in which its siblings have a part: those of the same example."""
        candidates = [(example, read.candidate) for example, read in jobs]
        executions = self.grader.grade(candidates, on_done=self.on_graded)
        attempts = [
            (example, Attempt(read.candidate, execution, read.thought, read.is_whole))
            for (example, read), execution in zip(jobs, executions, strict=True)
        ]
        earned = rewards(attempts, language=self.language, settings=self.weights)
        return [
            Graded(attempt.candidate, attempt.execution, reward)
            for (_, attempt), reward in zip(attempts, earned, strict=True)
        ]


def _whole(example: FunctionExample, source: str) -> Read:
    """A test file of nobody's thought."""
    return Read(Candidate(example.test_path, source, source), "", is_whole=True)
