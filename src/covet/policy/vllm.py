"""The model of a vLLM server, as a policy that can be learned from.

``VLLMPolicy`` samples at any version that was published to it. A version is an adapter in a folder,
and gets a name of its own, since vLLM keeps what it computed for a prompt by the adapter's name
(vllm-project/vllm issue 42125). Beside the text it gets the tokens and their log-probabilities, of
samples from the whole distribution at ``policy.temperature``. ``covet.policy.vllm_server`` starts
servers.

Written against the source of vLLM 0.33; needs 0.10.2, where ``return_token_ids`` came.
"""

import asyncio
import hashlib
import itertools
import math
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from covet import config
from covet.errors import ConfigError, EnvironmentNotReady, ModelError
from covet.policy.base import PROMPT_TOKENS, Draw
from covet.policy.client import THOUGHT, THOUGHT_END, Answer, Asked, Client, Usage
from covet.policy.vllm_server import Server
from covet.records import Completion, Prompt

T = TypeVar("T")

_REMEMBERED = 4096
"""Prompts whose tokens are kept."""
_WHOLE = {"top_p": 1.0, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
"""The whole distribution; a server's own default is what the model's generation settings say."""
_TEMPLATED = ("chat_template", "chat_template_kwargs", "add_generation_prompt", "documents")
"""Fields of ``policy.extra`` that change which tokens a prompt has."""
_TAIL = 16
"""Last tokens of a prompt among which a tag may be."""
_ADAPTER = ("adapter_config.json", "adapter_model.safetensors")


class VLLMPolicy:
    """A ``Policy`` over a vLLM server, at whatever version was published.

    Version 0 is the served model itself, unless an adapter is published as 0. ``server``: one that
    was started for this policy, and is ended by ``close``; else ``policy.endpoint`` names one.
    ``ModelError`` where the server does not serve the model, or tells log-probabilities that are
    not those of what it samples from. See ``covet.policy.client.Client`` for ``pause``.
    """

    template = ""

    def __init__(
        self,
        settings: config.Policy,
        *,
        server: Server | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if server is not None:
            settings = settings.model_copy(update={"endpoint": server.url})
        if not settings.endpoint.endswith("/v1"):
            raise ConfigError(
                f"policy.endpoint is {settings.endpoint}; that of a vLLM server ends in /v1, since "
                "what is beside that is needed too"
            )
        self.name = settings.model
        self.version = 0
        self.temperature = settings.temperature
        self._settings, self._server = settings, server
        self._root = settings.endpoint.removesuffix("/v1")
        self._chat = settings.api == "chat"
        self._names = {0: settings.model}
        """Of the versions that can be sampled from, in the order in which they came."""
        self._publishing = threading.Lock()
        self._prompts: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._remembering = threading.Lock()
        self._client = Client(
            settings,
            key=server.key if server else "",
            wishes=_WHOLE
            | {"return_token_ids": True}
            | ({"logprobs": True, "top_logprobs": 0} if self._chat else {"logprobs": 0}),
            more=self._read_tokens,
            pause=pause,
        )
        try:
            self.prompt_tokens = min(PROMPT_TOKENS, self._room())
            self._opening = self._open_thought()
            if settings.temperature != 1:
                self._check_logprobs()
        except BaseException:
            self._client.close()
            raise

    def close(self) -> None:
        """Let the connections go, and end the server that was started for this policy."""
        self._client.close()
        if self._server is not None:
            self._server.close()

    @property
    def usage(self) -> Usage:
        return self._client.usage

    def encode(self, prompt: Prompt) -> tuple[int, ...]:
        """The token ids that the model is given for a prompt, as the server makes them."""
        return self._encode(prompt.text)

    def count_tokens(self, text: str) -> int:
        return len(self._encode(text))

    def sample(
        self, draws: Sequence[Draw], *, version: int | None = None
    ) -> list[list[Completion]]:
        """See ``Policy``; ``version``: the one to sample from; None: the last that was published,
        when sampling begins. A version that is published meanwhile changes nothing.
        """
        wanted = self.version if version is None else version
        names = dict(self._names)
        if wanted not in names:
            raise ModelError(
                f"{self._root}: version {wanted} of {self.name} is not there; it has "
                f"{', '.join(map(str, sorted(names)))}. policy.adapters says how many it keeps"
            )
        try:
            return self._client.sample(draws, model=names[wanted], version=wanted)
        except ModelError as error:
            if self._server is not None and (ended := self._server.ended(within_s=1)):
                raise EnvironmentNotReady(ended) from error
            raise

    def publish(self, version: int, folder: Path) -> None:
        """Sample from the adapter in ``folder``, as ``peft`` writes it, from now on.

        The server reads the folder itself, so it must see it under the same path. At most
        ``policy.adapters`` are there at once, and one less afterwards: the oldest goes.
        """
        name = f"covet-v{version}-{_digest(folder)}"
        with self._publishing:
            # After an answer that was lost, or in a run that goes on, the adapter is there already;
            # its name says what is in it.
            if not self._is_there(name):
                self._load(name, folder)
            names = {known: old for known, old in self._names.items() if known != version}
            adapters = [known for known, old in names.items() if old != self.name]
            for known in adapters[: max(0, len(adapters) - self._settings.adapters + 2)]:
                del names[known]
            gone = set(self._names.values()) - {*names.values(), name, self.name}
            self._names = names | {version: name}
            self.version = version
            for old in sorted(gone):
                self._unload(old)

    # ------------------------------------------------------------------------------- requests

    def _read_tokens(self, content: bytes, one: Asked, answer: Answer) -> Answer:
        if answer.model != one.model:
            raise ValueError(f"{one.model} was asked and {answer.model} answered")
        if self._chat:
            said = msgspec.json.decode(content, type=_ChatReply)
            prompt, choice = said.prompt_token_ids, said.choices[0]
            told = choice.logprobs.content if choice.logprobs else None
            logprobs = tuple(token.logprob for token in told or ())
            written = [token.token for token in told or ()]
        else:
            choice = msgspec.json.decode(content, type=_TextReply).choices[0]
            prompt, told = choice.prompt_token_ids, choice.logprobs
            logprobs, written = (told.token_logprobs, told.tokens) if told else ((), ())
        if prompt is None or choice.token_ids is None:
            raise ValueError("there are no token ids; vLLM tells them from 0.10.2 on")
        tokens = choice.token_ids
        if not 0 < len(tokens) == len(logprobs):
            raise ValueError(f"{len(tokens)} tokens with {len(logprobs)} log-probabilities")
        self._remember(one.prompt.text, prompt)
        return replace(
            answer,
            text=self._opened(answer.text, "".join(written)),
            token_ids=tokens,
            logprobs=logprobs,
            thought_tokens=thought_tokens(written, opened=bool(self._opening)),
        )

    def _opened(self, text: str, raw: str) -> str:
        """An answer with the tag that the prompt began it with, unless the server has taken its
        thought out. ``raw``: what the model wrote.
        """
        taken_out = text.startswith(THOUGHT) or (THOUGHT_END in raw) != (THOUGHT_END in text)
        return text if taken_out else self._opening + text

    def _open_thought(self) -> str:
        """The tag with which the chat template begins an answer, if it does."""
        if not self._chat:
            return ""
        try:
            tokens = self._encode("a")
        except ModelError as error:
            raise ModelError(
                f"{error} Where the model has no chat template, policy.api is completions"
            ) from error
        body = {"model": self.name, "tokens": tokens[-_TAIL:]}
        end = self._post(f"{self._root}/detokenize", body, _PROMPT.decode).prompt
        _, tag, rest = end.rpartition(THOUGHT)
        return "" if rest.strip() else tag + rest

    def _encode(self, text: str) -> tuple[int, ...]:
        with self._remembering:
            if text in self._prompts:
                self._prompts.move_to_end(text)
                return self._prompts[text]
        extra = self._client.extra
        body = {"model": self.name, **self._client.put(text)}
        body |= {name: extra[name] for name in _TEMPLATED if name in extra}
        found = self._post(f"{self._root}/tokenize", body, _TOKENS.decode).tokens
        self._remember(text, found)
        return found

    def _remember(self, text: str, tokens: tuple[int, ...]) -> None:
        with self._remembering:
            self._prompts[text] = tokens
            if len(self._prompts) > _REMEMBERED:
                self._prompts.popitem(last=False)

    def _is_there(self, name: str) -> bool:
        return name in self._client.served()

    def _room(self) -> int:
        """The most prompt tokens that leave room for the completion."""
        served = self._client.served()
        if self.name not in served:
            raise ModelError(
                f"{self._root} does not serve {self.name}; it has {', '.join(served) or 'nothing'}."
                " policy.model is the name that the server gives it"
            )
        longest, new = served[self.name], self._client.max_new_tokens
        if longest is None:
            return PROMPT_TOKENS
        if longest <= new:
            raise ModelError(
                f"{self._root}: {new} new tokens leave no room for a prompt in the {longest} that "
                f"{self.name} takes; set policy.max_new_tokens lower"
            )
        return longest - new

    def _check_logprobs(self) -> None:
        """A token that is the only one allowed has a log-probability of 0, unless the server tells
        that of the model before temperature and all.
        """
        body = {
            "model": self.name,
            "prompt": "def ",
            "max_tokens": 1,
            "temperature": self.temperature,
            "allowed_token_ids": [0],
            "logprobs": 0,
        }
        reply = self._post("/completions", body, _TEXT.decode)
        logprobs = reply.choices[0].logprobs if reply.choices else None
        told = logprobs.token_logprobs if logprobs else ()
        if not told or not math.isclose(told[0], 0, abs_tol=1e-3):
            raise ModelError(
                f"{self._root} does not tell the log-probabilities that it samples by at a "
                f"temperature of {self.temperature:g}; start it with --logprobs-mode "
                "processed_logprobs or, to learn nothing from it, set policy.server to plain"
            )

    def _load(self, name: str, folder: Path) -> None:
        body = {"lora_name": name, "lora_path": str(folder.resolve())}
        try:
            self._post("/load_lora_adapter", body, bytes.decode)
        except ModelError as error:
            if not self._is_there(name):
                raise ModelError(
                    f"{error}. Adapters need a server with --enable-lora, a --max-lora-rank that "
                    "they fit in and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1; one that Covet starts has "
                    "them where policy.lora_rank is set"
                ) from error

    def _unload(self, name: str) -> None:
        try:
            self._post("/unload_lora_adapter", {"lora_name": name}, bytes.decode)
        except ModelError:
            if self._is_there(name):
                raise

    def _post(self, path: str, body: Mapping[str, object], decode: Callable[[bytes], T]) -> T:
        endpoint = self._client.endpoint
        return endpoint.run(endpoint.post(path, body, decode))


def thought_tokens(written: Sequence[str], *, opened: bool) -> int:
    """How many of an answer's tokens are its thought, by their texts; ``opened``: the prompt began
    it. See ``Completion``.
    """
    text = "".join(written)
    end = text.rfind(THOUGHT_END)
    if end < 0:
        return len(written) if opened or text.lstrip().startswith(THOUGHT) else 0
    ends = itertools.accumulate(map(len, written))
    return next(n for n, length in enumerate(ends, 1) if length >= end + len(THOUGHT_END))


def _digest(folder: Path) -> str:
    """Of an adapter's files."""
    digest = hashlib.blake2b(digest_size=6)
    for name in _ADAPTER:
        try:
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise ModelError(
                f"{folder} is no adapter: {name} cannot be read ({error.strerror}); an adapter is "
                f"a folder with {' and '.join(_ADAPTER)}"
            ) from error
    return digest.hexdigest()


# ------------------------------------------------------------------------------------ replies


class _ChatLogprob(msgspec.Struct):
    token: str
    logprob: float


class _ChatLogprobs(msgspec.Struct):
    content: tuple[_ChatLogprob, ...] | None = None


class _ChatChoice(msgspec.Struct):
    token_ids: tuple[int, ...] | None = None
    logprobs: _ChatLogprobs | None = None


class _ChatReply(msgspec.Struct):
    choices: tuple[_ChatChoice, ...]
    prompt_token_ids: tuple[int, ...] | None = None


class _TextLogprobs(msgspec.Struct):
    token_logprobs: tuple[float, ...] = ()
    tokens: tuple[str, ...] = ()


class _TextChoice(msgspec.Struct):
    token_ids: tuple[int, ...] | None = None
    prompt_token_ids: tuple[int, ...] | None = None
    logprobs: _TextLogprobs | None = None


class _TextReply(msgspec.Struct):
    choices: tuple[_TextChoice, ...]


class _Tokens(msgspec.Struct):
    tokens: tuple[int, ...]


class _Prompt(msgspec.Struct):
    prompt: str


_TEXT = msgspec.json.Decoder(_TextReply)
_TOKENS = msgspec.json.Decoder(_Tokens)
_PROMPT = msgspec.json.Decoder(_Prompt)
