"""Supervised fine-tuning: the next token of demonstrations, given their prompts.

Demonstrations enter, with others of held-out files; the policy's weights change, and the run
directory gets a row of metrics for each step and each epoch, and checkpoints. A run that was killed
goes on from its last checkpoint to the very weights that it would have reached: the order is a
function of the seed and the epoch, and the learning rate one of the step.

    loss = - (sum over the answers' tokens of log p(token | all before it)) / tokens of the step

Prompt and answer are put together as sampling does: ``HFPolicy.encode`` of the prompt, then the
answer's own tokens and the end of the sequence. The learning rate rises and then falls to zero,
both in a line (Bergsma et al. 2025, arXiv:2502.15938).
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import torch

from covet.config import Warmup
from covet.errors import DataError, ModelError
from covet.policy.hf import HFPolicy
from covet.prompt.answer import CLOSES, OPENS, continued
from covet.records import Demonstration, TrainingSample
from covet.runlog import RunLog
from covet.train import checkpoint
from covet.train.batch import Batch, micro_batches
from covet.train.model import scores
from covet.train.optimizer import make, take_step

TOO_LONG = "its answer is longer than policy.max_new_tokens"
NOT_GIVEN_BACK = "its answer is not given back by the tokenizer"
_END_OF_PROMPT = 16
"""Tokens of a prompt's end that are looked at for an open thought."""


@dataclass(slots=True)
class Encoded:
    """Demonstrations as tokens."""

    samples: list[TrainingSample] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """By example, with why."""


@dataclass(frozen=True, slots=True)
class SftStep:
    """One optimizer step: a row of ``metrics.jsonl``."""

    step: int
    """From 0."""
    epoch: int
    """From 0."""
    samples: int
    tokens: int
    """Learned from: answers' alone."""
    loss: float
    """Mean over those tokens, in nats, before the step."""
    learning_rate: float
    grad_norm: float
    """Before clipping."""
    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class SftEpoch:
    """The loss on held-out files: a row of ``metrics.jsonl``."""

    after_epoch: int
    """0: before anything was learned."""
    after_step: int
    heldout_loss: float
    """Mean over the tokens of all held-out answers, in nats."""
    heldout_tokens: int


def encode(policy: HFPolicy, demonstrations: Sequence[Demonstration]) -> Encoded:
    """The tokens that the policy would see and write."""
    end = _end_token(policy)
    encoded = Encoded()
    for shown in demonstrations:
        prompt = policy.encode(shown.prompt)
        ids = _answer_ids(policy, prompt, shown.text)
        if ids is None:
            encoded.left_out[shown.prompt.example_id] = NOT_GIVEN_BACK
        elif len(ids) + 1 > policy.max_new_tokens:
            encoded.left_out[shown.prompt.example_id] = TOO_LONG
        else:
            tokens = (*prompt, *ids, end)
            mask = (False,) * len(prompt) + (True,) * (len(ids) + 1)
            encoded.samples.append(TrainingSample(tokens, mask, (0.0,) * len(tokens), 1.0))
    return encoded


