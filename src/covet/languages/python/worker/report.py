"""What a program's process says of itself: lines of JSON on a pipe, each ``[kind, value]``."""

from __future__ import annotations

import json
import os
import re
import traceback

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


class Reporter:
    """Says nothing after ``end``."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self.out_of_memory = False

    def say(self, kind: str, value: object) -> None:
        if os.getpid() == self._pid:  # a forked copy of the tests has no say
            wire.write_all(PIPE, json.dumps([kind, value]).encode("ascii") + b"\n")

    def failure(self, error: BaseException) -> str:
        """The end of its traceback; takes note when memory ran out."""
        if isinstance(error, MemoryError):
            self.out_of_memory = True
            traceback.clear_frames(error.__traceback__)
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return readable("".join(lines))

    def end(self) -> None:
        self.say("end", "out_of_memory" if self.out_of_memory else "done")
