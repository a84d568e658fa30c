"""The gate, then the terms by their weights → Reward.

Only a candidate that passes, each time it is run, earns anything: a test that fails covers lines
and rejects mutants too, and is worth nothing. An execution that failed through our own fault gets
a value of 0 like any other that is not ``ok``; it says nothing about the candidate, and who
compares rewards leaves it out by its status.
"""

from covet import config
from covet.records import Execution, Reward
from covet.reward.terms import TERMS, known_mutants


def parts(execution: Execution, settings: config.Reward) -> dict[str, float]:
    """What a reward is made of, by name, so far as it can be told apart: each mutant that was
    killed is a part. They sum to the reward; empty where it is 0.
    """
    if execution.status != "ok":
        return {}
    found = {
        name: getattr(settings, name) * term(execution)
        for name, term in TERMS.items()
        if name != "kills"
    }
    known = known_mutants(execution)
    found |= {
        f"kills {mutant}": settings.kills / len(known) for mutant in known & {*execution.killed}
    }
    return {name: value for name, value in found.items() if value}


def reward(execution: Execution, settings: config.Reward) -> Reward:
    """Between 0 and the sum of the weights; every term is recorded before its weight, and is 0
    behind a closed gate.
    """
    open_gate = execution.status == "ok"
    terms = {name: term(execution) if open_gate else 0.0 for name, term in TERMS.items()}
    value = sum(getattr(settings, name) * amount for name, amount in terms.items())
    return Reward(value, terms)
