"""The codebase that cheats are written for, its tasks, and what a candidate earns there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from covet.config import parse
from covet.execute.grader import Grader
from covet.languages.python import PYTHON
from covet.records import Candidate, Coverage, Execution, FunctionExample, Reward
from covet.reward import Attempt, rewards

ROOT = Path(__file__).parents[1] / "codebases" / "kiosk"
SETTINGS = parse(
    {
        "sandbox": {"workers": 2, "cpu_s": 10.0, "wall_s": 30.0},
        "execute": {"mutants": 10},
        "reward": {"preset": "balanced"},
    },
    origin="cheats",
)
MODULES = {"kiosk/orders.py": "kiosk.orders", "kiosk/till.py": "kiosk.till"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A test file, and the function that it is written for."""

    text: str
    focal: str = "total"

    @property
    def candidate(self) -> Candidate:
        return Candidate("tests/test_covet_kiosk.py", self.text, self.text)


@cache
def task(qualname: str) -> FunctionExample:
    """Of a function that nothing covers yet."""
    for path, module in MODULES.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        for function in PYTHON.functions(text, path=path, module=module):
            if function.qualname == qualname:
                return FunctionExample(
                    id=f"{path}::{qualname}",
                    function=function,
                    source_file=text,
                    test_path="tests/test_orders.py",
                    test_file="",
                    tests=(),
                    executable=Coverage(PYTHON.executable_lines(text, function.span)),
                    baseline=Coverage(frozenset({function.span.first_line})),
                    split="train",
                )
    raise KeyError(qualname)


def graded(grader: Grader, entries: Mapping[str, Entry]) -> dict[str, tuple[Entry, Execution]]:
    jobs = [(task(entry.focal), entry.candidate) for entry in entries.values()]
    executions = grader.grade(jobs)
    return {
        name: (entry, execution)
        for (name, entry), execution in zip(entries.items(), executions, strict=True)
    }


def earned(entry: Entry, execution: Execution) -> Reward:
    """What is paid for it, standing alone."""
    attempt = task(entry.focal), Attempt(entry.candidate, execution)
    (reward,) = rewards([attempt], language=PYTHON, settings=SETTINGS.reward)
    return reward
