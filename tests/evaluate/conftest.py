"""The tiny shop, and the settings of a quick evaluation of it."""

import pytest

from covet.config import Evaluate
from tests.shop import CONFIG, examples, grader, lost_grader, make_roller

__all__ = ["examples", "grader", "lost_grader", "make_roller"]


@pytest.fixture
def settings():
    """Of a quick evaluation."""
    return CONFIG.model_copy(update={"evaluate": Evaluate(samples=3, bootstrap=50)})
