"""The channel to one worker process: start it, send it requests, read its cells, end it.

Messages are four bytes of length and then JSON, over a socket pair. The worker's supervisor
watches the socket: it ends everything that it started when ours is closed, by ``close`` or by
our own death. Whatever comes back is checked; what is malformed, late or cut off raises
``SandboxError``, after which the channel is closed.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from covet.errors import EnvironmentNotReady, IsolationUnavailable, SandboxError
from covet.records import Coverage
from covet.sandbox.base import Cell, Request, WorkerSpec

START_S = 60.0
"""How long a worker may take to be ready."""
GRACE_S = 10.0
"""How long a request may take beyond the wall time of its programs."""
_LARGEST = 128 << 20
_STDERR_TAIL = 2000
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Channel:
    """One worker process. Use from one thread."""

    def __init__(self, spec: WorkerSpec) -> None:
        self._spec = spec
        self._folder = tempfile.TemporaryDirectory(prefix="covet-", ignore_cleanup_errors=True)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by ``close``)
        self._socket, theirs = socket.socketpair()
        self._process = self._start(theirs)
        self.ready: dict[str, Any] = {}
        """What the worker said of itself: python, pytest, protections."""
        try:
            self._greet()
        except BaseException:
            self.close()
            raise

    def _start(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        with theirs:
            try:
                return subprocess.Popen(
                    [*self._spec.command, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._errors,
                    pass_fds=[theirs.fileno()],
                    env=_ENVIRONMENT | {"PYTHONHASHSEED": str(self._spec.hash_seed)},
                    cwd="/",
                    start_new_session=True,
                )
            except OSError as error:
                self._socket.close()
                self._errors.close()
                self._folder.cleanup()
                raise EnvironmentNotReady(
                    f"the interpreter {self._spec.command[0]} cannot be started ({error}); "
                    "set codebase.python to the one that the codebase's tests run with"
                ) from error

    def _greet(self) -> None:
        deadline = time.monotonic() + START_S
        spec = {
            "root": str(self._spec.root.resolve()),
            "search_path": list(self._spec.search_path),
            "limits": asdict(self._spec.limits),
            "isolation": self._spec.isolation,
            "scratch": self._folder.name,
            "home": str(Path.home()),
        }
        try:
            self._send(spec, deadline)
            answer = self._receive(deadline)
        except SandboxError as error:
            raise EnvironmentNotReady(
                f"the worker of {self._spec.root} does not start with "
                f"{self._spec.command[0]}: {error}"
            ) from error
        if answer.get("refused") == "isolation":
            raise IsolationUnavailable(str(answer.get("why")))
        if answer.get("refused"):
            raise EnvironmentNotReady(str(answer.get("why")))
        self.ready = answer.get("ready", {})

    # ------------------------------------------------------------------------- requests

    def cells(self, request: Request) -> Iterator[Cell]:
        """Cells as they come; raises ``SandboxError`` in the place of the first that does not.

        Closed early, it asks the worker for an end and waits for it.
        """
        limits = request.limits or self._spec.limits
        started = time.monotonic()
        finished = False
        self._send(_request_message(request), started + GRACE_S)
        try:
            for index, program in enumerate(request.programs):
                deadline = started + (index + 1) * (limits.wall_s + 0.5) + GRACE_S
                answer = self._receive(deadline)
                yield _cell(answer, index, program.id)
            self._expect_over(deadline=time.monotonic() + GRACE_S)
            finished = True
        except GeneratorExit:
            with contextlib.suppress(SandboxError):
                self._abandon()
                finished = True
            raise
        finally:
            if not finished:
                self.close()

    def _abandon(self) -> None:
        deadline = time.monotonic() + GRACE_S
        self._send({}, deadline)
        while "over" not in self._receive(deadline):
            pass

    def _expect_over(self, deadline: float) -> None:
        if "over" not in self._receive(deadline):
            raise SandboxError("the worker answered with more cells than there were programs")

    # ------------------------------------------------------------------------- messages

    def _send(self, message: dict[str, Any], deadline: float) -> None:
        body = json.dumps(message).encode("ascii")
        try:
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            self._socket.sendall(struct.pack(">I", len(body)) + body)
        except OSError as error:
            raise SandboxError(
                f"the worker does not listen ({error}){self._last_words()}"
            ) from error

    def _receive(self, deadline: float) -> dict[str, Any]:
        size = struct.unpack(">I", self._exactly(4, deadline))[0]
        if size > _LARGEST:
            raise SandboxError(f"the worker announced a message of {size} bytes")
        try:
            message = json.loads(self._exactly(size, deadline))
        except ValueError as error:
            raise SandboxError("the worker sent what is not JSON") from error
        if not isinstance(message, dict):
            raise SandboxError("the worker sent what is not a message")
        return message

    def _exactly(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise SandboxError("the worker did not answer in time")
            self._socket.settimeout(left)
            try:
                part = self._socket.recv(min(size - len(data), 1 << 20))
            except TimeoutError as error:
                raise SandboxError("the worker did not answer in time") from error
            except OSError as error:
                raise SandboxError(f"the worker is gone ({error}){self._last_words()}") from error
            if not part:
                raise SandboxError("the worker ended unexpectedly" + self._last_words())
            data += part
        return bytes(data)

    def _last_words(self) -> str:
        """The end of what the worker wrote to standard error."""
        if self._errors.closed:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _STDERR_TAIL))
        text = self._errors.read().decode(errors="replace").strip()
        return f"; it said: {text}" if text else ""

    # ------------------------------------------------------------------------------ end

    @property
    def is_open(self) -> bool:
        return self._socket.fileno() >= 0

    def close(self) -> None:
        """End the worker and everything that it started; safe to call twice."""
        if not self.is_open:
            return
        self._socket.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._errors.close()
        self._folder.cleanup()


def _request_message(request: Request) -> dict[str, Any]:
    """Without the programs' ids: a candidate shall not read them in memory."""
    return {
        "programs": [{"path": p.path, "source": p.source} for p in request.programs],
        "test_path": request.test_path,
        "test_source": request.test_source,
        "imports": list(request.imports),
        "traced": list(request.traced),
        "stop": request.stop_at_first_failure,
        "limits": None if request.limits is None else asdict(request.limits),
    }


_ENDS = frozenset({"done", "timeout", "out_of_memory", "crash", "infrastructure"})


def _cell(answer: dict[str, Any], index: int, program: str) -> Cell:
    try:
        if answer["cell"] != index or answer["end"] not in _ENDS:
            raise ValueError(answer["cell"], answer["end"])  # noqa: TRY301  (one boundary)
        return Cell(
            program=program,
            end=answer["end"],
            collected=tuple(answer.get("collected", ())),
            outcomes=tuple((test, verdict) for test, verdict in answer.get("outcomes", ())),
            error=answer.get("error", ""),
            covered={
                path: Coverage(frozenset(lines), frozenset((a, b) for a, b in branches))
                for path, (lines, branches) in answer.get("covered", {}).items()
            },
            detail=answer.get("detail", ""),
            cpu_s=float(answer.get("cpu_s", 0.0)),
            wall_s=float(answer.get("wall_s", 0.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SandboxError(f"the worker sent a malformed cell ({error!r})") from error


def infrastructure(request: Request, *, done: int, why: str) -> Iterator[Cell]:
    """Cells of which nothing is known, for the programs from ``done`` on."""
    for program in request.programs[done:]:
        yield Cell(program.id, "infrastructure", detail=why)
