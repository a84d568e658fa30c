from samplekit.tag import (
    pack_fabisa,
    merge_seat,
    use_plant,
    make_misi,
    clean_gauge,
    weigh_edge_pitch,
    zofe,
    limit_garden,
)


def test_pack_fabisa_1():
    assert pack_fabisa("heavy") == 0


def test_merge_seat_1():
    assert merge_seat(10) is True


def test_use_plant_1():
    assert use_plant("abcdef") == "abcdef"


def test_make_misi_1():
    assert make_misi(["para", "night"]) == "para_night"


def test_clean_gauge_1():
    assert clean_gauge(38) == 30


def test_weigh_edge_pitch_1():
    assert weigh_edge_pitch(1) is not None


def test_zofe_1():
    assert zofe(10, 6) is not None


def test_limit_garden_1():
    assert limit_garden([]) == 0
