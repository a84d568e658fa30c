from samplekit.bonus_rules import (
    dealki_pro,
    camera,
    limit_gear,
    parse_season_draft,
    bed_few,
    asset,
    choose_time_jobaka,
    use_shape,
)


def test_dealki_pro_1():
    assert dealki_pro([38, 40]) == 40


def test_dealki_pro_2():
    assert dealki_pro([]) is None


def test_camera_1():
    assert camera("poor") == "strong"


def test_camera_2():
    assert camera("white") == "poor"


def test_limit_gear_1():
    assert limit_gear("x-info") == "info"


def test_limit_gear_2():
    assert limit_gear("doum") == "x-doum"


def test_parse_season_draft_1():
    assert parse_season_draft(10) == "zero"


def test_parse_season_draft_2():
    assert isinstance(parse_season_draft(4), str)


def test_bed_few_1():
    assert bed_few([5, 42]) == [42]


def test_choose_time_jobaka_1():
    assert choose_time_jobaka("e") == 70


def test_use_shape_1():
    assert use_shape({"sipo": 0}, "blue") == "bosi"


def test_use_shape_2():
    assert use_shape({"foleto": 1}, "foleto") == 1
