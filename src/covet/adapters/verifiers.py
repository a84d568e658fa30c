"""Mined tasks as a taskset of verifiers (0.4, ``verifiers.v1``).

A taskset is found by the name of a module at the top level, so a file of one's own makes it known::

    # covet_tasks.py
    from covet.adapters.verifiers import CovetTaskset

    __all__ = ["CovetTaskset"]
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from covet.adapters.tasks import opened
from covet.errors import EnvironmentNotReady
from covet.records import Split

try:
    import verifiers.v1 as vf  # pyrefly: ignore[missing-import] (in an environment of its own)
except ImportError as error:
    raise EnvironmentNotReady(
        f"a taskset of verifiers needs {error.name}, which is not installed; in an environment of "
        "its own: pip install covet 'verifiers>=0.4,<0.5'"
    ) from error

__all__ = ["CovetTaskset"]


class CovetConfig(vf.TasksetConfig):
    """Which tasks."""

    dataset: Path = Path("tasks")
    """A folder that ``covet mine`` wrote."""
    split: Split = "train"
    overrides: list[str] = Field(default_factory=list)
    """Settings, as ``--set`` takes them."""


class CovetData(vf.TaskData):
    """One task: all that a process needs to grade its answers."""

    dataset: str
    split: Split
    overrides: list[str]


class CovetTask(vf.Task[CovetData]):
    """Scored by running what was written."""

    @property
    def key(self) -> str:
        assert self.data.id is not None
        return self.data.id

    @vf.reward
    async def covet(self, trace: vf.Trace) -> float:
        """What the last reply earns; raises as ``Tasks.rewards`` does."""
        data = self.data
        tasks = opened(data.dataset, split=data.split, overrides=tuple(data.overrides))
        answers = [(self.key, trace.last_reply)]
        (reward,) = await asyncio.to_thread(tasks.rewards, answers)
        return reward.value


class CovetTaskset(vf.Taskset[CovetTask, CovetConfig]):
    """The tasks of one split of a dataset."""

    def load(self) -> Iterator[CovetTask]:
        split, overrides = self.config.split, self.config.overrides
        folder = str(self.config.dataset.resolve())
        for name, prompt in opened(folder, split=split, overrides=tuple(overrides)).prompts.items():
            data = CovetData(
                id=name, prompt=prompt.text, dataset=folder, split=split, overrides=overrides
            )
            yield CovetTask(data, self.config.task)
