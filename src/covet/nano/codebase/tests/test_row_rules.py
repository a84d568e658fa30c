from samplekit.row_rules import (
    measure_price,
    rank_role_bucket,
    measure_farm,
    grade_note_alarm,
    reduce_claim,
    bonus,
    job_up,
)


def test_measure_price_1():
    assert measure_price("ab!") == "red"


def test_rank_role_bucket_1():
    assert rank_role_bucket(98) == "due"


def test_reduce_claim_1():
    assert reduce_claim(0) == 9


def test_bonus_1():
    assert bonus("ok.md") == "orgove"


def test_bonus_2():
    assert bonus("x.csv") == "child"


def test_job_up_1():
    assert job_up("top") == -1
