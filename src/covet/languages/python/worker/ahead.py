"""A process that has imported the package around modules under test, before they are asked for.

A package often imports most of itself, and that takes longer than the tests of a function do.
It is done once here; processes for the modules of the package are forked from this one, and stand
behind a request's walls before they do anything (``loaded``). What runs here is the codebase's
own code, in the private root, and no candidate's.

Libraries that existing tests import come with it, and nothing else, so that what a module's tests
find imported depends on the task alone and not on what was asked for before. They are imported in
a process that is forked from the package's own: test files of one package import many different
ones.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from importlib.machinery import SourceFileLoader
from inspect import CO_NEWLOCALS
from types import CodeType, FrameType, FunctionType
from typing import Any, Optional

from . import changed, exchange, kernel, program, request, walls, wire
from .owned import is_own
from .warm import Warm

IMPORT_S = 60
"""Most seconds of wall time that importing may take."""
Serve = Callable[[Warm, dict[str, Any], int, Optional["Ahead"]], None]


def package_of(name: str) -> str:
    """The outermost package around a module; empty where there is none."""
    package, dot, _ = name.partition(".")
    return package if dot else ""


def serve_and_exit(make: Callable[[], Ahead], warm_side: int, serve: Serve) -> None:
    """``serve``: what becomes of each process that is asked for."""
    try:
        kernel.die_with_parent()
        ahead = make()
        wire.send(warm_side, {"fit": ahead.fit})
        if ahead.fit:
            with socket.socket(fileno=warm_side) as connection:
                ahead.serve(connection, serve)
    except Exception:  # noqa: BLE001  (the boundary of this process)
        traceback.print_exc()  # heard as its last words
    finally:
        os._exit(0)


class Ahead:
    """What importing the package showed."""

    def __init__(self, warm: Warm, package: str) -> None:
        """``package``: empty where only libraries are to follow."""
        self._warm = warm
        self.lines: dict[str, set[int]] = {}
        """By path: those that ran."""
        self._entered: set[str] = set()
        """Files of which functions ran."""
        self._keepers: dict[str, exchange.Keeper] = {}
        program.find_packages(warm)
        self.fit = self._fitly(partial(self._import, package))
        self._functions = self._found() if self.fit else {}
        gc.freeze()

    def with_libraries(self, names: list[str]) -> Ahead:
        """The same process, which is the caller's own, once it has imported them, too."""
        if names:
            self.fit = self.fit and self._fitly(partial(import_libraries, names, self._warm.root))
            gc.freeze()
        return self

    def _fitly(self, importing: Callable[[], None]) -> bool:
        """Whether it was possible, in time, and left neither threads nor files."""
        top = os.environ["TMPDIR"]
        os.environ.update(HOME=top + request.WORK, TMPDIR=top + request.WORK)
        signal.alarm(IMPORT_S)
        try:
            importing()
        except BaseException:  # noqa: BLE001  (each candidate will find and report it)
            return False
        else:
            return is_quiet() and not walls.has_files(top)
        finally:
            signal.alarm(0)
            os.environ.update(HOME=top, TMPDIR=top)

    def knows(self, path: str) -> bool:
        """Whether a file was imported, and by that nothing of its functions ran: then it is known
        what did.
        """
        return path in self.lines and path not in self._entered

    def may_serve(self, paths: list[str]) -> bool:
        """Whether each file is known, or still to be imported."""
        return self._entered.isdisjoint(paths)

    def functions(self, path: str) -> exchange.Functions:
        return self._functions.get(path, {})

    def kept(self, path: str) -> dict[tuple[int, int], Any]:
        """What decorators were applied to, where that cannot be told otherwise."""
        return self._keepers[path].kept if path in self._keepers else {}

    def _import(self, package: str) -> None:
        if not package:
            return
        undo = changed.compile_by(self._compiled)
        sys.settrace(self._called)
        try:
            importlib.import_module(package)
        finally:
            sys.settrace(None)
            undo()

    def _compiled(self, path: str, loader: SourceFileLoader) -> Optional[CodeType]:
        """Taking notes where they are needed: it takes longer than to read bytecode."""
        if not is_own(path, self._warm.root):
            return None
        source = loader.get_data(path)
        if not _has_stacked_decorators(source):
            return None
        self._keepers[path] = exchange.Keeper(path)
        return self._keepers[path].compiled(source)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        del event, argument
        code = frame.f_code
        if not is_own(code.co_filename, self._warm.root):
            return None
        if _is_function(code):
            self._entered.add(code.co_filename)
        return self._follow(self.lines.setdefault(code.co_filename, set()))

    def _follow(self, lines: set[int]) -> Any:
        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            del argument
            if event == "line":
                lines.add(frame.f_lineno)
            return trace

        return trace

    def _found(self) -> dict[str, exchange.Functions]:
        """The functions of the files that are known."""
        found: dict[str, exchange.Functions] = {}
        for thing in gc.get_objects():
            if type(thing) is FunctionType and self.knows(thing.__code__.co_filename):
                code = thing.__code__
                known = found.setdefault(code.co_filename, {})
                known.setdefault((code.co_firstlineno, code.co_name), []).append(thing)
        return found

    # ------------------------------------------------------------------------- requests

    def serve(self, connection: socket.socket, serve: Serve) -> None:
        """Fork a process for each request that brings a descriptor to talk by: one that serves it,
        or one like this with more libraries. Wait for one where asked to.
        """
        while True:
            _, given, _, _ = socket.recv_fds(connection, 1, 1)
            message = wire.receive(connection.fileno())
            if message is None:
                return
            if not given:
                os.waitpid(message["wait"], 0)
                wire.send(connection.fileno(), {"waited": True})
                continue
            libraries = message.get("further")
            pid = walls.fork_init(self._warm) if libraries is None else os.fork()
            if pid == 0:
                connection.close()
                if libraries is not None:
                    serve_and_exit(partial(self.with_libraries, libraries), given[0], serve)
                serve(self._warm, message, given[0], self)
            os.close(given[0])
            wire.send(connection.fileno(), {"pid": pid})


