"""What a program's process says of itself: lines of JSON on a pipe, each ``[kind, value]``."""

from __future__ import annotations

import json
import os
import traceback

from . import wire

PIPE = 3
"""The descriptor, and the only one that a candidate's process has beside the standard three."""


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
        return "".join(lines)[-2000:]

    def end(self) -> None:
        self.say("end", "out_of_memory" if self.out_of_memory else "done")
