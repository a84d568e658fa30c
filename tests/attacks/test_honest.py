"""What honest tests do is never taken for a cheat, however odd their means."""

from importlib.util import find_spec

import pytest

from covet.execute.grader import Grader
from tests.attacks import vault
from tests.attacks.honest import HONEST

NEEDS = {"the mocker fixture": "pytest_mock", "hypothesis": "hypothesis"}


@pytest.mark.parametrize("name", HONEST, ids=vault.ids(HONEST))
def test_an_honest_test_is_ok_and_kills(grader: Grader, name: str) -> None:
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"no {NEEDS[name]} here")
    execution = vault.grade_one(grader, vault.task(), HONEST[name])
    assert execution.status == "ok", execution
    assert execution.killed
    assert vault.earned(execution)
