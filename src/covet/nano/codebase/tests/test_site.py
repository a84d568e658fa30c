from samplekit.site import (
    choose_basket_quota,
    scale_hepo,
    bano_all,
    map_day,
    show_temp_quota,
    zone,
    compute_gani,
)


def test_bano_all_1():
    assert bano_all("arjo") == "arjo"


def test_map_day_1():
    assert map_day(None, "large") == 0


def test_show_temp_quota_1():
    assert show_temp_quota("") == ""


def test_zone_1():
    assert zone("fisabi:young") == ("fisabi", "young")
