"""What a (program, input) pair costs, against a subprocess for each, as UTRL's script runs them.

    python -m bench.programs [--json] [--rounds N]

Both ways run the same programs on the same inputs and compare the same outputs, in turns, and are
told by the processor time of all processes. Ours runs in full isolation, workers started and ended
within what is counted; the other writes a file for each pair and starts an interpreter, without
any sandbox. A verdict that differs ends the benchmark.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from covet import config
from covet.execute.programs import open_programs
from covet.records import Case, InstructionExample, Solution

PLAIN = (
    "n, *rest = map(int, input().split())\nprint(sum(rest) % n)\n",
    (
        "import sys\nfrom collections import Counter\ndata = sys.stdin.read().split()[1:]\n"
        "best = max(Counter(data).values())\nprint(best)\n"
    ),
    "n, *rest = map(int, input().split())\nrest.sort()\nprint(rest[0] + rest[-1])\n",
    (
        "n, *rest = map(int, input().split())\nbest = now = 0\nfor x in rest:\n"
        "    now = max(0, now + x)\n    best = max(best, now)\nprint(best)\n"
    ),
)
APART = tuple("import os\n" + text for text in PLAIN)
"""The same, so that each input has a process of its own."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is run."""

    name: str
    programs: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time for one pair: the median of the rounds."""

    load: str
    pairs: int
    ours_ms: float
    subprocess_ms: float
    subprocess_pairs: int
    times: float


def loads() -> list[Load]:
    inputs = tuple(
        f"{n + 2} " + " ".join(str((n * 7919 + k * 104729) % 1000 - 300) for k in range(20)) + "\n"
        for n in range(90)
    )
    many = tuple(f"{text}# {copy}\n" for copy in range(20) for text in PLAIN)
    apart = tuple(f"{text}# {copy}\n" for copy in range(2) for text in APART)
    return [
        Load("plain, 90 inputs a program", many, inputs),
        Load("plain, 12 inputs a program", many, inputs[:12]),
        Load("a process an input, 12 inputs", apart, inputs[:12]),
    ]


def measure(load: Load, *, rounds: int, sample: int) -> Cost:
    """``sample``: pairs that the slow way is given."""
    pairs = [(text, given) for text in load.programs for given in load.inputs]
    step = max(1, len(pairs) // sample)
    few = pairs[::step][:sample]
    expected = {pair: run_once(*pair) for pair in few}
    ours, theirs = [], []
    for _ in range(rounds):
        with clock() as spent:
            matrix = fill(load)
        ours.append(spent() / len(pairs))
        for text, given in few:
            place = load.inputs.index(given), load.programs.index(text)
            if matrix[place[0]][place[1]] != "pass":
                sys.exit(f"{load.name}: {text!r} on {given!r} is {matrix[place[0]][place[1]]}")
        with clock() as spent:
            again = [run_once(text, given) for text, given in few]
        theirs.append(spent() / len(few))
        if again != [expected[pair] for pair in few]:
            sys.exit(f"{load.name}: a program does not repeat itself")
    one, other = median(ours) * 1000, median(theirs) * 1000
    return Cost(load.name, len(pairs), one, other, len(few), other / one)


def fill(load: Load) -> list[tuple[str, ...]]:
    """One row for each input; what is expected is what the first program of its kind gives."""
    settings = config.load(overrides=["sandbox.workers=1"])
    task = InstructionExample("bench", "", "", "", (), "heldout")
    kinds = len(PLAIN)
    with open_programs(settings) as grader:
        solutions = [Solution(text) for text in load.programs]
        answers = [
            grader.outputs(task, solutions[kind], [Case("stdio", one, "") for one in load.inputs])
            for kind in range(kinds)
        ]
        rows: list[list[str]] = [[""] * len(solutions) for _ in load.inputs]
        for kind in range(kinds):
            cases = [
                Case("stdio", given, answer.text)
                for given, answer in zip(load.inputs, answers[kind], strict=True)
            ]
            places = range(kind, len(solutions), kinds)
            matrix = grader.matrix(task, [solutions[place] for place in places], cases)
            for number, row in enumerate(matrix.cells):
                for place, verdict in zip(places, row, strict=True):
                    rows[number][place] = verdict
    return [tuple(row) for row in rows]


def run_once(text: str, given: str) -> str:
    """A file and an interpreter for one pair."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "solution.py")
        path.write_text(text)
        done = subprocess.run(
            [sys.executable, str(path)],
            input=given,
            capture_output=True,
            text=True,
            timeout=10,
            cwd=folder,
            check=True,
        )
    return done.stdout


@contextmanager
def clock() -> Iterator[Callable[[], float]]:
    """Processor seconds of this process and of its children that have ended."""
    begun = sum(os.times()[:4])
    ended = [0.0]
    yield lambda: ended[0] - begun
    ended[0] = sum(os.times()[:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=40)
    given = parser.parse_args()
    costs = [measure(load, rounds=given.rounds, sample=given.sample) for load in loads()]
    if given.json:
        print(json.dumps([asdict(cost) for cost in costs]))
        return
    print(f"{'':34}{'pairs':>7}{'ours, ms':>10}{'subprocess, ms':>16}{'times':>8}")
    for cost in costs:
        print(
            f"{cost.load:34}{cost.pairs:7}{cost.ours_ms:10.3f}{cost.subprocess_ms:16.1f}"
            f"{cost.times:8.0f}"
        )


if __name__ == "__main__":
    main()
