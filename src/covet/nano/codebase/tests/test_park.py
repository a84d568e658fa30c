from samplekit.park import (
    rank_watch,
    decide_lock,
    stage_out,
    log_down,
    round_sector,
    apply_gawe_vault,
    pack_piece,
    liwe_some,
    sum_cup_crate,
)


def test_rank_watch_1():
    assert isinstance(rank_watch("warm"), int)


def test_decide_lock_1():
    assert decide_lock({}) == "three"


def test_decide_lock_2():
    assert decide_lock(None) is None


def test_stage_out_1():
    assert stage_out(3, 2) == 1


def test_log_down_1():
    assert log_down([-5, 3]) == []


def test_round_sector_1():
    assert round_sector("befova") is None


def test_apply_gawe_vault_1():
    assert apply_gawe_vault(["none", "e"]) == "none_e"


def test_liwe_some_1():
    assert liwe_some("sent") == "reli"
