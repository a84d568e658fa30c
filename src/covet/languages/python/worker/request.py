"""One candidate against programs that each get a fresh interpreter: the init of its processes.

The init gives up every right before the first candidate starts, so that it is worth no more to
a candidate than the candidate itself. It forks a child for each program, watches it, ends
everything that it left running, and sends its cell. When a program left files behind, or shall
find its text really in the file's place, the init ends and asks the warm process for a
successor with a fresh temporary folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import traceback
from types import CodeType
from typing import Any, NoReturn, Optional

from . import program, task, tracing, watch, wire
from .record import Record, cell_of
from .walls import enter, has_files
from .warm import Warm

CELL, FRESH_PLEASE, NOT_WANTED = b".", b"F", b"N"
_MOST_COMPILED = 100_000  # characters; the compiler is not bounded here as programs are


WORK = "/work"
"""Where a loaded process's candidates write, below the temporary folder."""


def run_and_exit(warm: Warm, message: dict[str, Any], first: int, progress: int) -> None:
    """The programs from ``first`` on; one byte on ``progress`` for each cell sent."""
    sent = [first - 1]
    try:
        limits = message["limits"] or warm.limits
        enter(warm, limits, _on_disk(message, first) if warm.isolated else None)
        try:
            _run(warm, message, limits, sent, progress)
        finally:
            if not warm.isolated:
                shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    except Exception:  # noqa: BLE001  (the boundary of this process)
        with contextlib.suppress(OSError):
            detail = traceback.format_exc()[-2000:]
            number = message["numbers"][sent[-1] + 1]
            wire.send(warm.channel, {"cell": number, "end": "infrastructure", "detail": detail})
            os.write(progress, CELL + FRESH_PLEASE)
    finally:
        os._exit(0)


def _on_disk(message: dict[str, Any], index: int) -> Optional[tuple[str, str]]:
    """The file that is to be changed for all who look, and its text."""
    wanted = message["programs"][index]
    return (wanted["path"], wanted["source"]) if message["disk"] and wanted["path"] else None


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
        wire.send(warm.channel, {"cell": message["numbers"][index], **cell})
        os.write(progress, CELL)
        sent.append(index)
        if message["disk"] or has_files(scratch):
            os.write(progress, FRESH_PLEASE)
            return


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
    wanted = message["programs"][index]
    record, ended = attended(
        warm,
        message,
        limits,
        tracer=tracing.Tracer(warm.root, [] if message["by_test"] else message["traced"]),
        changed=(wanted["path"], wanted["source"]) if wanted["path"] else None,
        code=code,
        thorough=wanted["thorough"],
    )
    if ended.reason == "not wanted":
        return None
    cell = cell_of(record, ended.of(record))
    return {**cell, "cpu_s": ended.cpu_s, "wall_s": ended.wall_s}


def attended(
    warm: Warm, message: dict[str, Any], limits: dict[str, Any], **more: Any
) -> tuple[Record, watch.Ended]:
    """A candidate's process from its fork to its end, with what it said; ``more`` as for
    ``program.Run``.
    """
    record = Record(os.urandom(8).hex().encode())
    run = program.Run(warm, message, limits, word=record.word, **more)
    ended = watch.run(
        lambda pipe: program.main(run, pipe),
        record,
        channel=warm.channel,
        isolated=warm.isolated,
        wall_s=limits["wall_s"],
    )
    return record, ended
