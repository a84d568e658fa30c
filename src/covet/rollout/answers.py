"""A policy writes suites or solutions for instructions into a file, a row for each answer.

Rows are appended as they come, and an example's rows are complete or are written again: a file that
was left in the middle is gone on with, to the same rows. ``read_suites`` and ``read_solutions``
give the records back. An example whose prompt does not fit gets rows too, with a problem and no
text: nothing is missing from a file silently.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from covet.config import Config
from covet.policy.base import Draw, Policy
from covet.prompt.roles import Role, load_role, role_names
from covet.prompt.solutions import parse_solution
from covet.records import Case, Completion, InstructionExample, Solution, Suite
from covet.rollout.instructions import Asker
from covet.runlog import append_jsonl, read_jsonl

TOO_LONG = "prompt_too_long"


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """One line of a file of suites; a ``Suite`` with where it comes from."""

    example_id: str
    sample: int
    cases: tuple[Case, ...]
    refused: tuple[str, ...]
    writer: str
    version: int
    response: str
    """The whole answer."""
    finish: str
    tokens: int
    problem: str = ""
    """Why nobody was asked."""


@dataclass(frozen=True, slots=True)
class SolutionRow:
    """One line of a file of solutions; a ``Solution`` with where it comes from."""

    example_id: str
    sample: int
    text: str
    """The program; empty where the answer holds none."""
    language: str
    writer: str
    version: int
    response: str
    finish: str
    tokens: int
    problem: str = ""
    """Why there is no program."""


Row = SuiteRow | SolutionRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written, and by whom."""

    policy: Policy
    asker: Asker
    samples: int
    key: tuple[int | str, ...]
    """Names the draws; an example's own are by its id."""
    together: int
    """Examples that are asked about at a time, and what an interruption can lose."""


def asker_for(policy: Policy, config: Config, role: Role) -> Asker:
    """In the words of the settings' template, else of the one that the model is made for."""
    given = config.suites.tests_template if role == "tests" else config.suites.solutions_template
    own = policy.template if policy.template in role_names(role) else "default"
    budget = config.prompt.tokens or policy.prompt_tokens
    return Asker(load_role(role, given or own), config.suites, budget, policy.count_tokens)


def write_answers(
    path: Path,
    examples: Sequence[InstructionExample],
    wanted: Wanted,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
) -> None:
    """All rows for the examples, in their order; those that are there are kept."""
    row = SuiteRow if wanted.asker.template.role == "tests" else SolutionRow
    have: dict[str, set[int]] = {}
    for one in read_jsonl(path, row) if path.exists() else ():
        have.setdefault(one.example_id, set()).add(one.sample)
    todo = [one for one in examples if len(have.get(one.id, ())) < wanted.samples]
    done = len(examples) - len(todo)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    for start in range(0, len(todo), wanted.together):
        part = todo[start : start + wanted.together]
        for written in _answers(part, wanted):
            append_jsonl(path, written)
        on_progress(done + start + len(part))


def _answers(examples: Sequence[InstructionExample], wanted: Wanted) -> list[Row]:
    asked = [(one, prompt) for one in examples if (prompt := wanted.asker.prompt(one)) is not None]
    draws = [Draw(prompt, wanted.samples, (*wanted.key, one.id)) for one, prompt in asked]
    answers = wanted.policy.sample(draws) if draws else []
    by_id = {one.id: given for (one, _), given in zip(asked, answers, strict=True)}
    return [
        _row(one, number, completion, wanted)
        for one in examples
        for number, completion in enumerate(by_id.get(one.id, [None] * wanted.samples))
    ]


def _row(
    example: InstructionExample, sample: int, completion: Completion | None, wanted: Wanted
) -> Row:
    policy, is_suite = wanted.policy, wanted.asker.template.role == "tests"
    if completion is None:
        bare = (policy.name, policy.version, "", "", 0, TOO_LONG)
        if is_suite:
            return SuiteRow(example.id, sample, (), (), *bare)
        return SolutionRow(example.id, sample, "", "python", *bare)
    tokens = sum(len(segment.token_ids) for segment in completion.segments)
    told = (completion.policy, completion.version, completion.text, completion.finish, tokens)
    if is_suite:
        suite = wanted.asker.suite(completion, example)
        return SuiteRow(example.id, sample, suite.cases, suite.refused, *told)
    solution, problem = parse_solution(completion, example)
    return SolutionRow(example.id, sample, solution.text, solution.language, *told, problem)


def read_suites(path: Path) -> dict[str, list[Suite]]:
    """By example, in the order of the samples; later rows of a sample hold."""
    rows = {(row.example_id, row.sample): row for row in read_jsonl(path, SuiteRow)}
    found: dict[str, list[Suite]] = {}
    for (name, _), row in sorted(rows.items()):
        found.setdefault(name, []).append(Suite(name, row.cases, row.refused, row.writer))
    return found


def read_solutions(path: Path) -> dict[str, list[Solution]]:
    """Likewise; those without a program are among them, with an empty text."""
    rows = {(row.example_id, row.sample): row for row in read_jsonl(path, SolutionRow)}
    found: dict[str, list[Solution]] = {}
    for (name, _), row in sorted(rows.items()):
        found.setdefault(name, []).append(Solution(row.text, row.language, row.writer))
    return found
