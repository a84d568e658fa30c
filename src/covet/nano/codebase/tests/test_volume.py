from samplekit.volume import (
    wheel,
    rank_toor,
    apply_nipebo,
    make_stamp,
    find_event_crate,
    apply_level,
    umke,
    weigh_bonus_vinato,
    show_farm,
)


def test_rank_toor_1():
    assert rank_toor(40) is False


def test_apply_nipebo_1():
    assert apply_nipebo(False, False) == "x"


def test_make_stamp_1():
    assert make_stamp(["few", "done", "hemo"]) == "few_done_hemo"


def test_apply_level_1():
    assert apply_level(10) == "hot"


def test_umke_1():
    assert umke("veweni:final") == "veweni"


def test_weigh_bonus_vinato_1():
    assert weigh_bonus_vinato(1) == "bad"


def test_show_farm_1():
    assert show_farm(23) == "warm"
