"""One candidate: the init of its processes, which runs one program after the other.

The init gives up every right before the first candidate starts, so that it is worth no more to
a candidate than the candidate itself. It forks a child for each program, listens to it, ends
everything that it left running, and sends its cell. When a program left files behind, the init
ends and asks the warm process for a successor with a fresh temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NoReturn, Optional

from . import isolation, kernel, processes, program, task, wire
from .warm import Warm

CELL, FRESH_PLEASE, NOT_WANTED = b".", b"F", b"N"
_READS = 256
_MOST_BYTES = 64 << 20  # of one program's report: a suite's coverage, or a flood
_UNKNOWN: dict[str, Any] = {
    "end": "crash",
    "collected": (),
    "outcomes": (),
    "error": "",
    "covered": {},
    "detail": "",
}
_PAUSE_MS = 20
_MOST_COMPILED = 100_000  # characters; the compiler is not bounded here as programs are
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
_VERDICTS = frozenset({"pass", "fail", "error", "out_of_memory", "not_run"})


def run_and_exit(warm: Warm, message: dict[str, Any], first: int, progress: int) -> None:
    """The programs from ``first`` on; one byte on ``progress`` for each cell sent."""
    sent = [first - 1]
    try:
        limits = message["limits"] or warm.limits
        scratch = warm.scratch
        if warm.isolated:
            isolation.enter_request(scratch, limits["disk_mb"], warm.instructions)
            kernel.set_dumpable(value=False)
        else:
            scratch = _plain_scratch(warm)
        try:
            _run(warm, message, limits, sent, progress)
        finally:
            if not warm.isolated:
                shutil.rmtree(scratch, ignore_errors=True)
    except Exception:  # noqa: BLE001  (the boundary of this process)
        with contextlib.suppress(OSError):
            detail = traceback.format_exc()[-2000:]
            number = sent[-1] + 1
            wire.send(warm.channel, {"cell": number, "end": "infrastructure", "detail": detail})
            os.write(progress, CELL + FRESH_PLEASE)
    finally:
        os._exit(0)


def _plain_scratch(warm: Warm) -> str:
    with contextlib.suppress(OSError):
        kernel.adopt_orphans()
        kernel.die_with_parent()
    scratch = tempfile.mkdtemp(dir=warm.scratch)
    tempfile.tempdir = None
    os.environ.update(HOME=scratch, TMPDIR=scratch)
    return scratch


def _run(
    warm: Warm, message: dict[str, Any], limits: dict[str, Any], sent: list[int], progress: int
) -> None:
    """``sent``: the numbers of the programs whose cells are sent, added to here."""
    code = _compiled(warm, message, limits)
    scratch = os.environ["TMPDIR"]
    for index in range(sent[-1] + 1, len(message["programs"])):
        cell = _cell(warm, message, limits, index, code)
        if cell is None:
            os.write(progress, NOT_WANTED)
            return
        wire.send(warm.channel, {"cell": index, **cell})
        os.write(progress, CELL)
        sent.append(index)
        if _has_files(scratch):
            os.write(progress, FRESH_PLEASE)
            return


def _has_files(scratch: str) -> bool:
    try:
        return bool(os.listdir(scratch))  # noqa: PTH208
    except OSError:  # its rights were taken away: as good as used
        return True


def _compiled(warm: Warm, message: dict[str, Any], limits: dict[str, Any]) -> Optional[CodeType]:
    """The test file, compiled once for all programs; None where each shall try by itself."""
    source = message["test_source"]
    if source is None or not warm.prepared.ready or len(source) > _MOST_COMPILED:
        return None

    def too_late(_signal: int, _frame: object) -> NoReturn:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, limits["wall_s"])
    try:
        path = os.path.join(warm.root, message["test_path"])  # noqa: PTH118
        return task.compile_test(message["test_source"], path, warm.prepared.config)
    except Exception:  # noqa: BLE001  (whatever is wrong, each program will find and report it)
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _cell(
    warm: Warm,
    message: dict[str, Any],
    limits: dict[str, Any],
    index: int,
    code: Optional[CodeType],
) -> Optional[dict[str, Any]]:
    """None when the other side no longer wants it."""
    reader, writer = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        program.run_and_exit(writer, warm, message, limits, message["programs"][index], code)
    os.close(writer)
    record = _Record()
    try:
        stopped = _listen(warm.channel, reader, child, record, started + limits["wall_s"])
    finally:
        os.close(reader)
        status, cpu_s = _end(child, isolated=warm.isolated)
    if stopped == "not wanted":
        return None
    cell = record.cell
    if not record.complete:
        late = stopped == "late" or (
            os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU)
        )
        cell["end"] = "timeout" if late else "crash"
    return {**cell, "cpu_s": cpu_s, "wall_s": time.monotonic() - started}


def _listen(channel: int, reader: int, child: int, record: _Record, deadline: float) -> str:
    """Until the child has ended; else why not: late, not wanted, or flooded.

    The pipe is not watched but looked into now and then and at the end: to be woken for every
    line would cost more than the line.
    """
    os.set_blocking(reader, False)
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    end = processes.watch(child)
    pause = _PAUSE_MS
    if end is not None:
        poll.register(end, select.POLLIN)
    try:
        while True:
            ready = {fd for fd, _ in poll.poll(pause)}
            over = end in ready if end is not None else _has_ended(child)
            _read(reader, record)
            if record.malformed:
                return "flooded"
            if over or record.complete:
                return ""
            if channel in ready:
                return "not wanted"
            left = deadline - time.monotonic()
            if left <= 0:
                return "late"
            pause = min(_PAUSE_MS, int(left * 1000) + 1)
    finally:
        if end is not None:
            os.close(end)


def _has_ended(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _read(reader: int, record: _Record) -> None:
    """What is there, up to a bound, so that no flood keeps the reader from the clock."""
    for _ in range(_READS):
        if record.complete or record.malformed:
            return
        try:
            part = os.read(reader, 1 << 16)
        except BlockingIOError:
            return
        if not part:
            return
        record.feed(part)


def _end(child: int, *, isolated: bool) -> tuple[int, float]:
    """Kill all that runs; the child's wait status and processor seconds."""
    if isolated:
        processes.kill_namespace()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if isolated:
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
    else:
        processes.kill_descendants()
    return status, usage.ru_utime + usage.ru_stime


