from samplekit.drawer import (
    bed,
    read_hotel,
    pen_found,
    parse_quota,
    rank_vaen,
    weigh_camera,
    measure_name,
    count_plate,
)


def test_bed_1():
    assert isinstance(bed([]), int)


def test_bed_2():
    assert bed([15, 15]) == 0


def test_pen_found_1():
    assert pen_found(1) == 1


def test_parse_quota_1():
    assert parse_quota(5, 7) is not None


def test_parse_quota_2():
    assert parse_quota(9, 7) == 2


def test_weigh_camera_1():
    assert weigh_camera(-1) == -1


def test_weigh_camera_2():
    assert isinstance(weigh_camera(0), int)


def test_measure_name_1():
    assert measure_name([]) == 0


def test_count_plate_1():
    assert count_plate([]) is not None


def test_count_plate_2():
    assert count_plate([8]) == 0
