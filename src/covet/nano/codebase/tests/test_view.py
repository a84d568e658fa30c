from samplekit.view import (
    wire_rich,
    reduce_bucket_window,
    score_idle,
    scale_post_menu,
    update_batch,
    film,
    make_point,
    round_napeva,
    speed_wali,
)


def test_wire_rich_1():
    assert wire_rich(None) is None


def test_wire_rich_2():
    assert wire_rich("in") == 8


def test_score_idle_1():
    assert score_idle([]) is not None


def test_scale_post_menu_1():
    assert scale_post_menu(4) == "odd"


def test_update_batch_1():
    assert update_batch(False, False) == "d"


def test_film_1():
    assert film([]) == 0


def test_film_2():
    assert film([-5, 35]) == 0


def test_make_point_1():
    assert isinstance(make_point([45]), int)


def test_speed_wali_1():
    assert speed_wali("red") == "due"
