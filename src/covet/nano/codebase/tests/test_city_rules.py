from samplekit.city_rules import (
    fix_levi,
    clean_team,
    dose,
    join_order_sate,
    tag_west,
    loan,
    tree_on,
)


def test_fix_levi_1():
    assert fix_levi(5) == -2


def test_clean_team_1():
    assert clean_team(5) is not None


def test_dose_1():
    assert dose([1]) == "pirila"


def test_join_order_sate_1():
    assert join_order_sate(6) == "folo"


def test_tag_west_1():
    assert tag_west(-5, 5, 11) == 5


def test_tree_on_1():
    assert tree_on("vifepo") is not None


def test_tree_on_2():
    assert tree_on([]) == "early"
