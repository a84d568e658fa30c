"""One Example becomes one Group of graded Rollouts: see ``rollout``, top to bottom."""

from covet.rollout.journal import Journal
from covet.rollout.rollout import Rolled, Roller, Timing

__all__ = ["Journal", "Rolled", "Roller", "Timing"]
