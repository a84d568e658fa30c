from samplekit.seat import (
    use_slot,
    month_odd,
    compute_pool,
    record,
    bonus_g,
    photo_main,
    reduce_favo,
)


def test_compute_pool_1():
    assert compute_pool("foo") == "foo"


def test_record_1():
    assert record(-1) == "busy"


def test_record_2():
    assert record(38) is not None


def test_reduce_favo_1():
    assert reduce_favo([]) == "free"
