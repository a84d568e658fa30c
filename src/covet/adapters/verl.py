"""Covet's reward in verl: ``compute_score`` is what ``reward.custom_reward_function`` names.

::

    Dataset.from_list(rows("tasks")).to_parquet("train.parquet")

    reward.custom_reward_function.path=pkg://covet.adapters.verl
    reward.custom_reward_function.name=compute_score

Nothing of verl is imported. Each process that scores opens a grader of its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from covet.adapters.tasks import opened
from covet.errors import DataError
from covet.records import Split

SOURCE = "covet"


def rows(
    dataset: Path | str, *, split: Split = "train", overrides: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The tasks of a split in verl's columns; see ``Tasks.open``."""
    folder = str(Path(dataset).resolve())
    tasks = opened(folder, split=split, overrides=tuple(overrides))
    return [
        {
            "data_source": SOURCE,
            "prompt": [{"role": "user", "content": prompt.text}],
            "ability": "code",
            "reward_model": {"style": "rule", "ground_truth": name},
            "extra_info": {"dataset": folder, "split": split, "index": index},
        }
        for index, (name, prompt) in enumerate(tasks.prompts.items())
    ]


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,
    *,
    overrides: Sequence[str] = (),
) -> float:
    """What an answer earns. ``ground_truth`` is the id of its task; ``overrides`` are settings,
    given in ``reward.custom_reward_function.reward_kwargs``.

    ``DataError`` where the row is not one of ``rows``; else raises as ``Tasks.rewards`` does.
    """
    given = dict(extra_info or {})
    if data_source != SOURCE or "dataset" not in given or given.get("split") not in get_args(Split):
        raise DataError(
            f"a row of {data_source!r} with {sorted(given)} is none of covet.adapters.verl.rows; "
            "give other data sets a reward function of their own"
        )
    tasks = opened(given["dataset"], split=given["split"], overrides=tuple(overrides))
    (reward,) = tasks.rewards([(ground_truth, solution_str)])
    return reward.value
