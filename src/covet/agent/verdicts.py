"""What people did with a Proposal → verdicts, and tasks to learn from.

A test that stands in the codebase as it was proposed, layout aside, was accepted; one whose name is
there with another body was accepted with changes; one that is not there was dismissed. Accepted
tests, as people left them, become the references of a dataset that ``covet warmup`` learns from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from covet.languages.base import Language
from covet.mine.functions import read_text
from covet.records import FunctionExample, Proposal, Reference, TestCase
from covet.secrets import detector


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one test."""

    example_id: str
    path: str
    name: str
    policy: str
    said: Literal["accepted", "changed", "dismissed"]
    proposed: str
    kept: str
    """As it stands in the codebase; empty where it does not."""


def verdicts(root: Path, proposal: Proposal, *, language: Language) -> Iterator[Verdict]:
    """One for each test of the proposal, by what the codebase at ``root`` holds now."""
    there: dict[str, tuple[TestCase, ...]] = {}
    for test in proposal.tests:
        if test.path not in there:
            there[test.path] = _tests(root / test.path, test.path, language)
        same = [case for case in there[test.path] if _alike(case.source, test.source, language)]
        named = [case for case in there[test.path] if case.qualname == test.name]
        found = next(iter(same or named), None)
        yield Verdict(
            test.example_id,
            test.path,
            test.name,
            test.policy,
            "accepted" if same else "changed" if named else "dismissed",
            test.source,
            found.source if found else "",
        )


def _tests(file: Path, path: str, language: Language) -> tuple[TestCase, ...]:
    try:
        return language.tests(read_text(file), path=path)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ()


def _alike(one: str, other: str, language: Language) -> bool:
    return one.split() == other.split() or language.tokens(one) == language.tokens(other)


def references(
    root: Path,
    examples: Sequence[FunctionExample],
    found: Sequence[Verdict],
    *,
    language: Language,
) -> dict[str, Reference]:
    """By example, the tests that were accepted, as they stand in the codebase now."""
    made: dict[str, Reference] = {}
    for example in examples:
        kept = {v.kept for v in found if v.example_id == example.id and v.kept}
        if not kept:
            continue
        text = read_text(root / example.test_path)
        tests = tuple(
            case for case in language.tests(text, path=example.test_path) if case.source in kept
        )
        answer = detector().redact(language.written_anew(text, tests))
        made[example.id] = Reference(example.id, tests, answer, text)
    return made
