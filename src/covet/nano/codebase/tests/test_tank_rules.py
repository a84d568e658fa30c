from samplekit.tank_rules import (
    offer_g,
    lokoer,
    decide_valve_track,
    modadi_many,
    branch_jopiga,
    sum_drawer,
    get_game,
    make_dose,
)


def test_offer_g_1():
    assert offer_g([12, 1]) == []


def test_lokoer_1():
    assert lokoer(6) is not None


def test_decide_valve_track_1():
    assert decide_valve_track(False, True) == "found"


def test_decide_valve_track_2():
    assert decide_valve_track(True, True) == "new"


def test_modadi_many_1():
    assert modadi_many(5) == "tiny"


def test_branch_jopiga_1():
    assert isinstance(branch_jopiga([13, 14]), list)


def test_sum_drawer_1():
    assert sum_drawer(7) == 7


def test_make_dose_1():
    assert make_dose(100) == "x"
