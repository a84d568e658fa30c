"""Ending processes: all of a namespace, or all descendants where there is none."""

from __future__ import annotations

import contextlib
import os
import signal
import time
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
