from samplekit.draft import (
    use_koloro_zoke,
    dish_mavile,
    rank_sector_spot,
    decide_row,
    trim_train,
    apply_gear,
    order,
    bucket_one,
    limit_device,
)


def test_use_koloro_zoke_1():
    assert use_koloro_zoke([5, 100]) is None


def test_dish_mavile_1():
    assert dish_mavile(False, False) == "gray"


def test_rank_sector_spot_1():
    assert rank_sector_spot(7, 6) == 1


def test_apply_gear_1():
    assert apply_gear(0) == 0


def test_order_1():
    assert isinstance(order("slow"), int)


def test_bucket_one_1():
    assert bucket_one(100, 26) == 7


def test_limit_device_1():
    assert limit_device(52) is True
