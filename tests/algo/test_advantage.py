"""Advantages, the choice of examples and the making of training samples."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.algo.advantage import (
    ADVANTAGES,
    Advantage,
    advantage,
    best_of_all,
    dr_grpo,
    grpo,
    max_at_k,
    parts_at_k,
    pass_at_k,
    rloo,
    trajectory_balance,
)
from covet.algo.samples import training_samples
from covet.algo.select import by_solve_rate, carries_signal, in_turn
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


def named(name: str, *, k: int = 2) -> Advantage:
    if name == "parts_at_k":
        return lambda rewards: parts_at_k([{"all": r} for r in rewards], min(k, len(rewards)))
    return advantage(name, k=k, success=0.5)


@pytest.mark.parametrize("name", ["grpo", "dr_grpo", "rloo"])
@given(REWARDS)
def test_advantages_over_the_mean_sum_to_zero_and_keep_the_order_of_the_rewards(
    name: str, rewards: list[float]
) -> None:
    advantages = named(name)(rewards)
    assert sum(advantages) == pytest.approx(0, abs=1e-6)
    if carries_signal(rewards):
        best, worst = rewards.index(max(rewards)), rewards.index(min(rewards))
        assert advantages[best] > 0 > advantages[worst]


@pytest.mark.parametrize("name", sorted(ADVANTAGES))
def test_rewards_equal_but_for_rounding_give_zero_advantages(name: str) -> None:
    assert named(name)([0.1 + 0.2, 0.3, 0.3]) == [0.0, 0.0, 0.0]
    assert named(name)([0.7]) == [0.0]


GROUPS = st.lists(st.sampled_from([0.0, 0.2, 0.25, 0.5, 0.7, 1.0]), min_size=2, max_size=6)


@given(GROUPS, st.integers(1, 6))
def test_max_at_k_is_what_every_subset_says(rewards: list[float], k: int) -> None:
    """n times the sum over all k-subsets that hold i of (max - max without i), each by its share;
    for k = 1, less the mean of the others."""
    size = len(rewards)
    if k > size:
        return
    if k == 1:
        assert max_at_k(rewards, 1) == pytest.approx(rloo(rewards))
        return
    for place, value in enumerate(max_at_k(rewards, k)):
        others = [reward for other, reward in enumerate(rewards) if other != place]
        gained = [max(0.0, rewards[place] - max(some)) for some in combinations(others, k - 1)]
        assert value == pytest.approx(size * sum(gained) / comb(size, k), abs=2e-6)


@given(GROUPS)
def test_the_best_of_all_is_max_at_n(rewards: list[float]) -> None:
    assert best_of_all(rewards) == pytest.approx(max_at_k(rewards, len(rewards)), abs=1e-5)


def test_max_at_k_has_the_published_values() -> None:
    rewards = [0.0, 0.25, 0.5, 1.0]
    for k, expected in ((2, [0, 1 / 24, 1 / 8, 3 / 8]), (3, [0, 0, 1 / 16, 7 / 16])):
        assert max_at_k(rewards, k) == pytest.approx([4 * value for value in expected])
    shuffled = max_at_k([1, 0.25, 0.75, 0], 2)
    assert shuffled == pytest.approx([4 / 3, 1 / 6, 5 / 6, 0])
    tied = max_at_k([1, 1, 0.5, 0], 2)
    assert tied == pytest.approx([1, 1, 1 / 3, 0])
    assert max_at_k([1, 1, 0.5, 0], 4) == best_of_all([1, 1, 0.5, 0]) == [0, 0, 0, 0]
    binary = max_at_k([1, 1, 0, 0, 0, 0, 0, 0], 4)
    assert binary == pytest.approx([8 * 2 / 7] * 2 + [0] * 6)


def test_signed_pass_at_k_has_the_published_values() -> None:
    eight = pass_at_k([1, 1, 0, 0, 0, 0, 0, 0], 4, success=0.5)
    assert eight == pytest.approx([0.522233] * 2 + [-0.174078] * 6, abs=1e-6)
    assert pass_at_k([1, 0, 0, 0], 2, success=0.5) == pytest.approx([1.0] + [-1 / 3] * 3)
    assert pass_at_k([1, 1, 1, 0], 2, success=0.5) == [0, 0, 0, 0]  # every pair holds a pass


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=7), st.integers(1, 7))
def test_signed_pass_at_k_is_the_mean_over_subsets_in_units_of_their_spread(
    rewards: list[float], k: int
) -> None:
    size = len(rewards)
    if k > size:
        return
    passes = {some: max(rewards[i] for i in some) for some in combinations(range(size), k)}
    mean = sum(passes.values()) / len(passes)
    spread = (mean * (1 - mean)) ** 0.5
    for place, value in enumerate(pass_at_k(rewards, k, success=0.5)):
        own = [passed for some, passed in passes.items() if place in some]
        expected = (sum(own) / len(own) - mean) / spread if spread else 0.0
        assert value == pytest.approx(expected, abs=1e-9)


@given(GROUPS, st.integers(2, 6))
def test_no_sample_makes_the_best_of_a_set_worse(rewards: list[float], k: int) -> None:
    assert min(max_at_k(rewards, min(k, len(rewards)))) >= 0


KILLS = st.lists(st.frozensets(st.sampled_from("abcd")), min_size=2, max_size=6)


@given(KILLS, st.integers(2, 6))
def test_the_parts_of_a_set_are_worth_their_union(kills: list[frozenset[str]], k: int) -> None:
    """n times the sum over all k-subsets with i of what the set kills and the others do not."""
    size = len(kills)
    if k > size:
        return
    found = parts_at_k([dict.fromkeys(killed, 0.25) for killed in kills], k)
    for place, value in enumerate(found):
        others = [killed for other, killed in enumerate(kills) if other != place]
        gained = [len(kills[place].difference(*some)) / 4 for some in combinations(others, k - 1)]
        assert value == pytest.approx(size * sum(gained) / comb(size, k), abs=2e-6)


def test_a_group_smaller_than_k_is_compared_as_it_is() -> None:
    assert named("max_at_k", k=4)([0.0, 1.0]) == best_of_all([0.0, 1.0]) == [0.0, 2.0]
    with pytest.raises(ValueError, match="a group of 2"):
        max_at_k([0.0, 1.0], 3)


def test_in_balance_every_rollout_is_as_likely_as_its_reward_says() -> None:
    rewards = [0.0, 0.5, 1.0]
    balanced = trajectory_balance(rewards, [2 * r - 7 for r in rewards], inverse_temperature=2)
    assert balanced == pytest.approx([0, 0, 0])
    pushed = trajectory_balance(rewards, [0, 0, 0], inverse_temperature=2)
    assert pushed == pytest.approx([-1, 0, 1])


@given(REWARDS)
def test_rloo_is_the_reward_minus_the_mean_of_the_others(rewards: list[float]) -> None:
    if not carries_signal(rewards):
        return
    for index, value in enumerate(rloo(rewards)):
        others = rewards[:index] + rewards[index + 1 :]
        assert value == pytest.approx(rewards[index] - sum(others) / len(others))


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
        for name in in_turn(ids, step=step, size=size, seed=3)[:size]
    ]
    assert len(asked) == len(set(asked)) == min(count, steps * size)
    assert set(asked) <= set(ids)


def test_the_order_changes_with_the_epoch_and_the_seed_but_not_with_the_order_given() -> None:
    ids = [f"e{i}" for i in range(20)]
    first = in_turn(ids, step=0, size=20, seed=0)
    assert in_turn(ids[::-1], step=0, size=20, seed=0) == first
    assert in_turn(ids, step=1, size=20, seed=0) != first
    assert in_turn(ids, step=0, size=20, seed=1) != first


@given(st.integers(1, 30), st.integers(1, 12), st.integers(0, 40))
def test_a_step_knows_who_would_stand_in_for_its_examples(count: int, size: int, step: int) -> None:
    ids = [f"e{i}" for i in range(count)]
    assert sorted(in_turn(ids, step=step, size=size, seed=3)) == sorted(ids)
    drawn = by_solve_rate(ids, {"e0": 1.0}, step=step, seed=3)
    assert sorted(drawn) == sorted(ids)


def test_what_is_solved_sometimes_comes_more_often_than_what_always_or_never_is() -> None:
    ids = [f"e{i}" for i in range(30)]
    solved = {name: (0.0, 0.5, 1.0)[i % 3] for i, name in enumerate(ids)}
    came = [0, 0, 0]
    for step in range(400):
        for name in by_solve_rate(ids, solved, step=step, seed=0)[:6]:
            came[ids.index(name) % 3] += 1
    assert 3 < came[1] / came[0] < 8  # the weights are as 6 to 1, without replacement
    assert 0.8 < came[2] / came[0] < 1.25


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
