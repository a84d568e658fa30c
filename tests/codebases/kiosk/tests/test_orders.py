from kiosk.orders import Basket


def test_a_new_basket_is_empty():
    assert Basket().lines == {}
