"""The process of one whole program: from a fresh fork to its last answer.

``plain`` answers many inputs, each with fresh names, and says at the end whether all that the runs
share still stands. ``alone`` answers one. Both report lines of JSON, ``[input, end, text,
detail]``, on the pipe; of a program that reads standard input and is run alone, what it wrote is
found in the file that is its standard output.
"""

from __future__ import annotations

import atexit
import builtins
import io
import itertools
import json
import marshal
import os
import random
import signal
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Optional

from . import isolation, kernel, values, whole, wire

PIPE = 3
MOST_SAID = 16 << 20
"""Characters that one process answers with before another goes on."""
NO_LITERALS = "the case's arguments cannot be read: they are to be literals"
_DEPTH = sys.getrecursionlimit()
_encode = json.JSONEncoder().encode  # bound early: a program may replace what it can name
_write, _exit, _loads = wire.write_all, os._exit, marshal.loads


@dataclass(frozen=True)
class Text:
    """A part of a file that programs do not have."""

    file: int
    start: int
    size: int

    def read(self) -> bytes:
        return os.pread(self.file, self.size, self.start)


@dataclass(frozen=True)
class Work:
    """What a program's process is to do."""

    kind: str
    text: Text
    """Of the program; read in its own process, so that no other has it in memory."""
    entry_point: str
    inputs: Sequence[Optional[bytes]]
    """Standard input; or the arguments and named arguments of a call, marshalled, None where they
    cannot be read."""
    limits: dict[str, Any]
    output_bytes: int
    isolated: bool
    standing: whole.Standing


def say(*row: object) -> None:
    _write(PIPE, _encode(row).encode("ascii") + b"\n")


# ---------------------------------------------------------------------------------- ways


def plain(work: Work, indices: Sequence[int], pipe: int) -> None:
    program = _begin(work, len(indices), pipe)
    say("plain", program.plain, not program.sets_attributes)
    if not program.plain:
        return
    said = 0
    for index in indices:
        _renew(work, program)
        row = _answer(work, program, index, captured=True)
        said += len(str(row[2]))
        say(*row)
        if said > MOST_SAID:
            break
    signal.setitimer(signal.ITIMER_PROF, 0)
    say("stands", _stands(work, program))


def alone(work: Work, index: int, files: Optional[tuple[int, int]], pipe: int) -> None:
    """``files``: standard input and output; None: nothing."""
    program = _begin(work, 1, pipe, files)
    process = os.getpid()
    _renew(work, program)
    if work.kind == "stdio":
        sys.stdin = _text(open(0, "rb", closefd=False))  # noqa: SIM115
        sys.stdout = _text(open(1, "wb", closefd=False))  # noqa: SIM115
    row = _answer(work, program, index, captured=False)
    if work.kind == "stdio":
        row = _leave(row)
    if os.getpid() == process:  # a copy that the program made of itself has no say
        say(*row)


def _begin(
    work: Work, runs: int, pipe: int, files: Optional[tuple[int, int]] = None
) -> whole.Whole:
    """Behind closed doors, with the program's text and no other's."""
    source = work.text.read()
    close_doors(pipe, work, runs, files)
    signal.setitimer(signal.ITIMER_PROF, work.limits["cpu_s"])
    return whole.prepare(source, FILE, counted=bool(work.limits["steps"]))


