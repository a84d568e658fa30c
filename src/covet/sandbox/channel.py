"""The channel to one worker process: start it, send it requests, read its cells, end it.

Messages are four bytes of length and then JSON, over a socket pair. The worker's supervisor
watches the socket: it ends everything that it started when ours is closed, by ``close`` or by
our own death. Whatever comes back is checked; what is malformed, late or cut off raises
``SandboxError``, after which the channel is closed.
"""

import contextlib
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

from covet.errors import EnvironmentNotReady, IsolationUnavailable, SandboxError
from covet.records import Coverage, Span, Verdict
from covet.sandbox.base import (
    Answer,
    Cell,
    Exchange,
    Exchanged,
    Program,
    Ran,
    Request,
    Trial,
    UsedFixture,
    WorkerSpec,
)

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
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow's, and so pandas'
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""A process with threads cannot be forked for the next candidate, and numeric libraries would
start one for each processor when they are imported."""


class Channel:
    """One worker process. Use from one thread."""

    def __init__(self, spec: WorkerSpec, *, hash_seed: int = 0) -> None:
        self._spec = spec
        self._hash_seed = hash_seed
        self._sets = ProgramSets()
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
                    env=_ENVIRONMENT | {"PYTHONHASHSEED": str(self._hash_seed)},
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
            "serves": self._spec.serves,
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

    def exchange(self, request: Exchange) -> Exchanged:
        """Raises ``SandboxError`` in the place of an answer."""
        limits = request.limits or self._spec.limits
        started = time.monotonic()
        most = (len(request.programs) + 2) * (limits.wall_s + 0.5) + GRACE_S + START_S
        finished = False
        try:
            self._send(_exchange_message(request, self._sets), started + GRACE_S)
            answer = self._receive(started + most)
            if "cells" not in answer:
                raise SandboxError("the worker lost the process that had the module loaded")
            found = _exchanged(request, answer["cells"])
            self._expect_over(deadline=time.monotonic() + GRACE_S)
            finished = True
        finally:
            if not finished:
                self.close()
        return found

    def answers(self, request: Trial) -> Iterator[Answer]:
        """Program by program as they come; raises ``SandboxError`` in the place of the first that
        does not. Closed early, it asks the worker for an end and waits for it.
        """
        limits = request.limits or self._spec.limits
        left = len(request.programs) * len(request.inputs)
        deadline = time.monotonic() + GRACE_S
        finished = False
        self._send(_trial_message(request), deadline)
        self._send_sealed(request, deadline)
        try:
            while left:
                most = len(request.inputs) * (limits.wall_s + 0.5) * _TRIES + GRACE_S
                told = _answers(self._receive(time.monotonic() + most), most=left)
                left -= len(told)
                yield from told
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

    def _send_sealed(self, request: Trial, deadline: float) -> None:
        self._send_all(b"".join(_sealed(request)), deadline)

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
        self._send_all(struct.pack(">I", len(body)) + body, deadline)

    def _send_all(self, data: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            self._socket.sendall(data)
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
        """How the worker ended, and the end of what it wrote to standard error."""
        if self._errors.closed:
            return ""
        how = ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(0.2)
            how = f" (by signal {-code})" if code < 0 else f" (with code {code})"
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _STDERR_TAIL))
        text = self._errors.read().decode(errors="replace").strip()
        return how + (f"; it said: {text}" if text else "")

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
        "together": False,
        "programs": [
            {"path": p.path, "source": p.source, "thorough": p.thorough} for p in request.programs
        ],
        "numbers": list(range(len(request.programs))),
        "test_path": request.test_path,
        "test_source": request.test_source,
        "imports": list(request.imports),
        "traced": list(request.traced),
        "focal": request.focal,
        "stop": request.stop_at_first_failure,
        "order": request.order,
        "plain": [],
        "by_test": request.by_test,
        "each_s": request.each_s,
        "disk": request.on_disk,
        "limits": None if request.limits is None else asdict(request.limits),
    }


# ----------------------------------------------------------------------------- exchanges


@dataclass(frozen=True, slots=True)
class _ProgramSet:
    key: int
    places: dict[str, int]
    """Of each text."""


class ProgramSets:
    """Which sets of programs the worker knows already. Many candidates are run against one."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, frozenset[str]], _ProgramSet] = OrderedDict()
        self._next = 0

    def find(self, base: Program, sources: frozenset[str]) -> tuple[_ProgramSet, bool, list[int]]:
        """The set, whether it is new, and the keys to forget."""
        name, forget = (base.path, base.source, sources), list[int]()
        is_new = name not in self._known
        if is_new:
            places = {source: place for place, source in enumerate(sources)}
            self._known[name] = _ProgramSet(self._next, places)
            self._next += 1
            if len(self._known) > _MOST_SETS:
                forget.append(self._known.popitem(last=False)[1].key)
        self._known.move_to_end(name)
        return self._known[name], is_new, forget


