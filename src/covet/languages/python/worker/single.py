"""One test at a time, as pytest runs it, without a report.

Set-up of its fixtures, the call, tear-down of everything: what pytest's own protocol comes to,
at a tenth of its cost. Where a plugin or a ``conftest.py`` has a say in how tests are run, or a
test carries a mark or asks for a fixture that only the protocol serves, it goes through the
protocol.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Optional

import pytest
from _pytest.tmpdir import tmppath_result_key

KILLS = frozenset({"fail", "error", "timeout", "out_of_memory", "crash"})
_FIXTURES = frozenset({"caplog", "recwarn", "pytester", "testdir", "record_property"})
_MARKS = frozenset({"skip", "skipif", "xfail", "filterwarnings"})


class TooFar(BaseException):
    """A program has taken more steps than it may."""


def give_up() -> None:
    """The test that runs; the next one may begin."""
    raise TooFar


class Runner:
    """The tests of a session, by name."""

    def __init__(
        self, session: Any, name: Callable[[Any], str], by_protocol: Callable[[Any], str]
    ) -> None:
        self._session = session
        self._by_protocol = by_protocol
        hooks = session.config.hook
        self._plain = not others(hooks, *RUNNING)
        self._bare = self._plain and not others(hooks, *FIXING)
        self.items = {name(item): item for item in session.items}
        self._ways: dict[str, Callable[[], str]] = {}

    def verdict(self, test: str) -> str:
        way = self._ways.get(test)
        if way is None:
            way = self._ways[test] = self._way(test, self.items[test])
        return way()

    def _way(self, test: str, item: Any) -> Callable[[], str]:
        if not self._plain or _needs_protocol(item):
            return lambda: self._by_protocol(item)
        if self._bare and _is_simple(item):
            return lambda: self._called(test, item)
        return lambda: _run(self._session, item)

    def _called(self, test: str, item: Any) -> str:
        verdict = _Call(item).run()
        if verdict is None:  # it asks for more than is here
            self._ways[test] = lambda: _run(self._session, item)
            return _run(self._session, item)
        return verdict


RUNNING = tuple("pytest_runtest_" + name for name in ("setup", "call", "teardown", "protocol"))
FIXING = ("pytest_pyfunc_call", "pytest_fixture_setup", "pytest_fixture_post_finalizer")


def others(hooks: Any, *names: str) -> bool:
    """Whether others than pytest and this worker hear of something."""
    mine = __name__.rpartition(".")[0] + "."
    for name in names:
        for implementation in getattr(hooks, name).get_hookimpls():
            module = getattr(implementation.function, "__module__", "") or ""
            if not module.startswith(("_pytest.", mine, *_HARMLESS)):
                return True
    return False


_HARMLESS = (
    "pytest_mock.",
    "pytest_cov.",
    "pytest_asyncio.",
    "anyio.pytest_plugin",
    "xdist.",
    "_hypothesis_pytestplugin",
)
"""Plugins whose hooks are about tests of their own kind: coroutines, generated examples."""


def _needs_protocol(item: Any) -> bool:
    return (
        not hasattr(item, "_initrequest")
        or inspect.iscoroutinefunction(item.obj)
        or hasattr(item.obj, "is_hypothesis_test")
        or not _FIXTURES.isdisjoint(item.fixturenames)
        or any(mark.name in _MARKS for mark in item.iter_markers())
    )


def _is_simple(item: Any) -> bool:
    """Whether a test is a plain function whose arguments are values that it is parametrized
    with, or come from fixtures that are made anew for each test. Then ``_Call`` does all that
    there is to be done.
    """
    function = getattr(item.obj, "__func__", item.obj)
    if type(item) is not pytest.Function or not _is_plain(function):
        return False
    if "request" in item._fixtureinfo.argnames:  # noqa: SLF001
        return False
    return all(_is_simple_argument(item, name) for name in _fixtures(item))


def _fixtures(item: Any) -> list[str]:
    """All that the test needs, in the order in which it is set up."""
    return [name for name in item.fixturenames if name != "request"]


def _is_simple_argument(item: Any, name: str) -> bool:
    values = item.callspec.params if hasattr(item, "callspec") else {}
    definitions = item._fixtureinfo.name2fixturedefs.get(name, ())  # noqa: SLF001
    if name in values and all(map(_is_value, definitions)):
        return True
    if len(definitions) != 1:
        return False
    (definition,) = definitions
    return (
        definition.scope == "function"
        and _is_plain(definition.func)
        and (item.cls is None or name.startswith(_SETUP_METHOD))
        and all(
            other == "request" or _is_simple_argument(item, other) for other in definition.argnames
        )
    )


_SETUP_METHOD = "_xunit_setup_method_fixture_"


def _is_plain(function: Any) -> bool:
    return inspect.isfunction(function) and not (
        inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    )


def _is_value(definition: Any) -> bool:
    """Whether a parametrized argument is its value, and not what a fixture makes of it."""
    return getattr(definition.func, "__name__", "") == "get_direct_param_fixture_func"


class _NotSimple(BaseException):
    """A fixture asks for what ``_Call`` does not have."""


class _Request:
    """What simple fixtures ask of theirs."""

    def __init__(self, item: Any, instance: Any, param: Any) -> None:
        self.function, self.instance, self.cls, self.param = item.obj, instance, item.cls, param

    def __getattr__(self, name: str) -> Any:
        raise _NotSimple(name)


class _Call:
    """One run of a simple test."""

    def __init__(self, item: Any) -> None:
        self._item = item
        self._instance = item.parent.newinstance() if item.cls is not None else None
        self._known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001
        self._params: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
        self._values: dict[str, Any] = {}
        self._open: list[Any] = []

    def run(self) -> Optional[str]:
        """None where it is not that simple; what was set up is torn down."""
        item, when = self._item, "setup"
        verdict: Optional[str] = "pass"
        try:
            for name in _fixtures(item):
                self._value(name)
            when, function = "call", item.obj
            if self._instance is not None:
                function = getattr(self._instance, item.originalname)
            function(**{name: self._values[name] for name in item._fixtureinfo.argnames})  # noqa: SLF001
        except _NotSimple:
            verdict = None
        except BaseException as error:  # noqa: BLE001  (tests raise anything)
            verdict = verdict_of(error, when)
        while self._open:
            try:
                if next(self._open.pop(), _END) is not _END:
                    raise RuntimeError("a fixture yields more than once")  # noqa: TRY301
            except BaseException as error:  # noqa: BLE001
                if verdict in ("pass", "not_run"):
                    verdict = verdict_of(error, "teardown")
        return verdict

    def _value(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        definitions = self._known.get(name, ())
        if name in self._params and all(map(_is_value, definitions)):
            made = self._params[name]
        else:
            made = self._made(name, definitions[0])
        self._values[name] = made
        return made

    def _made(self, name: str, definition: Any) -> Any:
        given = {
            other: self._request(name) if other == "request" else self._value(other)
            for other in definition.argnames
        }
        made = definition.func(**given)
        if inspect.isgeneratorfunction(definition.func):
            self._open.append(made)
            made = next(made)
        return made

    def _request(self, name: str) -> _Request:
        return _Request(self._item, self._instance, self._params.get(name))


_END = object()


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
