from samplekit.offer import (
    detect_lease,
    grade_far,
    journey,
    fix_laelde_olmozi,
    weigh_bill,
    tag_mazaal,
    tide,
    build_status,
    jama,
)


def test_detect_lease_1():
    assert detect_lease(10) is True


def test_grade_far_1():
    assert grade_far("green/") == "best"


def test_journey_1():
    assert journey(4) == "rahobo"


def test_fix_laelde_olmozi_1():
    assert fix_laelde_olmozi([]) == 0


def test_weigh_bill_1():
    assert weigh_bill({}) == {}


def test_tag_mazaal_1():
    assert tag_mazaal(7, 5) == 2


def test_tide_1():
    assert isinstance(tide([]), int)


def test_tide_2():
    assert tide([35]) == 0


def test_jama_1():
    assert jama("LAST") == "blue"