_MOST_SETS = 64


def _exchange_message(request: Exchange, sets: ProgramSets) -> dict[str, Any]:
    """The programs by their place in a set that is in no telling order, and without ids."""
    pool = request.pool
    found, is_new, forget = sets.find(request.base, pool) if pool else (None, False, [])
    spans = [program.lines or _EVERYWHERE for program in request.programs]
    known = request.known
    return {
        "together": True,
        "programs": [],
        "set": None if found is None else found.key,
        "forget": forget,
        "edits": _edits(request, list(found.places)) if found is not None and is_new else None,
        "schedule": [
            [found.places[program.source], span.first_line, span.last_line, program.thorough]
            for program, span in zip(request.programs, spans, strict=True)
            if found is not None
        ],
        "test_path": request.test_path,
        "test_source": request.test_source,
        "imports": list(request.imports),
        "libraries": list(request.libraries),
        "traced": [request.base.path],
        "focal": request.base.path,
        "stop": request.stop_at_first_failure,
        "order": request.order,
        "way": request.how,
        "plain": list(request.plain),
        "by_test": False,
        "each_s": 0.0,
        "collected": sorted(known.collected_lines) if known else [],
        "lines": {test: sorted(lines) for test, lines in known.lines.items()} if known else {},
        "test_steps": known.test_steps if known else {},
        "limits": None if request.limits is None else asdict(request.limits),
    }


_EVERYWHERE = Span(0, 1 << 30)


def _edits(request: Exchange, sources: Sequence[str]) -> dict[str, Any]:
    """Each program as one edit of the base; ``place``: a character of the function under test."""
    base = request.base
    starts = [0, *itertools.accumulate(map(len, base.source.splitlines(keepends=True)))]
    place = starts[min(request.place, len(starts)) - 1]
    return {
        "path": base.path,
        "base": base.source,
        "place": place,
        "edits": [_edit(base.source, source, place) for source in sources],
    }


def _edit(old: str, new: str, place: int) -> tuple[int, int, str]:
    """Characters from and to, and what stands there instead."""
    if old == new:
        return place, place, ""
    head = _common(len(old), len(new), lambda n: old[:n] == new[:n])
    most = min(len(old), len(new)) - head
    tail = _common(most, most, lambda n: old[len(old) - n :] == new[len(new) - n :])
    return head, len(old) - tail, new[head : len(new) - tail]


def _common(one: int, other: int, same: Callable[[int], bool]) -> int:
    """The greatest length up to which two texts are the same."""
    low, high = 0, min(one, other)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low


def _exchanged(request: Exchange, told: object) -> Exchanged:
    try:
        found = {int(number): dict(cell) for number, cell in told}  # type: ignore[attr-defined]
        original = found.pop(0, None)
        unfit = original is not None and original.get("end") == "unfit"
        stateful = bool(original and original.get("stateful"))
        complete = original is not None and "end" in original and not unfit
        cells = {}
        for number, cell in found.items():
            program = request.programs[number - 1]
            cells[program.id] = _program_cell(cell, program.id)
        first = _cell({**original, "cell": 0}, 0, "") if complete and original else None
    except SandboxError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise SandboxError(f"the worker sent malformed cells ({error!r})") from error
    return Exchanged(first, cells, stateful=stateful)


def _program_cell(told: dict[str, Any], program: str) -> Cell:
    """Of an exchanged program, of which there are many and little is told."""
    if told["end"] not in _ENDS:
        raise ValueError(told["end"])
    outcomes = tuple((_text(test), _verdict(verdict)) for test, verdict in told["outcomes"])
    return Cell(program, told["end"], outcomes=outcomes, steps=int(told["steps"]))


# -------------------------------------------------------------------------------- trials

_TRIES = 3
"""Processes that one program and one input may come to."""
_ANSWER_ENDS = frozenset(get_args(get_type_hints(Answer)["end"]))


