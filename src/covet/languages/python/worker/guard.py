"""What a candidate may not look at or change while it runs, told by who asks.

An audit hook hears when anything reads a function's code, walks frames or the garbage
collector's lists, sets a trace function, or reaches into memory. pytest, mock and inspect do
some of this honestly on a candidate's behalf; what counts is whose frame asks. What a candidate
asks for by itself is told at once, and cannot be taken back.

The hook also hears what exchanging code cannot answer truly: reading the source file that
programs differ in, or starting a process that may import it. That is no offence; it is told
too, and the programs are then run with their text really in the file's place.

None of this is a wall. A candidate shares its process with the hook, and one that knows the
hook's own code may find a way around it. Behind it stand the decoys (``covet.execute.schedule``),
of which nothing in this process knows.
"""

from __future__ import annotations

import _posixsubprocess
import contextlib
import glob
import os
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, Optional

_signal: Any = sys.modules["_signal"]
Tell = Callable[[str, str], None]

_frame_at = sys._getframe  # noqa: SLF001  (bound early: a candidate may replace what it can name)
_getpid, _get_ident = os.getpid, threading.get_ident
_STDLIB = os.path.normpath(sysconfig.get_path("stdlib")) + os.sep
_INSPECT = _STDLIB + "inspect.py"
_SITES = tuple(
    os.path.normpath(sysconfig.get_path(name)) + os.sep for name in ("purelib", "platlib")
)
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120
_ME = os.path.abspath(__file__)  # noqa: PTH100

_READS_CODE: dict[str, Optional[frozenset[str]]] = {
    "inspect.py": frozenset(
        {
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
        }
    ),
    "unittest/mock.py": None,
    "functools.py": frozenset({"_unwrap_partial", "_method"}),
    "typing.py": frozenset({"get_type_hints"}),
    "asyncio/coroutines.py": frozenset({"iscoroutinefunction"}),
    "dataclasses.py": None,
    "doctest.py": None,
    "unittest/loader.py": None,
}
"""Functions of the standard library that read a function's code and do not hand it out; None:
all of a module's."""
_READS_FRAMES = (
    "collections/",
    "enum.py",
    "typing.py",
    "logging/",
    "warnings.py",
    "traceback.py",
    "dataclasses.py",
    "unittest/",
    "contextlib.py",
    "asyncio/",
    "abc.py",
    "string.py",
    "doctest.py",
    "importlib/",
)
"""Modules of the standard library that look at frames for reasons of their own."""
_HANDS_OUT_FRAMES = frozenset(
    {"walk_tb", "walk_stack", "currentframe", "stack", "trace", "getouterframes", "getinnerframes"}
)
_SETS_TRACE_BACK = ("threading.py", "doctest.py")
_CODE = frozenset({"__code__", "gi_code", "cr_code", "ag_code"})
_FRAME = frozenset({"tb_frame", "gi_frame", "cr_frame", "ag_frame"})
_TOLD_OF = _CODE | _FRAME


