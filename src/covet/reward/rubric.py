"""The gate, then the terms by their weights → Reward.

Only a candidate that passes, each time it is run, earns anything: a test that fails covers lines
and rejects mutants too, and is worth nothing. An execution that failed through our own fault gets
a value of 0 like any other that is not ``ok``; it says nothing about the candidate, and who
compares rewards leaves it out by its status.
"""

from covet import config
from covet.records import Execution, Reward
from covet.reward.terms import TERMS


def reward(execution: Execution, settings: config.Reward) -> Reward:
    """Between 0 and the sum of the weights; every term is recorded before its weight, and is 0
    behind a closed gate.
    """
    open_gate = execution.status == "ok"
    terms = {name: term(execution) if open_gate else 0.0 for name, term in TERMS.items()}
    value = sum(getattr(settings, name) * amount for name, amount in terms.items())
    return Reward(value, terms)
