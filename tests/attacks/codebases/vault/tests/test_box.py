from vault.box import is_round


def test_tens_are_round():
    assert is_round(20)
