"""A test program in a process of its own, with a program to be tested in another.

The program's process is forked before the test's text is read from a file that it does not have,
so that nothing in its memory tells what is expected. The test calls ``candidate``; arguments and
results cross as values (``values``), exceptions as built-in types of their name.
"""

from __future__ import annotations

import builtins
import os
import random
import signal
import socket
import struct
import sys
from typing import Any, NoReturn

from . import isolation, kernel, trial_run, values, whole, wire
from .trial_run import PIPE, Text, Work, close_doors, say, told

TEXTS = PIPE + 1
"""The descriptor of the file with all texts."""


class _Ended(BaseException):
    """The program can say no more."""

    def __init__(self, end: str, detail: str) -> None:
        super().__init__(end, detail)
        self.end, self.detail = end, detail


def main(work: Work, index: int, test: Text, pipe: int) -> None:
    source = work.text.read()
    close_doors(pipe, work, 1, keep=test.file)
    ours, theirs = socket.socketpair()
    program = os.fork()
    if program == 0:
        try:
            _serve(work, source, ours, theirs)
        finally:
            os._exit(1)
    theirs.close()
    if sys.platform == "linux":
        kernel.set_dumpable(value=False)
    text = os.pread(TEXTS, test.size, test.start)
    os.close(TEXTS)
    candidate = _Candidate(ours, program, most=work.output_bytes + 8192)
    say(index, *_tested(text, candidate))


def _tested(text: bytes, candidate: _Candidate) -> tuple[str, str, str]:
    random.seed(0)
    try:
        code = compile(text, "test.py", "exec", dont_inherit=True)
        exec(code, {"__name__": "test", "candidate": candidate})  # noqa: S102
    except _Ended as ended:
        return ended.end, "", ended.detail
    except BaseException as error:  # noqa: BLE001  (tests raise anything)
        if isinstance(error, AssertionError) and error is not candidate.raised:
            return "done", "failed", told(error)
        return "error", "", told(error)
    return "done", "passed", ""


class _Candidate:
    """Calls the program in its process."""

    def __init__(self, to: socket.socket, process: int, *, most: int) -> None:
        self._to = to
        self._most = most
        self._process = process
        self.raised: object = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        call = values.encode((arguments, named)).encode("ascii")
        try:
            self._to.sendall(struct.pack(">I", len(call)) + call)
            size = struct.unpack(">I", self._exactly(4))[0]
            if size > self._most:
                raise _Ended("error", "answers with more than it may")
            kind, told_ = values.decode(self._exactly(size).decode("ascii"))
        except (OSError, EOFError):
            self._fail()
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            raise _Ended("error", "answers with what is no value") from error
        if kind == "done":
            return told_
        if kind == "raised":
            self._raise(*map(str, told_))
        raise _Ended("timeout" if kind == "timeout" else "error", str(told_)[:300])

    def _raise(self, name: str, words: str) -> NoReturn:
        kind = getattr(builtins, name, None)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind = RuntimeError
        try:
            error: Exception = kind(words)
        except TypeError:  # such as UnicodeDecodeError, which wants more
            error = RuntimeError(words)
        self.raised = error
        raise error

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._to.recv(min(size - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _fail(self) -> NoReturn:
        _, status = os.waitpid(self._process, 0)
        if os.WIFSIGNALED(status):
            by_clock = os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU)
            raise _Ended("timeout" if by_clock else "crash", "")
        raise _Ended("error", "ends before it returns")


# -------------------------------------------------------------------------------- program


def _serve(work: Work, source: bytes, ours: socket.socket, theirs: socket.socket) -> None:
    ours.close()
    os.dup2(theirs.fileno(), PIPE, inheritable=False)
    kernel.close_from(PIPE + 1)
    limits = work.limits
    isolation.limit_program(
        limits["cpu_s"], limits["memory_mb"], limits["disk_mb"], isolated=work.isolated
    )
    signal.setitimer(signal.ITIMER_PROF, limits["cpu_s"])
    program = whole.prepare(source, trial_run.FILE, counted=bool(limits["steps"]))
    if program.uses_random:
        random.seed(0)
    trial_run.count_turns(limits["steps"], _too_long)
    called: Any = None
    while True:
        size = wire.exactly(PIPE, 4)
        if size is None:
            os._exit(0)
        call = wire.exactly(PIPE, struct.unpack(">I", size)[0])
        if call is None:
            os._exit(0)
        arguments, named = values.decode(call.decode("ascii"))
        try:
            if program.code is None:
                raise SyntaxError(program.problem)  # noqa: TRY301
            if called is None:
                called = trial_run.function(trial_run.load(program, "solution"), work.entry_point)
            answer = trial_run.result(called(*arguments, **named), work.output_bytes)
            _reply('{"t": ["done", ' + answer + "]}")
        except trial_run.TooMuch:
            _reply(values.encode(("error", f"answers with more than {work.output_bytes} bytes")))
        except SystemExit:
            os._exit(0)
        except MemoryError:
            _reply(values.encode(("raised", ["MemoryError", ""])))
        except BaseException as error:  # noqa: BLE001  (programs raise anything)
            _reply(values.encode(("raised", [type(error).__name__[:100], told(error)])))


def _reply(text: str) -> None:
    data = text.encode("ascii")
    wire.write_all(PIPE, struct.pack(">I", len(data)) + data)


def _too_long() -> NoReturn:
    _reply(values.encode(("timeout", "too many turns of loops")))
    os._exit(0)
