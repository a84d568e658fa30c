"""HumanEval with recorded CodeGen-16B samples: solutions, and the same model's test cases.

    python -m bench.humaneval run --out DIR [--workers N] [--tasks N]
    python -m bench.humaneval table --out DIR [--json]

``run`` fills, for every task, the table of its 100 recorded solutions against all distinct
recorded cases and against the reference tests, a line of ``DIR/cells.jsonl`` for each task; it
can be stopped and called again. ``table`` reads that file and runs nothing.

The material is ``humaneval/`` in the folder that ``COVET_TEST_DATA`` names. A solution is the
prompt that its model was given and the recorded body, cut at the first line that is neither blank
nor indented; nothing is repaired. A recorded case is text that continues ``assert ``; those that
say that a call with literal arguments equals a literal become cases, others are counted.
"""

import argparse
import ast
import gzip
import json
import os
import random
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from covet import config
from covet.evaluate import best_of_n as best
from covet.evaluate.cells import MatrixRow, as_matrix, as_row
from covet.evaluate.fidelity import kendall_tau_b, spearman
from covet.evaluate.metrics import Bootstrap, estimate
from covet.execute.programs import ProgramGrader, ProgramJob, open_programs
from covet.records import Case, InstructionExample, PassMatrix, ProgramLimits, Solution
from covet.runlog import append_jsonl, read_jsonl, write_whole

FILES = ("HumanEval", "codegen16b_code_solution", "codegen16b_test_case", "prompts_code")
STEPS = 200_000
"""Turns of loops that a solution may take on one recorded case."""


@dataclass(frozen=True, slots=True)
class Material:
    """One task with what was recorded for it."""

    example: InstructionExample
    solutions: tuple[Solution, ...]
    cases: tuple[Case, ...]
    """The distinct ones, in the order of first writing."""
    by_sample: tuple[tuple[int, ...], ...]
    """For each recorded answer, which cases it has."""
    told: dict[str, int]
    """How many assertions became cases, and what the others are."""
    reference: Case
    reference_cases: tuple[Case, ...]
    """The assertions of the reference test that are cases."""

    @property
    def whole(self) -> InstructionExample:
        """With the time, and the turns, that a whole test takes."""
        limits = ProgramLimits(cpu_s=3.0, wall_s=9.0, steps=10_000_000)
        return replace(self.example, limits=limits)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``cells.jsonl``."""

    task: str
    key: str
    columns: tuple[str, ...]
    """For each solution a letter for each case, then one for the reference tests."""
    by_sample: tuple[tuple[int, ...], ...]
    told: dict[str, int]
    wall_s: float


def material(folder: Path | None = None) -> list[Material]:
    """Every task, in HumanEval's order; exits with words where the files are not there."""
    home = folder or Path(os.environ.get("COVET_TEST_DATA", "")) / "humaneval"
    missing = [name for name in FILES if not (home / f"{name}.jsonl.gz").is_file()]
    if missing:
        sys.exit(f"COVET_TEST_DATA does not name a folder with humaneval/{missing[0]}.jsonl.gz")
    tasks, solutions, tests, prompts = (_rows(home / f"{name}.jsonl.gz") for name in FILES)
    prompt_of = {row["task_id"]: row["prompt"] for row in prompts}
    bodies = {row["prompt"]: row["samples"] for row in solutions}
    asserted = {row["prompt"]: row["samples"] for row in tests}
    test_prompt = {
        row["task_id"]: row["prompt"] for row in _rows(home / "prompts_test_case.jsonl.gz")
    }
    return [
        _material(
            task,
            prompt_of[task["task_id"]],
            bodies[prompt_of[task["task_id"]]],
            asserted[test_prompt[task["task_id"]]],
        )
        for task in tasks
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _material(
    task: dict[str, Any], prompt: str, bodies: Sequence[str], tests: Sequence[str]
) -> Material:
    entry = task["entry_point"]
    right = task["prompt"] + task["canonical_solution"]
    told: Counter[str] = Counter()
    places: dict[Case, int] = {}
    by_sample = []
    for text in tests:
        found = list(recorded_cases(text, entry, told))
        by_sample.append(
            tuple(dict.fromkeys(places.setdefault(case, len(places)) for case in found))
        )
    example = InstructionExample(
        id=task["task_id"],
        instruction=prompt,
        entry_point=entry,
        reference=right,
        cases=(),
        split="heldout",
        limits=ProgramLimits(cpu_s=2.0, wall_s=6.0, steps=STEPS),
    )
    return Material(
        example,
        tuple(Solution(prompt + body_of(body), writer="codegen-16b") for body in bodies),
        tuple(places),
        tuple(by_sample),
        dict(told),
        Case("test", f"{right}\n{task['test']}\ncheck(candidate)\n", ""),
        tuple(dict.fromkeys(_asserted(task["test"]))),
    )


def _asserted(test: str) -> Iterator[Case]:
    """Of a reference test: a function ``check`` of one argument, ``candidate``."""
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Assert):
            _, case = _case(node.test, "candidate")
            if case is not None:
                yield case


