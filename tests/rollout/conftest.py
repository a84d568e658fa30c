"""The tiny shop."""

from tests.shop import examples, grader, lost_grader, make_roller

__all__ = ["examples", "grader", "lost_grader", "make_roller"]
