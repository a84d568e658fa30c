"""The supervisor and the warm process.

The supervisor stays outside the namespaces and only watches: when the other side of the channel
closes, as it does when Covet dies, it kills the warm process and with it everything inside.
The warm process reads requests and imports nothing of the codebase's; what it serves, tests or
whole programs, is a module of its own.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import sys
from typing import Any, Optional

from . import isolation, kernel, processes, walls, wire


def main(channel: int) -> int:
    """Serve until the channel closes."""
    spec = wire.receive(channel)
    if spec is None:
        return 0
    limit = isolation.ProcessGroupLimit() if spec["isolation"] == "full" else None
    try:
        return _supervise(channel, spec, limit)
    except isolation.Refused as refusal:
        wire.send(channel, {"refused": "isolation", "why": str(refusal)})
        return 3
    finally:
        if limit is not None:
            limit.leave()


def _supervise(
    channel: int, spec: dict[str, Any], limit: Optional[isolation.ProcessGroupLimit]
) -> int:
    if limit is not None:
        isolation.leave_the_machine()
    elif sys.platform == "linux":
        kernel.adopt_orphans()
    warm = os.fork()
    if warm == 0:
        status = 1
        try:
            status = _warm(channel, spec, limit)
        finally:
            os._exit(status)
    try:
        _wait_for_either(channel, warm)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(warm, signal.SIGKILL)
        os.waitpid(warm, 0)
        processes.kill_descendants()
    return 0


def _wait_for_either(channel: int, warm: int) -> None:
    """Until the channel has lost its other side, or the warm process ended."""
    poll = select.poll()
    poll.register(channel, getattr(select, "POLLRDHUP", 0))
    end = processes.watch(warm)
    if end is not None:
        poll.register(end, select.POLLIN)
    while not poll.poll(None if end is not None else 200):
        ended = os.waitid(os.P_PID, warm, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if end is None and ended is not None:
            return


# -------------------------------------------------------------------------- warm process

_SERVE = {"tests": ".serve_tests", "programs": ".serve_trials"}
"""The modules that serve, each of which has ``prepare(walls, spec) → about, serve``."""


def _warm(channel: int, spec: dict[str, Any], limit: Optional[isolation.ProcessGroupLimit]) -> int:
    if sys.platform == "linux":
        kernel.die_with_parent()
    own, scratch, instructions = -1, str(spec["scratch"]), b""
    try:
        if limit is not None:
            own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            scratch = isolation.enter_private_root(spec["root"], spec["home"])
            instructions = kernel.seccomp_filter()
        os.environ.update(HOME=scratch, TMPDIR=scratch)
        os.chdir(spec["root"])
        warm = walls.Walls(channel, spec["root"], spec["limits"], own, scratch, instructions)
        serving = importlib.import_module((__package__ or "") + _SERVE[spec["serves"]])
        about, serve = serving.prepare(warm, spec)
        _rehearse(warm)
    except isolation.Refused as refusal:
        wire.send(channel, {"refused": "isolation", "why": str(refusal)})
        return 3
    except (walls.NotReady, OSError) as error:
        wire.send(channel, {"refused": "environment", "why": str(error)})
        return 3
    layers = ["resource limits"] if limit is None else isolation.protections(limit)
    python = ".".join(map(str, sys.version_info[:3]))
    gc.collect()
    gc.freeze()
    wire.send(channel, {"ready": {"python": python, "protections": list(layers), **about}})
    serve()
    return 0


def _rehearse(warm: walls.Walls) -> None:
    """Enter a request's walls once, so that a kernel that refuses them says so at once."""
    if not warm.isolated:
        return
    reader, writer = os.pipe()
    pid = walls.fork_init(warm)
    if pid == 0:
        try:
            isolation.enter_request(warm.scratch, warm.limits["disk_mb"], warm.instructions)
        except isolation.Refused as refusal:
            os.write(writer, f"{refusal.layer}\0{refusal.why}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    refused = walls.read_all(reader).decode()
    os.waitpid(pid, 0)
    if refused:
        layer, why = refused.split("\0")
        raise isolation.Refused(layer, why)
