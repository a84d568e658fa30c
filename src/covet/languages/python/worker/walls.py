"""What every request starts from, whatever is run in it: a process namespace of its own, and the
walls that its init enters before anything of a candidate's runs.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import tempfile
from dataclasses import dataclass
from typing import Any, Optional

from . import isolation, kernel


class NotReady(Exception):
    """The interpreter lacks what serving needs."""


@dataclass(frozen=True)
class Walls:
    """The state of a warm process."""

    channel: int
    root: str
    limits: dict[str, Any]
    own_processes: int
    """The warm process's own namespace; -1 without isolation."""
    scratch: str
    instructions: bytes

    @property
    def isolated(self) -> bool:
        return self.own_processes >= 0


def fork_init(walls: Walls) -> int:
    """``os.fork``, into a process namespace of its own."""
    if walls.isolated:
        kernel.unshare(kernel.CLONE_NEWPID)
    pid = os.fork()
    if pid and walls.isolated:
        kernel.setns(walls.own_processes, kernel.CLONE_NEWPID)
    return pid


def enter(walls: Walls, limits: dict[str, Any], changed: Optional[tuple[str, str]] = None) -> None:
    """Behind a request's walls, with a temporary folder of its own."""
    _hear_nothing()
    if walls.isolated:
        file = None
        if changed is not None:
            file = (
                os.path.join(walls.root, changed[0]),  # noqa: PTH118
                changed[1].encode("utf-8", "surrogatepass"),
            )
        isolation.enter_request(walls.scratch, limits["disk_mb"], walls.instructions, file)
        kernel.set_dumpable(value=False)
        return
    with contextlib.suppress(OSError):
        kernel.adopt_orphans()
        kernel.die_with_parent()
    scratch = tempfile.mkdtemp(dir=walls.scratch)
    tempfile.tempdir = None
    os.environ.update(HOME=scratch, TMPDIR=scratch)


def _hear_nothing() -> None:
    """Process 1 gets no signal from within its world but those that it has handlers for."""
    faulthandler.disable()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)


def has_files(scratch: str) -> bool:
    try:
        return bool(os.listdir(scratch))  # noqa: PTH208
    except OSError:  # its rights were taken away: as good as used
        return True


def read_all(fd: int) -> bytes:
    """All that comes until the other side closes; then ``fd`` is closed."""
    parts = []
    while True:
        part = os.read(fd, 4096)
        if not part:
            os.close(fd)
            return b"".join(parts)
        parts.append(part)
