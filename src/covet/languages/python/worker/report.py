"""What a program's process says of itself: lines on a pipe, each a word and then JSON,
``[kind, value]``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import traceback
from types import FrameType
from typing import Optional

from . import wire

PIPE = 3
"""The descriptor, and the only one that a candidate's process has beside the standard three."""


_MOST = 2000
_FRAME = re.compile(r'  File "(?P<path>[^"]*)", line ')
_RUNNERS = (os.sep + "_pytest" + os.sep, os.sep + "pluggy" + os.sep, os.path.dirname(__file__))  # noqa: PTH120


def readable(report: str) -> str:
    """The end of a traceback, in whole lines, without the frames of pytest and of this worker."""
    kept: list[str] = []
    shown = True
    for line in report.splitlines():
        frame = _FRAME.match(line)
        if frame is not None:
            shown = not any(runner in frame["path"] for runner in _RUNNERS)
        elif not line.startswith("    "):
            shown = True
        if shown:
            kept.append(line)
    text = "\n".join(kept)
    return text if len(text) <= _MOST else text[-_MOST:].partition("\n")[2]


_encode = json.JSONEncoder().encode  # bound early: a candidate may replace what it can name


class Reporter:
    """Says nothing after ``end``, and nothing that a candidate's own code asks it to.

    ``word`` begins every line; whoever listens knows it. ``test`` is the candidate's file: no
    frame of its may be on the stack when something is said.
    """

    def __init__(self, word: bytes = b"", test: str = "") -> None:
        self._word, self._test = word, test
        self._pid, self._thread = os.getpid(), threading.get_ident()
        self.out_of_memory = False
        self.so_far: list[list[str]] = []
        """Outcomes that are told at the end, or when all stops before it."""

    def is_mine(self) -> bool:
        """Whether this is the process that reports; a forked copy of the tests has no say."""
        return os.getpid() == self._pid

    def say(self, kind: str, value: object) -> None:
        if not self.is_mine():
            return
        if threading.get_ident() != self._thread or self._is_asked():
            self.tell("forged", "speaks in the runner's name")
        self.tell(kind, value)

    def tell(self, kind: str, value: object) -> None:
        """Without asking who asks: for what is to nobody's credit."""
        if self.is_mine():
            line = self._word + _encode([kind, value]).encode("ascii") + b"\n"
            wire.write_all(PIPE, line)

    def _is_asked(self) -> bool:
        frame: Optional[FrameType] = sys._getframe(2)  # noqa: SLF001
        while frame is not None:
            name = frame.f_code.co_filename
            if name == self._test or (name[:1] == "<" and name[:8] != "<frozen "):
                return True
            frame = frame.f_back
        return False

    def failure(self, error: BaseException) -> str:
        """The end of its traceback; takes note when memory ran out."""
        if isinstance(error, MemoryError):
            self.out_of_memory = True
            traceback.clear_frames(error.__traceback__)
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return readable("".join(lines))

    def end(self) -> None:
        self.say("end", "out_of_memory" if self.out_of_memory else "done")

    def stop(self, end: str) -> None:
        """Tell the end and leave, from wherever the process is."""
        for outcome in self.so_far:
            self.tell("outcome", outcome)
        self.tell("end", end)
        if self.is_mine():
            os._exit(0)
