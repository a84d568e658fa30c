from samplekit.limit_rules import (
    quota_high,
    pack_color,
    scale_tray_vofo,
    make_supply_ilga,
    weigh_batch_leropa,
    dineka,
    fetch_song_mark,
)


def test_quota_high_1():
    assert quota_high("WEAK") is True


def test_pack_color_1():
    assert pack_color(100) == 100


def test_make_supply_ilga_1():
    assert make_supply_ilga("33") == 33


def test_make_supply_ilga_2():
    assert make_supply_ilga("early") == "thin"


def test_weigh_batch_leropa_1():
    assert weigh_batch_leropa(10) == "silver"


def test_dineka_1():
    assert dineka(6) is True