def body_of(text: str) -> str:
    """Up to the first line that is neither blank nor indented."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip() and line[0] not in " \t":
            return "".join(lines[:number])
    return text


# ---------------------------------------------------------------------------------- cases


def recorded_cases(text: str, entry_point: str, told: Counter[str]) -> Iterator[Case]:
    """The cases of one recorded answer; ``told`` counts all of its assertions by what they are."""
    pieces = re.split(r"(?:^|\n)[ \t]*assert\b", "assert" + text)[1:]
    for piece in pieces:
        kind, case = _case(_assertion(piece), entry_point) if piece.strip() else ("empty", None)
        told[kind] += 1
        if case is not None:
            yield case


def _assertion(piece: str) -> ast.expr | None:
    """What is asserted: as much of the piece, by whole lines, as can be parsed."""
    lines = piece.strip().split("\n")
    for end in range(len(lines), 0, -1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # odd escapes are the author's affair
                (first, *_) = ast.parse("assert " + "\n".join(lines[:end])).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return first.test if isinstance(first, ast.Assert) else None
    return None


def _case(test: ast.expr | None, entry_point: str) -> tuple[str, Case | None]:
    if test is None:
        return "cannot be parsed", None
    if entry_point not in ast.unparse(test):
        return "does not call the function", None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return "no comparison", None
    if not isinstance(test.ops[0], ast.Eq):
        return "another comparison than ==", None
    called, result = test.left, test.comparators[0]
    if isinstance(result, ast.Call):
        called, result = result, called
    if not _is_call(called, entry_point):
        return "no call with literals on one side", None
    if not _is_literal(result):
        return "its result is no literal", None
    parts = [*map(ast.unparse, called.args)]
    parts += [f"{named.arg}={ast.unparse(named.value)}" for named in called.keywords]
    return "cases", Case("call", ", ".join(parts), ast.unparse(result))


def _is_call(node: ast.expr, entry_point: str) -> Any:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == entry_point
        and all(map(_is_literal, node.args))
        and all(named.arg and _is_literal(named.value) for named in node.keywords)
    )


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


# ------------------------------------------------------------------------------------ run


def run(out: Path, tasks: Sequence[Material], *, workers: int = 0) -> None:
    """Fill the tables that are not there yet."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "cells.jsonl"
    done = {row.key for row in read_jsonl(path, Row)} if path.exists() else set()
    settings = config.load(overrides=[f"sandbox.workers={workers}", "programs.timeouts=3"])
    started, pairs = time.monotonic(), 0
    with open_programs(settings) as grader:
        for number, one in enumerate(tasks, 1):
            job = ProgramJob(one.example, one.solutions, (*one.cases, one.reference))
            key = grader.key(job)
            if key in done:
                continue
            begun = time.monotonic()
            matrix = _filled(grader, one)
            row = Row(
                one.example.id,
                key,
                as_row(key, one.example.id, matrix).columns,
                one.by_sample,
                one.told,
                time.monotonic() - begun,
            )
            append_jsonl(path, row)
            pairs += len(one.solutions) * (len(one.cases) + 1)
            took = time.monotonic() - started
            print(
                f"{number}/{len(tasks)} {one.example.id}: {pairs} pairs in {took:.0f} s", flush=True
            )
        _fill_reference(grader, out / "reference.jsonl", tasks)
    if pairs:
        _note(out, pairs, time.monotonic() - started)


