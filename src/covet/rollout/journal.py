"""What grading found, as it is found: a resumed run is given the same verdicts for the same tests.

``grades.jsonl`` in the run directory, one verdict a line by the grader's key.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from covet.execute.grader import Grader
from covet.records import Execution
from covet.runlog import append_jsonl, read_jsonl

NAME = "grades.jsonl"


@dataclass(frozen=True, slots=True)
class _Grade:
    key: str
    execution: Execution


class Journal:
    """Called with a key and an execution, by any thread, it keeps them."""

    def __init__(self, folder: Path, grader: Grader) -> None:
        """The grader learns what the folder holds."""
        self._path = folder / NAME
        self._lock = threading.Lock()
        if self._path.exists():
            for grade in read_jsonl(self._path, _Grade):
                grader.remember(grade.key, grade.execution)

    def __call__(self, key: str, execution: Execution) -> None:
        if execution.status == "infrastructure":
            return  # it says nothing about the tests
        with self._lock:
            append_jsonl(self._path, _Grade(key, execution))
