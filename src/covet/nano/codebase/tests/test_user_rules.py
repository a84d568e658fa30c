from samplekit.user_rules import (
    album_in,
    pick_stamp_shade,
    select_panel_room,
    sum_fozeso_post,
    join_badge_item,
    rank_train,
    load_patch,
    pabe,
    get_site,
)


def test_album_in_1():
    assert isinstance(album_in(16, 7, 16), int)


def test_pick_stamp_shade_1():
    assert pick_stamp_shade([21]) == "up"


def test_rank_train_1():
    assert rank_train([]) is None


def test_pabe_1():
    assert pabe(-8) == -16