class Guard:
    """One for a process; armed in the child that becomes a candidate's."""

    def __init__(self) -> None:
        self._tell: Optional[Tell] = None
        self._resting: Optional[Tell] = None
        self._busy = False
        self._known: dict[str, tuple[set[str], set[tuple[int, int]]]] = {}
        if sys.version_info < (3, 13):  # where sleeping makes no event
            _announce_sleep()
        _announce_starts()
        sys.addaudithook(self._hear)

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
        self._told: set[str] = set()
        self._trusted = (_STDLIB, *_SITES, root.rstrip(os.sep) + os.sep, _HERE, "<frozen ")
        self._root = root.rstrip(os.sep) + os.sep
        self._test, self._focal = test, focal
        self.look_for(focal)
        self._names, self._sources = self._known[focal]
        self._pid = _getpid()
        _hide_trace()
        _hide_frames()
        self._tell = tell

    def rest(self) -> None:
        """Until ``go_on`` nothing that happens is a candidate's."""
        self._tell, self._resting = None, self._tell

    def go_on(self) -> None:
        self._tell, self._resting = self._resting, None

    def look_for(self, focal: str) -> None:
        """Know a file and what was compiled of it; once for all who come after."""
        if focal not in self._known:
            self._known[focal] = _files_of(focal) if focal else (set(), set())

    # ------------------------------------------------------------------------- hearing

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._tell is None or self._busy:
            return
        if event == "object.__getattr__" and arguments[1] not in _TOLD_OF:
            return  # the commonest by far
        check = _CHECKS.get(event)
        if check is None:
            if not event.startswith(_FAMILIES):
                return
            check = Guard._memory if event[0] == "c" else Guard._private
        self._busy = True
        try:
            frame: Optional[FrameType] = _frame_at(1)
            while frame is not None and frame.f_code.co_filename == _ME:
                frame = frame.f_back
            if frame is not None:
                check(self, event, arguments, frame)
        finally:
            self._busy = False

    def _say(self, kind: str, what: str) -> None:
        if self._tell is not None and what not in self._told and _getpid() == self._pid:
            self._told.add(what)
            self._tell(kind, what)

    # -------------------------------------------------------------------------- checks

    def _attribute(self, _event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        thing, name = arguments[0], arguments[1]
        if name in _CODE:
            if self._is_focal(thing) and not self._reads_honestly(frame):
                self._say("forged", f"reads {name} of the function under test")
        elif name in _FRAME and self._hands_out(frame) and self._reaches_focal(thing):
            self._say("forged", f"reads {name}")

    def _set_attribute(self, _event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        if frame.f_code.co_filename.startswith(_HERE):
            return  # a program is put in force
        if arguments[1] in _CODE and self._is_focal(arguments[0]):
            self._say("forged", "replaces the code of the function under test")

    def _frames(self, event: str, _arguments: tuple[Any, ...], frame: FrameType) -> None:
        asking: Optional[FrameType] = frame
        while asking is not None and asking.f_code.co_filename == _INSPECT:
            asking = asking.f_back
        name = asking.f_code.co_filename if asking is not None else ""
        known = name.startswith((*_SITES, self._root, _HERE, "<frozen ")) or (
            name.startswith(_STDLIB) and name[len(_STDLIB) :].startswith(_READS_FRAMES)
        )
        if asking is None or self._is_candidate(asking) or self._hands_out(asking) or not known:
            self._say("forged", f"asks for {event}")

    def _trace(self, event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        if not frame.f_code.co_filename.endswith(_SETS_TRACE_BACK):
            self._private(event, arguments, frame)

    def _private(self, event: str, _arguments: tuple[Any, ...], frame: Optional[FrameType]) -> None:
        """What only the codebase and its libraries may ask for."""
        while frame is not None and _is_stdlib(frame):
            frame = frame.f_back
        if frame is None or self._is_candidate(frame) or _is_pytest(frame):
            self._say("forged", f"asks for {event}")

    def _memory(self, event: str, _arguments: tuple[Any, ...], frame: Optional[FrameType]) -> None:
        """Importing ctypes is no offence; using it is."""
        while frame is not None and _is_stdlib(frame):
            frame = frame.f_back
        if frame is None or self._is_candidate(frame) or _is_pytest(frame):
            self._say("forged", f"reaches into memory by {event}")

    def _compiled(self, event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        """Code in another's name would pass for it."""
        name = arguments[1]
        if isinstance(name, bytes):
            name = name.decode(errors="replace")
        if not self._is_candidate(frame) or not isinstance(name, str):
            return
        if self._is_trusted(str.__str__(name)):
            self._say("forged", f"makes code in another file's name ({event})")

    def _opened(self, _event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        path = arguments[0]
        if isinstance(path, int) or not self._sources or not self._asked_by_candidate(frame):
            return
        try:
            status = os.stat(path)  # noqa: PTH116
        except (OSError, TypeError, ValueError):  # beside a descriptor, it may be
            text = path.decode(errors="replace") if isinstance(path, bytes) else path
            is_it = isinstance(text, str) and str.rpartition(text, os.sep)[2] in self._names
        else:
            is_it = (status.st_dev, status.st_ino) in self._sources
        if is_it:
            self._say("disk", "reads the source of the function under test")

    def _slept(self, _event: str, arguments: tuple[Any, ...], _frame: FrameType) -> None:
        seconds = arguments[0]
        if type(seconds) not in (int, float) or _get_ident() != _MAIN:
            return
        self._sleep_s -= max(seconds, 0)
        if self._sleep_s < 0:
            self._too_long()

    def _started(self, event: str, _arguments: tuple[Any, ...], _frame: FrameType) -> None:
        self._say("disk", f"starts a process ({event})")

    # ------------------------------------------------------------------------ who asks

    def _is_trusted(self, name: str) -> bool:
        return name != self._test and name.startswith(self._trusted)

    def _is_candidate(self, frame: FrameType) -> bool:
        """Its file, and whatever else is neither the codebase's nor a library's."""
        return not self._is_trusted(frame.f_code.co_filename)

    def _asked_by_candidate(self, frame: Optional[FrameType]) -> bool:
        while frame is not None:
            if self._is_candidate(frame):
                return True
            frame = frame.f_back
        return False

    def _is_focal(self, thing: Any) -> bool:
        if type(thing) is FunctionType:
            code: Any = thing.__code__
        else:
            code = getattr(thing, "gi_code", None) or getattr(thing, "cr_code", None)
            code = code or getattr(thing, "ag_code", None)
        return isinstance(code, CodeType) and code.co_filename == self._focal

    def _reaches_focal(self, thing: Any) -> bool:
        """Whether a frame leads to the function; of a traceback it may be another's."""
        if not isinstance(thing, TracebackType):
            return True
        return thing.tb_frame.f_code.co_filename == self._focal

    def _reads_honestly(self, frame: FrameType) -> bool:
        name = frame.f_code.co_filename
        if _is_pytest(frame):
            return not self._asked_by_candidate(frame)
        if name.startswith((*_SITES, _HERE)):
            return True
        if name.startswith(_STDLIB):
            functions = _READS_CODE.get(name[len(_STDLIB) :], frozenset())
            return functions is None or frame.f_code.co_name in functions
        return name.startswith(self._root) and name != self._test

    def _hands_out(self, frame: FrameType) -> bool:
        """Whether a frame goes to the candidate: it asks itself, or by one who passes it on."""
        if self._is_candidate(frame):
            return True
        caller = frame.f_back
        if frame.f_code.co_name in _HANDS_OUT_FRAMES or _is_pytest(frame):
            return caller is not None and self._is_candidate(caller)
        return _is_stdlib(frame) and frame.f_code.co_filename.endswith(("thread.py", "threads.py"))


_Check = Callable[[Guard, str, tuple[Any, ...], FrameType], None]
_CHECKS: dict[str, _Check] = {
    "object.__getattr__": Guard._attribute,  # noqa: SLF001
    "object.__setattr__": Guard._set_attribute,  # noqa: SLF001
    "sys._getframe": Guard._frames,  # noqa: SLF001
    "sys._current_frames": Guard._private,  # noqa: SLF001
    "sys._current_exceptions": Guard._private,  # noqa: SLF001
    "sys.addaudithook": Guard._private,  # noqa: SLF001
    "sys.settrace": Guard._trace,  # noqa: SLF001
    "sys.setprofile": Guard._trace,  # noqa: SLF001
    "gc.get_objects": Guard._private,  # noqa: SLF001
    "gc.get_referrers": Guard._private,  # noqa: SLF001
    "gc.get_referents": Guard._private,  # noqa: SLF001
    "marshal.load": Guard._private,  # noqa: SLF001
    "marshal.loads": Guard._private,  # noqa: SLF001
    "compile": Guard._compiled,  # noqa: SLF001
    "code.__new__": Guard._compiled,  # noqa: SLF001
    "open": Guard._opened,  # noqa: SLF001
    "time.sleep": Guard._slept,  # noqa: SLF001
    "subprocess.Popen": Guard._started,  # noqa: SLF001
    "os.system": Guard._started,  # noqa: SLF001
    "os.exec": Guard._started,  # noqa: SLF001
    "os.posix_spawn": Guard._started,  # noqa: SLF001
    "os.fork": Guard._started,  # noqa: SLF001
    "os.forkpty": Guard._started,  # noqa: SLF001
    "covet.fork_exec": Guard._started,  # noqa: SLF001
}
_FAMILIES = ("ctypes.", "sys.monitoring.", "cpython.")
_MAIN = threading.main_thread().ident


def _is_stdlib(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return name.startswith(_STDLIB) and not name.startswith(_SITES)


def _is_pytest(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return os.sep + "_pytest" + os.sep in name or os.sep + "pluggy" + os.sep in name


def _files_of(path: str) -> tuple[set[str], set[tuple[int, int]]]:
    """Names and identities of a source file and of what was compiled of it."""
    folder, name = os.path.split(path)
    stem = name.rpartition(".")[0]
    files = [path, *glob.glob(f"{glob.escape(folder)}/__pycache__/{glob.escape(stem)}.*")]  # noqa: PTH207
    found: set[tuple[int, int]] = set()
    for file in files:
        with contextlib.suppress(OSError):
            status = os.stat(file)  # noqa: PTH116
            found.add((status.st_dev, status.st_ino))
    return {os.path.basename(file) for file in files}, found  # noqa: PTH119


# ----------------------------------------------------------------------------- replacing


def _hide_trace() -> None:
    """The trace function leads to what is covered; it is nobody's to ask for."""
    real = sys.gettrace

    def gettrace() -> Any:
        found = real()
        name = getattr(getattr(found, "__code__", None), "co_filename", "")
        return None if name.startswith(_HERE) else found

    sys.gettrace = gettrace
    if hasattr(threading, "gettrace"):
        threading.gettrace = gettrace


def _hide_frames() -> None:
    """A signal's handler is given a frame without asking; a candidate's is not."""

    def without_frame(real: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def set_handler(number: Any, handler: Any) -> Any:
            if not callable(handler):
                return real(number, handler)

            def handle(number: int, _frame: Optional[FrameType]) -> Any:
                return handler(number, None)

            return real(number, handle)

        return set_handler

    for module in (signal, _signal):
        setattr(module, "signal", without_frame(module.signal))  # noqa: B010  (types forbid it)


def _announce_sleep() -> None:
    real = time.sleep

    def sleep(seconds: float) -> None:
        sys.audit("time.sleep", seconds)
        real(seconds)

    setattr(time, "sleep", sleep)  # noqa: B010  (types forbid the plain way)


def _announce_starts() -> None:
    """Multiprocessing starts processes without an event."""
    real = _posixsubprocess.fork_exec

    def fork_exec(*arguments: Any) -> int:
        sys.audit("covet.fork_exec")
        return real(*arguments)

    _posixsubprocess.fork_exec = fork_exec
