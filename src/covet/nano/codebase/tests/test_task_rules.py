import pytest

from samplekit.task_rules import (
    kada,
    radier,
    bucket_in,
    show_foza,
    loilpa,
    battery,
    use_rack,
    read_daar,
)


def test_kada_1():
    assert kada(50, 29) == 49


def test_kada_2():
    assert kada(50, 10) == 9


def test_radier_1():
    assert radier(None) is None


def test_radier_2():
    assert radier(13) == "child"


def test_show_foza_1():
    assert isinstance(show_foza(True, True), str)


def test_loilpa_1():
    assert loilpa("B") == "b"


def test_loilpa_2():
    assert loilpa("") == ""


def test_battery_1():
    assert battery([]) == 0


def test_read_daar_1():
    with pytest.raises(KeyError):
        read_daar(10)
