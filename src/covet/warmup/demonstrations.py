"""Examples with their references, and traces where there are any, become demonstrations.

A demonstration's prompt is rendered as sampling renders it, and its answer is written as parsing
reads it; one that does not come back from the parser as the reference's tests is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from covet.languages.base import Language
from covet.prompt import PromptTooLong, Template, parse, render
from covet.prompt.answer import answer
from covet.records import Completion, Demonstration, FunctionExample, Prompt, Segment
from covet.secrets import detector
from covet.warmup.request import Task

PROMPT_TOO_LONG = "its prompt is too long"
NOT_READ_BACK = "its answer is not read back as its tests"


@dataclass(slots=True)
class Shown:
    """What there is to learn from."""

    demonstrations: list[Demonstration] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """By example, with why."""


@dataclass(slots=True)
class Demonstrator:
    """How prompts and answers are made: as in sampling."""

    template: Template
    language: Language
    budget: int
    """Most tokens of a prompt."""
    count: Callable[[str], int]
    _prompts: dict[str, Prompt | None] = field(default_factory=dict)
    """By example; None where it does not fit."""

    def show(self, tasks: Sequence[Task], *, traces: Mapping[str, str]) -> Shown:
        """A demonstration of each task, with the trace that there is of its example, if any."""
        shown = Shown()
        for task in tasks:
            name = task.example.id
            made = self.demonstration(task, thought=traces.get(name, ""))
            if isinstance(made, str):
                shown.left_out[name] = made
            else:
                shown.demonstrations.append(made)
        return shown

    def demonstration(self, task: Task, *, thought: str) -> Demonstration | str:
        """It, or why there is none."""
        prompt = self._prompt(task.example)
        if prompt is None:
            return PROMPT_TOO_LONG
        written = self._written(task)
        text = answer(written, code=self.template.code, thought=thought)
        read = parse(
            Completion((Segment("policy", text),), "stop", "people", 0),
            task.example,
            answer=self.template.answer,
            language=self.language,
        )
        if read.problem or read.written.strip() != written.strip():
            return NOT_READ_BACK
        return Demonstration(prompt, task.example.split, text)

    def _prompt(self, example: FunctionExample) -> Prompt | None:
        if example.id not in self._prompts:
            try:
                self._prompts[example.id] = render(
                    example,
                    template=self.template,
                    language=self.language,
                    budget=self.budget,
                    count=self.count,
                )
            except PromptTooLong:
                self._prompts[example.id] = None
        return self._prompts[example.id]

    def _written(self, task: Task) -> str:
        """What an answer holds: the tests for the end of the file, or a file with them alone."""
        reference = task.reference
        if self.template.answer == "append":
            return reference.answer
        own = {test.qualname for test in reference.tests}
        tests = self.language.tests(reference.test_file, path=task.example.test_path)
        others = [test for test in tests if test.qualname not in own]
        return detector().redact(self.language.remove_tests(reference.test_file, others))
