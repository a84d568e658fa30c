import pytest

from samplekit.client import (
    menu_b,
    cargo,
    coach_blue,
    album_cool,
    use_shift,
    fix_anfiga,
    sort_device,
)


def test_cargo_1():
    assert cargo(60) == "on"


def test_cargo_2():
    with pytest.raises(Exception):
        cargo(47)


def test_use_shift_1():
    assert use_shift(2, 4) == "blue"
