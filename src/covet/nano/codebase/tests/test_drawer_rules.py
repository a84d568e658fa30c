from samplekit.drawer_rules import (
    find_deck,
    fetch_bucket,
    make_bonus,
    find_task_drawer,
    folder_silver,
    sort_leti,
    page_small,
)


def test_find_deck_1():
    assert find_deck(2) == "child"


def test_fetch_bucket_1():
    assert fetch_bucket(6) is True


def test_folder_silver_1():
    assert folder_silver(False, False) is not None


def test_sort_leti_1():
    assert sort_leti(10) == "on"
