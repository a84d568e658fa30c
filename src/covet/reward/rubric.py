"""The gates, then the terms by their weights → Reward.

Only a candidate that passes, each time it is run, that no guard refuses and whose assertions are
telling enough earns anything: a test that fails covers lines and rejects mutants too, and is worth
nothing. An execution that failed through our own fault gets a value of 0 like any other that is
not ``ok``; it says nothing about the candidate, and who compares rewards leaves it out by its
status.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from covet import config
from covet.languages.base import Language
from covet.records import Check, FunctionExample, Reward, Rollout
from covet.reward.evidence import Attempt, Evidence, gather, mutants_of
from covet.reward.guards import refusals
from covet.reward.terms import TERMS, asserts

LEAST = "least_asserts"
"""The name of the gate that a setting of this name draws; beside the guards'."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A reward with its reasons."""

    reward: Reward
    credits: dict[str, float]
    """What each term that has a weight adds; they sum to the reward."""
    asked: tuple[Check, ...]
    """The assertions that were asked."""


def rewards(
    attempts: Sequence[tuple[FunctionExample, Attempt]],
    *,
    language: Language,
    settings: config.Reward,
) -> list[Reward]:
    """In order; attempts at one example are siblings. Each is between 0 and the sum of the weights;
    terms are recorded before their weights, and are 0 behind a closed gate.
    """
    return [one.reward for one in explained(attempts, language=language, settings=settings)]


def explained(
    attempts: Sequence[tuple[FunctionExample, Attempt]],
    *,
    language: Language,
    settings: config.Reward,
) -> list[Explained]:
    """The same with reasons."""
    siblings: dict[str, list[int]] = {}
    for place, (example, _) in enumerate(attempts):
        siblings.setdefault(example.id, []).append(place)
    found: dict[int, Explained] = {}
    for places in siblings.values():
        example = attempts[places[0]][0]
        gathered = gather(example, [attempts[place][1] for place in places], language=language)
        for place, evidence in zip(places, gathered, strict=True):
            found[place] = _explained(evidence, settings)
    return [found[place] for place in range(len(attempts))]


def _explained(evidence: Evidence, settings: config.Reward) -> Explained:
    refused: tuple[str, ...] = ()
    if evidence.execution.status == "ok":
        refused = refusals(evidence, settings.guards) or _too_weak(evidence, settings)
    is_open = evidence.execution.status == "ok" and not refused
    terms = {name: term(evidence) if is_open else 0.0 for name, term in TERMS.items()}
    weights = {name: getattr(settings, name) for name in TERMS}
    earned = {name: weight * terms[name] for name, weight in weights.items() if weight}
    return Explained(Reward(sum(earned.values()), terms, refused), earned, evidence.asked)


def _too_weak(evidence: Evidence, settings: config.Reward) -> tuple[str, ...]:
    found = asserts(evidence)
    if found >= settings.least_asserts:
        return ()
    kinds = ", ".join(sorted({check.kind for check in evidence.asked})) or "none"
    return (f"{LEAST}: assertions of {found:.2f} ({kinds})",)


def parts(rollout: Rollout, settings: config.Reward) -> dict[str, float]:
    """What a reward is made of, by name, so far as it can be told apart: each mutant that was
    killed is a part. They sum to the reward; empty where it is 0.
    """
    killed, among = frozenset(rollout.execution.killed), mutants_of(rollout.execution)
    found: dict[str, float] = {}
    for name, amount in rollout.reward.terms.items():
        weight = getattr(settings, name)
        if not weight or not amount:
            continue
        if name in among:
            each = weight / len(among[name])
            found |= {f"{name} {mutant}": each for mutant in among[name] & killed}
        else:
            found[name] = weight * amount
    return found
