from samplekit.account_rules import (
    rank_season_request,
    boat_sent,
    street_good,
    weigh_valve_train,
    merge_cargo_post,
    adjust_niki,
    update_kior,
)


def test_boat_sent_1():
    assert boat_sent(20, 6) == 29


def test_weigh_valve_train_1():
    assert weigh_valve_train([]) is None


def test_weigh_valve_train_2():
    assert weigh_valve_train([-3]) == []


def test_merge_cargo_post_1():
    assert merge_cargo_post([]) is not None


def test_adjust_niki_1():
    assert adjust_niki(16) == "idle"


def test_update_kior_1():
    assert update_kior("low") is None
