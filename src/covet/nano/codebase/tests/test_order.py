import pytest

from samplekit.order import (
    round_tailhe,
    apply_park_basket,
    adjust_camera,
    clean_drawer_link,
    limit_mode,
    weigh_pack_cabin,
    load_seat,
    water_final,
)


def test_round_tailhe_1():
    assert round_tailhe(" wave") == "wave"


def test_apply_park_basket_1():
    assert isinstance(apply_park_basket([]), list)


def test_clean_drawer_link_1():
    with pytest.raises(KeyError):
        clean_drawer_link(3)


def test_limit_mode_1():
    assert limit_mode(3) == "main"


def test_weigh_pack_cabin_1():
    assert weigh_pack_cabin(None) is None


def test_water_final_1():
    assert water_final(20) is not None
