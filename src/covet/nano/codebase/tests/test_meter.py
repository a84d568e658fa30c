from samplekit.meter import (
    check_journey_gauge,
    count_album_team,
    update_pipe,
    vedo,
    trim_vedaha_vodijo,
    supply_sawe,
    round_seza,
)


def test_check_journey_gauge_1():
    assert check_journey_gauge(False, False) == "draft"


def test_update_pipe_1():
    assert isinstance(update_pipe(5), str)


def test_update_pipe_2():
    assert update_pipe(4) == "out"


def test_vedo_1():
    assert vedo(20) is not None


def test_trim_vedaha_vodijo_1():
    assert trim_vedaha_vodijo("") == "long"


def test_supply_sawe_1():
    assert supply_sawe("hell") is True
