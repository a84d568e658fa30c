from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet import config
from covet.languages.python import Python
from covet.records import (
    Candidate,
    Completion,
    Coverage,
    Execution,
    Function,
    FunctionExample,
    PassMatrix,
    Reward,
    Rollout,
    Segment,
    Span,
    Status,
)
from covet.reward import Attempt, known_mutants, parts, rewards
from covet.reward.terms import TERMS

WEIGHTS = st.builds(
    config.Reward,
    **dict.fromkeys(TERMS, st.floats(0, 10)),
    guards=st.just(()),
    least_asserts=st.just(0.0),
)
GATED = config.Reward(guards=config.ALL_GUARDS, **dict.fromkeys(TERMS, 1.0))
MUTANTS = tuple(f"{line}:swap:0" for line in range(2, 8))
SOURCE = "def half(x):\n" + "".join(f"    x = x - {n}\n" for n in range(6)) + "    return x / 2\n"
EXAMPLE = FunctionExample(
    id="shop.py::half",
    function=Function("shop.py", "shop", "half", Span(1, 8), SOURCE),
    source_file=SOURCE,
    test_path="test_shop.py",
    test_file="",
    tests=(),
    executable=Coverage(frozenset(range(2, 9))),
    baseline=Coverage(),
    split="train",
)
HONEST = "from shop import half\n\n\ndef test_half():\n    assert half(17) == 1\n"
ANY_STATUS = st.sampled_from(get_args(Status))


def written(source: str) -> Candidate:
    return Candidate("test_shop.py", source, source)


def earned(*executions: Execution, by: config.Reward, source: str = HONEST) -> list[Reward]:
    attempts = [(EXAMPLE, Attempt(written(source), execution)) for execution in executions]
    return rewards(attempts, language=Python(), settings=by)


def reward(execution: Execution, weights: config.Reward) -> Reward:
    return earned(execution, by=weights)[0]


def rollout(execution: Execution, weights: config.Reward) -> Rollout:
    completion = Completion((Segment("policy", HONEST),), "stop", "", 0)
    return Rollout(completion, written(HONEST), execution, reward(execution, weights))


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
        covered=Coverage(frozenset(range(2, 9))),
        gained=Coverage(frozenset(draw(st.sets(st.integers(1, 9))))),
        ran=frozenset({1, 4, 5}),
        mutants=PassMatrix(("test_a",), MUTANTS, (cells,)),
        killed=killed,
    )


@given(executions(), WEIGHTS)
def test_only_a_candidate_that_passes_earns_anything(execution, weights):
    found = reward(execution, weights)
    if execution.status != "ok":
        assert found.value == 0
        assert set(found.terms.values()) == {0.0}


@given(executions(), WEIGHTS)
def test_the_parts_of_a_reward_sum_to_it_and_name_every_known_kill(execution, weights):
    found = parts(rollout(execution, weights), weights)
    assert sum(found.values()) == pytest.approx(reward(execution, weights).value)
    killed = {name.removeprefix("kills ") for name in found if name.startswith("kills ")}
    if execution.status == "ok" and weights.kills > 1e-9:
        assert killed == known_mutants(execution) & set(execution.killed)


@given(executions(st.just("ok")), WEIGHTS)
def test_the_reward_is_the_weighted_sum_of_the_recorded_terms(execution, weights):
    found = reward(execution, weights)
    assert set(found.terms) == set(TERMS) <= set(config.Reward.model_fields)
    assert found.value == pytest.approx(
        sum(getattr(weights, name) * amount for name, amount in found.terms.items())
    )


@given(executions(), WEIGHTS)
def test_the_reward_lies_between_nothing_and_the_sum_of_the_weights(execution, weights):
    found = reward(execution, weights)
    most = sum(getattr(weights, name) for name in TERMS)
    assert 0 <= found.value <= most * (1 + 1e-12)
    assert all(0 <= amount <= 1 for amount in found.terms.values())


@given(executions(st.just("ok")), WEIGHTS, st.sampled_from(MUTANTS))
def test_one_more_kill_never_lowers_the_reward(execution, weights, mutant):
    if mutant in execution.killed:
        return
    more = replace(execution, killed=(*execution.killed, mutant))
    assert reward(more, weights).value >= reward(execution, weights).value - 1e-12


@given(executions(st.just("ok")), WEIGHTS)
def test_covering_a_new_line_never_lowers_the_reward(execution, weights):
    plain = weights.model_copy(update={"new_kills": 0.0})  # of other mutants with another line
    more = replace(execution, gained=Coverage(execution.gained.lines | {1}))
    assert reward(more, plain).value >= reward(execution, plain).value - 1e-9


@given(executions(st.just("ok")), executions(st.just("ok")), WEIGHTS)
def test_the_order_of_siblings_does_not_matter(one, other, weights):
    first, second = earned(one, other, by=weights)
    assert earned(other, one, by=weights) == [second, first]


@given(executions(st.just("ok")), WEIGHTS)
def test_a_test_written_twice_earns_no_more_than_once(execution, weights):
    twice = HONEST + HONEST.partition("\n\n")[2].replace("test_half", "test_again")
    ran = replace(execution, ran=frozenset({1, 4, 5, 8, 9}))
    (more,) = earned(ran, by=weights, source=twice)
    assert more.value <= reward(execution, weights).value + 1e-9
    assert more.terms["asserts"] == reward(execution, weights).terms["asserts"]


