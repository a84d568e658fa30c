"""The grader: many candidates of one codebase, over several warm workers.

``grade`` takes jobs and gives executions in the same order. It never runs the same candidate
for the same example twice, within a call or over calls; ``remember`` lets a resumed run hand
back what an earlier one found. An infrastructure failure is not remembered. Workers are opened
when they are first needed and closed with the grader, which is a context manager.
"""

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import covet
from covet.config import Config
from covet.errors import DataError
from covet.execute.codebase import Layout
from covet.execute.run import ORIGINAL, execute, once, submit
from covet.execute.workers import Workers, ended_early, open_sandbox
from covet.languages.base import Language
from covet.languages.python import PYTHON
from covet.records import Candidate, Execution, FunctionExample
from covet.runlog import encode
from covet.sandbox.base import (
    Cell,
    Limits,
    Program,
    Request,
    Sandbox,
    Worker,
    WorkerSpec,
)

T = TypeVar("T")
R = TypeVar("R")

Job = tuple[FunctionExample, Candidate]
OnDone = Callable[[str, Execution], None]
"""Hears the key and the execution of each candidate that was run, as soon as it has been."""


def open_grader(root: Path, config: Config, *, hash_seed: int = 0) -> "Grader":
    """The grader that the settings describe, for the codebase at ``root``."""
    return Grader(
        Layout.discover(root, config.codebase),
        config,
        language=PYTHON,
        sandbox=open_sandbox(config.sandbox.kind),
        hash_seed=hash_seed,
    )


