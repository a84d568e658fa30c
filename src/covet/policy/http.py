"""The model behind an OpenAI-compatible endpoint, as a policy.

A plain server tells neither tokens nor log-probabilities: what it answers can be graded, evaluated
and proposed, not learned from. ``covet.policy.vllm`` is for what is to learn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from covet import config
from covet.policy.base import PROMPT_TOKENS, Draw
from covet.policy.client import Client, Usage
from covet.records import Completion

BYTES_PER_TOKEN = 3
"""How a prompt is measured, the server not counting: code has three to four bytes a token in the
vocabularies of today's models, so that the estimate is rather too high."""


class HTTPPolicy:
    """A ``Policy`` over an endpoint. See ``Client`` for ``pause`` and the errors."""

    template = ""
    version = 0

    def __init__(
        self,
        settings: config.Policy,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = settings.model
        self.prompt_tokens = PROMPT_TOKENS
        self._client = Client(settings, pause=pause)

    def close(self) -> None:
        """Let the connections go; requests under way end."""
        self._client.close()

    @property
    def usage(self) -> Usage:
        return self._client.usage

    def count_tokens(self, text: str) -> int:
        """An estimate: a token for every three bytes."""
        return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        """See ``Policy``. The same key gives the same seeds; whether a seed gives the same text is
        the server's doing.
        """
        return self._client.sample(draws, model=self.name, version=self.version)
