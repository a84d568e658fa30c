"""Several warm workers of one kind, lent to one thread at a time."""

import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from covet.errors import SandboxError
from covet.sandbox.base import (
    Answer,
    Cell,
    Exchange,
    Exchanged,
    Request,
    Sandbox,
    Trial,
    Worker,
    WorkerSpec,
)


def open_sandbox(kind: str) -> Sandbox:
    if kind == "process":
        from covet.sandbox.process import ProcessSandbox

        return ProcessSandbox()
    from covet.sandbox.forkserver import ForkServerSandbox

    return ForkServerSandbox()


@contextmanager
def ended_early(pool: ThreadPoolExecutor, workers: "Workers") -> Iterator[None]:
    """On the way out by an error, nothing more begins; by an interrupt, workers end too."""
    try:
        yield
    except BaseException as error:
        pool.shutdown(wait=False, cancel_futures=True)
        if not isinstance(error, Exception):
            workers.close()
        raise


class Workers:
    """At most ``size`` workers, each used by one thread at a time."""

    def __init__(self, sandbox: Sandbox, spec: WorkerSpec, size: int) -> None:
        self.size = size
        self._sandbox = sandbox
        self._spec = spec
        self._free: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        self._open: list[Worker] = []
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(size):
            self._free.put(None)

    @contextmanager
    def one(self) -> Iterator[Worker]:
        """One that is warm before one that must be opened; one that failed is not used again."""
        slot = self._free.get()
        try:
            worker = slot or self._opened()
        except BaseException:
            self._free.put(None)
            raise
        try:
            yield _UntilClosed(worker, self)
        except BaseException:
            self._discard(worker)
            self._free.put(None)
            raise
        self._free.put(worker)

    def check_open(self) -> None:
        if self._closed:
            raise SandboxError("the grader is closed")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            workers = list(self._open)
            self._open.clear()
        for worker in workers:
            worker.close()

    def _opened(self) -> Worker:
        self.check_open()
        worker = self._sandbox.open(self._spec)
        with self._lock:
            self._open.append(worker)
        if self._closed:
            worker.close()
        return worker

    def _discard(self, worker: Worker) -> None:
        with self._lock:
            if worker in self._open:
                self._open.remove(worker)
        worker.close()


class _UntilClosed:
    """A worker that the closing of its grader does not bring back to life by a new request."""

    def __init__(self, worker: Worker, workers: Workers) -> None:
        self._worker = worker
        self._workers = workers

    def submit(self, request: Request) -> Iterator[Cell]:
        self._workers.check_open()
        return self._worker.submit(request)

    def exchange(self, request: Exchange) -> Exchanged:
        self._workers.check_open()
        return self._worker.exchange(request)

    def trial(self, request: Trial) -> Iterator[tuple[Answer, ...]]:
        self._workers.check_open()
        return self._worker.trial(request)

    def close(self) -> None:
        self._worker.close()
