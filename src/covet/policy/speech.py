"""Text ↔ tokens, as one model speaks: its chat template, its ends, its stop strings, its thoughts.

A prompt's text enters and its tokens leave; the tokens of an answer enter and its text leaves, up
to where it ends.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import jinja2
from transformers import PreTrainedTokenizerBase

from covet.errors import ModelError

THOUGHT, THOUGHT_END = "<think>", "</think>"
"""Around what a model writes for itself before its answer."""
TAIL = 16
"""Last tokens of a prompt among which the first tag may be."""
Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tokens of a completion say."""

    text: str
    """Up to the first stop string or end. Where the prompt has begun a thought its tag stands
    first, so that the text tells of the whole thought, and one that was cut off is seen to be one.
    """
    thought_tokens: int
    """See ``Completion``."""


class Speech:
    """A tokenizer, and what else a model says of prompts and answers.

    ``chat``: whether a prompt goes through the tokenizer's chat template; None: where there is one.
    ``ends``: tokens that end an answer, beside the tokenizer's own and that with which the chat
    template ends a turn. ``stops``: an answer ends before the first of these strings.
    ``ModelError`` where a chat template is asked for and there is none.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        *,
        chat: bool | None,
        ends: frozenset[int],
        stops: tuple[str, ...],
    ) -> None:
        has_template = bool(getattr(tokenizer, "chat_template", None))
        if chat and not has_template:
            raise ModelError(
                f"{tokenizer.name_or_path}: covet.json says chat, and the tokenizer has no chat "
                "template"
            )
        self._tokenizer = tokenizer
        self._chat = has_template if chat is None else chat
        added = tokenizer.added_tokens_decoder.items()
        special = {number: token.content for number, token in added if token.special}
        self._ends = ends | _own_end(tokenizer)
        if self._chat:
            self._ends |= _turn_end(tokenizer) & special.keys()
        self._stops = stops
        tags = {one for one, content in special.items() if content in (THOUGHT, THOUGHT_END)}
        self._unseen = frozenset(special.keys() - tags) if tags else None
        """Special tokens but the tags of thoughts; None: these are no special tokens, and the
        tokenizer itself leaves out the others."""
        probe = cast("list[int]", tokenizer("a")["input_ids"])
        self._adds_end = len(probe) > 1 and probe[-1] in self._ends

    def encode(self, text: str) -> list[int]:
        """The tokens that the model is given for a prompt of that text, to be gone on from."""
        if self._chat:
            return _asked(self._tokenizer, [{"role": "user", "content": text}])
        ids = cast("list[int]", self._tokenizer(text, verbose=False)["input_ids"])
        return ids[:-1] if self._adds_end else ids

    def ended(self, tokens: Sequence[int]) -> bool:
        """Whether the newest token ends the answer."""
        return tokens[-1] in self._ends or self._stop_string(tokens) is not None

    def answer(self, tokens: Sequence[int], *, prompt: Sequence[int]) -> Answer:
        """What the tokens of an answer to a prompt say."""
        text, opening = self._decode(tokens), self._open_thought(prompt)
        thought_tokens = self._thought_tokens(tokens, text, opened=bool(opening))
        stop = self._stop_string(tokens)
        if stop is not None:
            text = text[: text.index(stop)]
        return Answer(opening + text, thought_tokens)

    def _stop_string(self, tokens: Sequence[int]) -> str | None:
        """The stop string in an answer that comes first, if any."""
        if not self._stops:
            return None
        # A token gives a byte at least, so a stop that the newest token completes lies in here;
        # only then is the whole text worth decoding.
        reach = max(len(stop.encode()) for stop in self._stops) + 4
        tail = self._decode(tokens[-reach:])
        if not any(stop in tail for stop in self._stops):
            return None
        text = self._decode(tokens)
        return min((stop for stop in self._stops if stop in text), key=text.index, default=None)

    def _open_thought(self, prompt: Sequence[int]) -> str:
        """The tag with which the chat template has begun the answer, if it has."""
        if not self._chat:
            return ""
        end = cast("str", self._tokenizer.decode(list(prompt[-TAIL:])))
        _, tag, rest = end.rpartition(THOUGHT)
        return "" if rest.strip() else tag + rest

    def _thought_tokens(self, tokens: Sequence[int], text: str, *, opened: bool) -> int:
        ends = text.count(THOUGHT_END)
        if not ends:
            return len(tokens) if opened or text.lstrip().startswith(THOUGHT) else 0
        counts = range(1, len(tokens) + 1)
        place = bisect_left(counts, ends, key=lambda n: self._decode(tokens[:n]).count(THOUGHT_END))
        return counts[place]

    def _decode(self, tokens: Sequence[int]) -> str:
        if self._unseen is not None:
            tokens = [one for one in tokens if one not in self._unseen]
        text = self._tokenizer.decode(
            list(tokens),
            skip_special_tokens=self._unseen is None,
            clean_up_tokenization_spaces=False,
        )
        return cast("str", text)


def _asked(tokenizer: PreTrainedTokenizerBase, messages: Messages) -> list[int]:
    """The tokens of a conversation that the model is to answer. Control tokens that stand in the
    messages are taken as text: no line of a codebase can end the user's turn.
    """
    try:
        ids = tokenizer.apply_chat_template(
            messages,
            add_generation_prompt=True,
            return_dict=False,
            sanitize_control_tokens=True,
            tokenizer_kwargs={"verbose": False},
        )
    except (jinja2.TemplateError, ValueError, TypeError) as error:
        raise ModelError(
            f"{tokenizer.name_or_path}: its chat template does not take a prompt: {error}"
        ) from error
    return list(cast("list[int]", ids))


def _own_end(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    end = tokenizer.eos_token_id
    return frozenset({end} if isinstance(end, int) else ())


def _turn_end(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """The token that the chat template puts behind an answer, if it does: a model may end with it
    though its settings do not say so.
    """
    answer = "an answer"
    messages = [{"role": "user", "content": "a question"}, {"role": "assistant", "content": answer}]
    try:
        text = cast("str", tokenizer.apply_chat_template(messages, tokenize=False))
    except (jinja2.TemplateError, ValueError, TypeError):  # it has no words for an answer
        return frozenset()
    behind = text.rpartition(answer)[2].lstrip()
    ids = cast("list[int]", tokenizer(behind, add_special_tokens=False)["input_ids"])
    return frozenset(ids[:1])
