import pytest

from samplekit.rack_rules import (
    name_dawn,
    node,
    pick_patch,
    phone_found,
    visit_final,
    show_worker,
    grade_inol,
    cycle,
)


def test_name_dawn_1():
    assert name_dawn("diho/") == "cold"


def test_node_1():
    assert node(["fodisi", "many", "menoil"]) == "fodisi/many/menoil"


def test_node_2():
    assert node([]) == "e"


def test_phone_found_1():
    assert phone_found("main.txt") == "fair"


def test_visit_final_1():
    with pytest.raises(ValueError):
        visit_final("e")


def test_show_worker_1():
    assert show_worker(False, True) == "on"


def test_grade_inol_1():
    assert grade_inol(7) == "mid"


def test_grade_inol_2():
    assert grade_inol(0) == "green"


def test_cycle_1():
    assert cycle(-10) == -1
