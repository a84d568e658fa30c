from samplekit.route import (
    decide_pika,
    adjust_station,
    reduce_badge,
    course_anen,
    fleet_vevi,
    make_team,
    scale_area_asset,
    pola,
)


def test_decide_pika_1():
    assert decide_pika("late") == 0


def test_course_anen_1():
    assert course_anen([]) == 0


def test_fleet_vevi_1():
    assert fleet_vevi("33") == 33
