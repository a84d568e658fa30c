"""Metrics beside the run directory."""

from pathlib import Path

import pytest

from covet import config
from covet.cli.loggers import loggers, numbers
from covet.errors import EnvironmentNotReady

ROW = {"step": 3, "reward": 0.5, "updated": True, "kl": None, "name": "x"}


def test_numbers_alone_are_drawn() -> None:
    assert numbers(ROW) == {"reward": 0.5, "updated": 1.0}


def test_none_is_open_unless_the_settings_say_so(tmp_path: Path) -> None:
    with loggers(config.Config(), tmp_path) as others:
        assert others == []
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard_reads_back_what_was_logged(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with loggers(config.load(overrides=["train.loggers=['tensorboard']"]), tmp_path) as (one,):
        one.log(3, numbers(ROW))
    found = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    (event,) = found.Scalars("train/reward")
    assert (event.step, event.value) == (3, 0.5)


@pytest.mark.filterwarnings("ignore")
def test_weights_and_biases_offline_keeps_its_run_below_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    with loggers(config.load(overrides=["train.loggers=['wandb']"]), tmp_path) as (one,):
        one.log(3, numbers(ROW))
    assert list(tmp_path.glob("wandb/offline-run-*/*.wandb"))


def test_one_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "wandb", None)
    settings = config.load(overrides=["train.loggers=['wandb']"])
    with (
        pytest.raises(EnvironmentNotReady, match=r"covet\[wandb\]"),
        loggers(settings, tmp_path),
    ):
        pass
