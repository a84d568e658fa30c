"""Draws → completions, by an OpenAI-compatible endpoint.

Each completion is one request, with a seed of its own. Where ``policy.api`` is ``chat``, the server
puts the prompt into its model's chat template, else the model goes on from it as it is.

A thought that the server hands over apart from the answer is put before it in ``<think>`` tags, as
a model without such a server writes it and ``covet.prompt.parse`` reads it.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast

import msgspec

from covet import config
from covet.errors import EnvironmentNotReady, ModelError
from covet.policy.base import NEW_TOKENS, Draw
from covet.policy.endpoint import Endpoint, Hopeless
from covet.records import Completion, Prompt, Segment

THOUGHT, THOUGHT_END = "<think>", "</think>"
"""Around what a model writes for itself before its answer."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a policy asked of its endpoint since it was made."""

    requests: int = 0
    """Sent, those that were sent again included."""
    retries: int = 0
    completions: int = 0
    truncated: int = 0
    """Completions that were cut off at the token limit."""
    thinking: int = 0
    """Completions that hold a thought."""
    filtered: int = 0
    """Completions that the server's content filter ended."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    """As the server counts them, thoughts included."""
    unmetered: int = 0
    """Completions of which the server did not tell the tokens; they are in no sum."""
    cost: float = 0.0
    """By ``policy.price_in`` and ``policy.price_out``, in their currency."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to one request."""

    model: str
    """The name that it gives the model which answered; empty where it gives none."""
    text: str
    finish: str
    """The server's own word."""
    used: tuple[int, int] | None
    """Tokens of the prompt and of the completion; None: it did not tell."""
    token_ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    """See ``Segment``."""
    thought_tokens: int = 0
    """See ``Completion``; 0 also where it is not told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One completion to be had."""

    model: str
    prompt: Prompt
    seed: int


