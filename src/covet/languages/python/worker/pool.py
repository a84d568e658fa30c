"""The warm process's loaded processes, and the sets of programs that each of them knows."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Optional

from . import ahead, loaded, walls, wire
from .warm import Warm

_MOST_LOADED = 4
_MOST_AHEAD = 4


@dataclass(frozen=True)
class _Process:
    """One that has a module loaded."""

    pid: int
    conversation: int
    parent: Optional[ahead.Connection]
    """Where it was forked; None: here."""

    def end(self) -> None:
        os.close(self.conversation)
        if self.parent is None:
            os.waitpid(self.pid, 0)
            return
        with contextlib.suppress(OSError):  # else it went with its parent
            self.parent.wait(self.pid)


class Pool:
    """See above."""

    def __init__(self, state: Warm) -> None:
        self._state = state
        self._open: OrderedDict[str, _Process] = OrderedDict()
        """By what is imported."""
        self._unfit: set[str] = set()
        self._ahead: OrderedDict[str, Optional[ahead.Connection]] = OrderedDict()
        """By package and libraries; None: they cannot be imported ahead."""
        self._sets: dict[int, dict[str, Any]] = {}
        self._told: dict[str, OrderedDict[int, None]] = {}
        """By what is imported: the sets that the process knows, least used first."""

    def answer(self, message: dict[str, Any]) -> None:
        for key in message["forget"]:
            self._sets.pop(key, None)
        if message["edits"] is not None:
            self._sets[message["set"]] = message["edits"]
        name = json.dumps([message["imports"], message["libraries"], message["traced"]])
        conversation = self._conversation(name, message)
        if conversation is None:
            wire.send(self._state.channel, {"cells": [[0, {"end": "unfit"}]]})
            return
        message["edits"] = self._untold(name, message["set"])
        try:
            wire.send(conversation, message)
            answer = wire.receive(conversation)
        except OSError:
            answer = None
        if answer is None:  # nothing that a candidate can do: the kernel ended it
            self._end(name)
            wire.send(self._state.channel, {"lost": True})
            return
        if not answer["clean"]:
            self._end(name)

    def _untold(self, name: str, key: Optional[int]) -> Optional[dict[str, Any]]:
        """A set that the process does not know, which keeps as many as is kept count of here."""
        told = self._told.setdefault(name, OrderedDict())
        if key is None:
            return None
        is_new = key not in told
        told[key] = None
        told.move_to_end(key)
        if len(told) > loaded.SETS:
            told.popitem(last=False)
        return self._sets[key] if is_new else None

    def _conversation(self, name: str, message: dict[str, Any]) -> Optional[int]:
        """None where nothing can be loaded beforehand."""
        if name in self._unfit:
            return None
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name].conversation
        if len(self._open) >= _MOST_LOADED:
            self._end(next(iter(self._open)))
        for parent in (self._parent(message), None):
            process = self._forked(message, parent)
            answer = wire.receive(process.conversation) if process else None
            if process is not None and answer is not None and answer["fit"]:
                self._open[name] = process
                return process.conversation
            if process is not None:
                process.end()
            if parent is None:
                self._unfit.add(name)
                break
        return None

    def _forked(
        self, message: dict[str, Any], parent: Optional[ahead.Connection]
    ) -> Optional[_Process]:
        """None where the parent is no more."""
        ours, theirs = socket.socketpair()
        if parent is not None:
            try:
                pid = parent.fork(message, theirs.fileno())
            except OSError:
                ours.close()
                return None
            finally:
                theirs.close()
            return _Process(pid, ours.detach(), parent)
        pid = walls.fork_init(self._state)
        if pid == 0:
            ours.close()
            for other in self._descriptors():
                os.close(other)
            loaded.serve_and_exit(self._state, message, theirs.detach(), None)
        theirs.close()
        return _Process(pid, ours.detach(), None)

    def _parent(self, message: dict[str, Any]) -> Optional[ahead.Connection]:
        """A process that has imported the libraries, and the package around the first module; None
        where there are none, or they are not fit to be imported ahead.
        """
        package = ahead.package_of(next(iter(message["imports"]), ""))
        libraries = message["libraries"]
        if not (package or libraries) or not self._state.isolated:
            return None
        base = self._imported(package, [], None) if package else None
        if package and (base is None or not libraries):
            return base
        return self._imported(package, libraries, base)

    def _imported(
        self, package: str, libraries: list[str], base: Optional[ahead.Connection]
    ) -> Optional[ahead.Connection]:
        name = json.dumps([package, libraries])
        if name not in self._ahead:
            if len(self._ahead) >= _MOST_AHEAD:
                self._leave(next(iter(self._ahead)))
            try:
                connection = ahead.Connection(
                    self._state,
                    package,
                    libraries,
                    self._descriptors(),
                    loaded.serve_and_exit,
                    base,
                )
            except OSError:  # the base is no more
                return None
            self._ahead[name] = connection
            if not connection.fit:
                connection.close()
                self._ahead[name] = None
        self._ahead.move_to_end(name)
        return self._ahead[name]

    def _descriptors(self) -> list[int]:
        """What talks to other processes."""
        connections = [connection for connection in self._ahead.values() if connection]
        return [
            *(process.conversation for process in self._open.values()),
            *(connection.descriptor for connection in connections),
        ]

    def _leave(self, name: str) -> None:
        """With all that were forked there."""
        connection = self._ahead.pop(name)
        if connection is not None:
            for other in [o for o, one in self._ahead.items() if one and one.base is connection]:
                self._leave(other)
            mine = [other for other, one in self._open.items() if one.parent is connection]
            for other in mine:
                self._end(other)
            connection.close()

    def _end(self, name: str) -> None:
        self._told.pop(name, None)
        self._open.pop(name).end()
