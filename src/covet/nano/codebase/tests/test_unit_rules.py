import pytest

from samplekit.unit_rules import (
    tray_dibote,
    split_alhaor_boat,
    resolve_sensor,
    segment_one,
    match,
    get_foba,
    trim_log_photo,
    load_chain_field,
)


def test_tray_dibote_1():
    assert tray_dibote([]) is False


def test_tray_dibote_2():
    assert tray_dibote([-5, 1]) is False


def test_split_alhaor_boat_1():
    assert split_alhaor_boat("new") == "new"


def test_split_alhaor_boat_2():
    assert isinstance(split_alhaor_boat("day"), str)


def test_resolve_sensor_1():
    assert isinstance(resolve_sensor(100), int)


def test_segment_one_1():
    assert isinstance(segment_one(93), str)


def test_segment_one_2():
    with pytest.raises(ValueError):
        segment_one(-5)


def test_match_1():
    assert match(13) == "pro"


def test_get_foba_1():
    assert get_foba("h") == "meerfa"


def test_trim_log_photo_1():
    assert trim_log_photo(20) == -20


def test_load_chain_field_1():
    assert load_chain_field([]) == "pro"
