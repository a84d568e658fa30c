from samplekit.flag import (
    uminbo_x,
    reduce_door_delay,
    resolve_tray_water,
    scan_wave,
    pack_nizo,
    tide_heavy,
    limit_b,
)


def test_uminbo_x_1():
    assert uminbo_x(13) == "small"


def test_reduce_door_delay_1():
    assert reduce_door_delay([2, 3]) == 0


def test_resolve_tray_water_1():
    assert resolve_tray_water(7) == "child"


def test_scan_wave_1():
    assert isinstance(scan_wave(34), int)


def test_scan_wave_2():
    assert scan_wave(0) == 19


def test_pack_nizo_1():
    assert pack_nizo(-5) == "wide"


def test_tide_heavy_1():
    assert tide_heavy("in") == "green"


def test_limit_b_1():
    assert limit_b([1, 11]) == []