class Client:
    """Draws → completions, by one endpoint.

    ``key``: the endpoint's; empty: the one that the settings' variable holds, and
    ``EnvironmentNotReady`` where that is not set. ``wishes``: further fields of a request. ``more``
    reads what else stands in the body of an answer, and raises ``msgspec.DecodeError`` or
    ``ValueError`` where it is not there. ``pause``: how it waits between two attempts.

    A call of ``sample`` that fails keeps the completions that came, and the same call again asks
    for the rest alone. Where as many requests failed in a row as run at the same time, or one says
    that all will, the rest is not asked for.
    """

    def __init__(
        self,
        settings: config.Policy,
        *,
        key: str = "",
        wishes: Mapping[str, object] | None = None,
        more: Callable[[bytes, Asked, Answer], Answer] = lambda _content, _asked, answer: answer,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.max_new_tokens = settings.max_new_tokens or NEW_TOKENS
        self.extra = cast("dict[str, object]", json.loads(settings.extra or "{}"))
        self.endpoint = Endpoint(
            settings.endpoint,
            key=key or read_key(settings.api_key_env),
            timeout_s=settings.timeout_s,
            retries=settings.retries,
            concurrency=settings.concurrency,
            pause=pause,
        )
        self._settings, self._wishes, self._more = settings, dict(wishes or {}), more
        self._chat = settings.api == "chat"
        self._usage = Usage()
        self._kept: dict[Asked, Answer] = {}

    def close(self) -> None:
        self.endpoint.close()

    @property
    def usage(self) -> Usage:
        """What was asked and answered so far."""
        return replace(self._usage, requests=self.endpoint.attempts, retries=self.endpoint.retried)

    def served(self) -> dict[str, int | None]:
        """The models there, with the longest sequence that each takes where that is told."""
        found = self.endpoint.run(self.endpoint.get("/models", _MODELS.decode))
        return {model.id: model.max_model_len for model in found.data}

    def put(self, text: str) -> dict[str, object]:
        """The fields that hold a prompt."""
        return {"messages": [{"role": "user", "content": text}]} if self._chat else {"prompt": text}

    def sample(self, draws: Sequence[Draw], *, model: str, version: int) -> list[list[Completion]]:
        """Completions by the model that the server knows as ``model``, marked as ``version``."""
        asked = [
            Asked(model, draw.prompt, seed_of((*draw.key, place)))
            for draw in draws
            for place in range(draw.samples)
        ]
        answers = iter(self.endpoint.run(self._answers(asked)))
        return [
            [self._completion(next(answers), version) for _ in range(draw.samples)]
            for draw in draws
        ]

    async def _answers(self, asked: Sequence[Asked]) -> list[Answer]:
        had: dict[Asked, Answer] = {}
        failed: list[tuple[Asked, ModelError]] = []
        in_a_row, over = 0, False

        async def answer(one: Asked) -> None:
            nonlocal in_a_row, over
            async with self.endpoint.slots:
                if one in self._kept:
                    had[one] = self._kept[one]
                if over or one in had:
                    return
                try:
                    had[one] = self._kept[one] = await self._ask(one)
                    in_a_row = 0
                except ModelError as error:
                    failed.append((one, error))
                    in_a_row += 1
                    over = isinstance(error, Hopeless) or in_a_row >= self.endpoint.concurrency

        async with asyncio.TaskGroup() as group:
            for one in asked:
                group.create_task(answer(one))
        if failed:
            raise _failure(failed, asked=len(asked), had=len(had)) from failed[0][1]
        for one in asked:
            self._kept.pop(one, None)
        return [had[one] for one in asked]

    async def _ask(self, one: Asked) -> Answer:
        path = "/chat/completions" if self._chat else "/completions"
        answer = await self.endpoint.post(
            path, self._body(one), lambda body: self._more(body, one, self._read(body))
        )
        self._count(answer)
        return answer

    def _body(self, one: Asked) -> dict[str, object]:
        """What is sent for a completion."""
        body: dict[str, object] = {
            "model": one.model,
            **self.put(one.prompt.text),
            "max_tokens": self.max_new_tokens,
            "temperature": self._settings.temperature,
            "seed": one.seed,
            "stop": list(self._settings.stop) or None,
            **self._wishes,
            **self.extra,
        }
        return {name: value for name, value in body.items() if value is not None}

    def _read(self, content: bytes) -> Answer:
        """The answer in a body; ``msgspec.DecodeError`` or ``ValueError`` where there is none."""
        if self._chat:
            said = msgspec.json.decode(content, type=_ChatReply)
            choice = _first(said.choices)
            message = choice.message
            thought = message.reasoning_content or message.reasoning or ""
            text = _joined(thought, message.content or message.refusal or "", choice.finish_reason)
        else:
            said = msgspec.json.decode(content, type=_TextReply)
            choice = _first(said.choices)
            text = choice.text
        finish = choice.finish_reason
        if finish is None or finish in _BROKEN_OFF:
            raise ValueError(f"the server broke the answer off: finish_reason is {finish}")
        if (usage := said.usage) is None:
            return Answer(said.model, text, finish, used=None)
        details = usage.completion_tokens_details
        return Answer(
            said.model,
            text,
            finish,
            used=(usage.prompt_tokens, usage.completion_tokens or 0),
            thought_tokens=(details.reasoning_tokens or 0) if details else 0,
        )

    def _count(self, answer: Answer) -> None:
        past, settings = self._usage, self._settings
        read, written = answer.used or (0, 0)
        self._usage = replace(
            past,
            completions=past.completions + 1,
            truncated=past.truncated + (answer.finish in _CUT_OFF),
            thinking=past.thinking + (THOUGHT in answer.text or THOUGHT_END in answer.text),
            filtered=past.filtered + (answer.finish == "content_filter"),
            prompt_tokens=past.prompt_tokens + read,
            completion_tokens=past.completion_tokens + written,
            unmetered=past.unmetered + (answer.used is None),
            cost=past.cost + (read * settings.price_in + written * settings.price_out) / 1e6,
        )

    def _completion(self, answer: Answer, version: int) -> Completion:
        finish: Literal["stop", "length"] = "length" if answer.finish in _CUT_OFF else "stop"
        segment = Segment("policy", answer.text, answer.token_ids, answer.logprobs)
        return Completion(
            (segment,), finish, self._settings.model, version, thought_tokens=answer.thought_tokens
        )


def _failure(failed: Sequence[tuple[Asked, ModelError]], *, asked: int, had: int) -> ModelError:
    first, error = failed[0]
    told = f"{first.prompt.example_id}: {error}"
    if asked > 1:
        unasked = asked - had - len(failed)
        told += f". Of {asked} completions {len(failed)} failed"
        told += f", {unasked} were not asked for" if unasked else ""
        told += f", and the other {had} are kept for when the same is sampled again" if had else ""
    return ModelError(told)


def read_key(variable: str) -> str:
    """The key in that environment variable; empty where no variable is named."""
    if not variable:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise EnvironmentNotReady(
            f"the endpoint's key should be in the environment variable {variable}, which is not "
            f"set; export {variable}, or leave policy.api_key_env empty for a server without keys"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise EnvironmentNotReady(
            f"the environment variable {variable} holds characters that no key has; set it again"
        )
    return key


def seed_of(key: Sequence[int | str]) -> int:
    """A number of 31 bits, which every server takes; a pure function of the key."""
    digest = hashlib.blake2b(json.dumps(list(key)).encode(), digest_size=4).digest()
    return int.from_bytes(digest) >> 1


# ------------------------------------------------------------------------------------ replies

_CUT_OFF = frozenset({"length", "max_tokens"})
_BROKEN_OFF = frozenset({"abort", "error"})


class _Details(msgspec.Struct):
    reasoning_tokens: int | None = 0


class _Used(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int | None = 0
    completion_tokens_details: _Details | None = None


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    """The thought, by the name that DeepSeek gave it and older vLLM, SGLang and llama.cpp give …"""
    reasoning: str | None = None
    """… and by that of newer vLLM, Ollama and OpenRouter."""


class _ChatChoice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _ChatReply(msgspec.Struct):
    choices: tuple[_ChatChoice, ...]
    model: str = ""
    usage: _Used | None = None


class _TextChoice(msgspec.Struct):
    text: str
    finish_reason: str | None = None


class _TextReply(msgspec.Struct):
    choices: tuple[_TextChoice, ...]
    model: str = ""
    usage: _Used | None = None


class _Model(msgspec.Struct):
    id: str
    max_model_len: int | None = None


class _Models(msgspec.Struct):
    data: tuple[_Model, ...]


_MODELS = msgspec.json.Decoder(_Models)
_Choice = TypeVar("_Choice")


def _first(choices: tuple[_Choice, ...]) -> _Choice:
    if not choices:
        raise ValueError("`choices` is empty")
    return choices[0]


def _joined(thought: str, said: str, finish: str | None) -> str:
    """A thought that was cut off stays open."""
    if not thought:
        return said
    if not said and finish in _CUT_OFF:
        return f"{THOUGHT}\n{thought}"
    return f"{THOUGHT}\n{thought.strip()}\n{THOUGHT_END}\n\n{said}"
