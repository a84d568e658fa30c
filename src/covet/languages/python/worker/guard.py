"""What a candidate may not look at or change while it runs, told by who asks.

An audit hook hears when anything reads a function's code, walks frames or the garbage
collector's lists, sets a trace function, or reaches into memory. pytest, mock and inspect do
some of this honestly on a candidate's behalf; what counts is whose frame asks. What a candidate
asks for by itself is told at once, and cannot be taken back.

The hook also hears what exchanging code cannot answer truly: reading the source file that
programs differ in, or starting a process that may import it. That is no offence; it is told
too, and the programs are then run with their text really in the file's place.

The hook is put in place once, before any candidate, and does nothing until it is armed.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, Optional

Tell = Callable[[str, str], None]

_STDLIB = os.path.normpath(sysconfig.get_path("stdlib")) + os.sep
_SITES = tuple(
    os.path.normpath(sysconfig.get_path(name)) + os.sep for name in ("purelib", "platlib")
)
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120

_READS_CODE = {
    "inspect.py": {
        "_signature_from_function",
        "_signature_from_callable",
        "_signature_is_functionlike",
        "_has_code_flag",
        "isgeneratorfunction",
        "iscoroutinefunction",
        "isasyncgenfunction",
        "getfile",
        "getfullargspec",
        "getclosurevars",
        "getsourcefile",
        "findsource",
        "unwrap",
    },
    "mock.py": None,
    "functools.py": {"_unwrap_partial", "_method"},
    "typing.py": {"get_type_hints"},
    "coroutines.py": {"iscoroutinefunction"},
    "dataclasses.py": None,
    "doctest.py": None,
    "unittest" + os.sep + "loader.py": None,
}
"""Functions of the standard library that read a function's code and do not hand it out; None:
the whole module."""

_READS_FRAMES = (
    "traceback.py",
    "linecache.py",
    "unittest",
    "concurrent",
    "asyncio",
    "contextlib.py",
)
_HANDS_OUT_FRAMES = {
    "walk_tb",
    "walk_stack",
    "currentframe",
    "stack",
    "trace",
    "getouterframes",
    "getinnerframes",
    "_current_frames",
}
_FRAME_READERS_HONEST = (
    "collections",
    "enum.py",
    "typing.py",
    "logging",
    "warnings.py",
    "traceback.py",
    "dataclasses.py",
    "unittest",
    "contextlib.py",
    "asyncio",
    "concurrent",
    "abc.py",
    "string.py",
    "random.py",
    "doctest.py",
    "pdb.py",
    "importlib",
)
_MEMORY = ("ctypes.", "cffi.", "_ctypes.")
_TRACE = {"sys.settrace", "sys.setprofile", "sys.addaudithook"}
_HEAP = {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"}
_CODE_NAMES = {"__code__", "gi_code", "cr_code", "ag_code"}
_FRAME_NAMES = {"tb_frame", "gi_frame", "cr_frame", "ag_frame"}


class Guard:
    """One for a process; armed in the child that becomes a candidate's."""

    def __init__(self) -> None:
        self._tell: Optional[Tell] = None
        self._busy = False
        self._test = ""
        self._focal = ""
        self._folder = ""
        self._told: set[str] = set()
        self._pid = 0
        sys.addaudithook(self._hear)
        if sys.version_info < (3, 11):  # where sleeping makes no event
            _announce_sleep()

    def arm(
        self,
        tell: Tell,
        *,
        root: str,
        test: str,
        focal: str,
        sleep_s: float,
        too_long: Callable[[], None],
    ) -> None:
        """``test`` and ``focal`` are absolute paths; ``focal`` may be empty. ``too_long`` is
        called instead of going to sleep for more than ``sleep_s`` in all.
        """
        self._sleep_s, self._too_long = sleep_s, too_long
        self._told = set()
        self._root = root.rstrip(os.sep) + os.sep
        self._test, self._focal = test, focal
        self._pid = os.getpid()
        self._tell = tell
        _hide_trace()

    def pause(self) -> None:
        """Until ``resume``: what happens is this worker's own doing."""
        self._busy = True

    def resume(self) -> None:
        self._busy = False

    # ------------------------------------------------------------------------- hearing

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._tell is None or self._busy:
            return
        check = _CHECKS.get(event)
        if check is None:
            if not event.startswith(_FAMILIES):
                return
            check = Guard._family
        self._busy = True
        try:
            check(self, event, arguments)
        finally:
            self._busy = False

    def _say(self, kind: str, what: str) -> None:
        if self._tell is not None and what not in self._told and os.getpid() == self._pid:
            self._told.add(what)
            self._tell(kind, what)

    def _forged(self, what: str) -> None:
        self._say("forged", what)

    # -------------------------------------------------------------------------- checks

    def _attribute(self, _event: str, arguments: tuple[Any, ...]) -> None:
        thing, name = arguments[0], arguments[1]
        if name in _CODE_NAMES:
            if self._is_focal(thing) and not self._is_honest_reader(sys._getframe(2)):  # noqa: SLF001
                self._forged(f"reads {name} of the function under test")
        elif name in _FRAME_NAMES and self._hands_out(sys._getframe(2)):  # noqa: SLF001
            if not isinstance(thing, TracebackType) or self._reaches_focal(thing):
                self._forged(f"reads {name}")

    def _set_attribute(self, _event: str, arguments: tuple[Any, ...]) -> None:
        if sys._getframe(2).f_code.co_filename.startswith(_HERE):  # noqa: SLF001
            return  # a program is put in force
        if arguments[1] in _CODE_NAMES and self._is_focal(arguments[0]):
            self._forged("replaces the code of the function under test")

    def _frames(self, event: str, _arguments: tuple[Any, ...]) -> None:
        frame = sys._getframe(2)  # noqa: SLF001
        if self._is_candidate(frame):
            self._forged(f"asks for {event}")
        elif self._hands_out(frame):
            self._forged(f"walks frames by {frame.f_code.co_name}")
        elif not self._is_known(frame, _FRAME_READERS_HONEST):
            self._forged(f"asks for {event}")

    def _private(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """What only the codebase and its libraries may ask for."""
        frame: Optional[FrameType] = sys._getframe(2)  # noqa: SLF001
        while (
            frame is not None
            and frame.f_code.co_filename.startswith(_STDLIB)
            and not any(frame.f_code.co_filename.startswith(site) for site in _SITES)
        ):
            frame = frame.f_back
        if frame is None or self._is_candidate(frame) or _is_pytest(frame):
            self._forged(f"asks for {event}")

    def _memory(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """Importing ctypes is no offence; using it is."""
        frame: Optional[FrameType] = sys._getframe(2)  # noqa: SLF001
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith("<frozen importlib"):
                return
            if self._is_candidate(frame):
                self._forged(f"reaches into memory by {event}")
                return
            if not name.startswith(_STDLIB) or name.startswith(_SITES):
                return
            frame = frame.f_back

    def _family(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith("ctypes."):
            self._memory(event, arguments)
        else:
            self._private(event, arguments)

    def _opened(self, _event: str, arguments: tuple[Any, ...]) -> None:
        path = arguments[0]
        if isinstance(path, int) or not self._focal:
            return
        try:
            name = os.fsdecode(path)
        except (TypeError, ValueError):
            return
        if os.path.basename(name) != os.path.basename(self._focal):  # noqa: PTH119
            return
        if os.path.abspath(name) == self._focal and self._asked_by_candidate():  # noqa: PTH100
            self._say("disk", "reads the source of the function under test")

    def _slept(self, _event: str, arguments: tuple[Any, ...]) -> None:
        try:
            seconds = float(arguments[0])
        except (TypeError, ValueError, OverflowError):
            return
        if threading.get_ident() != threading.main_thread().ident:
            return
        self._sleep_s -= max(seconds, 0.0)
        if self._sleep_s < 0:
            self._too_long()

    def _started(self, event: str, _arguments: tuple[Any, ...]) -> None:
        self._say("disk", f"starts a process ({event})")

    # ------------------------------------------------------------------------ who asks

    def _is_focal(self, thing: Any) -> bool:
        if isinstance(thing, FunctionType):
            code: Any = thing.__code__
        else:
            code = getattr(thing, "gi_code", None) or getattr(thing, "cr_code", None)
            code = code or getattr(thing, "ag_code", None)
        return isinstance(code, CodeType) and code.co_filename == self._focal

    def _reaches_focal(self, trace: TracebackType) -> bool:
        return trace.tb_frame.f_code.co_filename == self._focal

    def _is_candidate(self, frame: FrameType) -> bool:
        """Its file, or text that was run as code."""
        name = frame.f_code.co_filename
        return name == self._test or (name.startswith("<") and not name.startswith("<frozen"))

    def _is_honest_reader(self, frame: FrameType) -> bool:
        name = frame.f_code.co_filename
        if name.startswith(_SITES) and not _is_pytest(frame):
            return True
        if name.startswith(_STDLIB):
            for end, functions in _READS_CODE.items():
                if name.endswith(os.sep + end):
                    return functions is None or frame.f_code.co_name in functions
            return False
        if _is_pytest(frame):
            return not self._asked_by_candidate()
        return name.startswith(self._root) and name != self._test

    def _is_known(self, frame: FrameType, modules: tuple[str, ...]) -> bool:
        name = frame.f_code.co_filename
        if name.startswith("<frozen") or name.startswith(_SITES):
            return True
        if name.startswith(_STDLIB):
            return name[len(_STDLIB) :].startswith(modules)
        return name.startswith((self._root, _HERE))

    def _hands_out(self, frame: FrameType) -> bool:
        """Whether a frame goes to the candidate: it asks itself, or by one who passes it on."""
        if self._is_candidate(frame):
            return True
        caller = frame.f_back
        if frame.f_code.co_name in _HANDS_OUT_FRAMES:
            return caller is None or self._is_candidate(caller)
        if _is_pytest(frame):
            return caller is not None and self._is_candidate(caller)
        name = frame.f_code.co_filename
        return name.startswith(_STDLIB) and name.endswith(("thread.py", "threads.py"))

    def _asked_by_candidate(self) -> bool:
        frame: Optional[FrameType] = sys._getframe(2)  # noqa: SLF001
        while frame is not None:
            if self._is_candidate(frame):
                return True
            frame = frame.f_back
        return False


_CHECKS: dict[str, Callable[[Guard, str, tuple[Any, ...]], None]] = {
    "object.__getattr__": Guard._attribute,  # noqa: SLF001
    "object.__setattr__": Guard._set_attribute,  # noqa: SLF001
    "sys._getframe": Guard._frames,  # noqa: SLF001
    "sys._current_frames": Guard._private,  # noqa: SLF001
    "sys._current_exceptions": Guard._private,  # noqa: SLF001
    "open": Guard._opened,  # noqa: SLF001
    "time.sleep": Guard._slept,  # noqa: SLF001
    **{event: Guard._private for event in (*_TRACE, *_HEAP)},  # noqa: SLF001
    **{event: Guard._started for event in _STARTS},  # noqa: SLF001
}
_FAMILIES = ("ctypes.", "sys.monitoring.", "cpython.")


def _is_pytest(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return os.sep + "_pytest" + os.sep in name or os.sep + "pluggy" + os.sep in name


def _hide_trace() -> None:
    """The trace function leads to what is covered; it is nobody's to ask for."""
    real = sys.gettrace
    here = _HERE

    def gettrace() -> Any:
        found = real()
        code = getattr(getattr(found, "__func__", found), "__code__", None)
        return None if getattr(code, "co_filename", "").startswith(here) else found

    sys.gettrace = gettrace
    if hasattr(threading, "gettrace"):
        threading.gettrace = gettrace


def _announce_sleep() -> None:
    real = time.sleep

    def sleep(seconds: float) -> None:
        sys.audit("time.sleep", seconds)
        real(seconds)

    time.sleep = sleep
