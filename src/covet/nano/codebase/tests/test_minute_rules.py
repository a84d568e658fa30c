from samplekit.minute_rules import (
    film_lost,
    count_price,
    find_battery_tihasi,
    check_draft,
    sipofa_off,
    chain,
    lefona_found,
    badge_late,
)


def test_film_lost_1():
    assert film_lost([50, 51]) == "bronze"


def test_find_battery_tihasi_1():
    assert find_battery_tihasi(11) == "weak"


def test_check_draft_1():
    assert check_draft([0]) == -1


def test_check_draft_2():
    assert check_draft([1, -4]) is True


def test_sipofa_off_1():
    assert isinstance(sipofa_off(100), str)


def test_sipofa_off_2():
    assert sipofa_off(-1) == "heavy"


def test_chain_1():
    assert chain("") == "old"


def test_lefona_found_1():
    assert lefona_found("one") is None


def test_badge_late_1():
    assert badge_late(5) == 50
