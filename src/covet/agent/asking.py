"""Examples and policies → Candidates, kept as they come, within a budget.

Each answer is written to ``answers.jsonl`` of the run directory before anything is done with it, so
that a run which is continued asks, and pays, for nothing twice. A policy that fails is left alone
after the second time in a row; what the others say still counts. The budget is kept by never asking
for more than could fit: each request counts at its longest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from covet.config import Config
from covet.errors import ModelError
from covet.languages.base import Language
from covet.policy.base import NEW_TOKENS, Draw, Policy
from covet.policy.client import Usage
from covet.policy.recorded import RecordedPolicy, Recording
from covet.prompt import PromptTooLong, Template, load_template, parse, render
from covet.records import Candidate, Completion, FunctionExample, Prompt
from covet.runlog import append_jsonl, read_jsonl

NAME = "answers.jsonl"
_TOGETHER = 8
"""Functions that are asked about at once."""
_PATIENCE = 2
"""Failures in a row after which a policy is left alone."""


@dataclass(frozen=True, slots=True)
class Source:
    """A policy, and how many answers it can have for a function."""

    policy: Policy
    held: Mapping[str, int] | None = None
    """By example; None: as many as it is asked for."""

    @classmethod
    def recorded(cls, path: Path) -> "Source":
        """From a file of ``Recording``: functions it does not hold are not asked about."""
        held: dict[str, int] = {}
        for recording in read_jsonl(path, Recording):
            number = held.get(recording.example_id, 0)
            held[recording.example_id] = number + len(recording.texts)
        return cls(RecordedPolicy.read(path), held)

    def samples(self, example: FunctionExample, wanted: int) -> int:
        return wanted if self.held is None else min(wanted, self.held.get(example.id, 0))


@dataclass(frozen=True, slots=True)
class Asked:
    """A candidate, and who wrote it."""

    candidate: Candidate
    policy: str


@dataclass(frozen=True, slots=True)
class _Answers:
    """One line of the journal."""

    example_id: str
    policy: str
    prompt: str
    completions: tuple[Completion, ...]


@dataclass(slots=True)
class Asking:
    """All policies, over one run."""

    sources: Sequence[Source]
    config: Config
    language: Language
    folder: Path
    say: Callable[[str], None]
    notes: list[str] = field(default_factory=list)
    """What went wrong, for people."""
    tokens: int = 0
    """Taken in this call and in those that it continues."""
    _known: dict[tuple[str, str, str], tuple[Completion, ...]] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = self.folder / NAME
        for row in read_jsonl(path, _Answers) if path.exists() else ():
            self._known[row.example_id, row.policy, row.prompt] = row.completions
            self.tokens += self._size(row.policy, row.prompt, row.completions)

    def ask(self, examples: Sequence[FunctionExample]) -> dict[str, list[Asked]]:
        """By example, the candidates of all policies.

        Raises ``ModelError`` where every policy failed and none had said anything.
        """
        found: dict[str, list[Asked]] = {example.id: [] for example in examples}
        for source in self.sources:
            for example, prompt, completions in self._of(source, examples):
                found[example.id] += [
                    Asked(self._parsed(one, example, prompt), source.policy.name)
                    for one in completions
                ]
        gone = {s.policy.name for s in self.sources} <= self._failures.keys()
        if gone and self.notes and not any(found.values()):
            raise ModelError(f"no policy answered. {self.notes[-1]}")
        return found

    def _parsed(self, one: Completion, example: FunctionExample, prompt: Prompt) -> Candidate:
        return parse(one, example, answer=prompt.answer, language=self.language)

    # ---------------------------------------------------------------------------- one policy

    def _of(
        self, source: Source, examples: Sequence[FunctionExample]
    ) -> list[tuple[FunctionExample, Prompt, tuple[Completion, ...]]]:
        template = self._template(source.policy)
        prompts = [(e, p) for e in examples if (p := self._prompt(e, source, template))]
        found: list[tuple[FunctionExample, Prompt, tuple[Completion, ...]]] = []
        waiting: list[tuple[FunctionExample, Prompt]] = []
        for example, prompt in prompts:
            known = self._known.get(_key(source, example, prompt))
            if known is not None:
                found.append((example, prompt, known))
            elif source.samples(example, self.config.write.samples):
                waiting.append((example, prompt))
        while waiting and self._failures.get(source.policy.name, 0) < _PATIENCE:
            chunk = self._affordable(source, waiting[:_TOGETHER])
            if not chunk:
                self._note(
                    f"{source.policy.name}: the budget of {self.config.write.budget_tokens} tokens"
                    f" (write.budget_tokens) does not reach for {len(waiting)} more functions"
                )
                break
            waiting = waiting[len(chunk) :]
            for example, prompt in chunk:
                completions = self._sampled(source, chunk, (example, prompt))
                if completions is not None:
                    found.append((example, prompt, completions))
        return found

    def _sampled(
        self,
        source: Source,
        chunk: Sequence[tuple[FunctionExample, Prompt]],
        one: tuple[FunctionExample, Prompt],
    ) -> tuple[Completion, ...] | None:
        """The first of a chunk asks for all of it; where that fails, each asks for itself."""
        known = self._known.get(_key(source, *one))
        if known is not None:
            return known
        name = source.policy.name
        if self._failures.get(name, 0) >= _PATIENCE:
            return None
        asked = chunk if one == chunk[0] and not self._failures.get(name) else (one,)
        try:
            self._keep(source, asked, source.policy.sample(self._draws(source, asked)))
        except ModelError as error:
            self._failures[name] = self._failures.get(name, 0) + 1
            if len(asked) > 1:
                return self._sampled(source, chunk, one)
            self._note(f"{name}, asked about {one[0].id}: {error}")
            return None
        self._failures.pop(name, None)
        return self._known[_key(source, *one)]

    def _draws(self, source: Source, asked: Sequence[tuple[FunctionExample, Prompt]]) -> list[Draw]:
        wanted = self.config.write.samples
        return [
            Draw(prompt, source.samples(example, wanted), ("write", example.id))
            for example, prompt in asked
        ]

    def _keep(
        self,
        source: Source,
        asked: Sequence[tuple[FunctionExample, Prompt]],
        answers: Sequence[Sequence[Completion]],
    ) -> None:
        counted = self._counted(source.policy)
        for (example, prompt), completions in zip(asked, answers, strict=True):
            key = _key(source, example, prompt)
            self._known[key] = tuple(completions)
            append_jsonl(self.folder / NAME, _Answers(*key, self._known[key]))
            if counted is None:
                self.tokens += self._size(source.policy.name, prompt.text, completions)
        if counted is not None:
            self.tokens += counted - self._told.get(source.policy.name, 0)
            self._told[source.policy.name] = counted

    # ------------------------------------------------------------------------------ the budget

    _told: dict[str, int] = field(default_factory=dict)
    """What servers had counted when they were last asked."""

    def _counted(self, policy: Policy) -> int | None:
        """By the server's own count, where it tells."""
        usage = getattr(policy, "usage", None)
        if not isinstance(usage, Usage) or usage.unmetered:
            return None
        return usage.prompt_tokens + usage.completion_tokens

    def _size(self, policy: str, prompt: str, completions: Sequence[Completion]) -> int:
        """Estimated as the policy itself counts prompts."""
        count = next((s.policy.count_tokens for s in self.sources if s.policy.name == policy), len)
        return sum(count(prompt) + count(one.text) for one in completions)

    def _affordable(
        self, source: Source, waiting: Sequence[tuple[FunctionExample, Prompt]]
    ) -> Sequence[tuple[FunctionExample, Prompt]]:
        """The first of them that fit into the budget, each answer at its longest."""
        budget = self.config.write.budget_tokens
        if not budget:
            return waiting
        longest = self.config.policy.max_new_tokens or NEW_TOKENS
        left = budget - self.tokens
        for number, (example, prompt) in enumerate(waiting):
            samples = source.samples(example, self.config.write.samples)
            left -= samples * (source.policy.count_tokens(prompt.text) + longest)
            if left < 0:
                return waiting[:number]
        return waiting

    # -------------------------------------------------------------------------------- prompts

    def _template(self, policy: Policy) -> Template:
        return load_template(self.config.prompt.template or policy.template or "default")

    def _prompt(
        self, example: FunctionExample, source: Source, template: Template
    ) -> Prompt | None:
        policy = source.policy
        if not source.samples(example, 1):
            return None
        try:
            return render(
                example,
                template=template,
                language=self.language,
                budget=self.config.prompt.tokens or policy.prompt_tokens,
                count=policy.count_tokens,
            )
        except PromptTooLong as error:
            self._note(f"{policy.name}: {error}")
            return None

    def _note(self, text: str) -> None:
        self.notes.append(text)
        self.say(f"warning: {text}")


def _key(source: Source, example: FunctionExample, prompt: Prompt) -> tuple[str, str, str]:
    return example.id, source.policy.name, prompt.text
