from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet import config
from covet.records import Coverage, Execution, PassMatrix, Status
from covet.reward import parts, reward
from covet.reward.terms import TERMS, known_mutants

WEIGHTS = st.builds(
    config.Reward,
    passes=st.floats(0, 10),
    gains=st.floats(0, 10),
    kills=st.floats(0, 10),
)
MUTANTS = tuple(f"{line}:swap:0" for line in range(6))


ANY_STATUS = st.sampled_from(get_args(Status))


@st.composite
def executions(draw, status=ANY_STATUS):
    cells = tuple(
        draw(st.sampled_from(["pass", "fail", "error", "timeout", "infrastructure", "not_run"]))
        for _ in MUTANTS
    )
    killed = tuple(
        mutant
        for mutant, cell in zip(MUTANTS, cells, strict=True)
        if cell in ("fail", "error", "timeout")
    )
    return Execution(
        status=draw(status),
        gained=Coverage(frozenset(draw(st.sets(st.integers(1, 9))))),
        mutants=PassMatrix(("test_a",), MUTANTS, (cells,)),
        killed=killed,
    )


@given(executions(), WEIGHTS)
def test_only_a_candidate_that_passes_earns_anything(execution, weights):
    earned = reward(execution, weights)
    if execution.status != "ok":
        assert earned.value == 0
        assert set(earned.terms.values()) == {0.0}


@given(executions(), WEIGHTS)
def test_the_parts_of_a_reward_sum_to_it_and_name_every_known_kill(execution, weights):
    found = parts(execution, weights)
    assert sum(found.values()) == pytest.approx(reward(execution, weights).value)
    killed = {name.removeprefix("kills ") for name in found if name.startswith("kills ")}
    if execution.status == "ok" and weights.kills > 1e-9:
        assert killed == known_mutants(execution) & set(execution.killed)


@given(executions(st.just("ok")), WEIGHTS)
def test_the_reward_is_the_weighted_sum_of_the_recorded_terms(execution, weights):
    earned = reward(execution, weights)
    assert set(earned.terms) == set(TERMS) == set(config.Reward.model_fields)
    assert earned.value == pytest.approx(
        sum(getattr(weights, name) * amount for name, amount in earned.terms.items())
    )


@given(executions(), WEIGHTS)
def test_the_reward_lies_between_nothing_and_the_sum_of_the_weights(execution, weights):
    earned = reward(execution, weights)
    most = weights.passes + weights.gains + weights.kills
    assert 0 <= earned.value <= most * (1 + 1e-12)
    assert all(0 <= amount <= 1 for amount in earned.terms.values())


@given(executions(st.just("ok")), WEIGHTS, st.sampled_from(MUTANTS))
def test_one_more_kill_never_lowers_the_reward(execution, weights, mutant):
    if mutant in execution.killed:
        return
    more = replace(execution, killed=(*execution.killed, mutant))
    assert reward(more, weights).value >= reward(execution, weights).value - 1e-12


@given(executions(st.just("ok")), WEIGHTS)
def test_covering_a_new_line_never_lowers_the_reward(execution, weights):
    more = replace(execution, gained=Coverage(execution.gained.lines | {1}))
    assert reward(more, weights).value >= reward(execution, weights).value


def test_a_mutant_whose_fate_is_unknown_is_left_out_of_the_share():
    execution = Execution(
        status="ok",
        mutants=PassMatrix(("test_a",), ("a", "b", "c"), (("fail", "pass", "infrastructure"),)),
        killed=("a",),
    )
    assert known_mutants(execution) == {"a", "b"}
    assert reward(execution, config.Reward()).terms["kills"] == 0.5


def test_a_mutant_that_one_test_kills_is_known_whatever_befell_the_others():
    execution = Execution(
        status="ok",
        mutants=PassMatrix(("test_a", "test_b"), ("a",), (("infrastructure",), ("fail",))),
        killed=("a",),
    )
    assert reward(execution, config.Reward()).terms["kills"] == 1.0


def test_a_function_without_mutants_has_no_kills_to_earn():
    assert reward(Execution(status="ok"), config.Reward()).terms["kills"] == 0.0
