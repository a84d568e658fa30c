"""What a reward pays for cheats, and for honest tests of the same functions."""

from pathlib import Path

import pytest

from covet import config
from covet.records import Execution, Reward
from tests.cheats.catalogue import shown
from tests.cheats.cheats import FARMS, GROUPS, WORTHLESS
from tests.cheats.conftest import NEEDS
from tests.cheats.honest import HONEST
from tests.cheats.kiosk import Entry

LEAST = 0.65
"""What an honest test earns at least, of 1."""
MARGIN = 0.08
"""How much less the best farm earns than the worst honest test of the same function."""
CATALOGUE = Path(__file__).parents[2] / "docs" / "reward-hacking.md"

Executions = dict[str, tuple[Entry, Execution]]
Rewards = dict[str, Reward]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_test_is_paid(executions: Executions, rewards: Rewards, name: str) -> None:
    if name not in rewards:
        pytest.skip(f"no {NEEDS[name]} here")
    execution, reward = executions[name][1], rewards[name]
    assert execution.status == "ok", execution.detail
    assert not reward.refused
    assert reward.value >= LEAST


@pytest.mark.parametrize("name", WORTHLESS)
def test_a_cheat_earns_nothing(executions: Executions, rewards: Rewards, name: str) -> None:
    assert rewards[name].value == 0.0, rewards[name].terms
    assert executions[name][1].status != "ok" or rewards[name].refused


@pytest.mark.parametrize("name", FARMS)
def test_a_farm_earns_less_than_each_honest_test(rewards: Rewards, name: str) -> None:
    rivals = [key for key in HONEST if HONEST[key].focal == FARMS[name].focal]
    assert rewards[name].value <= min(rewards[key].value for key in rivals) - MARGIN


def test_each_guard_has_a_cheat_that_it_refuses(rewards: Rewards) -> None:
    found = {reason.partition(":")[0] for name in WORTHLESS for reason in rewards[name].refused}
    assert found >= {*config.ALL_GUARDS, "least_asserts"} - {"reads_source"}


def test_reading_the_source_is_found_out_by_running(executions: Executions) -> None:
    names = [name for name, entry in WORTHLESS.items() if "getsource" in entry.text]
    assert names
    assert {executions[name][1].status for name in names} == {"unstable"}


def test_the_catalogue_tells_of_each_cheat() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    wanted = {name: shown(entry) for group in GROUPS for name, entry in group.items()}
    assert [name for name in wanted if f"**{name}**" not in text] == []
    assert [name for name in wanted if f"\n{wanted[name]}\n" not in text] == []
