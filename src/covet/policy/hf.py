"""A causal language model in this process, as a policy: any that ``transformers`` loads.

A model folder, an adapter's folder, or a Hugging Face name, and draws enter; completions with the
log-probability of every token leave. ``HFPolicy`` encodes, samples and hands its weights out;
``covet.policy.weights`` and ``covet.policy.lora`` load and write them, ``covet.policy.decoder``
decodes. The weights are changed by whoever trains them (``covet.train``), never here.

A folder may hold ``covet.json`` (a ``Card``): the prompt template that the model was trained on,
its budgets of tokens, its stop strings. Without one, a prompt goes through the tokenizer's chat
template where it has one, and in as it is otherwise.
"""

import contextlib
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

import numpy as np

from covet import config
from covet.errors import ConfigError, EnvironmentNotReady, ModelError
from covet.policy.base import NEW_TOKENS, PROMPT_TOKENS, Draw
from covet.records import Completion, Prompt, Segment

try:
    import torch
    from transformers import PreTrainedModel

    from covet.policy import lora, shards
    from covet.policy.decoder import Decoder, uniforms
    from covet.policy.speech import Speech
    from covet.policy.weights import (
        Card,
        has_tokenizer,
        load_model,
        load_tokenizer,
        locate,
        new_folder,
        own_template,
        read_card,
        write_card,
    )
except ImportError as error:
    raise EnvironmentNotReady(
        f"a model in this process needs {error.name}, which is not installed; "
        "install Covet with its extra: pip install 'covet[train]'"
    ) from error


