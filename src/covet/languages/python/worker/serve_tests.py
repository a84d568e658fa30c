"""The warm process of a codebase: for each request it forks an init, or hands it to a process that
has the module under test loaded, which it keeps for the next; it writes nothing to the channel
while one of these does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from . import intact, pytest_run, request, walls, wire
from .guard import Guard
from .pool import Pool
from .warm import Warm


def prepare(base: walls.Walls, spec: dict[str, Any]) -> tuple[dict[str, Any], Callable[[], None]]:
    """What is worth telling, and what serves."""
    folders = [os.path.normpath(os.path.join(base.root, f)) for f in spec["search_path"]]  # noqa: PTH118
    try:
        prepared = pytest_run.prepare(base.root, folders)
    except pytest_run.NotReady as error:
        raise walls.NotReady(str(error)) from error
    warm = Warm(
        base.channel,
        base.root,
        base.limits,
        base.own_processes,
        base.scratch,
        base.instructions,
        folders,
        prepared,
        Guard(),
        [name for name in sys.modules if name.startswith(__name__.partition(".")[0])],
        intact.Runner(),
    )
    return {"pytest": prepared.version}, lambda: _serve(warm)


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
        init = walls.fork_init(state)
        if init == 0:
            request.run_and_exit(state, message, done, writer)
        os.close(writer)
        progress = walls.read_all(reader)
        os.waitpid(init, 0)
        done += progress.count(request.CELL)
        if request.NOT_WANTED in progress:
            return
        if done < count and request.FRESH_PLEASE not in progress:
            # It never stops early by itself: the candidate brought it down.
            wire.send(state.channel, {"cell": message["numbers"][done], "end": "crash"})
            done += 1
