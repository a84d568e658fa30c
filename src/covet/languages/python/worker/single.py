"""One test at a time, as pytest runs it, without a report.

Set-up of its fixtures, the call, tear-down of everything: what pytest's own protocol comes to,
at a tenth of its cost. Where a plugin or a ``conftest.py`` has a say in how tests are run, or a
test carries a mark or asks for a fixture that only the protocol serves, it goes through the
protocol.
"""

from __future__ import annotations

import inspect
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
        hooks = session.config.hook
        self._plain = not _others(hooks, *_RUNNING)
        self._bare = self._plain and not _others(hooks, *_FIXING)
        self.items = {name(item): item for item in session.items}
        self._ways: dict[str, Callable[[], str]] = {}

    def verdict(self, test: str) -> str:
        way = self._ways.get(test)
        if way is None:
            way = self._ways[test] = self._way(self.items[test])
        return way()

    def _way(self, item: Any) -> Callable[[], str]:
        if not self._plain or _needs_protocol(item):
            return lambda: self._by_protocol(item)
        if self._bare and _is_simple(item):
            return lambda: _Call(item).run()
        return lambda: _run(self._session, item)


_RUNNING = tuple("pytest_runtest_" + name for name in ("setup", "call", "teardown", "protocol"))
_FIXING = ("pytest_pyfunc_call", "pytest_fixture_setup", "pytest_fixture_post_finalizer")


def _others(hooks: Any, *names: str) -> bool:
    """Whether others than pytest and this worker hear of something."""
    mine = __name__.rpartition(".")[0] + "."
    for name in names:
        for implementation in getattr(hooks, name).get_hookimpls():
            module = getattr(implementation.function, "__module__", "") or ""
            if not module.startswith(("_pytest.", mine)):
                return True
    return False


def _needs_protocol(item: Any) -> bool:
    return (
        not hasattr(item, "_initrequest")
        or not _FIXTURES.isdisjoint(item.fixturenames)
        or any(mark.name in _MARKS for mark in item.iter_markers())
    )


def _is_simple(item: Any) -> bool:
    """Whether a test is a plain function whose arguments are values that it is parametrized
    with, or come from fixtures that are made anew for each test by functions that ask for
    nothing else. Then ``_call`` does all that there is to be done.
    """
    if type(item) is not pytest.Function or not _is_plain(item.obj):
        return False
    return all(_is_simple_argument(item, name) for name in item.fixturenames)


def _is_simple_argument(item: Any, name: str) -> bool:
    values = item.callspec.params if _has_values(item) else {}
    definitions = item._fixtureinfo.name2fixturedefs.get(name, ())  # noqa: SLF001
    if name in values:
        return all(_is_value(definition) for definition in definitions)
    if len(definitions) != 1 or item.cls is not None:
        return False
    (definition,) = definitions
    return (
        definition.scope == "function"
        and not definition.params
        and _is_plain(definition.func)
        and all(_is_simple_argument(item, other) for other in definition.argnames)
    )


def _is_plain(function: Any) -> bool:
    return (
        inspect.isroutine(function)
        and not inspect.iscoroutinefunction(function)
        and not inspect.isasyncgenfunction(function)
    )


def _is_value(definition: Any) -> bool:
    """Whether a parametrized argument is its value, and not what a fixture makes of it."""
    return getattr(definition.func, "__name__", "") == "get_direct_param_fixture_func"


class _Call:
    """One run of a simple test."""

    def __init__(self, item: Any) -> None:
        self._item = item
        self._known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001
        self._values: dict[str, Any] = dict(item.callspec.params) if _has_values(item) else {}
        self._open: list[Any] = []

    def run(self) -> str:
        item, verdict, when = self._item, "pass", "setup"
        try:
            for name in item.fixturenames:
                self._value(name)
            when, function = "call", item.obj
            if item.cls is not None:
                function = getattr(item.parent.newinstance(), item.originalname)
            function(**{name: self._values[name] for name in item._fixtureinfo.argnames})  # noqa: SLF001
        except BaseException as error:  # noqa: BLE001  (tests raise anything)
            verdict = verdict_of(error, when)
        while self._open:
            try:
                self._close(self._open.pop())
            except BaseException as error:  # noqa: BLE001, PERF203
                if verdict in ("pass", "not_run"):
                    verdict = verdict_of(error, "teardown")
        return verdict

    def _value(self, name: str) -> Any:
        if name not in self._values:
            (definition,) = self._known[name]
            made = definition.func(**{other: self._value(other) for other in definition.argnames})
            if inspect.isgeneratorfunction(definition.func):
                self._open.append(made)
                made = next(made)
            self._values[name] = made
        return self._values[name]

    @staticmethod
    def _close(generator: Any) -> None:
        if next(generator, _END) is not _END:
            raise RuntimeError("a fixture yields more than once")


_END = object()


def _has_values(item: Any) -> bool:
    return hasattr(item, "callspec")


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
