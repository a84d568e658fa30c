"""A file of recorded candidates → one graded line each, and a summary.

A row names a segment of a file of the codebase and holds a whole test file that somebody wrote
for it. The focal code is the segment, its mutants are those on its lines, and its baseline is
what importing the module and running the existing suite cover. Rows are graded in any order and
written in the input's; an interrupted grading keeps the lines that were written.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from covet.errors import DataError
from covet.evaluate.metrics import Bootstrap, estimate_clusters
from covet.languages.base import Language
from covet.mine.functions import read_text
from covet.records import (
    Candidate,
    Coverage,
    Estimate,
    Execution,
    Function,
    FunctionExample,
    Span,
)
from covet.runlog import unzipped

CANDIDATE_PATH = "test_covet_candidate.py"
"""Where a recorded test file stands while it runs, relative to the codebase's root."""

Segment = tuple[str, int, int]
"""File, first line, last line."""


class RecordedCandidate(msgspec.Struct, frozen=True):
    """One row; other keys of the file are passed over."""

    file: str
    first_line: int
    last_line: int
    completion: str


def read_candidates(path: Path) -> list[RecordedCandidate]:
    """Every row of a JSON lines file, gzipped where its name ends in ``.gz``.

    Raises ``DataError`` that names the line.
    """
    rows: list[RecordedCandidate] = []
    for number, line in enumerate(unzipped(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=RecordedCandidate))
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise DataError(
                f"{path}, line {number}: {error}; a row needs file, first_line, last_line and "
                "completion"
            ) from error
    if not rows:
        raise DataError(f"{path}: no candidates in it")
    return rows


@dataclass(frozen=True, slots=True)
class Segments:
    """Turns rows into examples."""

    root: Path
    language: Language
    module_name: Callable[[str], str]

    def example(self, row: RecordedCandidate, *, number: int) -> FunctionExample:
        """The row's segment as a task, without its baseline.

        Raises ``DataError`` where the codebase has no such lines.
        """
        path = self._path(row.file, number=number)
        try:
            source = read_text(self.root / path)
            functions = self.language.functions(source, path=path, module=self.module_name(path))
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise DataError(
                f"candidate {number}: {row.file} cannot be read as Python in {self.root} "
                f"({type(error).__name__}); is --codebase the version that it was written for?"
            ) from error
        lines = [f"{line}\n" for line in source.removesuffix("\n").split("\n")]
        span = Span(row.first_line, row.last_line)
        if not 1 <= span.first_line <= span.last_line <= len(lines):
            raise DataError(
                f"candidate {number}: {row.file} has {len(lines)} lines, so {span.first_line} to "
                f"{span.last_line} is no segment of it; is --codebase another version?"
            )
        segment = "".join(lines[span.first_line - 1 : span.last_line])
        name = f"{span.first_line}-{span.last_line}"
        focal = _only_function(functions, span)
        return FunctionExample(
            id=f"{path}::{name}",
            function=Function(path, self.module_name(path), focal or name, span, segment),
            source_file=source,
            test_path=CANDIDATE_PATH,
            test_file="",
            tests=(),
            executable=Coverage(self.language.executable_lines(source, span)),
            baseline=Coverage(),
            split="heldout",
        )

    def _path(self, file: str, *, number: int) -> str:
        """Relative to the root, however it was written."""
        try:
            path = Path(os.path.normpath(self.root / file))
            if path.resolve().is_relative_to(self.root):
                return path.relative_to(self.root).as_posix()
        except (OSError, RuntimeError, ValueError) as error:
            raise DataError(f"candidate {number}: {file!r} is no path of a file") from error
        raise DataError(f"candidate {number}: {file} lies outside of {self.root}")


def _only_function(functions: Sequence[Function], span: Span) -> str:
    """The name of the one function that has lines in a segment; empty where there is not one."""
    found = [
        function.qualname
        for function in functions
        if function.span.first_line <= span.last_line and span.first_line <= function.span.last_line
    ]
    return found[0] if len(found) == 1 else ""


def with_baseline(example: FunctionExample, covered: Mapping[str, Coverage]) -> FunctionExample:
    """``covered``: by file, what importing its module and the existing suite cover."""
    function = example.function
    return replace(example, baseline=covered.get(function.path, Coverage()).within(function.span))


def as_candidate(row: RecordedCandidate) -> Candidate:
    """The row's test file, ready to run as it is."""
    return Candidate(path=CANDIDATE_PATH, source=row.completion, written=row.completion)


def graded_line(number: int, example: FunctionExample, execution: Execution) -> dict[str, Any]:
    """What is written for one candidate."""
    mutants = execution.mutants.programs if execution.mutants else ()
    return {
        "candidate": number,
        "file": example.function.path,
        "first_line": example.function.span.first_line,
        "last_line": example.function.span.last_line,
        "status": execution.status,
        "new_lines": sorted(execution.gained.lines),
        "new_branches": sorted(execution.gained.branches),
        "mutants_killed": len(execution.killed),
        "mutants": len(mutants),
        "survivors": [mutant for mutant in mutants if mutant not in execution.killed],
        "tests": execution.outcomes,
        "cpu_s": round(execution.cpu_s, 4),
        "wall_s": round(execution.wall_s, 4),
        "detail": execution.detail,
    }


def summarise(lines: Sequence[Mapping[str, Any]], *, bootstrap: Bootstrap) -> dict[str, Any]:
    """Counts by status, and rates over the candidates whose grading is known.

    Ranges are 95 % bootstraps over segments, because candidates for one segment share its
    difficulty. ``mutation_score`` is the mean share of the segment's mutants that a candidate
    kills; one that does not pass kills none. A segment without mutants has no part in it.
    """
    known = [line for line in lines if line["status"] != "infrastructure"]
    gains = [float(line["status"] == "ok" and bool(line["new_lines"])) for line in known]
    mutants = _mutants_by_segment(known)
    kills = [
        (segment(line), line["mutants_killed"] / mutants[segment(line)])
        for line in known
        if mutants.get(segment(line))
    ]
    return {
        "candidates": len(lines),
        "segments": len({segment(line) for line in lines}),
        "statuses": dict(Counter(str(line["status"]) for line in lines)),
        "coverage_increase_rate": _over_segments(
            [(segment(line), gain) for line, gain in zip(known, gains, strict=True)], bootstrap
        ),
        "mutation_score": _over_segments(kills, bootstrap),
        "cpu_s": round(sum(line["cpu_s"] for line in lines), 1),
    }


def segment(line: Mapping[str, Any]) -> Segment:
    return line["file"], line["first_line"], line["last_line"]


def _mutants_by_segment(lines: Sequence[Mapping[str, Any]]) -> dict[Segment, int]:
    """How many mutants each segment has; only passing candidates' lines tell."""
    return {segment(line): line["mutants"] for line in lines if line["mutants"]}


def _over_segments(
    values: Sequence[tuple[Segment, float]], bootstrap: Bootstrap
) -> Estimate | None:
    """None where there is nothing to measure on."""
    by_segment: dict[Segment, list[float]] = {}
    for name, value in values:
        by_segment.setdefault(name, []).append(value)
    return estimate_clusters(list(by_segment.values()), bootstrap) if by_segment else None
