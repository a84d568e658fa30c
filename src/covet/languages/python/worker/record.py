"""What a candidate's process says of itself, believed only as far as its form is right.

Every line begins with a word that only this worker's own code knows in that process: what
anything else writes on the pipe is told from it, and counts as meddling.
"""

from __future__ import annotations

import json
from typing import Any, Optional

_MOST_BYTES = 256 << 20  # of one process's report: a suite's coverage, or a flood
_VERDICTS = frozenset({"pass", "fail", "error", "timeout", "out_of_memory", "crash", "not_run"})
_ENDS = frozenset({"done", "timeout", "out_of_memory"})
_SAID = frozenset({"stateful", "look closer", "not possible"})
_MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class Record:
    """Lines as they come, and what they add up to."""

    def __init__(self, word: bytes) -> None:
        self.word = word
        self._rest = bytearray()
        self._size = 0
        self.end = ""
        self.malformed = False
        self.collected: list[str] = []
        self.outcomes: list[list[str]] = []
        self.error = ""
        self.detail = ""
        self.covered: dict[str, Any] = {}
        self.lines: dict[str, list[int]] = {}
        """By test: the lines of the file under test that it ran."""
        self.collection: list[int] = []
        """Lines of it that ran while the tests were collected."""
        self.test_steps: dict[str, int] = {}
        self.took: dict[str, float] = {}
        """By test: CPU seconds."""
        self.ran: list[dict[str, Any]] = []
        """What each test ran."""
        self.steps = 0
        self.forged = ""
        self.needs_disk = ""
        self.programs: list[tuple[int, list[list[Any]], int]] = []
        """Position in the schedule, [test, verdict] pairs, steps."""
        self.said = ""
        """Why the rest did not run in this way."""

    @property
    def complete(self) -> bool:
        return bool(self.end)

    @property
    def progress(self) -> int:
        """Grows with every program that is done."""
        return len(self.programs) + bool(self.test_steps)

    def feed(self, data: bytes) -> None:
        self._size += len(data)
        if b"\n" not in data:
            self._rest += data
        else:
            *lines, rest = (self._rest + data).split(b"\n")
            self._rest = bytearray(rest)
            self._take_all(lines)
        if self._size > _MOST_BYTES:
            self._is_malformed()

    def close(self) -> None:
        """Nothing more will come."""
        if self._rest and not self.word.startswith(bytes(self._rest[: len(self.word)])):
            self._is_malformed()

    def _is_malformed(self) -> None:
        self.malformed, self.end = True, ""

    def _take_all(self, lines: list[bytearray]) -> None:
        try:
            for line in lines:
                if not line.startswith(self.word):
                    raise ValueError(line[:40])
                kind, value = json.loads(line[len(self.word) :])
                if self.end and kind != "forged":
                    raise ValueError(kind)
                _TAKE[kind](self, value)
        except _MALFORMED:
            self._is_malformed()

    # --------------------------------------------------------------------------- lines

    def _take_end(self, value: Any) -> None:
        self.end = _one_of(value, _ENDS)

    def _take_collected(self, value: Any) -> None:
        if self.collected:
            raise ValueError(value)
        self.collected = [text(name, 4096) for name in value]

    def _take_outcome(self, value: Any) -> None:
        name, verdict = value
        self.outcomes.append([text(name, 4096), _one_of(verdict, _VERDICTS)])

    def _take_error(self, value: Any) -> None:
        self.error = self.error or text(value, 4096)

    def _take_detail(self, value: Any) -> None:
        self.detail = self.detail or text(value, 4096)

    def _take_covered(self, value: Any) -> None:
        if self.covered:
            raise ValueError(value)
        self.covered = {
            text(path, 4096): [
                [int(line) for line in lines],
                [[int(first), int(second)] for first, second in branches],
            ]
            for path, (lines, branches) in value.items()
        }

    def _take_lines(self, value: Any) -> None:
        self.lines = {
            text(name, 4096): [int(line) for line in lines] for name, lines in value.items()
        }

    def _take_ran(self, value: Any) -> None:
        self.ran.append(
            {
                "test": text(value["test"], 4096),
                "path": text(value["path"], 4096),
                "line": int(value["line"]),
                "fixtures": [
                    [text(name, 4096), text(path, 4096), int(line), text(gave, 4096)]
                    for name, path, line, gave in value["fixtures"]
                ],
                "covered": {
                    text(path, 4096): [_pairs(ranges), _pairs(branches)]
                    for path, (ranges, branches) in value["covered"].items()
                },
                "direct": [[text(path, 4096), int(line)] for path, line in value["direct"]],
                "indirect": [[text(path, 4096), int(line)] for path, line in value["indirect"]],
            }
        )

    def _take_collection(self, value: Any) -> None:
        self.collection = [int(line) for line in value]

    def _take_test_steps(self, value: Any) -> None:
        self.test_steps = {text(name, 4096): int(steps) for name, steps in value.items()}

    def _take_took(self, value: Any) -> None:
        name, seconds = value
        self.took[text(name, 4096)] = float(seconds)

    def _take_steps(self, value: Any) -> None:
        self.steps = int(value)

    def _take_program(self, value: Any) -> None:
        position, verdicts, steps = value
        pairs = [[text(test, 4096), _one_of(verdict, _VERDICTS)] for test, verdict in verdicts]
        self.programs.append((int(position), pairs, int(steps)))

    def _take_said(self, value: Any) -> None:
        self.said = _one_of(value, _SAID)

    def _take_forged(self, value: Any) -> None:
        self.forged = self.forged or text(value, 400)

    def _take_disk(self, value: Any) -> None:
        self.needs_disk = self.needs_disk or text(value, 400)


