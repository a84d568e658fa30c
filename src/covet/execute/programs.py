"""Programs × cases → the pass matrix: solutions of an instruction, run on inputs in the sandbox.

``ProgramGrader.matrix`` takes an example, solutions and cases and gives a ``PassMatrix`` whose
rows are the cases and whose columns are the solutions. Each different program meets each
different input once, however many cases and solutions share them, over all calls. A program's
process is only ever told the input: what is expected stays here, and here it is compared.

Verdicts: ``pass``; ``fail``, the program ended well with something else; ``error``, it raised,
exited with another status than 0, could not be compiled or wrote too much, or the case itself
cannot be read; ``timeout``, ``out_of_memory``, ``crash``; ``not_run`` after ``programs.timeouts``
inputs on which it ran out of time; ``infrastructure``, nothing is known, also not after a second
try.
"""

import hashlib
import os
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import covet
from covet.config import Config
from covet.errors import EnvironmentNotReady, UsageError
from covet.execute import programs_compare as compare
from covet.execute.workers import Workers, ended_early, open_sandbox
from covet.languages.python import PYTHON
from covet.records import Case, InstructionExample, PassMatrix, Solution, Verdict
from covet.runlog import encode
from covet.sandbox.base import Answer, Limits, Sandbox, Trial, WorkerSpec

Column = tuple[Verdict, ...]
"""One program's verdicts."""
CaseKind = Literal["stdio", "call", "test"]
LANGUAGES = ("python",)
TOGETHER = 8
"""Programs of one request."""
_REMEMBERED = 64 << 20
"""Bytes, about, of answers that are kept for later calls."""
_ERROR: Verdict = "error"


@dataclass(frozen=True, slots=True)
class ProgramJob:
    """One matrix to fill."""

    example: InstructionExample
    """Says how outputs are compared, what may be used, and which function is called; its own cases
    and reference have no part in it."""
    solutions: tuple[Solution, ...]
    cases: tuple[Case, ...]


OnMatrix = Callable[[str, PassMatrix], None]
"""Hears the key and the matrix of each job, as soon as it is done."""


def open_programs(config: Config) -> "ProgramGrader":
    """The grader that ``[programs]`` and ``[sandbox]`` describe. A context manager: its workers are
    opened when first needed and end with it.
    """
    return ProgramGrader(config, sandbox=open_sandbox(config.sandbox.kind))