def train(
    *,
    policy: HFPolicy,
    samples: Sequence[TrainingSample],
    heldout: Sequence[TrainingSample],
    settings: Warmup,
    log: RunLog,
    on_row: Callable[[SftStep | SftEpoch], None],
) -> None:
    """Take all steps of ``settings.epochs``, from the run's last checkpoint where it has one.

    ``on_row`` hears of each row once it is written. ``DataError`` where there is nothing to learn
    from; ``ModelError`` where the loss is no number.
    """
    if not samples:
        raise DataError("there is no demonstration to learn from")
    each = -(-len(samples) // settings.examples)
    steps = settings.epochs * each
    checkpoints = log.root / "checkpoints"
    last = checkpoint.latest(checkpoints)
    start = checkpoint.load(last, policy).step if last else 0
    optimizer = make(policy, learning_rate=settings.learning_rate)
    if last:
        checkpoint.load_optimizer(last, policy, optimizer)

    def tell(row: SftStep | SftEpoch) -> None:
        log.metrics(asdict(row))
        on_row(row)

    if not start and heldout:
        tell(_heldout(policy, heldout, settings, epoch=0, step=0))
    for step in range(start, steps):
        epoch, place = divmod(step, each)
        order = _order(len(samples), seed=settings.seed, epoch=epoch)
        chosen = order[place * settings.examples : (place + 1) * settings.examples]
        tell(
            _update(
                policy,
                optimizer,
                [samples[one] for one in chosen],
                settings=settings,
                step=step,
                epoch=epoch,
                rate=learning_rate(step, steps=steps, settings=settings),
            )
        )
        policy.version = step + 1
        if place + 1 == each and heldout:
            tell(_heldout(policy, heldout, settings, epoch=epoch + 1, step=step + 1))
        if (step + 1) % settings.checkpoint_every == 0 or step + 1 == steps:
            checkpoint.save(checkpoints, policy, optimizer, checkpoint.Resumed(step + 1))


def learning_rate(step: int, *, steps: int, settings: Warmup) -> float:
    """Of a step: in a line up to the highest, then in a line down, to what would be zero at the
    step after the last.
    """
    rising = math.ceil(settings.rising * steps)
    if step < rising:
        return settings.learning_rate * (step + 1) / rising
    return settings.learning_rate * (steps - step) / (steps - rising)


def loss_of(policy: HFPolicy, samples: Sequence[TrainingSample], *, micro_batch: int) -> float:
    """The mean over the tokens to learn from, in nats; nothing is learned."""
    tokens = sum(sum(sample.loss_mask) for sample in samples)
    with torch.no_grad():
        batches = micro_batches(samples, size=micro_batch, device=policy.device)
        parts = [_loss(policy, batch) for batch in batches]
    return sum(part.item() for part in parts) / tokens


def _heldout(
    policy: HFPolicy, samples: Sequence[TrainingSample], settings: Warmup, *, epoch: int, step: int
) -> SftEpoch:
    loss = loss_of(policy, samples, micro_batch=settings.micro_batch)
    return SftEpoch(epoch, step, loss, sum(sum(sample.loss_mask) for sample in samples))


def _update(
    policy: HFPolicy,
    optimizer: torch.optim.Optimizer,
    samples: Sequence[TrainingSample],
    *,
    settings: Warmup,
    step: int,
    epoch: int,
    rate: float,
) -> SftStep:
    """One optimizer step; the weights stay as they were where it fails."""
    started, cpu_started = time.perf_counter(), time.process_time()
    tokens = sum(sum(sample.loss_mask) for sample in samples)
    optimizer.zero_grad()
    total = 0.0
    for batch in micro_batches(samples, size=settings.micro_batch, device=policy.device):
        loss = _loss(policy, batch) / tokens
        loss.backward()
        total += loss.item()
    norm = take_step(
        optimizer,
        policy,
        loss=total,
        learning_rate=rate,
        max_grad_norm=settings.max_grad_norm,
        where=f"step {step}",
        setting="warmup.learning_rate",
    )
    return SftStep(
        step,
        epoch,
        len(samples),
        tokens,
        total,
        rate,
        norm,
        wall_s=time.perf_counter() - started,
        cpu_s=time.process_time() - cpu_started,
    )


def _loss(policy: HFPolicy, batch: Batch) -> torch.Tensor:
    """The sum over a batch's tokens to learn from, in nats."""
    with policy.precision():
        logprobs, _ = scores(policy.model, batch, temperature=1.0)
    return -logprobs.masked_fill(~batch.mask, 0.0).sum()


def _order(count: int, *, seed: int, epoch: int) -> list[int]:
    order = list(range(count))
    random.Random(f"{seed}/{epoch}").shuffle(order)  # noqa: S311 (no secret)
    return order


def _answer_ids(policy: HFPolicy, prompt: Sequence[int], text: str) -> list[int] | None:
    """The answer's tokens, without an end; None where they do not decode to it, or where one of
    them is a control token, at which sampling would stop.
    """
    text = continued(text, prompt_end=_decoded(policy, prompt[-_END_OF_PROMPT:]))
    tokenizer = cast("Any", policy.tokenizer)
    ids = cast("list[int]", tokenizer(text, add_special_tokens=False)["input_ids"])
    special = tokenizer.added_tokens_decoder
    control = {
        one
        for one in set(ids)
        if one in special and special[one].special and special[one].content not in (OPENS, CLOSES)
    }
    return ids if ids and not control and _decoded(policy, ids) == text else None


def _decoded(policy: HFPolicy, ids: Sequence[int]) -> str:
    text = policy.tokenizer.decode(
        list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
    )
    return cast("str", text)


def _end_token(policy: HFPolicy) -> int:
    """What ends an answer: one of the tokens at which sampling stops."""
    end = policy.tokenizer.eos_token_id
    if isinstance(end, int):
        return end
    told = cast("Any", policy.model).generation_config.eos_token_id
    ends = told if isinstance(told, list) else [told]
    if ends[0] is None:
        raise ModelError(
            f"{policy.name}: neither its tokenizer nor its generation settings name a token that "
            "ends a sequence; answers could not end. Set eos_token in tokenizer_config.json"
        )
    return int(ends[0])