@given(executions(st.just("ok")))
def test_no_sum_of_credits_pays_for_a_test_that_asks_nothing(execution):
    for body in ("half(17)", "assert True", "x = half(17)\n    assert x == x"):
        source = f"from shop import half\n\n\ndef test_half():\n    {body}\n"
        ran = replace(execution, ran=frozenset({1, 4, 5, 6}))
        (found,) = earned(ran, by=GATED, source=source)
        assert found.value == 0
        assert set(found.terms.values()) == {0.0}
        assert found.refused


def test_an_assertion_that_was_never_reached_does_not_count():
    source = HONEST.replace("    assert", "    if half(17) > 5:\n        assert")
    execution = Execution("ok", covered=Coverage(frozenset(range(2, 9))), ran=frozenset({1, 4, 5}))
    (found,) = earned(execution, by=GATED, source=source)
    assert found.refused == ("checks_nothing: no assertion was reached (line 6)",)
    (found,) = earned(replace(execution, ran=frozenset({1, 4, 5, 6})), by=GATED, source=source)
    assert not found.refused


def test_assertions_that_tell_little_earn_nothing_where_that_is_asked_for():
    execution = Execution("ok", covered=Coverage(frozenset(range(2, 9))), ran=frozenset({1, 4, 5}))
    source = HONEST.replace("== 1", "is not None")
    weights = config.Reward(preset="balanced")
    (found,) = earned(execution, by=weights, source=source)
    assert found.value == 0
    assert found.refused == ("least_asserts: assertions of 0.10 (exists)",)


def test_a_kill_that_a_sibling_has_too_is_shared():
    matrix = PassMatrix(("test_half",), ("2:swap:0", "3:swap:0"), (("fail", "fail"),))
    both = Execution("ok", mutants=matrix, killed=("2:swap:0", "3:swap:0"))
    one = replace(
        both,
        mutants=replace(matrix, cells=(("fail", "pass"),)),
        killed=("2:swap:0",),
    )
    first, second = earned(both, one, by=config.Reward(preset="coverage"))
    assert first.terms["rare"] == 0.75
    assert second.terms["rare"] == 0.25


def test_a_mutant_that_existing_tests_kill_is_no_marginal_kill():
    matrix = PassMatrix(("test_half",), ("2:swap:0", "3:swap:0"), (("fail", "fail"),))
    execution = Execution(
        "ok",
        gained=Coverage(frozenset({3})),
        mutants=matrix,
        killed=("2:swap:0",),
        killed_before=("2:swap:0",),
    )
    terms = reward(execution, config.Reward(preset="coverage")).terms
    assert (terms["kills"], terms["marginal"], terms["new_kills"]) == (0.5, 0.0, 0.0)


def test_what_adds_nothing_to_the_existing_tests_earns_nothing():
    matrix = PassMatrix(("test_half",), ("2:swap:0", "3:swap:0"), (("fail", "pass"),))
    known = Execution(
        "ok",
        covered=Coverage(frozenset(range(2, 9))),
        ran=frozenset({1, 4, 5}),
        mutants=matrix,
        killed=("2:swap:0",),
        killed_before=("2:swap:0",),
    )
    balanced = config.Reward(preset="balanced")
    assert reward(known, balanced).refused[0].startswith("adds_nothing: it covers no new line")
    assert reward(replace(known, killed_before=()), balanced).value > 0
    assert reward(replace(known, gained=Coverage(frozenset({3}))), balanced).value > 0


def test_a_preset_gives_what_is_not_set():
    assert config.load(overrides=["reward.preset=coverage"]).reward.gains == 0.7
    chosen = config.load(overrides=["reward.preset=coverage", "reward.gains=0.1"]).reward
    assert (chosen.gains, chosen.passes, chosen.guards) == (0.1, 0.3, ())
    assert config.parse({"reward": chosen.model_dump()}, origin="").reward == chosen


def test_a_mutant_whose_fate_is_unknown_is_left_out_of_the_share():
    execution = Execution(
        status="ok",
        mutants=PassMatrix(
            ("test_a",), ("2:a:0", "2:b:0", "2:c:0"), (("fail", "pass", "infrastructure"),)
        ),
        killed=("2:a:0",),
    )
    assert known_mutants(execution) == {"2:a:0", "2:b:0"}
    assert reward(execution, config.Reward(preset="coverage")).terms["kills"] == 0.5


def test_a_mutant_that_one_test_kills_is_known_whatever_befell_the_others():
    execution = Execution(
        status="ok",
        mutants=PassMatrix(("test_a", "test_b"), ("2:a:0",), (("infrastructure",), ("fail",))),
        killed=("2:a:0",),
    )
    assert reward(execution, config.Reward(preset="coverage")).terms["kills"] == 1.0


def test_a_function_without_mutants_has_no_kills_to_earn():
    assert reward(Execution(status="ok"), config.Reward(preset="coverage")).terms["kills"] == 0.0
