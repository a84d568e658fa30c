"""An Execution becomes a Reward.

::

    evidence  attempts of one example → what each shows: by running, by its text, beside the others
    guards    evidence → why it is worth nothing although it passes, if it is
    terms     evidence → one number from 0 to 1 for each term
    rubric    the gates, then the terms by their weights → Reward
"""

from covet.reward.evidence import Attempt, known_mutants
from covet.reward.rubric import Explained, explained, parts, rewards

__all__ = ["Attempt", "Explained", "explained", "known_mutants", "parts", "rewards"]
