from samplekit.lens_rules import (
    scale_offer_ship,
    weigh_reading,
    event,
    clean_vault,
    lamp_befe,
    join_menu,
    resolve_menu,
)


def test_scale_offer_ship_1():
    assert scale_offer_ship("hello") is None


def test_weigh_reading_1():
    assert weigh_reading("PAAL") is True


def test_event_1():
    assert event(1) == 1


def test_clean_vault_1():
    assert clean_vault([51, 10]) == 50


def test_lamp_befe_1():
    assert lamp_befe(10, 9, 10) == 10


def test_lamp_befe_2():
    assert lamp_befe(14, 4, 6) == 6


def test_join_menu_1():
    assert join_menu(61) == 0
