"""Watches one candidate's process from its fork to its end.

It ends for one of four reasons: by itself; by a limit; because nobody wants the answer any
more; because what it says is malformed. Everything that it started is killed with it.

A process that waits for nothing is ended early: when no process of the request has used the
processor for ``IDLE_S`` and every thread sits in a call that has no end of its own (a lock
without a timeout, a read of a pipe). What waits with a timeout may wait as long as the wall
limit allows. A busy machine changes nothing about that, since only what does not ask for the
processor counts as waiting.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from . import processes

IDLE_S = 0.5
_READS = 256
_PAUSE_MS = 20
_LOOK_S = 0.1
_BY_CLOCK = (signal.SIGPROF, signal.SIGXCPU)


class Hears(Protocol):
    """What listens to a candidate's process."""

    end: str
    malformed: bool
    forged: str

    @property
    def complete(self) -> bool:
        """It has said all that it may."""
        ...

    @property
    def progress(self) -> int:
        """Another number than before gives the process the wall limit anew."""
        ...

    def feed(self, data: bytes) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    reason: str
    """``""`` by itself, ``late``, ``not wanted`` or ``malformed``."""
    status: int
    cpu_s: float
    wall_s: float

    def of(self, record: Hears) -> str:
        """The end of a cell."""
        if record.complete:
            return record.end
        by_clock = os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) in _BY_CLOCK
        return "timeout" if self.reason == "late" or by_clock else "crash"


def run(
    main: Callable[[int], None], record: Hears, *, channel: int, isolated: bool, wall_s: float
) -> Ended:
    """Fork, call ``main`` with the pipe to report on, and attend to the child until its end.

    ``channel``: readable when the answer is not wanted any more.
    """
    reader, writer = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            main(writer)
        finally:
            os._exit(0)
    os.close(writer)
    try:
        reason = _listen(channel, reader, child, record, wall_s, isolated=isolated)
    finally:
        status, cpu_s = _end(child, isolated=isolated)
        _read(reader, record)
        os.close(reader)
        record.close()
    return Ended(reason, status, cpu_s, time.monotonic() - started)


def _listen(
    channel: int, reader: int, child: int, record: Hears, wall_s: float, *, isolated: bool
) -> str:
    """Each program has the wall limit to itself.

    The pipe is not watched but looked into now and then and at the end: to be woken for
    every line would cost more than the line.
    """
    os.set_blocking(reader, False)
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    end = processes.watch(child)
    pause, waiting = _PAUSE_MS, _Waiting(child, isolated=isolated)
    progress, deadline = record.progress, time.monotonic() + wall_s
    if end is not None:
        poll.register(end, select.POLLIN)
    try:
        while True:
            ready = {fd for fd, _ in poll.poll(pause)}
            over = end in ready if end is not None else _has_ended(child)
            _read(reader, record)
            if record.malformed or record.forged:
                return "malformed"
            if over:
                return ""
            if channel in ready:
                return "not wanted"
            now = time.monotonic()
            if record.progress != progress:
                progress, deadline = record.progress, now + wall_s
            if deadline <= now or waiting.for_nothing(now):
                return "late"
            if record.complete:
                return ""
            pause = min(_PAUSE_MS, int((deadline - now) * 1000) + 1)
    finally:
        if end is not None:
            os.close(end)


class _Waiting:
    def __init__(self, child: int, *, isolated: bool) -> None:
        self._child, self._isolated = child, isolated
        self._looked = self._since = time.monotonic()
        self._used = -1

    def for_nothing(self, now: float) -> bool:
        if now - self._looked < _LOOK_S:
            return False
        self._looked = now
        state = processes.activity(self._child, isolated=self._isolated)
        if state.active or state.used != self._used:
            self._used, self._since = state.used, now
            return False
        return now - self._since >= IDLE_S and state.endless()


def _has_ended(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _read(reader: int, record: Hears) -> None:
    """What is there, up to a bound, so that no flood keeps the reader from the clock."""
    for _ in range(_READS):
        if record.malformed:
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
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if isolated:
        _reap()
    else:
        processes.kill_descendants()
    return status, usage.ru_utime + usage.ru_stime


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
