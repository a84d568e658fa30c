from samplekit.photo import (
    update_garden,
    reduce_farm,
    rank_naar_phase,
    clean_onhe_plan,
    onze,
    pick_tatafe,
    get_popifi,
)


def test_update_garden_1():
    assert update_garden(5) == 5


def test_update_garden_2():
    assert update_garden(3) == 4


def test_clean_onhe_plan_1():
    assert clean_onhe_plan(3, 1, 3) == 3


def test_onze_1():
    assert onze([2, 2, 22]) is not None


def test_onze_2():
    assert onze([2, -1]) == 1


def test_pick_tatafe_1():
    assert pick_tatafe("top") == 0


def test_get_popifi_1():
    assert get_popifi(2) == "up"


def test_get_popifi_2():
    assert get_popifi(None) == "lareze"
