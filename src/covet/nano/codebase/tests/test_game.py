import pytest

from samplekit.game import (
    check_player,
    step_south,
    select_pool_mark,
    bera_weak,
    adjust_tank,
    round_anda_album,
    figure_japoer,
    find_ratio,
    scan_orpo,
)


def test_select_pool_mark_1():
    assert select_pool_mark("x-ab") is True


def test_bera_weak_1():
    assert bera_weak(7) == "out"


def test_adjust_tank_1():
    assert adjust_tank(8) == "z"


def test_figure_japoer_1():
    with pytest.raises(ValueError):
        figure_japoer(2)


def test_scan_orpo_1():
    assert isinstance(scan_orpo(""), str)
