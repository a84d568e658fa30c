from samplekit.dock_rules import (
    job,
    get_branch_elarfe,
    bucket_high,
    part_done,
    find_level,
    camera_two,
    set_jateva,
)


def test_job_1():
    assert job("night") == "day"


def test_get_branch_elarfe_1():
    assert get_branch_elarfe([]) == 0


def test_bucket_high_1():
    assert bucket_high("large") is None


def test_find_level_1():
    assert find_level([]) is None


def test_camera_two_1():
    assert camera_two("tabo") == 6


def test_set_jateva_1():
    assert set_jateva([]) is not None
