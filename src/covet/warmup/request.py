"""What the teacher is asked: an example with the tests that people wrote for it, as a prompt.

The request is a template like any other (``covet.prompt.template``), with three names more:
``answer``, the tests; ``opening``, the words to begin with; ``words``, the most that there may be.
It is cut to the teacher's budget like any prompt, and secrets are taken out of it.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from covet import config
from covet.errors import ConfigError
from covet.languages.base import Language
from covet.prompt import render
from covet.prompt.template import Template, compile_template
from covet.records import FunctionExample, Prompt, Reference, Split
from covet.warmup.rules import About

_OWN = Path(__file__).resolve().parent / "trace.md"


@dataclass(frozen=True, slots=True)
class Task:
    """One trace to be written."""

    example: FunctionExample
    reference: Reference


def tasks_of(
    examples: Iterable[FunctionExample], references: Mapping[str, Reference], *, split: Split
) -> list[Task]:
    """Those of a side that have a reference, in order."""
    return [
        Task(example, references[example.id])
        for example in examples
        if example.split == split and example.id in references
    ]


def some_of(tasks: Sequence[Task], *, most: int, seed: int) -> list[Task]:
    """At most so many, drawn by ``seed``, in their order."""
    drawn = random.Random(seed).sample(range(len(tasks)), min(most, len(tasks)))  # noqa: S311
    return [tasks[place] for place in sorted(drawn)]


@dataclass(frozen=True, slots=True)
class Request:
    """The request of all tasks, but for what is theirs."""

    text: str
    """The template."""
    name: str
    settings: config.Warmup
    language: Language

    @classmethod
    def load(cls, settings: config.Warmup, language: Language) -> "Request":
        """``ConfigError`` where ``warmup.template`` is no file or not a template."""
        path = Path(settings.template).expanduser() if settings.template else _OWN
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"warmup.template: {path} cannot be read ({error}); give the path of a template, "
                "or leave it empty for Covet's own"
            ) from error
        request = cls(text, settings.template or "trace", settings, language)
        request._template("")
        return request

    def prompt(self, task: Task, *, budget: int, count: Callable[[str], int]) -> Prompt:
        """``PromptTooLong`` where it does not fit into ``budget`` tokens, as ``count`` counts."""
        return render(
            task.example,
            template=self._template(task.reference.answer),
            language=self.language,
            budget=budget,
            count=count,
        )

    def about(self, task: Task) -> About:
        """What an answer is held against."""
        return About(
            self.settings.opening,
            self.settings.words,
            function=task.example.function.source,
            tests=task.reference.answer,
            names=tuple(test.qualname.rpartition(".")[2] for test in task.reference.tests),
        )

    def _template(self, answer: str) -> Template:
        bound = {
            "answer": answer,
            "opening": self.settings.opening,
            "words": self.settings.words,
        }
        return compile_template(self.text, name=self.name, bound=bound)
