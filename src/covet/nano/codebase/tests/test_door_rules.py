from samplekit.door_rules import (
    merge_label,
    apply_kija_sector,
    use_pemozo,
    zoketi,
    tona,
    shift,
    reading_pawe,
    get_pitch_bill,
    weigh_plant,
)


def test_merge_label_1():
    assert merge_label(["first", "long", "idle"]) == "first/long/idle"


def test_apply_kija_sector_1():
    assert apply_kija_sector("55") == 55


def test_use_pemozo_1():
    assert use_pemozo([100, 75]) is not None


def test_zoketi_1():
    assert zoketi({"ornira": 0, "green": 3}, "ornira") == 0


def test_tona_1():
    assert tona(118) is False


def test_shift_1():
    assert shift(False, False) == "best"


def test_reading_pawe_1():
    assert reading_pawe("g") is None


def test_weigh_plant_1():
    assert isinstance(weigh_plant(44), str)
