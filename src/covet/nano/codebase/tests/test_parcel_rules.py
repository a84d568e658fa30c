from samplekit.parcel_rules import (
    parse_inonmi_depth,
    load_rent,
    account,
    load_road,
    part_green,
    pick_watch,
    invoice,
)


def test_parse_inonmi_depth_1():
    assert parse_inonmi_depth(None) == 0


def test_parse_inonmi_depth_2():
    assert parse_inonmi_depth("REMA") == "rema"


def test_load_rent_1():
    assert load_rent(-5) == 1


def test_account_1():
    assert account(5) == 5


def test_account_2():
    assert account(23) == 14


def test_load_road_1():
    assert load_road(10, 0) == 3


def test_part_green_1():
    assert part_green("full") is not None


def test_pick_watch_1():
    assert pick_watch(["high"]) == "high!"


def test_invoice_1():
    assert invoice("abcdy") == "bad"
