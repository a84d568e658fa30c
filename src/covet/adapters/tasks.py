"""A mined dataset with one grader: prompts go out, what was written for them comes in as texts, and
rewards go out.

The prompt, the parser, the grader and the rubric are those of Covet's own training, under the
settings of the codebase's ``covet.toml``; only the policy is somebody else's.
"""

import atexit
import difflib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from covet.config import Config, load
from covet.errors import DataError, SandboxError
from covet.execute.grader import Grader, Job, open_grader
from covet.mine import read
from covet.policy.base import PROMPT_TOKENS
from covet.policy.recorded import CHARACTERS_PER_TOKEN
from covet.prompt import PromptTooLong, Template, load_template, parse, render, thoughts_in
from covet.records import Completion, Execution, FunctionExample, Prompt, Reward, Segment, Split
from covet.reward import Attempt, rewards


def by_characters(text: str) -> int:
    """About how many tokens a text has, where no tokenizer is at hand."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The examples of one split whose prompts fit, by id, and their grader; a context manager.

    Threads may share it. Workers are opened when something is graded.
    """

    prompts: dict[str, Prompt]
    too_long: tuple[str, ...]
    """Ids of the examples whose prompts do not fit."""
    _examples: dict[str, FunctionExample]
    _template: Template
    _grader: Grader
    _config: Config

    @classmethod
    def open(
        cls,
        dataset: Path | str,
        *,
        split: Split = "train",
        overrides: Iterable[str] = (),
        count: Callable[[str], int] = by_characters,
    ) -> Self:
        """``dataset``: a folder that ``covet mine`` wrote. ``overrides``: settings, as ``--set``
        takes them. ``count``: how many tokens a text has.

        ``DataError`` where there is no such dataset or the split is empty; ``CodebaseError`` where
        the codebase is not where it was mined.
        """
        mined = read(Path(dataset))
        root = Path(mined.report.codebase)
        own = root / "covet.toml"
        config = load(own if own.is_file() else None, overrides)
        examples = {example.id: example for example in mined.split(split)}
        if not examples:
            raise DataError(f"{dataset}: it has no {split} tasks; see its README.md")
        grader = open_grader(root, config)
        template = load_template(config.prompt.template or "default")
        budget = config.prompt.tokens or PROMPT_TOKENS
        prompts: dict[str, Prompt] = {}
        for name, example in examples.items():
            try:
                prompts[name] = render(
                    example,
                    template=template,
                    language=grader.language,
                    budget=budget,
                    count=count,
                )
            except PromptTooLong:
                continue
        too_long = tuple(name for name in examples if name not in prompts)
        return cls(prompts, too_long, examples, template, grader, config)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the grader's workers."""
        self._grader.close()

    def rewards(self, answers: Sequence[tuple[str, str]]) -> list[Reward]:
        """What each text, written for the example whose id is before it, earns; those for the same
        example are siblings.

        ``DataError`` for an id that is not in the split. ``SandboxError`` where grading fails twice
        through no fault of a text: such a reward is not known, and a zero would be learned from.
        """
        jobs = [self._job(name, text) for name, text in answers]
        executions = self._grader.grade(jobs)
        lost = [place for place, one in enumerate(executions) if one.status == "infrastructure"]
        for place, again in zip(lost, self._grader.grade([jobs[i] for i in lost]), strict=True):
            executions[place] = _known(again, answers[place][0])
        attempts = [
            (example, Attempt(candidate, execution, thoughts_in(text)))
            for (example, candidate), execution, (_, text) in zip(
                jobs, executions, answers, strict=True
            )
        ]
        language = self._grader.language
        return rewards(attempts, language=language, settings=self._config.reward)

    def _job(self, name: str, text: str) -> Job:
        example = self._examples.get(name)
        if example is None:
            near = difflib.get_close_matches(name, self._examples, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "is it of another split?"
            raise DataError(f"no task {name!r} among the {len(self._examples)} here; {hint}")
        completion = Completion((Segment("policy", text),), "stop", policy="", version=0)
        return example, parse(
            completion, example, answer=self._template.answer, language=self._grader.language
        )


def _known(execution: Execution, name: str) -> Execution:
    if execution.status == "infrastructure":
        raise SandboxError(
            f"{name}: grading failed twice, and what the answer earns is not known: "
            f"{execution.detail}. `covet doctor` looks at the sandbox"
        )
    return execution


_opening = threading.Lock()


def opened(dataset: str, *, split: Split = "train", overrides: tuple[str, ...] = ()) -> Tasks:
    """The tasks of a dataset, opened the first time that this process asks, and closed as it ends:
    for frameworks that call a function by its name and leave it nowhere to keep a grader.
    """
    with _opening:
        return _open(dataset, split, overrides)


@cache
def _open(dataset: str, split: Split, overrides: tuple[str, ...]) -> Tasks:
    tasks = Tasks.open(dataset, split=split, overrides=overrides)
    atexit.register(tasks.close)
    return tasks
