"""One file for each kind of page: what is looked at and an address → what the page shows."""

from collections.abc import Callable, Mapping

from covet.inspector.address import Address, Page
from covet.inspector.pages.compare import compare, task
from covet.inspector.pages.dataset import dataset, example
from covet.inspector.pages.matrix import matrix
from covet.inspector.pages.rollout import rollout
from covet.inspector.pages.run import run
from covet.inspector.pages.samples import group, groups, rollouts
from covet.inspector.pages.scorecard import scorecard
from covet.inspector.source import Source

PAGES: Mapping[str, Callable[[Source, Address], Page]] = {
    "": run,
    "groups": groups,
    "group": group,
    "rollouts": rollouts,
    "rollout": rollout,
    "matrix": matrix,
    "compare": compare,
    "task": task,
    "dataset": dataset,
    "example": example,
    "scorecard": scorecard,
}
"""By the name in an address."""

NAVIGATION: Mapping[str, str] = {
    "": "Run",
    "groups": "Groups",
    "rollouts": "Rollouts",
    "matrix": "Matrix",
    "compare": "Compare",
    "dataset": "Dataset",
    "scorecard": "Scorecard",
}
UNDER: Mapping[str, str] = {
    "group": "groups",
    "rollout": "rollouts",
    "task": "compare",
    "example": "dataset",
}
"""Pages that are reached from another, and which."""