_TAKE = {
    "end": Record._take_end,  # noqa: SLF001
    "collected": Record._take_collected,  # noqa: SLF001
    "outcome": Record._take_outcome,  # noqa: SLF001
    "error": Record._take_error,  # noqa: SLF001
    "detail": Record._take_detail,  # noqa: SLF001
    "covered": Record._take_covered,  # noqa: SLF001
    "lines": Record._take_lines,  # noqa: SLF001
    "collection": Record._take_collection,  # noqa: SLF001
    "ran": Record._take_ran,  # noqa: SLF001
    "test_steps": Record._take_test_steps,  # noqa: SLF001
    "steps": Record._take_steps,  # noqa: SLF001
    "took": Record._take_took,  # noqa: SLF001
    "program": Record._take_program,  # noqa: SLF001
    "said": Record._take_said,  # noqa: SLF001
    "forged": Record._take_forged,  # noqa: SLF001
    "disk": Record._take_disk,  # noqa: SLF001
}


def _pairs(value: Any) -> list[list[int]]:
    return [[int(first), int(second)] for first, second in value]


def _one_of(value: object, known: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(value)
    return value


def text(value: object, most: int, /) -> str:
    """The end of a text, as one that can be sent; ``TypeError`` where it is none."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value[-most:].encode("utf-8", "backslashreplace").decode("utf-8")


def cell_of(record: Record, end: Optional[str] = None) -> dict[str, Any]:
    """What the record says of one program; ``end`` where the process did not tell itself."""
    meddled = record.forged or ("writes on the result channel" if record.malformed else "")
    told: dict[str, Any] = {
        "end": "forged" if meddled else end or record.end,
        "collected": record.collected,
        "outcomes": record.outcomes,
        "error": record.error,
        "covered": record.covered,
        "detail": meddled or record.detail,
        "steps": record.steps,
        "needs_disk": bool(record.needs_disk),
    }
    if record.took:
        told["took"] = record.took
    if record.ran:
        told["ran"] = record.ran
    if record.lines:
        told["lines"] = record.lines
        told["test_steps"] = record.test_steps
        told["collection"] = record.collection
    return told
