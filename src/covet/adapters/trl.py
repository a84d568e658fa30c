"""Covet's reward in TRL's trainers.

::

    with Tasks.open("tasks") as tasks:
        GRPOTrainer(
            model=...,
            reward_funcs=reward_function(tasks),
            train_dataset=Dataset.from_list(rows(tasks)),
            ...
        ).train()

Nothing of TRL is imported: a reward function is any callable of this form.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from covet.adapters.tasks import Tasks

Text = str | Sequence[dict[str, str]]
"""A completion, or the messages of one."""


def rows(tasks: Tasks, *, chat: bool = True) -> list[dict[str, Any]]:
    """A data set: each task's ``prompt`` and its id, ``example``. ``chat``: as a message of the
    user, which TRL puts through the chat template of the tokenizer; else as plain text.
    """
    return [
        {
            "prompt": [{"role": "user", "content": prompt.text}] if chat else prompt.text,
            "example": name,
        }
        for name, prompt in tasks.prompts.items()
    ]


def reward_function(tasks: Tasks) -> Callable[..., list[float]]:
    """One reward for each completion; raises as ``Tasks.rewards`` does."""

    def covet(completions: Sequence[Text], example: Sequence[str], **_: Any) -> list[float]:
        texts = [_text(completion) for completion in completions]
        return [one.value for one in tasks.rewards(list(zip(example, texts, strict=True)))]

    return covet


def _text(completion: Text) -> str:
    return completion if isinstance(completion, str) else cast("str", completion[-1]["content"])
