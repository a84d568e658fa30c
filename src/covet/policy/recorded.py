"""A policy that reads its completions from a recording.

A mapping from example to texts, or a file of one ``Recording`` per line, enters. Sample ``i`` of an
example is its ``i``-th text, whatever the key. There are no tokens, so nothing can be learned from
these; they can be graded, evaluated and proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from covet.errors import ModelError
from covet.policy.base import Draw
from covet.records import Completion, Segment
from covet.runlog import read_jsonl

CHARACTERS_PER_TOKEN = 4
"""How a prompt is measured, there being no tokenizer."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One line of a file of recorded completions."""

    example_id: str
    texts: tuple[str, ...]


class RecordedPolicy:
    """A ``Policy`` over a fixed list of texts for each example."""

    version = 0

    def __init__(
        self,
        texts: Mapping[str, Sequence[str]],
        *,
        name: str = "recorded",
        template: str = "",
        prompt_tokens: int = 4096,
    ) -> None:
        self.name = name
        self.template = template
        self.prompt_tokens = prompt_tokens
        self._texts = {example_id: tuple(given) for example_id, given in texts.items()}

    @classmethod
    def read(cls, path: Path) -> "RecordedPolicy":
        """From a JSONL file of ``Recording``; lines of one example add up."""
        texts: dict[str, list[str]] = {}
        for recording in read_jsonl(path, Recording):
            texts.setdefault(recording.example_id, []).extend(recording.texts)
        return cls(texts, name=path.name)

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // CHARACTERS_PER_TOKEN)

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        return [[self._completion(text) for text in self._take(draw)] for draw in draws]

    def _take(self, draw: Draw) -> tuple[str, ...]:
        example_id = draw.prompt.example_id
        texts = self._texts.get(example_id, ())
        if len(texts) < draw.samples:
            raise ModelError(
                f"{self.name} holds {len(texts)} completions for {example_id} and {draw.samples} "
                "were asked for; record more, or ask for fewer"
            )
        return texts[: draw.samples]

    def _completion(self, text: str) -> Completion:
        return Completion((Segment("policy", text),), "stop", self.name, self.version)
