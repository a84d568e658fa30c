"""The supervisor and the warm process.

The supervisor stays outside the namespaces and only watches: when the other side of the channel
closes, as it does when Covet dies, it kills the warm process and with it everything inside.
The warm process reads requests and imports nothing of the codebase's. For each it forks an init,
or hands it to a process that has the module under test loaded, which it keeps for the next; it
writes nothing to the channel while one of these does.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import sys
from typing import Any, Optional

from . import intact, isolation, kernel, processes, pytest_run, request, wire
from .guard import Guard
from .pool import Pool
from .warm import Warm


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


def _warm(channel: int, spec: dict[str, Any], limit: Optional[isolation.ProcessGroupLimit]) -> int:
    if sys.platform == "linux":
        kernel.die_with_parent()
    root = spec["root"]
    search_path = [os.path.normpath(os.path.join(root, folder)) for folder in spec["search_path"]]  # noqa: PTH118
    own, scratch, instructions = -1, str(spec["scratch"]), b""
    try:
        if limit is not None:
            own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
            scratch = isolation.enter_private_root(root, spec["home"])
            instructions = kernel.seccomp_filter()
        os.environ.update(HOME=scratch, TMPDIR=scratch)
        os.chdir(root)
        prepared = pytest_run.prepare(root)
        state = Warm(
            channel,
            root,
            search_path,
            spec["limits"],
            own,
            scratch,
            instructions,
            prepared,
            Guard(),
            [name for name in sys.modules if name.startswith(__name__.partition(".")[0])],
            intact.pieces(),
        )
        _rehearse(state)
    except isolation.Refused as refusal:
        wire.send(channel, {"refused": "isolation", "why": str(refusal)})
        return 3
    except (pytest_run.NotReady, OSError) as error:
        wire.send(channel, {"refused": "environment", "why": str(error)})
        return 3
    layers = ["resource limits"] if limit is None else isolation.protections(limit)
    ready = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "pytest": prepared.version,
        "protections": list(layers),
    }
    gc.collect()
    gc.freeze()
    wire.send(channel, {"ready": ready})
    _serve(state)
    return 0


def _rehearse(state: Warm) -> None:
    """Enter a request's walls once, so that a kernel that refuses them says so at once."""
    if not state.isolated:
        return
    reader, writer = os.pipe()
    pid = request.fork_init(state)
    if pid == 0:
        try:
            isolation.enter_request(state.scratch, state.limits["disk_mb"], state.instructions)
        except isolation.Refused as refusal:
            os.write(writer, f"{refusal.layer}\0{refusal.why}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    refused = _read_all(reader).decode()
    os.waitpid(pid, 0)
    if refused:
        layer, why = refused.split("\0")
        raise isolation.Refused(layer, why)


def _serve(state: Warm) -> None:
    pool = Pool(state)
    while True:
        message = wire.receive(state.channel)
        if message is None:
            return
        if "programs" in message:  # else: an end asked for after it came by itself
            if message["together"]:
                pool.answer(message)
            else:
                _answer(state, message)
            wire.send(state.channel, {"over": True})


def _answer(state: Warm, message: dict[str, Any]) -> None:
    """Inits one after the other, until every program has its cell or no more are wanted."""
    done, count = 0, len(message["programs"])
    while done < count:
        reader, writer = os.pipe()
        init = request.fork_init(state)
        if init == 0:
            request.run_and_exit(state, message, done, writer)
        os.close(writer)
        progress = _read_all(reader)
        os.waitpid(init, 0)
        done += progress.count(request.CELL)
        if request.NOT_WANTED in progress:
            return
        if done < count and request.FRESH_PLEASE not in progress:
            # It never stops early by itself: the candidate brought it down.
            wire.send(state.channel, {"cell": message["numbers"][done], "end": "crash"})
            done += 1


def _read_all(fd: int) -> bytes:
    parts = []
    while True:
        part = os.read(fd, 4096)
        if not part:
            os.close(fd)
            return b"".join(parts)
        parts.append(part)