class Connection:
    """The warm process's side."""

    def __init__(
        self,
        warm: Warm,
        package: str,
        libraries: list[str],
        others: list[int],
        serve: Serve,
        base: Optional[Connection] = None,
    ) -> None:
        """``others``: descriptors that the new process must not keep; ``base``: one that has the
        package imported, from which it is forked.
        """
        self.base = base
        self._socket, theirs = socket.socketpair()
        if base is not None:
            self.pid = base.fork({"further": libraries}, theirs.fileno())
        else:
            self.pid = os.fork()
            if self.pid == 0:
                for other in (self._socket.fileno(), *others):
                    os.close(other)
                serve_and_exit(
                    lambda: Ahead(warm, package).with_libraries(libraries), theirs.detach(), serve
                )
        theirs.close()
        answer = wire.receive(self._socket.fileno())
        self.fit = answer is not None and bool(answer["fit"])

    @property
    def descriptor(self) -> int:
        return self._socket.fileno()

    def fork(self, message: dict[str, Any], conversation: int) -> int:
        """A process that serves ``message`` over the descriptor. ``OSError`` where this one is no
        more.
        """
        socket.send_fds(self._socket, [b"!"], [conversation])
        return int(self._asked(message)["pid"])

    def wait(self, pid: int) -> None:
        """Until a process that was forked here has ended."""
        self._socket.sendall(b"!")
        self._asked({"wait": pid})

    def _asked(self, message: dict[str, Any]) -> dict[str, Any]:
        wire.send(self._socket.fileno(), message)
        answer = wire.receive(self._socket.fileno())
        if answer is None:
            raise ConnectionResetError
        return answer

    def close(self) -> None:
        self._socket.close()
        if self.base is None:
            os.waitpid(self.pid, 0)
        else:
            with contextlib.suppress(OSError):  # else it went with its base
                self.base.wait(self.pid)


def import_libraries(names: list[str], root: str) -> None:
    """Those that are not the codebase's own and can be imported."""
    for name in names:
        with contextlib.suppress(BaseException):
            top = importlib.util.find_spec(name.partition(".")[0])
            places: list[Any] = (
                [] if top is None else [top.origin, *(top.submodule_search_locations or ())]
            )
            if places and not any(is_own(str(place), root) for place in places):
                importlib.import_module(name)


def is_quiet() -> bool:
    """Whether this process has no other thread."""
    try:
        return threading.active_count() == 1 and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return threading.active_count() == 1


def _has_stacked_decorators(source: bytes) -> bool:
    """Whether a decorator with arguments seems to stand on another."""
    called = False
    for line in source.splitlines():
        text = line.lstrip()
        if text.startswith(b"@"):
            if called:
                return True
            called = b"(" in text
        elif text.startswith((b"def ", b"async ", b"class ")):
            called = False
    return False


def _is_function(code: CodeType) -> bool:
    """No module, class or comprehension."""
    return bool(code.co_flags & CO_NEWLOCALS) and not code.co_name.startswith("<")
