"""A pytest plugin that writes which functions each test calls directly: the truth of a benchmark.

Stands alone: it shares nothing with what Covet finds out about tests. Loaded by
``-p bench.mining.called`` with ``CALLED_ROOT``, a codebase's root; ``CALLED_SOURCE`` and
``CALLED_TESTS``, folders below it; and ``CALLED_OUT``, the JSON file to write: test → functions,
each as ``path::qualname``, a test with all its parameters together and where its code stands.

A call is direct where the nearest frame of the codebase above it is in a test file.
"""

import inspect
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Literal

import pytest

ROOT = Path(os.environ["CALLED_ROOT"])
SOURCE = str(ROOT / os.environ["CALLED_SOURCE"])
TESTS = str(ROOT / os.environ["CALLED_TESTS"])

_called: dict[str, set[str]] = defaultdict(set)
_sides: dict[str, Literal["source", "test", ""]] = {}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    direct: set[CodeType] = set()

    def profile(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code not in direct and _side(code) == "source":
            above = frame.f_back
            while above is not None and not _side(above.f_code):
                above = above.f_back
            if above is not None and _side(above.f_code) == "test":
                direct.add(code)

    sys.setprofile(profile)
    yield
    sys.setprofile(None)
    test = inspect.unwrap(item.obj) if isinstance(item, pytest.Function) else None
    if hasattr(test, "__code__"):
        _called[_name(test.__code__)].update(map(_name, direct))


def pytest_unconfigure() -> None:
    found = {test: sorted(functions) for test, functions in sorted(_called.items())}
    Path(os.environ["CALLED_OUT"]).write_text(json.dumps(found), encoding="utf-8")


def _side(code: CodeType) -> Literal["source", "test", ""]:
    path = code.co_filename
    if path not in _sides:
        is_test = path.startswith(TESTS)
        _sides[path] = "test" if is_test else "source" if path.startswith(SOURCE) else ""
    return _sides[path]


def _name(code: CodeType) -> str:
    return f"{os.path.relpath(code.co_filename, ROOT)}::{code.co_qualname}"
