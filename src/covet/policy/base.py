"""The Policy seam: who writes the tests.

A ``Policy`` turns prompts into completions. It may be a model in this process, an endpoint or a
recording; the rest of Covet cannot tell. A request that cannot be answered raises
``ModelError``; an answer that is no test is an ordinary completion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from covet.records import Completion, Prompt

PROMPT_TOKENS = 4096
"""The budget of a prompt where neither the settings nor the model say."""
NEW_TOKENS = 512
"""Likewise of a completion."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One prompt to answer and where its randomness comes from."""

    prompt: Prompt
    samples: int
    key: tuple[int | str, ...]
    """Names the draw (run seed, step, example …). The same key and version give the same
    completions, whatever else is drawn beside them, as far as the arithmetic of a batch of the
    same make-up is repeatable."""


class Policy(Protocol):
    """The contract; ``tests/contract/test_policy.py`` runs over every implementation."""

    name: str
    template: str
    """The prompt template that the model was made for; empty where it has no wish."""
    prompt_tokens: int
    """The most tokens that a prompt may have."""

    @property
    def version(self) -> int:
        """How many optimizer steps the weights have seen."""
        ...

    def count_tokens(self, text: str) -> int:
        """How long a prompt of that text is."""
        ...

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        """For each draw, ``samples`` completions, each starting with a segment of the policy's
        own.
        """
        ...