class ProgramGrader:
    """Thread-safe."""

    def __init__(self, config: Config, *, sandbox: Sandbox) -> None:
        self.config = config
        settings = config.programs
        command = PYTHON.worker(_interpreter(settings.python))
        self._root = tempfile.TemporaryDirectory(prefix="covet-programs-")
        self.spec = WorkerSpec(
            command=command,
            root=Path(self._root.name),
            search_path=(),
            limits=Limits(
                settings.cpu_s, settings.wall_s, settings.memory_mb, _DISK_MB, settings.steps
            ),
            isolation=config.sandbox.isolation,
            serves="programs",
        )
        size = config.sandbox.workers or os.cpu_count() or 1
        self._workers = Workers(sandbox, self.spec, size)
        self._answers = _Answers()
        self._known: dict[str, PassMatrix] = {}

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
        """Ends every worker, also one that is busy."""
        self._workers.close()
        self._root.cleanup()

    # -------------------------------------------------------------------------- matrices

    def matrix(
        self, example: InstructionExample, solutions: Sequence[Solution], cases: Sequence[Case]
    ) -> PassMatrix:
        """``tests`` and ``programs`` are named by their positions, ``"0"``, ``"1"``, …; repetitions
        have rows and columns of their own.

        ``UsageError`` for a solution in a language that programs are not run in.
        """
        return self.matrices([ProgramJob(example, tuple(solutions), tuple(cases))])[0]

    def matrices(
        self, jobs: Sequence[ProgramJob], *, on_done: OnMatrix | None = None
    ) -> list[PassMatrix]:
        """One for each job, in order; in parallel over the workers. ``on_done`` hears them in the
        order in which they are done.
        """
        keys = [self.key(job) for job in jobs]
        new = {key: job for key, job in zip(keys, jobs, strict=True) if key not in self._known}
        found: dict[str, PassMatrix] = {}
        for key, matrix in self._filled(new):
            found[key] = matrix
            self.remember(key, matrix)
            if on_done is not None:
                on_done(key, matrix)
        return [found.get(key) or self._known[key] for key in keys]

    def _filled(self, jobs: Mapping[str, ProgramJob]) -> Iterator[tuple[str, PassMatrix]]:
        columns: dict[str, dict[str, Column]] = {key: {} for key in jobs}
        left = {key: _texts(job) for key, job in jobs.items()}
        yield from ((key, _assembled(jobs[key], {})) for key, texts in left.items() if not texts)
        with ThreadPoolExecutor(self._workers.size) as pool, ended_early(pool, self._workers):
            units = {
                pool.submit(self._columns, jobs[key], texts[start : start + TOGETHER]): key
                for key, texts in left.items()
                for start in range(0, len(texts), TOGETHER)
            }
            for unit in as_completed(units):
                key = units[unit]
                columns[key].update(unit.result())
                if len(columns[key]) == len(left[key]):
                    yield key, _assembled(jobs[key], columns.pop(key))

    def key(self, job: ProgramJob) -> str:
        """Equal where nothing that a verdict could depend on differs; stable over runs."""
        example = job.example
        for solution in job.solutions:
            if solution.language not in LANGUAGES:
                raise UsageError(
                    f"{example.id}: a solution is declared to be in {solution.language!r}; "
                    f"programs are run in: {', '.join(LANGUAGES)}"
                )
        texts = [solution.text for solution in job.solutions]
        task = (example.entry_point, example.comparison, self._limits(example))
        return _hash((covet.__version__, task, self._settings(), texts, job.cases))

    @property
    def known(self) -> frozenset[str]:
        """The keys of what would not be run."""
        return frozenset(self._known)

    def remember(self, key: str, matrix: PassMatrix) -> None:
        """Take ``matrix`` for the answer to ``key`` from now on, unless something is unknown in
        it.
        """
        if not any("infrastructure" in row for row in matrix.cells):
            self._known[key] = matrix

    def outputs(
        self, example: InstructionExample, solution: Solution, given: Sequence[Case]
    ) -> list[Answer]:
        """What a program answers to the inputs of cases, whatever they expect."""
        job = ProgramJob(example, (solution,), tuple(given))
        self.key(job)
        if not solution.text:
            return [_NO_PROGRAM for _ in given]
        (answers,) = self._answered(job, [solution.text])
        return [answers[case.kind, case.given] for case in given]

    # --------------------------------------------------------------------------- running

    def _columns(self, job: ProgramJob, texts: Sequence[str]) -> dict[str, Column]:
        """The verdicts of some of the job's programs, by their texts."""
        readable = [compare.is_readable(case) for case in job.cases]
        answered = self._answered(job, texts)
        verdicts = _Verdicts(self, job.example)
        return {
            text: tuple(
                verdicts.of(answers[case.kind, case.given], case) if known else _ERROR
                for case, known in zip(job.cases, readable, strict=True)
            )
            for text, answers in zip(texts, answered, strict=True)
        }

    def _answered(
        self, job: ProgramJob, texts: Sequence[str]
    ) -> list[dict[tuple[str, str], Answer]]:
        """For each program its answers, by kind and input."""
        found: list[dict[tuple[str, str], Answer]] = [{} for _ in texts]
        for kind in dict.fromkeys(case.kind for case in job.cases):
            inputs = tuple(dict.fromkeys(c.given for c in job.cases if c.kind == kind))
            trial = self._trial(job.example, kind, tuple(texts), inputs)
            for answers, row in zip(found, self.run(trial), strict=True):
                for given, answer in zip(inputs, row, strict=True):
                    answers[kind, given] = answer
        return found

    def _trial(
        self,
        example: InstructionExample,
        kind: CaseKind,
        texts: tuple[str, ...],
        inputs: tuple[str, ...],
    ) -> Trial:
        if kind != "stdio" and not example.entry_point:
            raise UsageError(f"{example.id}: its cases call a function, and none is named")
        settings = self.config.programs
        return Trial(
            kind,
            texts,
            inputs,
            entry_point="" if kind == "stdio" else example.entry_point,
            limits=self._limits(example),
            output_bytes=settings.output_kb << 10,
            timeouts=settings.timeouts,
        )

    def run(self, trial: Trial) -> list[tuple[Answer, ...]]:
        """One row for each program. What is known is not run again; what the infrastructure lost
        is asked for once more.
        """
        keys = [_hash((text, replace(trial, programs=(), inputs=()))) for text in trial.programs]
        with self._answers.held(keys) as known:
            wanted: dict[tuple[str, ...], list[int]] = {}
            for place, key in enumerate(keys):
                missing = tuple(given for given in trial.inputs if given not in known[key])
                if missing:
                    wanted.setdefault(missing, []).append(place)
            rows: list[dict[str, Answer]] = [dict(known[key]) for key in keys]
            for inputs, places in wanted.items():
                texts = tuple(trial.programs[place] for place in places)
                part = replace(trial, programs=texts, inputs=inputs)
                for place, row in zip(places, self._submitted(part), strict=True):
                    new = dict(zip(inputs, row, strict=True))
                    rows[place].update(new)
                    self._answers.add(keys[place], new)
        return [tuple(row[given] for given in trial.inputs) for row in rows]

    def _submitted(self, trial: Trial) -> list[tuple[Answer, ...]]:
        with self._workers.one() as worker:
            rows = list(worker.trial(trial))
            for place, row in enumerate(rows):
                lost = [number for number, one in enumerate(row) if one.end == "infrastructure"]
                if lost:
                    again = replace(
                        trial,
                        programs=(trial.programs[place],),
                        inputs=tuple(trial.inputs[number] for number in lost),
                    )
                    (second,) = worker.trial(again)
                    second_by_number = dict(zip(lost, second, strict=True))
                    rows[place] = tuple(
                        second_by_number.get(number, one) for number, one in enumerate(row)
                    )
        return rows

    def _settings(self) -> tuple[object, ...]:
        settings = self.config.programs
        return self.spec.command[0], self.spec.isolation, settings.output_kb, settings.timeouts

    def _limits(self, example: InstructionExample) -> Limits:
        own, base = example.limits, self.spec.limits
        return Limits(
            own.cpu_s or base.cpu_s,
            own.wall_s or max(base.wall_s, 3 * own.cpu_s),
            own.memory_mb or base.memory_mb,
            base.disk_mb,
            own.steps or base.steps,
        )


