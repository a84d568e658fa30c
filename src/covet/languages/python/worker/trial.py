"""Programs against inputs: the init of their processes.

The init gives up every right, then takes the programs one after the other. It never reads their
texts: each is read, and compiled, in its own process. A plain one answers all inputs in one
process, which is believed if at its end all that the runs share still stands; any other gets a
process for each input, and everything that an input leaves behind is gone before the next. Answers
go to the channel in order, program by program. When a run left files behind, the init ends and
asks for a successor with a fresh temporary folder.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import marshal
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from . import trial_run, trial_test, walls, watch, whole, wire
from .trial_run import Text

ANSWER, TIMEOUT, FRESH_PLEASE, NOT_WANTED = b".", b"t", b"F", b"N"
_MOST_SENT = 1 << 20  # characters of one message
_ENDS = frozenset({"done", "error", "timeout", "out_of_memory", "crash"})
_NOT_WANTED = -2

Row = list[Any]
"""``[end, text, detail]``."""


@dataclass(frozen=True)
class Sealed:
    """Texts that lie in no process's memory but in that of whom they are for: a program shall
    find neither what tests expect nor what others answer.
    """

    programs: Sequence[Text]
    tests: Sequence[Text]


def run_and_exit(
    warm: walls.Walls,
    message: dict[str, Any],
    sealed: Sealed,
    *,
    standing: whole.Standing,
    done: bytes,
    progress: int,
) -> None:
    """From the answer after ``done`` on; bytes on ``progress`` tell what has been sent."""
    try:
        limits = message["limits"] or warm.limits
        files = os.memfd_create("given"), os.memfd_create("written")  # not to be had inside
        walls.enter(warm, limits)
        try:
            _Trial(warm, message, sealed, standing, limits, files, done, progress).run()
        finally:
            if not warm.isolated:
                shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    except Exception:  # noqa: BLE001  (the boundary of this process)
        with contextlib.suppress(OSError):
            row = ["infrastructure", "", traceback.format_exc()[-2000:]]
            wire.send(warm.channel, {"answers": [row]})
            os.write(progress, ANSWER + FRESH_PLEASE)
    finally:
        os._exit(0)


class _Trial:
    def __init__(
        self,
        warm: walls.Walls,
        message: dict[str, Any],
        sealed: Sealed,
        standing: whole.Standing,
        limits: dict[str, Any],
        files: tuple[int, int],
        done: bytes,
        progress: int,
    ) -> None:
        self._files = files
        self._warm = warm
        self._message = message
        self._sealed = sealed
        self._standing = standing
        self._limits = limits
        self._done = done
        self._progress = progress
        self._inputs = sealed.tests or _inputs(message["kind"], message["inputs"])
        self._unsent: list[Row] = []
        self._size = 0

    def run(self) -> None:
        each = len(self._inputs)
        first, into = divmod(len(self._done), each)
        spent = self._done[first * each :].count(TIMEOUT)
        for text in self._sealed.programs[first:]:
            if not self._program(text, into, spent):
                return
            into = spent = 0

    def _program(self, text: Text, first: int, spent: int) -> bool:
        """Whether there may be more."""
        patience = self._message["timeouts"]
        answers = self._answers(self._work(text), list(range(first, len(self._inputs))))
        row: Optional[Row] = None
        for number in range(first, len(self._inputs)):
            if patience and spent >= patience:
                row = ["not_run", "", f"ran out of time on {spent} other inputs"]
            else:
                row = next(answers)
            if row is None:
                self._flush()
                os.write(self._progress, NOT_WANTED)
                return False
            spent += row[0] == "timeout"
            self._send(row, last=number == len(self._inputs) - 1)
            if walls.has_files(os.environ["TMPDIR"]):
                self._flush()
                os.write(self._progress, FRESH_PLEASE)
                return False
        return True

    def _send(self, row: Row, *, last: bool) -> None:
        self._unsent.append(row)
        self._size += len(row[1])
        if last or self._size > _MOST_SENT:
            self._flush()

    def _flush(self) -> None:
        if self._unsent:
            wire.send(self._warm.channel, {"answers": self._unsent})
            ends = [TIMEOUT if row[0] == "timeout" else ANSWER for row in self._unsent]
            os.write(self._progress, b"".join(ends))
            self._unsent.clear()
            self._size = 0

    def _work(self, text: Text) -> trial_run.Work:
        message = self._message
        return trial_run.Work(
            message["kind"],
            text,
            message["entry_point"],
            [] if self._sealed.tests else self._inputs,  # type: ignore[arg-type]
            self._limits,
            message["output_bytes"],
            self._warm.isolated,
            self._standing,
        )

    # --------------------------------------------------------------------------- answers

    def _answers(self, work: trial_run.Work, indices: list[int]) -> Iterator[Optional[Row]]:
        """One row for each input; None: not wanted any more."""
        if not self._sealed.tests and not self._message["apart"]:
            while indices:
                rows = self._together(work, indices)
                if rows is None:
                    break
                for row in rows:
                    yield row
                indices = indices[len(rows) :]
        for index in indices:
            yield self._alone(work, index)

    def _together(
        self, work: trial_run.Work, indices: list[int]
    ) -> Optional[Sequence[Optional[Row]]]:
        """For the first of the inputs; None: each is to have a process of its own."""
        heard = Heard(indices, most=self._most(len(indices)), ends_by_standing=True)
        ended = self._watch(heard, trial_run.plain, work, indices)
        if ended.reason == "not wanted":
            return [None]
        out_of_memory = any(row[0] == "out_of_memory" for row in heard.rows)
        if heard.malformed or not heard.plain or out_of_memory:
            return None
        if heard.stands is None and heard.harmless and ended.of(heard) == "timeout":
            return [*heard.rows, ["timeout", "", ""]]  # what it did before is not in doubt
        return heard.rows if heard.stands and heard.rows else None

    def _alone(self, work: trial_run.Work, index: int) -> Optional[Row]:
        heard = Heard([index], most=self._most(1))
        if self._sealed.tests:
            ended = self._watch(heard, trial_test.main, work, index, self._sealed.tests[index])
        elif work.kind == "call":
            ended = self._watch(heard, trial_run.alone, work, index, None)
        else:
            return self._with_files(work, index, heard)
        return _row(work, heard, ended)

    def _with_files(self, work: trial_run.Work, index: int, heard: Heard) -> Optional[Row]:
        given, out = self._files
        for file in self._files:
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
        wire.write_all(given, work.inputs[index] or b"")
        os.lseek(given, 0, os.SEEK_SET)
        ended = self._watch(heard, trial_run.alone, work, index, self._files)
        row = _row(work, heard, ended)
        if row is not None and row[0] == "done":
            written = os.pread(out, work.output_bytes + 1, 0)
            if len(written) > work.output_bytes:
                return ["error", "", f"writes more than {work.output_bytes} bytes"]
            row[1] = written.decode("utf-8", "surrogateescape")
        return row

    def _most(self, answers: int) -> int:
        """Bytes of a report: every byte may take six, and there is more than output."""
        return min(answers * (6 * self._message["output_bytes"] + 8192), 256 << 20)

    def _watch(self, heard: Heard, main: Callable[..., None], *arguments: object) -> watch.Ended:
        return watch.run(
            functools.partial(main, *arguments),
            heard,
            channel=self._warm.channel,
            isolated=self._warm.isolated,
            wall_s=self._limits["wall_s"],
        )


def _row(work: trial_run.Work, heard: Heard, ended: watch.Ended) -> Optional[Row]:
    if ended.reason == "not wanted":
        return None
    if heard.malformed:
        return ["error", "", "writes where answers are told"]
    if heard.rows:
        return heard.rows[0]
    end = ended.of(heard)
    if os.WIFSIGNALED(ended.status) and os.WTERMSIG(ended.status) == signal.SIGXFSZ:
        return ["error", "", "writes more than it may"]
    if end == "timeout" or not os.WIFEXITED(ended.status):
        return [end, "", ""]
    status = os.WEXITSTATUS(ended.status)
    if work.kind == "stdio" and status == 0:
        return ["done", "", ""]
    return ["error", "", f"exit status {status}"]


# --------------------------------------------------------------------------------- inputs


def _inputs(kind: str, texts: Sequence[str]) -> list[Optional[bytes]]:
    if kind == "call":
        return [_arguments(text) for text in texts]
    return [text.encode("utf-8", "surrogateescape") for text in texts]


_Literals = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)


def _arguments(text: str) -> Optional[bytes]:
    """Marshalled: each run gets values of its own."""
    try:
        call = ast.parse(f"f({text}\n)", mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        named = {part.arg: ast.literal_eval(part.value) for part in call.keywords}
        if None in named:
            return None
        return marshal.dumps((tuple(map(ast.literal_eval, call.args)), named))
    except _Literals:
        return None


# ---------------------------------------------------------------------------------- heard


class Heard:
    """What a program's process says, believed only as far as its form is right."""

    end = ""
    forged = ""

    def __init__(self, wanted: Sequence[int], *, most: int, ends_by_standing: bool = False) -> None:
        self.malformed = False
        self.rows: list[Row] = []
        self.plain = self.harmless = False
        """It said so of the program: that it may go on like this, and that nothing that the runs
        share can have been changed by it."""
        self.stands: Optional[bool] = None
        self._wanted = wanted
        self._left = most
        self._ends_by_standing = ends_by_standing
        self._rest = bytearray()

    @property
    def complete(self) -> bool:
        if self._ends_by_standing:
            return self.stands is not None
        return bool(self.rows)

    @property
    def progress(self) -> int:
        return len(self.rows)

    def feed(self, data: bytes) -> None:
        self._left -= len(data)
        if b"\n" not in data:
            self._rest += data
        else:
            *lines, rest = (self._rest + data).split(b"\n")
            self._rest = bytearray(rest)
            try:
                for line in lines:
                    self._take(json.loads(line))
            except (ValueError, TypeError, LookupError, RecursionError):
                self.malformed = True
        if self._left < 0:
            self.malformed = True

    def _take(self, row: Any) -> None:
        if row[0] == "plain":
            self.plain, self.harmless = (said is True for said in row[1:])
            return
        if row[0] == "stands":
            self.stands = row[1] is True
            return
        index, end, text, detail = row
        if len(self.rows) == len(self._wanted) or index != self._wanted[len(self.rows)]:
            raise ValueError(index)
        if end not in _ENDS or not isinstance(text, str) or not isinstance(detail, str):
            raise ValueError(end)
        self.rows.append([end, text, detail[:2000]])

    def close(self) -> None:
        """Nothing more will come."""
