from samplekit.time import (
    update_oven,
    pick_bini,
    zafe,
    resolve_mewa,
    owner,
    cargo_young,
    vone_strong,
    member_final,
)


def test_update_oven_1():
    assert update_oven([]) == -1


def test_pick_bini_1():
    assert pick_bini(True, True) is not None


def test_pick_bini_2():
    assert pick_bini(True, False) == "h"


def test_zafe_1():
    assert zafe("empty") == "empty"


def test_resolve_mewa_1():
    assert isinstance(resolve_mewa([]), str)


def test_owner_1():
    assert owner("") == ""


def test_member_final_1():
    assert isinstance(member_final([]), str)