def _leave(row: list[Any]) -> list[Any]:
    """As an interpreter ends: other threads, what was registered, what is left to be written."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
        atexit._run_exitfuncs()  # noqa: SLF001
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  (a program's own)
        if row[1] == "done":
            return [row[0], "error", "", told(error)]
    return row


def close_doors(
    pipe: int, work: Work, runs: int, files: Optional[tuple[int, int]] = None, keep: int = -1
) -> None:
    """Leaves the standard descriptors, the pipe as ``PIPE`` and ``keep`` as the next."""
    nothing = os.open(os.devnull, os.O_RDWR)
    wanted = [nothing if files is None else files[0], nothing if files is None else files[1]]
    wanted += [nothing, pipe] + ([keep] if keep >= 0 else [])
    moved = [os.dup(fd) if fd < len(wanted) else fd for fd in wanted]
    for number, fd in enumerate(moved):
        os.dup2(fd, number, inheritable=number < PIPE)
    kernel.close_from(len(wanted))
    os.setsid()
    if work.isolated:
        kernel.set_dumpable(value=True)
    elif sys.platform == "linux":
        kernel.die_with_parent()
    limits = work.limits
    isolation.limit_program(
        runs * limits["cpu_s"], limits["memory_mb"], limits["disk_mb"], isolated=work.isolated
    )
    tempfile.tempdir = None
    sys.argv[:] = ["solution.py"]


def _renew(work: Work, program: whole.Whole) -> None:
    """As an interpreter begins, save for the modules that are there."""
    sys.setrecursionlimit(_DEPTH)
    if program.uses_random:
        random.seed(0)
    signal.setitimer(signal.ITIMER_PROF, work.limits["cpu_s"])


# --------------------------------------------------------------------------------- answer


def _answer(work: Work, program: whole.Whole, index: int, *, captured: bool) -> list[Any]:
    given = work.inputs[index]
    if given is None:
        return [index, "error", "", NO_LITERALS]
    if program.code is None:
        return [index, "error", "", program.problem]
    late = [index, "timeout", "", "too many turns of loops"]
    count_turns(work.limits["steps"], lambda: _stop(work, program, late))
    try:
        if work.kind == "call":
            return [index, "done", _call(work, program, given), ""]
        if captured:
            return [index, "done", _run(work, program, index, given), ""]
        load(program, "__main__")
    except TooMuch:
        return [index, "error", "", f"writes more than {work.output_bytes} bytes"]
    except SystemExit as error:
        return _exited(index, error, work.kind)
    except MemoryError:
        return [index, "out_of_memory", "", ""]
    except BaseException as error:  # noqa: BLE001  (programs raise anything)
        return [index, "error", "", told(error)]
    return [index, "done", "", ""]  # what it wrote is in its file


def _exited(index: int, error: SystemExit, kind: str) -> list[Any]:
    if kind == "call":
        return [index, "error", "", "exits before it returns"]
    if error.code is None or (type(error.code) is int and error.code == 0):
        return [index, "done", _captured(), ""]
    return [index, "error", "", f"exit status {str(error.code)[:100]}"]


def _stands(work: Work, program: whole.Whole) -> bool:
    """To look costs more than a fork, since every object that is looked at is copied."""
    return not program.sets_attributes or work.standing.holds()


def _stop(work: Work, program: whole.Whole, row: list[Any]) -> NoReturn:
    """Answer and leave, from wherever the program is."""
    say(*row)
    say("stands", _stands(work, program))
    _exit(0)


def load(program: whole.Whole, name: str) -> dict[str, Any]:
    """The names of a program that has been run from its beginning."""
    module = types.ModuleType(name)
    module.__dict__["__builtins__"] = builtins
    sys.modules[name] = module
    exec(program.code, module.__dict__)  # type: ignore[arg-type]  # noqa: S102
    return module.__dict__


def function(names: dict[str, Any], entry_point: str) -> Callable[..., Any]:
    """``Class.method``: of an instance made without arguments."""
    first, _, second = entry_point.partition(".")
    if first not in names:
        raise NameError(f"the program defines no {first}")
    found = names[first]
    return getattr(found(), second) if second else found  # type: ignore[no-any-return]


def _call(work: Work, program: whole.Whole, given: bytes) -> str:
    if sys.stdout.closed:
        sys.stdout = _text(open(os.devnull, "wb"))  # noqa: PTH123, SIM115
    sys.stdin = _text(io.BytesIO())
    arguments, named = _loads(given)
    called = function(load(program, "solution"), work.entry_point)
    return result(called(*arguments, **named), work.output_bytes)


def result(value: object, most: int) -> str:
    try:
        text = values.encode(value)
    except (values.Deep, RecursionError):
        return '{"o": "nested too deeply"}'
    if len(text) > most:
        raise TooMuch
    return text


def told(error: BaseException) -> str:
    """Its type, its words and the program's line."""
    try:
        words = str(error)[:300]
    except BaseException:  # noqa: BLE001  (a program's own)
        words = ""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{type(error).__name__[:100]}: {words}" + (f" (line {line})" if line else "")


FILE = "solution.py"


def count_turns(most: int, over: Callable[[], NoReturn]) -> None:
    """From now on; 0: any number."""
    turns: Iterator[None] = itertools.repeat(None, most) if most else itertools.repeat(None)
    builtins.__dict__[whole.TURN] = itertools.chain(turns, _Over(over)).__next__


class _Over:
    def __init__(self, over: Callable[[], NoReturn]) -> None:
        self._over = over

    def __iter__(self) -> _Over:
        return self

    def __next__(self) -> NoReturn:
        self._over()


# -------------------------------------------------------------------------- standard input


class TooMuch(BaseException):
    """The program writes more than it may."""


_sinks: list[tuple[Any, list[bytes]]] = []
"""The standard output of the run that goes on, and what has been written to it."""


class _Sink(io.RawIOBase):
    def __init__(self, most: int, over: Callable[[], NoReturn]) -> None:
        self.parts: list[bytes] = []
        self._left, self._over = most, over

    def writable(self) -> bool:  # pyrefly: ignore[missing-override-decorator]
        return True

    def write(self, data: Any) -> int:  # pyrefly: ignore[missing-override-decorator]
        part = bytes(data)
        self._left -= len(part)
        if self._left < 0:
            self._over()
        self.parts.append(part)
        return len(part)


def _run(work: Work, program: whole.Whole, index: int, given: bytes) -> str:
    over = [index, "error", "", f"writes more than {work.output_bytes} bytes"]
    sink = _Sink(work.output_bytes, lambda: _stop(work, program, over))
    sys.stdin = _text(io.BytesIO(given))
    sys.stdout = _text(io.BufferedWriter(sink))
    _sinks[:] = [(sys.stdout, sink.parts)]
    load(program, "__main__")
    return _captured()


def _captured() -> str:
    """What the run that goes on has written; nothing where that goes to a file."""
    if not _sinks:
        return ""
    (out, parts) = _sinks[0]
    if not out.closed:
        out.flush()
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _text(file: Any) -> Any:
    """As the interpreter opens its standard streams."""
    return io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="\n")
