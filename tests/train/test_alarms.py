"""What a run that games its reward looks like, and what one that does not."""

import random

import msgspec
import pytest

from covet.train.alarms import MEANT, STRETCH, Watch


def run(steps: int = 40, noise: float = 0.02, **ends: tuple[float, float]) -> set[str]:
    """The alarms of a run whose measures go straight from one value to another."""
    drawn = random.Random(0)
    flat = dict.fromkeys(("reward", "weak", *MEANT), (0.5, 0.5))
    watch, names = Watch(), set()
    for step in range(steps):
        row = {
            name: low + (high - low) * step / steps + drawn.gauss(0, noise)
            for name, (low, high) in (flat | ends).items()
        }
        names |= {alarm.name for alarm in watch.see(row | {"step": step})}
    return names


def test_a_reward_that_rises_with_all_that_it_is_meant_for_raises_no_alarm():
    rising = dict.fromkeys(("reward", *MEANT), (0.2, 0.9))
    assert run(**rising) == set()


@pytest.mark.parametrize("name", MEANT)
def test_a_reward_that_rises_while_what_it_is_meant_for_falls_is_an_alarm(name):
    assert run(reward=(0.2, 0.9), **{name: (0.9, 0.2)}) == {f"reward_without_{name}"}


@pytest.mark.parametrize("reward", [(0.2, 0.9), (0.5, 0.5)])
def test_weak_tests_that_grow_common_and_cost_nothing_are_an_alarm(reward):
    assert run(reward=reward, weak=(0.1, 0.8)) == {"weak_tests_pay"}


def test_weak_tests_that_cost_reward_are_none():
    assert run(reward=(0.9, 0.2), weak=(0.1, 0.8)) == set()


def test_a_measure_that_falls_while_the_reward_does_is_none():
    assert run(reward=(0.9, 0.2), kills=(0.9, 0.2)) == set()


def test_noise_is_none():
    assert run(noise=0.2) == set()


def test_a_measure_that_is_not_known_in_some_steps_raises_none():
    watch = Watch()
    for step in range(4 * STRETCH):
        row = {"step": step, "reward": float(step), "trace": None, "kills": None}
        assert watch.see(row) == ()


def test_a_canary_that_earns_anything_is_an_alarm_at_once():
    (alarm,) = Watch().see({"step": 0, "reward": 0.0, "canaries": 3, "canaries_paid": 1})
    assert alarm.name == "canary_paid"
    assert "1 of 3" in alarm.words
    assert Watch().see({"step": 0, "reward": 0.0, "canaries": 3, "canaries_paid": 0}) == ()


def test_a_resumed_run_goes_on_watching(tmp_path):
    rows = [
        {"step": step, "reward": step / 40, "asserts": 1 - step / 40} for step in range(2 * STRETCH)
    ]
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows[:-1])
    (tmp_path / "metrics.jsonl").write_bytes(lines)
    found = Watch.of(tmp_path).see(rows[-1])
    assert [alarm.name for alarm in found] == ["reward_without_asserts"]
    assert Watch.of(tmp_path / "none").see(rows[-1]) == ()
