"""The warm process of whole programs: it has loaded the modules that plain programs import, and
forks an init for each request; it writes nothing to the channel while one works.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from typing import Any

from . import trial, trial_run, walls, whole, wire


def prepare(warm: walls.Walls, spec: dict[str, Any]) -> tuple[dict[str, Any], Callable[[], None]]:
    """What is worth telling, and what serves."""
    del spec
    if not hasattr(os, "memfd_create"):
        raise walls.NotReady("programs are run on Linux alone")
    whole.load_modules()
    standing = whole.Standing()
    return {}, lambda: _serve(warm, standing)


def _serve(warm: walls.Walls, standing: whole.Standing) -> None:
    while True:
        message = wire.receive(warm.channel)
        if message is None:
            return
        if "programs" in message:
            texts = _seal(warm.channel, message["programs"] + message["tests"])
            programs = len(message["programs"])
            sealed = trial.Sealed(texts[:programs], texts[programs:])
            _answer(warm, message, sealed, standing)
            if texts:
                os.close(texts[0].file)
            wire.send(warm.channel, {"over": True})


def _seal(channel: int, sizes: list[int]) -> list[trial_run.Text]:
    """The texts that follow the message, read into a file past this process's own memory: what
    is forked from it has no trace of them.
    """
    if not sizes:
        return []
    file = os.memfd_create("covet")
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    size = sum(sizes)
    if size:
        os.ftruncate(file, size)
        with mmap.mmap(file, size) as shared, memoryview(shared) as view:
            done = 0
            while done < size:
                read = os.readv(channel, [view[done:]])
                if not read:
                    os._exit(0)
                done += read
    return [trial_run.Text(file, start, size) for start, size in zip(starts, sizes)]  # noqa: B905


def _answer(
    warm: walls.Walls,
    message: dict[str, Any],
    sealed: trial.Sealed,
    standing: whole.Standing,
) -> None:
    """Inits one after the other, until every program has its answers or no more are wanted."""
    inputs = sealed.tests or message["inputs"]
    done, count = b"", len(sealed.programs) * len(inputs)
    while len(done) < count:
        reader, writer = os.pipe()
        init = walls.fork_init(warm)
        if init == 0:
            trial.run_and_exit(warm, message, sealed, standing=standing, done=done, progress=writer)
        os.close(writer)
        progress = walls.read_all(reader)
        os.waitpid(init, 0)
        done += progress.translate(None, trial.FRESH_PLEASE + trial.NOT_WANTED)
        if trial.NOT_WANTED in progress:
            return
        if len(done) < count and trial.FRESH_PLEASE not in progress:
            # It never stops early by itself: a program brought it down.
            wire.send(warm.channel, {"answers": [["crash", "", "breaks the interpreter down"]]})
            done += trial.ANSWER
