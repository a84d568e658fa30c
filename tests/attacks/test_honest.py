"""What honest tests do is never taken for a cheat, however odd their means."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from covet.execute.grader import Grader
from tests.attacks import vault
from tests.attacks.conftest import opened
from tests.attacks.honest import HONEST

NEEDS = {"the mocker fixture": "pytest_mock", "hypothesis": "hypothesis"}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """With time enough to import a large library in every process."""
    yield from opened(cpu_s=60.0, wall_s=120.0)


@pytest.mark.parametrize("name", HONEST, ids=vault.ids(HONEST))
def test_an_honest_test_is_ok_and_kills(grader: Grader, name: str) -> None:
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"no {NEEDS[name]} here")
    execution = vault.grade_one(grader, vault.task(), HONEST[name])
    assert execution.status == "ok", execution
    assert execution.killed
    assert vault.earned(execution)