def _fill_reference(grader: ProgramGrader, path: Path, tasks: Sequence[Material]) -> None:
    """The reference tests' single assertions, where they are cases."""
    done = {row.key for row in read_jsonl(path, MatrixRow)} if path.exists() else set()
    for one in tasks:
        job = ProgramJob(one.example, one.solutions, one.reference_cases)
        if (key := grader.key(job)) not in done:
            append_jsonl(path, as_row(key, one.example.id, grader.matrices([job])[0]))


def _filled(grader: ProgramGrader, one: Material) -> PassMatrix:
    cases = grader.matrix(one.example, one.solutions, one.cases)
    reference = grader.matrix(one.whole, one.solutions, [one.reference])
    return PassMatrix((*cases.tests, "reference"), cases.programs, cases.cells + reference.cells)


def _note(out: Path, pairs: int, wall_s: float) -> None:
    path = out / "time.json"
    known = json.loads(path.read_text()) if path.exists() else {"pairs": 0, "wall_s": 0.0}
    total = {"pairs": known["pairs"] + pairs, "wall_s": known["wall_s"] + wall_s}
    write_whole(path, json.dumps(total).encode() + b"\n")


# ---------------------------------------------------------------------------------- table

SIZES = (2, 5, 10, 20, 32, 50, 100)
"""N."""
CASES = (1, 2, 4, 8, 16)
DRAWS = 10
"""Suites of one size that are drawn for a task."""
BOOTSTRAP = Bootstrap(2000)


@dataclass(frozen=True, slots=True)
class Task:
    """One row, as the measures want it."""

    name: str
    matrix: PassMatrix
    """Its recorded cases × its solutions."""
    right: tuple[float, ...]
    """Whether each solution passes the reference tests."""
    reference: PassMatrix
    """The single assertions of its reference test, where they are cases."""

    @property
    def scores(self) -> Sequence[float]:
        """The share of those that each solution passes; where there are none, ``right``."""
        return _known(best.shares(self.reference)) if self.reference.cells else self.right


def table(out: Path) -> dict[str, Any]:
    """All figures, from what ``run`` left."""
    rows = {row.task: row for row in read_jsonl(out / "cells.jsonl", Row)}
    single = {row.task: row for row in read_jsonl(out / "reference.jsonl", MatrixRow)}
    if missing := rows.keys() - single.keys():
        raise SystemExit(f"{out}: {len(missing)} tasks are not finished; call `run` again")
    tasks = [
        Task(
            name,
            _matrix([column[:-1] for column in row.columns]),
            tuple(float(column[-1] == "p") for column in row.columns),
            _matrix(single[name].columns),
        )
        for name, row in rows.items()
    ]
    cells = Counter(letter for row in rows.values() for column in row.columns for letter in column)
    told: Counter[str] = Counter()
    for row in rows.values():
        told.update(row.told)
    return {
        "tasks": len(tasks),
        "pairs": sum(cells.values()),
        "verdicts": dict(cells.most_common()),
        "assertions": dict(told.most_common()),
        "pass_at_1": asdict(estimate([best.at_random(one.right) for one in tasks], BOOTSTRAP)),
        "best_of_n": {str(n): _best_of(tasks, n) for n in SIZES},
        "recorded_cases": {str(k): _suites([one.matrix for one in tasks], tasks, k) for k in CASES},
        "reference_cases": {
            str(k): _suites([one.reference for one in tasks], tasks, k) for k in CASES
        },
        "time": json.loads((out / "time.json").read_text()) if (out / "time.json").exists() else {},
    }