_DISK_MB = 16
_NO_PROGRAM = Answer("error", detail="there is no program")


def _interpreter(wanted: str) -> Path:
    path = Path(wanted or sys.executable)
    if not path.is_file():
        raise EnvironmentNotReady(f"{path}: no such interpreter; set programs.python")
    return path


def _hash(content: object) -> str:
    return hashlib.sha256(encode(content)).hexdigest()


def _texts(job: ProgramJob) -> list[str]:
    """The different programs."""
    return list(dict.fromkeys(solution.text for solution in job.solutions if solution.text))


def _assembled(job: ProgramJob, columns: Mapping[str, Column]) -> PassMatrix:
    none: Column = (_ERROR,) * len(job.cases)
    ordered = [columns.get(solution.text, none) for solution in job.solutions]
    return PassMatrix(
        tests=tuple(map(str, range(len(job.cases)))),
        programs=tuple(map(str, range(len(job.solutions)))),
        cells=tuple(
            tuple(column[number] for column in ordered) for number in range(len(job.cases))
        ),
    )


# -------------------------------------------------------------------------------- verdicts


class _Verdicts:
    """Of one example; what is compared often is compared once."""

    def __init__(self, grader: ProgramGrader, example: InstructionExample) -> None:
        self._grader = grader
        self._example = example
        self._known: dict[tuple[object, ...], Verdict] = {}

    def of(self, answer: Answer, case: Case) -> Verdict:
        if answer.end != "done":
            return answer.end
        given = case.given if self._example.comparison.mode == "checker" else ""
        key = (case.kind, given, case.expected, answer.text)
        if key not in self._known:
            self._known[key] = self._found(answer, case)
        return self._known[key]

    def _found(self, answer: Answer, case: Case) -> Verdict:
        comparison = self._example.comparison
        if comparison.mode != "checker" or case.kind == "test":
            return compare.verdict(answer, case, comparison)
        output = compare.shown(answer.text) if case.kind == "call" else answer.text
        asked = self._grader.run(
            Trial(
                "call",
                (comparison.checker,),
                (f"{case.given!r}, {case.expected!r}, {output!r}",),
                entry_point="check",
                limits=self._grader.spec.limits,
            )
        )
        said = asked[0][0]
        if said.end == "infrastructure":
            return "infrastructure"
        return "pass" if said.end == "done" and said.text == "true" else "fail"


# ---------------------------------------------------------------------------------- known


class _Answers:
    """What programs are known to answer, the least used forgotten first. Thread-safe."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, dict[str, Answer]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._held: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def held(self, keys: Sequence[str]) -> Iterator[dict[str, dict[str, Answer]]]:
        """What is known of these programs; nobody else runs them meanwhile."""
        with ExitStack() as stack:
            for key in sorted(set(keys)):
                stack.enter_context(self._own(key))
            with self._lock:
                for key in keys:
                    if key in self._rows:
                        self._rows.move_to_end(key)
                known = {key: dict(self._rows.get(key, {})) for key in keys}
            yield known

    @contextmanager
    def _own(self, key: str) -> Iterator[None]:
        with self._lock:
            lock, users = self._held.get(key, (threading.Lock(), 0))
            self._held[key] = lock, users + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, users = self._held.pop(key)
                if users > 1:
                    self._held[key] = lock, users - 1

    def add(self, key: str, answers: Mapping[str, Answer]) -> None:
        """Those that say something of the program."""
        kept = {given: one for given, one in answers.items() if one.end not in _NOTHING}
        with self._lock:
            self._rows.setdefault(key, {}).update(kept)
            self._size += sum(map(_weight, kept.values()))
            while self._size > _REMEMBERED and len(self._rows) > 1:
                _, dropped = self._rows.popitem(last=False)
                self._size -= sum(map(_weight, dropped.values()))


_NOTHING = frozenset({"infrastructure", "not_run"})


def _weight(answer: Answer) -> int:
    return len(answer.text) + len(answer.detail) + 200
