"""What is read of the rows that a run and a dataset leave: loosely, so that rows of other versions
of Covet, and of other kinds of learning, can be looked at too.

A key that is not known here is shown under its name; one that is absent has a default.
"""

from typing import Annotated, Any

import msgspec

from covet.errors import DataError
from covet.inspector.page import visible
from covet.runlog import decode

Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""A number that a database holds."""


class RolloutRow(msgspec.Struct, frozen=True):
    """A line of ``rollouts.jsonl``."""

    example_id: str
    step: Whole = 0
    sample: Whole = 0
    version: Whole = 0
    status: str = ""
    reward: float = 0.0
    advantage: float | None = None
    tokens: Whole = 0
    finish: str = ""
    gained_lines: Whole = 0
    mutants: Whole = 0
    killed: Whole = 0
    completion: str = ""
    prompt: str = ""
    detail: str = ""
    terms: dict[str, float] = {}
    refused: list[str] = []


class FunctionHead(msgspec.Struct, frozen=True):
    """Of a task's function."""

    path: str = ""
    qualname: str = ""


class TestHead(msgspec.Struct, frozen=True):
    """Of one of its tests."""

    evidence: list[str] = []


class CoverageHead(msgspec.Struct, frozen=True):
    """Lines of a function."""

    lines: list[int] = []


class TaskHead(msgspec.Struct, frozen=True):
    """What lists tell of a line of a dataset."""

    id: str
    kind: str = "function"
    split: str = ""
    function: FunctionHead = FunctionHead()
    tests: list[TestHead] = []
    executable: CoverageHead = CoverageHead()
    baseline: CoverageHead = CoverageHead()
    diff: str = ""


class EvaluatedSample(msgspec.Struct, frozen=True):
    """One of the samples in such a line."""

    status: str = ""
    reward: float = 0.0
    gained: list[int] = []
    killed: list[str] = []


class EvaluatedHead(msgspec.Struct, frozen=True):
    """What lists tell of a line of an evaluation."""

    example_id: str
    version: Whole = 0
    split: str = ""
    path: str = ""
    policy: str = ""
    mutants: dict[str, str] = {}
    samples: list[EvaluatedSample] = []


def everything(line: bytes) -> dict[str, Any]:
    """All that a line holds; empty where it cannot be read."""
    try:
        return decode(line, dict[str, Any])
    except DataError:
        return {}


def suspicion(row: RolloutRow) -> tuple[float, tuple[str, ...]]:
    """How much a rollout asks to be looked at, and why: the first place to look for a policy that
    has found out how to be paid for nothing.
    """
    found: list[tuple[float, str]] = [(2.0, f"refused, {reason}") for reason in row.refused]
    if row.status == "forged":
        found.append((3.0, "meddled with its own grading"))
    if row.reward > 0 and row.mutants and not row.killed:
        found.append((1.0, f"earned {row.reward:.2f} and killed none of {row.mutants} mutants"))
    if visible(row.completion) != row.completion:
        found.append((1.0, "holds characters that do not show"))
    found += [(abs(value), f"{name} {value:.2g}") for name, value in row.terms.items() if value < 0]
    return sum(weight for weight, _ in found), tuple(reason for _, reason in found)