def _trial_message(request: Trial) -> dict[str, Any]:
    sealed = request.kind == "test"
    return {
        "kind": request.kind,
        "programs": [len(text) for text in _encoded(request.programs)],
        "tests": [len(text) for text in _encoded(request.inputs)] if sealed else [],
        "inputs": [] if sealed else list(request.inputs),
        "entry_point": request.entry_point,
        "limits": None if request.limits is None else asdict(request.limits),
        "output_bytes": request.output_bytes,
        "timeouts": request.timeouts,
        "apart": request.apart,
    }


def _encoded(texts: Sequence[str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in texts]


def _sealed(request: Trial) -> list[bytes]:
    """What follows the message: programs, which are to know nothing of each other, and test
    programs, which say what is expected.
    """
    tests = request.inputs if request.kind == "test" else ()
    return _encoded((*request.programs, *tests))


def _answers(message: dict[str, Any], *, most: int) -> list[Answer]:
    try:
        rows = message["answers"]
        if not 0 < len(rows) <= most:
            raise ValueError(len(rows))  # noqa: TRY301  (one boundary)
        return [_answer(*row) for row in rows]
    except (LookupError, TypeError, ValueError) as error:
        raise SandboxError(f"the worker sent malformed answers ({error!r})") from error


def _answer(end: Any, text: object, detail: object) -> Answer:
    if end not in _ANSWER_ENDS:
        raise ValueError(end)
    return Answer(end, _text(text), _text(detail))


# --------------------------------------------------------------------------------- cells

_ENDS = frozenset({"done", "timeout", "out_of_memory", "crash", "forged", "infrastructure"})
_VERDICTS = frozenset(get_args(Verdict))


def _cell(answer: dict[str, Any], index: int, program: str) -> Cell:
    try:
        if answer["cell"] != index or answer["end"] not in _ENDS:
            raise ValueError(answer["cell"], answer["end"])  # noqa: TRY301  (one boundary)
        return Cell(
            program=program,
            end=answer["end"],
            collected=tuple(map(_text, answer.get("collected", ()))),
            outcomes=tuple(
                (_text(test), _verdict(verdict)) for test, verdict in answer.get("outcomes", ())
            ),
            error=_text(answer.get("error", "")),
            covered={
                _text(path): Coverage(
                    frozenset(map(int, lines)), frozenset((int(a), int(b)) for a, b in branches)
                )
                for path, (lines, branches) in answer.get("covered", {}).items()
            },
            lines={
                _text(test): frozenset(map(int, lines))
                for test, lines in answer.get("lines", {}).items()
            },
            collected_lines=frozenset(map(int, answer.get("collection", ()))),
            ran=tuple(map(_ran, answer.get("ran", ()))),
            detail=_text(answer.get("detail", "")),
            steps=int(answer.get("steps", 0)),
            test_steps={
                _text(test): int(steps) for test, steps in answer.get("test_steps", {}).items()
            },
            took={_text(test): _seconds(took) for test, took in answer.get("took", {}).items()},
            needs_disk=answer.get("needs_disk", False) is True,
            cpu_s=_seconds(answer.get("cpu_s", 0.0)),
            wall_s=_seconds(answer.get("wall_s", 0.0)),
        )
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise SandboxError(f"the worker sent a malformed cell ({error!r})") from error


def _ran(told: dict[str, Any]) -> Ran:
    return Ran(
        test=_text(told["test"]),
        path=_text(told["path"]),
        line=int(told["line"]),
        fixtures=tuple(
            UsedFixture(_text(name), _text(path), int(line), _text(gave))
            for name, path, line, gave in told["fixtures"]
        ),
        covered={
            _text(path): Coverage(
                frozenset(line for a, b in ranges for line in range(int(a), int(b) + 1)),
                frozenset((int(a), int(b)) for a, b in branches),
            )
            for path, (ranges, branches) in told["covered"].items()
        },
        direct=frozenset((_text(path), int(line)) for path, line in told["direct"]),
        indirect=frozenset((_text(path), int(line)) for path, line in told["indirect"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _verdict(value: object) -> Verdict:
    if value not in _VERDICTS:
        raise ValueError(value)
    return cast("Verdict", value)


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError(value)
    return float(value)


def infrastructure(request: Request, *, done: int, why: str) -> Iterator[Cell]:
    """Cells of which nothing is known, for the programs from ``done`` on."""
    for program in request.programs[done:]:
        yield Cell(program.id, "infrastructure", detail=why)
