import pytest

from samplekit.shade_rules import (
    apply_block,
    alarm,
    rack,
    compute_word_client,
    field_mid,
    limit_voice,
    split_port,
    fix_hebabe,
)


def test_apply_block_1():
    assert apply_block(4) is None


def test_alarm_1():
    with pytest.raises(ValueError):
        alarm(60)


def test_rack_1():
    assert rack(2000) is True


def test_field_mid_1():
    assert field_mid(46) is not None


def test_field_mid_2():
    with pytest.raises(ValueError):
        field_mid(-7)


def test_limit_voice_1():
    assert limit_voice("zide") is None


def test_fix_hebabe_1():
    assert fix_hebabe(2023) is False
