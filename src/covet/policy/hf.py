"""A causal language model in this process, as a policy: any that ``transformers`` loads.

A model folder, or a Hugging Face name, and draws enter; completions with the log-probability of
every token leave. ``HFPolicy`` loads, encodes and saves; ``covet.policy.decoder`` decodes. The
weights are changed by whoever trains them (``covet.train``), never here.

A folder may hold ``covet.json`` (a ``Card``): the prompt template that the model was trained on,
its budgets of tokens, its stop strings. Without one, a prompt goes through the tokenizer's chat
template where it has one, and in as it is otherwise.
"""

import contextlib
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import msgspec
import numpy as np

from covet import config
from covet.errors import EnvironmentNotReady, ModelError
from covet.nano import model_path
from covet.policy.base import Draw
from covet.records import Completion, Prompt, Segment

try:
    import torch
    from safetensors import SafetensorError
    from transformers import (
        AutoModelForCausalLM,
        AutoTokenizer,
        PreTrainedModel,
        PreTrainedTokenizerBase,
    )
    from transformers.utils import logging as transformers_logging

    from covet.policy.decoder import Decoder, uniforms
except ImportError as error:
    raise EnvironmentNotReady(
        f"a model in this process needs {error.name}, which is not installed; "
        "install Covet with its extra: pip install 'covet[train]'"
    ) from error

PROMPT_TOKENS = 4096
"""The budget of a prompt where neither the settings nor the model folder say."""
NEW_TOKENS = 512
"""Likewise of a completion."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``covet.json``: what a model folder says about its use with Covet."""

    template: str = ""
    prompt_tokens: int = 0
    max_new_tokens: int = 0
    """0: the default."""
    stop: tuple[str, ...] = ()
    """A completion ends before the first of these."""
    about: str = ""
    """For people."""


