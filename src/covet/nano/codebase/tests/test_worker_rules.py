from samplekit.worker_rules import (
    wapi_lelabe,
    join_name,
    pace_day,
    bag_long,
    show_hotel,
    set_gate,
    load_kaar_switch,
)


def test_wapi_lelabe_1():
    assert isinstance(wapi_lelabe("hello wo"), str)


def test_join_name_1():
    assert join_name([]) == 0


def test_pace_day_1():
    assert pace_day(False, True) == "kede"


def test_show_hotel_1():
    assert show_hotel("") is None


def test_set_gate_1():
    assert set_gate([]) == "yes"


def test_load_kaar_switch_1():
    assert load_kaar_switch(100) is not None
