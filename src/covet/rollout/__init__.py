"""One Example becomes one Group of graded Rollouts: see ``rollout``, top to bottom."""

from covet.rollout.rollout import Rolled, Roller, Timing

__all__ = ["Rolled", "Roller", "Timing"]
