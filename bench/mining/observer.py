"""A pytest plugin that writes down what each test really ran, and what was collected.

Stands alone: it runs in the codebase's own pytest process, told by environment variables where
the codebase (``OBSERVED_ROOT``) and its sources (``OBSERVED_SOURCES``, with ``:`` between) are and
where to write (``OBSERVED_OUT``). A function ran *directly* where the nearest frame above it that
is the codebase's stands outside of its sources.
"""

import functools
import inspect
import json
import os
import sys
import threading
from pathlib import Path

import pytest

ROOT = os.path.realpath(os.environ["OBSERVED_ROOT"])
SOURCES = tuple(f"{ROOT}/{path}" for path in os.environ["OBSERVED_SOURCES"].split(":"))

_kinds: dict = {}
_ran: set = set()
_directly: set = set()
_tests: dict = {}
_collected: dict = {}
_values: dict = {}
_passed: set = set()


def _kind(code):
    """``source``, ``test`` (whatever else the codebase has) or None."""
    kind = _kinds.get(code, "")
    if kind == "":
        file = os.path.realpath(code.co_filename)
        kind = None
        if file in SOURCES:
            kind = "source"
        elif file.startswith(ROOT + os.sep):
            kind = "test"
        _kinds[code] = kind
    return kind


def _profile(frame, event, _argument):
    if event != "call":
        return
    code = frame.f_code
    if code in _directly or _kind(code) != "source":
        return
    _ran.add(code)
    above = frame.f_back
    while above is not None:
        kind = _kind(above.f_code)
        if kind is not None:
            if kind == "test":
                _directly.add(code)
            return
        above = above.f_back


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    _ran.clear()
    _directly.clear()
    threading.setprofile(_profile)
    sys.setprofile(_profile)
    yield
    sys.setprofile(None)
    threading.setprofile(None)
    found = _tests.setdefault(_key(item), ([], []))
    found[0].extend(map(_place, _ran))
    found[1].extend(map(_place, _directly))
    _note(item)


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef, request):
    yield
    result = fixturedef.cached_result
    if result is not None and result[2] is None:
        kind = type(result[0])
        gave = f"{kind.__module__}:{kind.__qualname__}"
        _values[id(fixturedef)] = _values[id(fixturedef), request.node.nodeid] = gave


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        _passed.add(report.nodeid.partition("[")[0])


def _note(item):
    """Where the test's code and those of its fixtures stand, and what the fixtures gave."""
    place = _place_of(getattr(item, "function", None))
    if place is None:
        return
    known = _collected.setdefault(_key(item), {"place": place, "fixtures": []})
    info = getattr(item, "_fixtureinfo", None)
    for name, definitions in (info.name2fixturedefs if info else {}).items():
        for definition in definitions:
            where = _place_of(definition.func) or ("", 0)
            gave = _values.get((id(definition), item.nodeid)) or _values.get(id(definition), "")
            fixture = [name, *where, "" if gave.startswith("builtins:") else gave]
            if fixture not in known["fixtures"]:
                known["fixtures"].append(fixture)


def _place_of(function):
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(inspect.unwrap(function), "__code__", None) if function else None
    return _place(code) if code is not None and _kind(code) is not None else None


def _place(code):
    return os.path.relpath(os.path.realpath(code.co_filename), ROOT), code.co_firstlineno


def _key(item):
    return item.nodeid.partition("[")[0]


def pytest_sessionfinish():
    with Path(os.environ["OBSERVED_OUT"]).open("w", encoding="utf-8") as file:
        tests = {test: found for test, found in _tests.items() if test in _passed}
        json.dump({"tests": tests, "collected": _collected}, file)
