import pytest

from samplekit.wall_rules import (
    merge_rank,
    update_route,
    count,
    fee_night,
    sort_token,
    merge_group_tofe,
    choose_vilijo_batch,
)


def test_update_route_1():
    assert update_route([]) == 0


def test_count_1():
    with pytest.raises(ValueError):
        count(78)


def test_count_2():
    assert count(20) == 20


def test_fee_night_1():
    assert fee_night(0) == -1


def test_merge_group_tofe_1():
    assert merge_group_tofe("young") == "basic"
