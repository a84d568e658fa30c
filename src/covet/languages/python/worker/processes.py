"""Processes, all of a namespace or all descendants where there is none: what they do, and their
end.
"""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional


def watch(pid: int) -> Optional[int]:
    """A descriptor that becomes readable when a child ends; None where there are none."""
    opener = getattr(os, "pidfd_open", None)
    if opener is None:
        return None
    with contextlib.suppress(OSError):
        return int(opener(pid))
    return None


def kill_namespace() -> None:
    """Everything but process 1, which is the caller."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def kill_descendants() -> None:
    """Children, and theirs as they come to be adopted; needs ``kernel.adopt_orphans``."""
    for _ in range(1000):
        children = _children()
        if not children:
            return
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
        time.sleep(0)


def _children() -> list[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:  # noqa: PTH123
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


# ---------------------------------------------------------------------------- what they do


@dataclass(frozen=True)
class Activity:
    """What a candidate's processes are doing."""

    active: bool
    """Whether any thread runs, or waits for the processor or the disk."""
    used: int
    """Clock ticks of processor time of all that live."""
    threads: tuple[str, ...]

    def endless(self) -> bool:
        """Whether every thread sits in a call that has no end of its own."""
        return bool(self.threads) and all(map(_waits_endlessly, self.threads))


def activity(child: int, *, isolated: bool) -> Activity:
    """Of all processes of the namespace but its first, or of ``child`` and its descendants."""
    used, active, threads = 0, False, list[str]()
    pids = _others() if isolated else _family(child)
    for pid in pids:
        for thread in _listed(f"/proc/{pid}/task"):
            folder = f"/proc/{pid}/task/{thread}"
            fields = _read(folder + "/stat").rpartition(")")[2].split()
            if len(fields) > 12 and fields[0] != "Z":
                used += int(fields[11]) + int(fields[12])
                active = active or fields[0] in "RD"
                threads.append(folder)
    return Activity(active, used, tuple(threads))


def _others() -> Iterator[str]:
    return (name for name in _listed("/proc") if name.isdigit() and name != str(os.getpid()))


def _family(pid: int) -> Iterator[str]:
    yield str(pid)
    for child in _read(f"/proc/{pid}/task/{pid}/children").split():
        yield from _family(int(child))


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)  # noqa: PTH208
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""


_NEVER = 0xFFFFFFFF  # a timeout of -1, as an int
_WAITS: dict[str, dict[int, Optional[int]]] = {
    # By system call: the argument that holds a timeout, or None for calls that have none.
    "x86_64": {202: 3, 232: 3, 281: 3, 7: 2, 271: 2, 23: 4, 270: 4, 34: None, 61: None, 247: None,
               0: None, 19: None, 20: None, 1: None, 128: 2},
    "aarch64": {98: 3, 22: 3, 73: 2, 72: 4, 260: None, 95: None, 63: None, 65: None, 64: None,
                137: 2},
}  # fmt: skip
"""futex, epoll_wait, epoll_pwait, poll, ppoll, select, pselect6, pause, wait4, waitid, read,
readv, writev, write, rt_sigtimedwait."""


def _waits_endlessly(folder: str) -> bool:
    """False also where nothing can be known."""
    words = _read(folder + "/syscall").split()
    calls = _WAITS.get(platform.machine(), {})
    if len(words) < 7 or not words[0].isdigit() or int(words[0]) not in calls:
        return False
    place = calls[int(words[0])]
    if place is None:
        return True
    timeout = int(words[1 + place], 16)
    return timeout == 0 if int(words[0]) not in _IN_MILLISECONDS else timeout & _NEVER == _NEVER


_IN_MILLISECONDS = frozenset({7, 232, 281} if platform.machine() == "x86_64" else {22})
"""Where the timeout is a number and not the place of one."""
