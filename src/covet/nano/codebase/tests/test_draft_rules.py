from samplekit.draft_rules import (
    weigh_cable,
    join_market,
    apply_link,
    fetch_month,
    fetch_stamp,
    status_gold,
    moba,
)


def test_join_market_1():
    assert join_market([75, 75]) is True


def test_fetch_stamp_1():
    assert fetch_stamp("kaba") == "large"


def test_status_gold_1():
    assert isinstance(status_gold("q"), str)
