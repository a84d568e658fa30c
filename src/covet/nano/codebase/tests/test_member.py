from samplekit.member import (
    scale_grain_panel,
    role,
    shade_north,
    parse_loan,
    zomeso,
    scale_lielbe,
    month,
    clean_ticket,
    round_sona,
)


def test_scale_grain_panel_1():
    assert scale_grain_panel(87) == "busy"


def test_role_1():
    assert isinstance(role(6), str)


def test_parse_loan_1():
    assert parse_loan("b") == "near"


def test_zomeso_1():
    assert zomeso("fair=e") == ("fair", "e")


def test_zomeso_2():
    assert zomeso("near") == "near"


def test_scale_lielbe_1():
    assert scale_lielbe("none.txt") is not None


def test_clean_ticket_1():
    assert clean_ticket(None) is None


def test_round_sona_1():
    assert round_sona("EAST") == "lani"