class HFPolicy:
    """A ``Policy`` over a ``transformers`` model, its weights in float32.

    ``autocast``: multiply matrices in bfloat16, in sampling and training alike; None: on a GPU. On
    a processor that can, it halves the time of training from a few million parameters on, and
    never that of sampling; in float32 the log-probabilities of sampling and training agree. The
    same machine and ``threads`` give the same bits.
    """

    def __init__(self, settings: config.Policy, *, autocast: bool | None = None) -> None:
        torch.set_num_threads(settings.threads)
        self.name = settings.model
        self.source = resolve_model(settings.model)
        """The folder or Hugging Face name that the model was loaded from."""
        self.version = 0
        self.temperature = settings.temperature
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.autocast = self.device.type == "cuda" if autocast is None else autocast
        self.model = load_model(self.source, device=self.device)
        self.tokenizer = _load_tokenizer(self.source)
        self._card = _read_card(self.source)
        self._batch = settings.batch
        card = self._card or Card()
        self.template = card.template
        self._stops = card.stop
        self.max_new_tokens = settings.max_new_tokens or card.max_new_tokens or NEW_TOKENS
        self._room = _positions(self.model) - self.max_new_tokens
        """The most prompt tokens that leave room for the completion."""
        if self._room < 1:
            raise ModelError(
                f"{self.source}: {self.max_new_tokens} new tokens leave no room for a prompt in "
                f"its {_positions(self.model)} positions; set policy.max_new_tokens lower"
            )
        self.prompt_tokens = min(card.prompt_tokens or PROMPT_TOKENS, self._room)
        self._chat = self._card is None and bool(getattr(self.tokenizer, "chat_template", None))
        self._ends = _end_tokens(self.model, self.tokenizer)

    def encode(self, prompt: Prompt) -> tuple[int, ...]:
        """The token ids that the model is given for a prompt."""
        return tuple(self._encode(prompt.text))

    def count_tokens(self, text: str) -> int:
        return len(self._encode(text))

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        """See ``Policy``. Two draws of one key share their random numbers, at any version: so a
        model before and after training is compared on the same luck.
        """
        prompts = [self.encode(draw.prompt) for draw in draws]
        for draw, ids in zip(draws, prompts, strict=True):
            self._check_length(draw, len(ids))
        answers = [[_BLANK] * draw.samples for draw in draws]
        jobs = [
            _Job(draw=index, sample=sample, prompt=ids)
            for index, ids in enumerate(prompts)
            for sample in range(draws[index].samples)
        ]
        jobs.sort(key=lambda job: len(job.prompt))  # stable: equal lengths keep the draws' order
        with torch.inference_mode(), self.precision():
            for start in range(0, len(jobs), self._batch):
                batch = jobs[start : start + self._batch]
                self._decode_batch(batch, draws)
                for job in batch:
                    answers[job.draw][job.sample] = self._completion(job)
        return answers

    @contextlib.contextmanager
    def precision(self) -> Iterator[None]:
        """The arithmetic in which the model computes, for sampling and training alike."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            yield

    def restore(self, folder: Path) -> None:
        """Take on the weights that ``save`` wrote there."""
        self.model = load_model(str(folder), device=self.device)

    def save(self, folder: Path, *, dtype: Literal["float32", "bfloat16"] = "float32") -> None:
        """Write a model folder that this class, and ``transformers``, load; float32 is exact."""
        model = self.model
        if dtype == "bfloat16":
            model = copy.deepcopy(model).bfloat16()
        with _quiet():
            model.save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)
        if self._card is not None:
            card = msgspec.json.format(msgspec.json.encode(self._card), indent=2)
            (folder / CARD_NAME).write_bytes(card + b"\n")

    def _encode(self, text: str) -> list[int]:
        if not self._chat:
            return list(self.tokenizer(text)["input_ids"])
        message = [{"role": "user", "content": text}]
        ids = self.tokenizer.apply_chat_template(
            message, add_generation_prompt=True, return_dict=False
        )
        return list(cast("list[int]", ids))

    def _check_length(self, draw: Draw, length: int) -> None:
        if not 0 < length <= self._room:
            raise ModelError(
                f"the prompt for {draw.prompt.example_id} has {length} tokens, and {self.name} "
                f"takes 1 to {self._room} before {self.max_new_tokens} new ones; set prompt.tokens "
                "lower"
            )

    def _decode_batch(self, jobs: "list[_Job]", draws: Sequence[Draw]) -> None:
        """Fill in the jobs' tokens."""
        numbers = np.stack(
            [uniforms((*draws[job.draw].key, job.sample), self.max_new_tokens) for job in jobs]
        )
        decoder = Decoder(self.model, temperature=self.temperature)
        decoder.prefill([job.prompt for job in jobs])
        live = list(range(len(jobs)))
        for step in range(self.max_new_tokens):
            draws_now = torch.from_numpy(numbers[live, step]).to(self.device)
            tokens, logprobs = decoder.choose(draws_now)
            keep: list[int] = []
            for place, (row, token, logprob) in enumerate(
                zip(live, tokens.tolist(), logprobs.tolist(), strict=True)
            ):
                jobs[row].tokens.append(token)
                jobs[row].logprobs.append(logprob)
                jobs[row].stopped = token in self._ends or self._stop_string(jobs[row]) is not None
                if not jobs[row].stopped:
                    keep.append(place)
            if not keep or step + 1 == self.max_new_tokens:
                return
            live = [live[place] for place in keep]
            decoder.advance(tokens, keep=keep)

    def _completion(self, job: "_Job") -> Completion:
        segment = Segment(
            owner="policy",
            text=self._text(job),
            token_ids=tuple(job.tokens),
            logprobs=tuple(job.logprobs),
        )
        finish: Literal["stop", "length"] = "stop" if job.stopped else "length"
        return Completion((segment,), finish, policy=self.name, version=self.version)

    def _text(self, job: "_Job") -> str:
        text = self._decode(job.tokens)
        stop = self._stop_string(job)
        return text[: text.index(stop)] if stop is not None else text

    def _stop_string(self, job: "_Job") -> str | None:
        """The stop string in a completion that comes first, if any."""
        if not self._stops:
            return None
        # A token gives a byte at least, so a stop that the newest token completes lies in here;
        # only then is the whole text worth decoding.
        reach = max(len(stop.encode()) for stop in self._stops) + 4
        tail = self._decode(job.tokens[-reach:])
        if not any(stop in tail for stop in self._stops):
            return None
        text = self._decode(job.tokens)
        return min((stop for stop in self._stops if stop in text), key=text.index, default=None)

    def _decode(self, tokens: list[int]) -> str:
        text = self.tokenizer.decode(
            tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return cast("str", text)


# ------------------------------------------------------------------------------- decoding


@dataclass(slots=True)
class _Job:
    """One completion to write."""

    draw: int
    sample: int
    prompt: tuple[int, ...]
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    stopped: bool = False


_BLANK = Completion((), "length", policy="", version=0)


# -------------------------------------------------------------------------------- loading

CARD_NAME = "covet.json"


def resolve_model(name: str) -> str:
    """The folder of the embedded model for ``nano``, else the folder or Hugging Face name itself;
    ``ModelError`` where it can be neither.
    """
    path = model_path() if name == "nano" else Path(name).expanduser()
    if path.is_dir():
        return str(path)
    if name == "nano":
        raise ModelError(f"{path}: the embedded model is not there; install Covet again")
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        found = "is a file" if path.exists() else "is not there"
        raise ModelError(f"{path} {found}; policy.model takes a model folder or Hugging Face name")
    return name


def load_model(source: str, *, device: torch.device) -> PreTrainedModel:
    """The model in float32, ready to compute (no dropout), from safetensors only."""
    local = Path(source).is_dir()
    if local:
        _check_folder(Path(source))
    try:
        with _quiet():
            model, report = AutoModelForCausalLM.from_pretrained(
                source,
                dtype=torch.float32,
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=local,
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise _unloadable(source, "the model", error) from error
    if missing := sorted(report["missing_keys"]):
        raise ModelError(f"{source}: its weights lack {', '.join(missing[:3])}; copy them again")
    cast("torch.nn.Module", model).to(device).eval()
    return cast("PreTrainedModel", model)


def _load_tokenizer(source: str) -> PreTrainedTokenizerBase:
    local = Path(source).is_dir()
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            source, trust_remote_code=False, local_files_only=local
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise _unloadable(source, "the tokenizer", error) from error
    return cast("PreTrainedTokenizerBase", tokenizer)


def _check_folder(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    found = f"found {', '.join(names[:8])}" if names else "it is empty"
    if "config.json" not in names:
        raise ModelError(f"{folder} is no model folder: no config.json; {found}")
    if not any(name.endswith(".safetensors") for name in names):
        raise ModelError(
            f"{folder} has no *.safetensors; {found}. Other weight files can run code when they "
            "are loaded; convert them with `save_pretrained`"
        )


def _unloadable(source: str, part: str, error: Exception) -> ModelError:
    reason = " ".join(str(error).split())[:300]
    if Path(source).is_dir():
        return ModelError(f"{source}: {part} cannot be loaded: {reason}")
    return ModelError(
        f"{source}: no folder of that name is here, and {part} cannot be had from Hugging Face "
        f"under it: {reason}"
    )


def _read_card(source: str) -> Card | None:
    path = Path(source) / CARD_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"{path}: not as Covet writes it: {error}") from error


def _positions(model: PreTrainedModel) -> int:
    """The longest sequence that the model takes; very many where it does not say."""
    return int(getattr(model.config, "max_position_embeddings", 0) or 1 << 40)


def _end_tokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Every token that ends a sequence: the tokenizer's and those of the generation settings."""
    settings = model.generation_config
    told = settings.eos_token_id if settings is not None else None
    ends = {told} if isinstance(told, int) else set(told or ())
    return frozenset(end for end in (*ends, tokenizer.eos_token_id) if isinstance(end, int))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars of ``transformers``: Covet shows its own."""
    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()