class HFPolicy:
    """A ``Policy`` over a ``transformers`` model: all of its weights learn, or an adapter does.

    ``autocast``: multiply matrices in bfloat16, in sampling and training alike; None: on a GPU. On
    a processor that can, it halves the time of training from a few million parameters on, and
    never that of sampling; in float32 the log-probabilities of sampling and training agree. The
    same machine and ``threads`` give the same bits. ``seed``: of a new adapter's first weights.

    One thread may use it at a time; ``twin`` is for another.
    """

    def __init__(
        self, settings: config.Policy, *, autocast: bool | None = None, seed: int = 0
    ) -> None:
        self._threads = settings.threads
        torch.set_num_threads(self._threads)
        self.name = settings.model
        self.version = 0
        self.temperature = settings.temperature
        self.device = _device()
        self.autocast = self.device.type == "cuda" if autocast is None else autocast
        self._batch = settings.batch

        found = locate(settings.model)
        self.source = found.name
        """The folder or Hugging Face name that the model was loaded from."""
        self._adapter = lora.read(found.folder) if lora.is_adapter(found.folder) else None
        self._base = self._adapter.base if self._adapter else found
        dtype = torch.float32 if settings.dtype == "float32" else torch.bfloat16
        self.model = load_model(self._base.folder, device=self.device, dtype=dtype)
        if self._adapter is not None:
            _check_rank(settings, self._adapter, self.source)
            self._adapter.attach(self.model, seed=seed)
            self._adapter.load(self.model, found.folder)
        elif settings.lora_rank:
            self._adapter = lora.new(settings, found, self.model)
            self._adapter.attach(self.model, seed=seed)
        self._learns = _learning(self.model, whole=self._adapter is None)
        self._first = self.weights() if self._adapter else {}
        """An adapter's weights where training starts; whole models are read again instead."""

        beside = found.folder if has_tokenizer(found.folder) else self._base.folder
        self.tokenizer = load_tokenizer(beside)
        self._card = read_card(found.folder) or read_card(self._base.folder)
        card = self._card or Card()
        self._speech = Speech(
            self.tokenizer,
            chat=None if self._card is None else card.chat,
            ends=_end_tokens(self.model),
            stops=(*card.stop, *settings.stop),
        )
        self._own = own_template(card, found.folder, self._base.folder)
        self.template = str(self._own or card.template)
        self.max_new_tokens = settings.max_new_tokens or card.max_new_tokens or NEW_TOKENS
        self._room = _positions(self.model) - self.max_new_tokens
        """The most prompt tokens that leave room for the completion."""
        if self._room < 1:
            raise ModelError(
                f"{self.source}: {self.max_new_tokens} new tokens leave no room for a prompt in "
                f"its {_positions(self.model)} positions; set policy.max_new_tokens lower"
            )
        self.prompt_tokens = min(card.prompt_tokens or PROMPT_TOKENS, self._room)

    # ---------------------------------------------------------------------------- learning

    def trainable(self) -> dict[str, torch.nn.Parameter]:
        """What learns, by name, in an order that stays; ``ConfigError`` where nothing can."""
        if not self._learns:
            raise ConfigError(
                "policy.dtype = bfloat16 rounds away what training changes; train an adapter "
                "(policy.lora_rank), or set policy.dtype = float32"
            )
        found = dict(self.model.named_parameters())
        return {name: found[name] for name in self._learns}

    def weights(self) -> dict[str, torch.Tensor]:
        """Copies of what learns, by name, where it lies; of what is parted, in main memory."""
        return {name: shards.copy_of(one) for name, one in self.trainable().items()}

    @torch.no_grad()
    def take(self, weights: Mapping[str, torch.Tensor], version: int) -> None:
        """Take on such copies, bit for bit and in place, and their version; ``ModelError``, and
        nothing changed, where they are of another model.
        """
        mine = self.trainable()
        shapes = {name: one.shape for name, one in mine.items()}
        given = {name: one.shape for name, one in weights.items()}
        if shapes != given:
            odd = sorted(set(shapes.items()) ^ set(given.items()))
            raise ModelError(f"{self.name}: weights of another model: {odd[0][0]} differs")
        for name, one in mine.items():
            one.copy_(weights[name])
        self.version = version

    @property
    def is_parted(self) -> bool:
        return shards.is_parted(self.model)

    def part(self) -> None:
        """Let each of the processes that learn together hold a part of the weights. From then on
        it samples no more, and what asks for the weights is done by all at once.
        """
        shards.part(self.model)

    def united(self, weights: Mapping[str, torch.Tensor]) -> "HFPolicy":
        """Itself where nothing is parted; else a whole one in main memory, with the weights that
        ``weights`` gave: to be saved.
        """
        return self._whole(weights, torch.device("cpu")) if self.is_parted else self

    def _whole(self, weights: Mapping[str, torch.Tensor], device: torch.device) -> "HFPolicy":
        other = copy.copy(self)
        other.device = device
        other.model = self._loaded(device)
        other.take(weights, self.version)
        return other

    def unite(self) -> None:
        """Hold all of the weights again, where they were parted."""
        if self.is_parted:
            whole = self.united(self.weights()).model
            cast("torch.nn.Module", whole).to(self.device)
            self.model = whole

    def twin(self) -> "HFPolicy":
        """The same policy for another thread: what learns is its own, the rest is shared. Of a
        parted one it is whole, and shares nothing.
        """
        if self.is_parted:
            return self._whole(self.weights(), self.device)
        other = copy.copy(self)
        other.model = self._copied()
        return other

    def start(self) -> PreTrainedModel:
        """The model that training starts from, frozen, whatever the policy has learned since. What
        an adapter leaves alone is shared with the policy. It is parted where the policy is.
        """
        if self._adapter is None:
            model = self._loaded(self.device)
        else:
            model = self._loaded(self.device) if self.is_parted else self._copied()
            parameters = dict(model.named_parameters())
            with torch.no_grad():
                for name, first in self._first.items():
                    parameters[name].copy_(first)
        model.requires_grad_(requires_grad=False)
        if self.is_parted:
            shards.part(model)
        return model

    def _loaded(self, device: torch.device) -> PreTrainedModel:
        """Once more, from where it came; of an adapter any first weights."""
        model = load_model(self._base.folder, device=device, dtype=self.model.dtype)
        if self._adapter is not None:
            self._adapter.attach(model, seed=0)
        return model

    def _copied(self) -> PreTrainedModel:
        learns = set(self._learns)
        shared = {id(p): p for name, p in self.model.named_parameters() if name not in learns}
        return copy.deepcopy(self.model, shared)

    def save(self, folder: Path, *, dtype: Literal["float32", "bfloat16"] = "float32") -> None:
        """Write a new folder that this class loads: of the whole model, which ``transformers``
        loads too, or of the adapter with its base's name, which ``peft`` loads. float32 is exact.

        Where that fails nothing is left of it; a full disk is an ``EnvironmentNotReady``.
        """
        with new_folder(folder):
            if self._adapter is not None:
                self._adapter.save(self.model, folder, dtype=getattr(torch, dtype))
            elif self.model.dtype == getattr(torch, dtype):
                self.model.save_pretrained(folder)
            else:
                copy.deepcopy(self.model).to(getattr(torch, dtype)).save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)
            if self._card is not None:
                write_card(self._card, folder, template=self._own)

    @torch.no_grad()
    def restore(self, folder: Path) -> None:
        """Take on, in place, the weights that ``save`` wrote there; the version stays."""
        if lora.is_adapter(folder) != (self._adapter is not None):
            told = ("an adapter", "a whole model")
            wanted, found = told if self._adapter else reversed(told)
            raise ModelError(
                f"{folder} holds {found}, and this policy is {wanted}; policy.lora_rank and "
                "policy.model must be what they were when it was written"
            )
        if self._adapter is not None:
            self._adapter.restore(self.model, folder)
            return
        written = load_model(folder, device=self.device, dtype=self.model.dtype)
        self.take(dict(written.named_parameters()), self.version)

    # ---------------------------------------------------------------------------- sampling

    def encode(self, prompt: Prompt) -> tuple[int, ...]:
        """The token ids that the model is given for a prompt."""
        return tuple(self._speech.encode(prompt.text))

    def count_tokens(self, text: str) -> int:
        return len(self._speech.encode(text))

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        """See ``Policy``. Two draws of one key share their random numbers, at any version: so a
        model before and after training is compared on the same luck.
        """
        prompts = [self.encode(draw.prompt) for draw in draws]
        for draw, ids in zip(draws, prompts, strict=True):
            self._check_prompt(draw, ids)
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
        torch.set_num_threads(self._threads)  # a new thread begins with as many as there are cores
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            yield

    def _check_prompt(self, draw: Draw, ids: tuple[int, ...]) -> None:
        if not 0 < len(ids) <= self._room:
            raise ModelError(
                f"the prompt for {draw.prompt.example_id} has {len(ids)} tokens, and {self.name} "
                f"takes 1 to {self._room} before {self.max_new_tokens} new ones; set prompt.tokens "
                "lower"
            )
        known = cast("torch.nn.Embedding", self.model.get_input_embeddings()).weight.shape[0]
        if max(ids) >= known:
            raise ModelError(
                f"the prompt for {draw.prompt.example_id} has token {max(ids)}, and {self.name} "
                f"knows {known}: its tokenizer is another model's"
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
                jobs[row].stopped = self._speech.ended(jobs[row].tokens)
                if not jobs[row].stopped:
                    keep.append(place)
            if not keep or step + 1 == self.max_new_tokens:
                return
            live = [live[place] for place in keep]
            decoder.advance(tokens, keep=keep)

    def _completion(self, job: "_Job") -> Completion:
        answer = self._speech.answer(job.tokens, prompt=job.prompt)
        segment = Segment(
            owner="policy",
            text=answer.text,
            token_ids=tuple(job.tokens),
            logprobs=tuple(job.logprobs),
        )
        return Completion(
            (segment,),
            "stop" if job.stopped else "length",
            policy=self.name,
            version=self.version,
            thought_tokens=answer.thought_tokens,
        )


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


# --------------------------------------------------------------- what a model says of itself


def _device() -> torch.device:
    """With its number: each thread begins with the first one otherwise."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("cpu")


def _learning(model: PreTrainedModel, *, whole: bool) -> tuple[str, ...]:
    """The names of what learns: of a whole model all, unless its type is too coarse."""
    if whole:
        model.requires_grad_(requires_grad=model.dtype == torch.float32)
    return tuple(name for name, one in model.named_parameters() if one.requires_grad)


def _check_rank(settings: config.Policy, adapter: lora.Adapter, name: str) -> None:
    if settings.lora_rank not in (0, adapter.settings.r):
        raise ConfigError(
            f"policy.lora_rank is {settings.lora_rank}, and {name} is an adapter of rank "
            f"{adapter.settings.r}, which goes on as it is; set policy.lora_rank to 0"
        )


def _positions(model: PreTrainedModel) -> int:
    """The longest sequence that the model takes; very many where it does not say."""
    settings = model.config.get_text_config()
    return int(getattr(settings, "max_position_embeddings", 0) or 1 << 40)


def _end_tokens(model: PreTrainedModel) -> frozenset[int]:
    """Every token that ends a sequence by the generation settings."""
    settings = model.generation_config
    told = settings.eos_token_id if settings is not None else None
    ends = {told} if isinstance(told, int) else set(told or ())
    return frozenset(end for end in ends if isinstance(end, int))