def _matrix(columns: Sequence[str]) -> PassMatrix:
    tests = len(columns[0])
    return as_matrix(MatrixRow("", "", tests, tuple(columns)))


def _best_of(tasks: Sequence[Task], n: int) -> dict[str, Any]:
    rows = []
    for one in tasks:
        scores = _known(best.shares(one.matrix))
        row = {
            "random": best.at_random(one.right),
            "recorded cases": best.best_of_n(scores, one.right, n=n),
            "agreement": best.agreement(one.matrix, one.right, n=n),
            "oracle": best.oracle(one.right, n=n),
        }
        rows.append(row)
    found = {name: asdict(estimate([row[name] for row in rows], BOOTSTRAP)) for name in rows[0]}
    for name in ("recorded cases", "agreement"):
        gains = [row[name] - row["random"] for row in rows]
        found[f"gain by {name}"] = asdict(estimate(gains, BOOTSTRAP))
    return found


def _suites(matrices: Sequence[PassMatrix], tasks: Sequence[Task], size: int) -> dict[str, Any]:
    """Suites of ``size`` cases, or of all where there are fewer, drawn at random."""
    rows = []
    for matrix, one in zip(matrices, tasks, strict=True):
        drawn = random.Random(f"{one.name} {size}")
        found = []
        for _ in range(DRAWS):
            cases = drawn.sample(range(len(matrix.cells)), min(size, len(matrix.cells)))
            part = PassMatrix(
                tuple(map(str, cases)), matrix.programs, tuple(matrix.cells[c] for c in cases)
            )
            scores = _known(best.shares(part))
            found.append(
                (
                    spearman(scores, one.scores) or 0.0,
                    kendall_tau_b(scores, one.scores) or 0.0,
                    best.best_of_n(scores, one.right, n=32),
                )
            )
        rows.append([sum(values) / DRAWS for values in zip(*found, strict=True)])
    names = ("spearman", "kendall", "best_of_32")
    columns = zip(*rows, strict=True)
    return {
        name: asdict(estimate(list(values), BOOTSTRAP))
        for name, values in zip(names, columns, strict=True)
    }


def _known(scores: best.Scores) -> list[float]:
    """What failed through our own fault passes nothing here; ``verdicts`` counts it."""
    return [score or 0.0 for score in scores]


def show(found: dict[str, Any]) -> None:
    """As the page in ``docs`` has it."""
    print(f"{found['tasks']} tasks, {found['pairs']} pairs, {found['time']}")
    print("verdicts", found["verdicts"])
    print("assertions", found["assertions"])
    print("pass@1", _percent(found["pass_at_1"]))
    for name, rows in (
        ("N", found["best_of_n"]),
        ("recorded cases", found["recorded_cases"]),
        ("reference cases", found["reference_cases"]),
    ):
        columns = list(next(iter(rows.values())))
        print(f"\n| {name} | " + " | ".join(columns) + " |")
        print("|---" * (len(columns) + 1) + "|")
        for key, row in rows.items():
            print(f"| {key} | " + " | ".join(_percent(row[column]) for column in columns) + " |")


def _percent(told: dict[str, float]) -> str:
    return f"{100 * told['value']:.1f} [{100 * told['low']:.1f}, {100 * told['high']:.1f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("verb", choices=["run", "table"])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--tasks", type=int, default=0, help="the first so many; 0: all")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.verb == "run":
        run(given.out, material()[: given.tasks or None], workers=given.workers)
        return
    found = table(given.out)
    if given.json:
        print(json.dumps(found))
    else:
        show(found)


if __name__ == "__main__":
    main()
