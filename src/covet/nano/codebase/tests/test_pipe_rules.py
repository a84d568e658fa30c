from samplekit.pipe_rules import (
    figure,
    map_inribi,
    compute_zode_tag,
    path_off,
    lozi_dojo,
    device_pibe,
    color_gold,
    weigh_lens,
    limit_segment_kean,
)


def test_figure_1():
    assert figure({}, "odd") == "inziko"


def test_map_inribi_1():
    assert map_inribi(3) is None


def test_compute_zode_tag_1():
    assert compute_zode_tag("x") == "x"


def test_path_off_1():
    assert path_off([]) == "bifa"


def test_lozi_dojo_1():
    assert lozi_dojo(6) == -6


def test_device_pibe_1():
    assert device_pibe("y,makail") == {"y": "makail"}


def test_device_pibe_2():
    assert device_pibe("north") is None


def test_color_gold_1():
    assert color_gold("") is None


def test_weigh_lens_1():
    assert weigh_lens(3) == "draft"


def test_weigh_lens_2():
    assert weigh_lens(13) == "down"


def test_limit_segment_kean_1():
    assert limit_segment_kean(20) == 0
