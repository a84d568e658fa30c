from samplekit.heldout.term_rules import (
    set_golaso_age,
    select_door_phase,
    set_buffer_asset,
    fix_switch_lease,
    count_site,
    check_bottle_height,
    get_plant_value,
    badge,
)


def test_set_golaso_age_1():
    assert set_golaso_age("fisoda") is None


def test_select_door_phase_1():
    assert select_door_phase("night") is None


def test_set_buffer_asset_1():
    assert set_buffer_asset([7, 6, 6], 0) is not None


def test_count_site_1():
    assert count_site(12, 0) == "f"


def test_check_bottle_height_1():
    assert check_bottle_height(10, 9) == 9


def test_check_bottle_height_2():
    assert check_bottle_height(2, 8) == 8
