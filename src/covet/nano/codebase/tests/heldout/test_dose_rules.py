import pytest

from samplekit.heldout.dose_rules import (
    pick_shop,
    gone_gaen,
    unun,
    fetch_branch,
    drawer_heavy,
    fee,
    note,
    fetch_column,
    rifife_wide,
)


def test_gone_gaen_1():
    assert gone_gaen([6], 0) == 6


def test_unun_1():
    with pytest.raises(ValueError):
        unun("koun")


def test_unun_2():
    assert unun("none") is True


def test_drawer_heavy_1():
    assert drawer_heavy("anwe") is None


def test_note_1():
    assert note([1, 8], 0) == 1
