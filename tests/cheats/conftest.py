"""Every honest test and every cheat, graded by one grader with every wall in place."""

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from covet.errors import IsolationUnavailable
from covet.execute.grader import Grader, open_grader
from covet.records import Execution, Reward
from tests.cheats import kiosk
from tests.cheats.cheats import GROUPS
from tests.cheats.honest import HONEST

NEEDS = {"the mocker fixture": "pytest_mock", "a coroutine as a test": "anyio"}
"""Plugins of pytest."""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with open_grader(kiosk.ROOT, kiosk.SETTINGS) as made:
        try:
            made.suite("")
        except IsolationUnavailable as refusal:
            if os.environ.get("COVET_TEST_WITHOUT_ISOLATION"):
                pytest.skip(str(refusal))
            raise
        yield made


@pytest.fixture(scope="module")
def executions(grader: Grader) -> dict[str, tuple[kiosk.Entry, Execution]]:
    found = {}
    for group in (HONEST, *GROUPS):
        some = {name: one for name, one in group.items() if find_spec(NEEDS.get(name, "os"))}
        found |= kiosk.graded(grader, some)
    return found


@pytest.fixture(scope="module")
def rewards(executions: dict[str, tuple[kiosk.Entry, Execution]]) -> dict[str, Reward]:
    return {name: kiosk.earned(*found) for name, found in executions.items()}