@dataclass
class _Record:
    """What a program says of itself, line by line, believed only as far as its form is right."""

    cell: dict[str, Any] = field(default_factory=lambda: dict(_UNKNOWN, outcomes=list[Any]()))
    complete: bool = False
    malformed: bool = False
    _rest: bytearray = field(default_factory=bytearray)
    _size: int = 0

    def feed(self, data: bytes) -> None:
        self._size += len(data)
        if b"\n" not in data:
            self._rest += data
        else:
            *lines, rest = (self._rest + data).split(b"\n")
            self._rest = bytearray(rest)
            self._take_all(lines)
        if self._size > _MOST_BYTES:
            self.malformed, self.complete = True, False

    def _take_all(self, lines: list[bytearray]) -> None:
        try:
            for line in lines:
                self._take(json.loads(line))
        except (
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ):
            self.malformed, self.complete = True, False

    def _take(self, event: Any) -> None:
        kind, value = event
        if self.complete:
            return
        if kind == "end":
            if value not in ("done", "out_of_memory"):
                raise ValueError(value)
            self.complete = True
            self.cell["end"] = value
        elif kind == "collected":
            self.cell["collected"] = [_text(name, 4096) for name in value]
        elif kind == "outcome" and value[1] in _VERDICTS and len(value) == 2:
            self.cell["outcomes"].append([_text(value[0], 4096), value[1]])
        elif kind in ("error", "detail"):
            self.cell[kind] = self.cell[kind] or _text(value, 4096)
        elif kind == "covered":
            self.cell["covered"] = {
                _text(path, 4096): [
                    [int(line) for line in lines],
                    [[int(first), int(second)] for first, second in branches],
                ]
                for path, (lines, branches) in value.items()
            }
        else:
            raise ValueError(kind)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value[-most:].encode("utf-8", "backslashreplace").decode("utf-8")
