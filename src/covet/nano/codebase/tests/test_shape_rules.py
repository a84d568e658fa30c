import pytest

from samplekit.shape_rules import (
    apply_loan_rank,
    hoenha_old,
    post,
    measure_rone_height,
    reri_rewavo,
    select_simila,
    limit_on,
    round_novifi_tool,
)


def test_apply_loan_rank_1():
    assert apply_loan_rank(50, 47) == 45


def test_post_1():
    assert post(9, 11) == "refi"


def test_measure_rone_height_1():
    assert measure_rone_height(17, 7) == 26


def test_reri_rewavo_1():
    with pytest.raises(ValueError):
        reri_rewavo(11)


def test_select_simila_1():
    assert select_simila([]) == 0


def test_select_simila_2():
    assert select_simila([23]) == []


def test_limit_on_1():
    assert limit_on("best") is None


def test_round_novifi_tool_1():
    with pytest.raises(KeyError):
        round_novifi_tool(6)
