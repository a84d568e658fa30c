"""One test at a time, as pytest runs it, without a report.

Set-up of its fixtures, the call, tear-down of everything: what pytest's own protocol comes to,
at a tenth of its cost. Where a plugin or a ``conftest.py`` has a say in how tests are run, or a
test carries a mark or asks for a fixture that only the protocol serves, it goes through the
protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from _pytest.tmpdir import tmppath_result_key

KILLS = frozenset({"fail", "error", "timeout", "out_of_memory", "crash"})
_FIXTURES = frozenset({"caplog", "recwarn", "pytester", "testdir", "record_property"})
_MARKS = frozenset({"skip", "skipif", "xfail", "filterwarnings"})


class TooFar(BaseException):
    """A program has taken more steps than it may."""


class Runner:
    """The tests of a session, by name."""

    def __init__(
        self, session: Any, name: Callable[[Any], str], by_protocol: Callable[[Any], str]
    ) -> None:
        self._session = session
        self._by_protocol = by_protocol
        self._always = _has_foreign_hooks(session.config)
        self.items = {name(item): item for item in session.items}

    def verdict(self, test: str) -> str:
        item = self.items[test]
        if self._always or _needs_protocol(item):
            return self._by_protocol(item)
        return _run(self._session, item)


def _has_foreign_hooks(config: Any) -> bool:
    """Whether others than pytest and this worker hear how a test is run."""
    mine = __name__.rpartition(".")[0] + "."
    for name in ("setup", "call", "teardown", "protocol"):
        for implementation in getattr(config.hook, "pytest_runtest_" + name).get_hookimpls():
            module = getattr(implementation.function, "__module__", "") or ""
            if not module.startswith(("_pytest.", mine)):
                return True
    return False


def _needs_protocol(item: Any) -> bool:
    known = item.__dict__.get("_covet_needs_protocol")
    if known is None:
        known = (
            not hasattr(item, "_initrequest")
            or not _FIXTURES.isdisjoint(item.fixturenames)
            or any(mark.name in _MARKS for mark in item.iter_markers())
        )
        item.__dict__["_covet_needs_protocol"] = known
    return bool(known)


def _run(session: Any, item: Any) -> str:
    state = session._setupstate  # noqa: SLF001  (pytest has no other way)
    _renew(item)
    verdict = "pass"
    try:
        state.setup(item)
    except BaseException as error:  # noqa: BLE001  (tests raise anything)
        verdict = verdict_of(error, "setup")
    else:
        try:
            item.runtest()
        except BaseException as error:  # noqa: BLE001
            verdict = verdict_of(error, "call")
        kept = getattr(item, "_excinfo", None)
        if kept:
            verdict = verdict_of(kept[0].value, "call")
    try:
        state.teardown_exact(None)
    except BaseException as error:  # noqa: BLE001
        if verdict in ("pass", "not_run"):
            verdict = verdict_of(error, "teardown")
        state.stack.clear()
    return verdict


def _renew(item: Any) -> None:
    """As if it had just been collected."""
    if "_excinfo" in item.__dict__:
        item._excinfo = None  # noqa: SLF001
    elif item.cls is not None:
        item.__dict__.pop("_instance", None)
        item.__dict__.pop("_obj", None)
    item._initrequest()  # noqa: SLF001
    if "tmp_path" in item.fixturenames:
        item.stash[tmppath_result_key] = {}


def verdict_of(error: BaseException, when: str) -> str:
    """An assertion of the test's own is ``fail``; anything else that is raised, ``error``."""
    if isinstance(error, TooFar):
        return "timeout"
    if isinstance(error, MemoryError):
        return "out_of_memory"
    if isinstance(error, pytest.skip.Exception):
        return "not_run"
    if when == "call" and isinstance(error, (AssertionError, pytest.fail.Exception)):
        return "fail"
    return "error"
