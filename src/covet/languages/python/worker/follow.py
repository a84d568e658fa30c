"""Where a frame goes next: traced from where it stands up to its next line, and no further.

The rule is that of ``tracing``: another line of the same frame than the one that decided, or
``LEFT`` where the frame returns; nothing where it raises before, or is put to sleep.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, Optional

from .tracing import LEFT, YIELDS

Leads = Callable[[int], None]
_Asked = dict[int, Leads]
"""By the line that decided."""


class _Followed(threading.local):
    def __init__(self) -> None:
        self.frames: dict[FrameType, _Asked] = {}


_here = _Followed()


def follow(frame: FrameType, header: int, first: Mapping[int, int], leads: Leads) -> None:
    """Call ``leads`` with the line; ``first``: each line's statement's first line. Nothing happens
    where somebody else traces.
    """
    frames = _here.frames
    if sys.gettrace() not in (None, _pass_by):
        return
    if frame in frames:
        frames[frame][header] = leads
        return
    asked = frames[frame] = {header: leads}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        to: Optional[int] = None
        if event == "line":
            to = first.get(frame.f_lineno, frame.f_lineno)
        elif event == "return":
            to = None if frame.f_code.co_code[frame.f_lasti] in YIELDS else LEFT
        elif event != "exception" or issubclass(argument[0], StopIteration):
            return trace
        if to is None:
            asked.clear()
        for header in [header for header in asked if header != to]:
            asked.pop(header)(to)  # type: ignore[arg-type]
        if asked:
            return trace
        del frames[frame]
        frame.f_trace = None
        if not frames:
            sys.settrace(None)
        return None

    frame.f_trace = trace
    sys.settrace(_pass_by)


def _pass_by(frame: FrameType, event: str, argument: Any) -> None:
    """Frames that are entered on the way are nobody's."""
