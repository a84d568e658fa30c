"""Advantages, the choice of examples and the making of training samples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.algo.advantage import ADVANTAGES, dr_grpo, grpo, rloo
from covet.algo.samples import training_samples
from covet.algo.select import carries_signal, choose
from covet.errors import ModelError
from covet.records import (
    Candidate,
    Completion,
    Execution,
    Group,
    Prompt,
    Reward,
    Rollout,
    Segment,
)

REWARDS = st.lists(st.floats(0, 1), min_size=1, max_size=9)


@pytest.mark.parametrize("name", sorted(ADVANTAGES))
@given(REWARDS)
def test_advantages_sum_to_zero_and_keep_the_order_of_the_rewards(
    name: str, rewards: list[float]
) -> None:
    advantages = ADVANTAGES[name](rewards)
    assert sum(advantages) == pytest.approx(0, abs=1e-6)
    if carries_signal(rewards):
        best, worst = rewards.index(max(rewards)), rewards.index(min(rewards))
        assert advantages[best] > 0 > advantages[worst]


@pytest.mark.parametrize("name", sorted(ADVANTAGES))
def test_rewards_equal_but_for_rounding_give_zero_advantages(name: str) -> None:
    assert ADVANTAGES[name]([0.1 + 0.2, 0.3, 0.3]) == [0.0, 0.0, 0.0]
    assert ADVANTAGES[name]([0.7]) == [0.0]


@given(REWARDS)
def test_rloo_is_the_reward_minus_the_mean_of_the_others(rewards: list[float]) -> None:
    if not carries_signal(rewards):
        return
    for index, advantage in enumerate(rloo(rewards)):
        others = rewards[:index] + rewards[index + 1 :]
        assert advantage == pytest.approx(rewards[index] - sum(others) / len(others))


def test_advantages_of_quarter_rewards_have_the_hand_worked_values() -> None:
    rewards = [0.0, 0.25, 0.5, 1.0]
    assert dr_grpo(rewards) == pytest.approx([-7 / 16, -3 / 16, 1 / 16, 9 / 16])
    assert rloo(rewards) == pytest.approx([-7 / 12, -1 / 4, 1 / 12, 3 / 4])
    deviation = 0.36975499  # the population's
    assert grpo(rewards) == pytest.approx([v / (deviation + 1e-4) for v in dr_grpo(rewards)])


@given(st.integers(1, 30), st.integers(1, 12), st.integers(0, 40))
def test_an_epoch_asks_about_no_example_twice(count: int, size: int, epoch: int) -> None:
    ids = [f"e{i}" for i in range(count)]
    steps = max(1, count // size)
    asked = [
        name
        for step in range(epoch * steps, (epoch + 1) * steps)
        for name in choose(ids, step=step, size=size, seed=3)
    ]
    assert len(asked) == len(set(asked)) == min(count, steps * size)
    assert set(asked) <= set(ids)


def test_the_order_changes_with_the_epoch_and_the_seed_but_not_with_the_order_given() -> None:
    ids = [f"e{i}" for i in range(20)]
    first = choose(ids, step=0, size=20, seed=0)
    assert choose(ids[::-1], step=0, size=20, seed=0) == first
    assert choose(ids, step=1, size=20, seed=0) != first
    assert choose(ids, step=0, size=20, seed=1) != first


def rollout(*segments: Segment, reward: float) -> Rollout:
    return Rollout(
        Completion(segments, "stop", policy="p", version=0),
        Candidate("t.py", "", ""),
        Execution("ok"),
        Reward(reward, {}),
    )


def group(*rollouts: Rollout, prompt: tuple[int, ...] = (5, 6)) -> Group:
    return Group("a", Prompt("a", "?", "", "append"), prompt, rollouts)


def test_prompt_and_environment_tokens_are_masked() -> None:
    own = Segment("policy", "x", (7, 8), (-0.5, -1.0))
    tool = Segment("environment", "y", (9,))
    end = Segment("policy", "", (1,), (-0.25,))
    wrote = group(rollout(own, tool, end, reward=1.0), rollout(own, reward=0.0))
    first, second = training_samples(wrote, [1.0, -1.0])
    assert first.token_ids == (5, 6, 7, 8, 9, 1)
    assert first.loss_mask == (False, False, True, True, False, True)
    assert first.logprobs == (0.0, 0.0, -0.5, -1.0, 0.0, -0.25)
    assert (first.advantage, second.advantage) == (1.0, -1.0)


def test_a_group_without_signal_gives_no_samples() -> None:
    own = Segment("policy", "x", (7,), (-0.5,))
    same = group(rollout(own, reward=0.2), rollout(own, reward=0.2))
    assert training_samples(same, [0.0, 0.0]) == []


@pytest.mark.parametrize(
    "segment",
    [Segment("policy", "x"), Segment("policy", "x", (7,)), Segment("policy", "x", (), ())],
)
def test_a_policy_that_tells_no_log_probabilities_cannot_be_trained(segment: Segment) -> None:
    silent = group(rollout(segment, reward=0.2), rollout(segment, reward=0.3))
    with pytest.raises(ModelError, match="only a policy that tells both can be trained"):
        training_samples(silent, [-1.0, 1.0])


def test_a_prompt_without_tokens_cannot_be_trained_on() -> None:
    own = Segment("policy", "x", (7,), (-0.5,))
    silent = group(rollout(own, reward=0.2), rollout(own, reward=0.3), prompt=())
    with pytest.raises(ModelError, match="prompt for a are not known"):
        training_samples(silent, [-1.0, 1.0])
