import pytest

from samplekit.path import (
    split_engine_ener,
    value_cool,
    tray,
    scan_pini,
    desk_bad,
    umvi_draft,
    year_cold,
    vault,
)


def test_split_engine_ener_1():
    assert split_engine_ener({"idle": 4}, "slow") == 0


def test_value_cool_1():
    assert value_cool("child") is None


def test_tray_1():
    with pytest.raises(ValueError):
        tray("in")


def test_scan_pini_1():
    assert scan_pini({"free": 2}, "free") == 2


def test_umvi_draft_1():
    with pytest.raises(ValueError):
        umvi_draft("open")


def test_umvi_draft_2():
    assert umvi_draft("three,lost") == ["three", "lost"]


def test_vault_1():
    assert vault(13) is not None


def test_vault_2():
    assert isinstance(vault(12), str)
