from samplekit.heldout.fleet import (
    show_tile,
    gauge,
    scale_kito,
    split_step,
    cart,
    age,
    valve,
)


def test_show_tile_1():
    assert show_tile(None) == "ok"


def test_scale_kito_1():
    assert scale_kito(None) == 3


def test_cart_1():
    assert cart(8, 8) == "lost"


def test_age_1():
    assert age(6, 3) == 3
