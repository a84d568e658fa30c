from samplekit.value_rules import (
    month_poso,
    ring,
    folder_vium,
    select_feungo,
    trim_color,
    split_menu,
    adjust_ship,
    chair,
)


def test_month_poso_1():
    assert isinstance(month_poso("pro"), str)


def test_ring_1():
    assert ring(60) == 60


def test_folder_vium_1():
    assert isinstance(folder_vium("empty"), str)


def test_select_feungo_1():
    assert select_feungo(79) == "kope"


def test_split_menu_1():
    assert split_menu({}, "red") == 0


def test_split_menu_2():
    assert split_menu({"closed": 4, "final": 6}, "final") == 7


def test_chair_1():
    assert chair([]) is not None