class Grader:
    """Thread-safe."""

    def __init__(
        self,
        layout: Layout,
        config: Config,
        *,
        language: Language,
        sandbox: Sandbox,
        hash_seed: int = 0,
    ) -> None:
        self.layout = layout
        self.config = config
        self.language = language
        self.spec = WorkerSpec(
            command=language.worker(layout.interpreter),
            root=layout.root,
            search_path=layout.search_path,
            limits=_limits(config),
            isolation=config.sandbox.isolation,
        )
        self._hash_seed = hash_seed
        self._secret = os.urandom(16).hex()
        self._workers = Workers(sandbox, self.spec, config.sandbox.workers or os.cpu_count() or 1)
        self._known: dict[str, Execution] = {}
        self._texts: dict[str, str | None] = {}
        self._libraries_before: dict[str, list[str]] = {}
        self._before: dict[str, Future[tuple[str, ...] | None]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def side_by_side(self, call: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """What ``call`` gives for each, in order, as many at a time as candidates can run. The
        first error ends it: what has not begun is left out.
        """
        with ThreadPoolExecutor(self._workers.size) as pool:
            futures = [pool.submit(call, item) for item in items]
            with ended_early(pool, self._workers):
                return [future.result() for future in futures]

    def close(self) -> None:
        """Ends every worker, also one that is busy; what is under way fails."""
        self._workers.close()

    # ------------------------------------------------------------------------ candidates

    def grade(
        self,
        jobs: Sequence[Job],
        *,
        on_done: OnDone | None = None,
        wants_mutants: bool = True,
    ) -> list[Execution]:
        """One execution for each job, in order."""
        keys = [self.key(*job, wants_mutants=wants_mutants) for job in jobs]
        new = {key: job for key, job in zip(keys, jobs, strict=True) if key not in self._known}
        for example in {example.id: example for example, _ in new.values()}.values():
            self.check(example)
        found = self._run(new, on_done=on_done, wants_mutants=wants_mutants)
        return [found.get(key) or self._known[key] for key in keys]

    def key(
        self, example: FunctionExample, candidate: Candidate, *, wants_mutants: bool = True
    ) -> str:
        """Equal where nothing that a verdict could depend on differs, save the rest of the
        codebase. Stable over runs and machines.
        """
        content = (
            covet.__version__,
            (example.id, example.function, example.executable, example.baseline),
            (example.source_file, example.test_file),
            (candidate.path, candidate.source, candidate.problem, candidate.detail),
            (self.config.execute.model_dump(), wants_mutants),
            (self.spec.limits, self.spec.isolation, self._hash_seed),
        )
        return hashlib.sha256(encode(content)).hexdigest()

    def remember(self, key: str, execution: Execution) -> None:
        """Take ``execution`` for the answer to ``key`` from now on."""
        if execution.status != "infrastructure":
            self._known[key] = execution

    def _run(
        self, jobs: dict[str, Job], *, on_done: OnDone | None, wants_mutants: bool
    ) -> dict[str, Execution]:
        """In parallel. The first error ends it: what has not begun is left out."""
        if not jobs:
            return {}
        done: dict[str, Execution] = {}
        with ThreadPoolExecutor(min(self._workers.size, len(jobs))) as pool:
            futures = {
                pool.submit(self._execute, job, wants_mutants=wants_mutants): key
                for key, job in jobs.items()
            }
            with ended_early(pool, self._workers):
                for future in as_completed(futures):
                    key = futures[future]
                    done[key] = _result(future, jobs[key][0].id)
                    self.remember(key, done[key])
                    if on_done is not None:
                        on_done(key, done[key])
        return done

    def _execute(self, job: Job, *, wants_mutants: bool) -> Execution:
        example, candidate = job
        if candidate.problem:
            return Execution(candidate.problem, detail=candidate.detail)
        with self._workers.one() as worker:
            execution = self._executed(job, worker, wants_mutants=wants_mutants)
            if execution.mutants is None:
                return execution
            return replace(execution, killed_before=self._killed_before(example, worker))

    def _executed(self, job: Job, worker: Worker, *, wants_mutants: bool) -> Execution:
        return execute(
            *job,
            worker=worker,
            language=self.language,
            settings=self.config.execute,
            secret=self._secret + self.key(*job),
            libraries=self._libraries(job[0]),
            wants_mutants=wants_mutants,
        )

    def once(self, example: FunctionExample, candidate: Candidate) -> Execution:
        """See ``run.once``. Nothing is kept of it."""
        with self._workers.one() as worker:
            return once(
                example,
                candidate,
                worker=worker,
                language=self.language,
                settings=self.config.execute,
                libraries=self._libraries(example),
            )

    def _killed_before(self, example: FunctionExample, worker: Worker) -> tuple[str, ...] | None:
        """Found once for each function and test file, by whoever asks first; others wait."""
        tests = self.language.tests(example.test_file, path=example.test_path)
        if not tests:
            return ()
        job = example, Candidate(example.test_path, example.test_file, example.test_file)
        key = self.key(*job)
        with self._lock:
            is_first = key not in self._before
            future = self._before.setdefault(key, Future())
        if is_first:
            try:
                found = self._executed(job, worker, wants_mutants=True)
                future.set_result(found.killed if found.mutants is not None else None)
            except BaseException as error:
                future.set_exception(error)
                self._before.pop(key)
                raise
        return future.result()

    def _libraries(self, example: FunctionExample) -> tuple[str, ...]:
        """What its existing tests import, and what is read before them."""
        path = example.test_path
        if path not in self._libraries_before:
            self._libraries_before[path] = self._find_libraries_before(path)
        names = (*self._libraries_before[path], *self.language.imports(example.test_file))
        return tuple(dict.fromkeys(names))

    def _find_libraries_before(self, test_path: str) -> list[str]:
        names: list[str] = []
        for path in self.language.read_before(test_path):
            with contextlib.suppress(OSError, UnicodeDecodeError):  # candidates will hear of it
                text = (self.layout.root / path).read_bytes().decode("utf-8-sig")
                names += self.language.imports(text)
        return names

    def _text(self, path: str) -> str | None:
        """Of a file as it was when this was first asked; None where it cannot be read."""
        if path not in self._texts:
            self._texts[path] = _read(self.layout.root / path)
        return self._texts[path]

    def check(self, example: FunctionExample) -> None:
        """``DataError`` where the codebase no longer holds the text that the example is of."""
        path = example.function.path
        text = self._text(path)
        if text is not None and text != _newlines(example.source_file):
            raise DataError(
                f"{example.id}: {path} is not what it was when the task was made; mine again"
            )

    # --------------------------------------------------------------------- the codebase's

    def suite(
        self,
        test_path: str = ".",
        *,
        test_source: str | None = None,
        traced: Sequence[str] = (),
        imports: Sequence[str] = (),
        by_test: bool = False,
        again: bool = False,
        each_s: float = 0.0,
        timeout_s: float | None = None,
    ) -> Cell:
        """Existing tests against the codebase as it is.

        ``test_path``: a file, a folder, ``"."`` for everything, or ``""`` for no tests, imports
        alone; ``test_source`` stands in a file's place. ``by_test``: tell what each test ran.
        ``again``: in the opposite order, under another hash seed. Only time is limited otherwise
        than for a candidate: by ``codebase.suite_timeout_s``, or ``timeout_s``. ``each_s``: of one
        test; one that takes longer, or more steps than a candidate may, is given up for the next.
        """
        timeout_s = timeout_s or self.config.codebase.suite_timeout_s
        request = Request(
            programs=(Program(ORIGINAL),),
            test_path=test_path,
            test_source=test_source,
            imports=tuple(imports),
            traced=tuple(traced),
            by_test=by_test,
            order=-1 if again else 0,
            each_s=each_s,
            hash_seed=self._hash_seed + again,
            limits=replace(
                self.spec.limits,
                cpu_s=timeout_s,
                wall_s=timeout_s,
                steps=self.spec.limits.steps if each_s else 0,
            ),
        )
        with self._workers.one() as worker:
            (cell,) = submit(worker, request)
        return cell


def _limits(config: Config) -> Limits:
    settings = config.sandbox
    return Limits(
        cpu_s=settings.cpu_s,
        wall_s=settings.wall_s,
        memory_mb=settings.memory_mb,
        disk_mb=settings.disk_mb,
        steps=settings.steps,
    )


def _read(path: Path) -> str | None:
    """None where it is not UTF-8, and cannot be compared."""
    try:
        return _newlines(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); mine again") from error


def _newlines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _result(future: "Future[Execution]", example_id: str) -> Execution:
    try:
        return future.result()
    except Exception as error:
        error.add_note(f"while grading a candidate for {example_id}")
        raise
