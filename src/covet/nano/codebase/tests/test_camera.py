import pytest

from samplekit.camera import (
    parse_nide,
    pick_alliko,
    bus,
    tree_d,
    delay,
    label,
    split_feho,
)


def test_parse_nide_1():
    assert parse_nide(None) == 0


def test_parse_nide_2():
    assert parse_nide(2024) is False


def test_pick_alliko_1():
    assert pick_alliko(False, False) == "d"


def test_bus_1():
    assert bus("no") is not None


def test_bus_2():
    assert bus("inol") == "nidi"


def test_tree_d_1():
    assert tree_d("fair") == 0


def test_delay_1():
    assert delay(5) == "all"


def test_delay_2():
    with pytest.raises(ValueError):
        delay(1)


def test_label_1():
    assert label([]) == 0


def test_split_feho_1():
    assert split_feho("rovoja") == "serovoja"
