"""Training samples → the next version of the weights.

A ``Learner`` owns a policy's optimizer. It knows nothing of rewards, groups or tests: tokens, which
of them to learn from, their log-probabilities when they were sampled, and a weight for each sample.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from covet import config
from covet.errors import ConfigError
from covet.policy import shards
from covet.policy.hf import HFPolicy
from covet.records import TrainingSample
from covet.train import ranks
from covet.train.batch import Batch, micro_batches
from covet.train.loss import Measures, Scored, TokenSums, policy_loss
from covet.train.model import scores, vocabulary
from covet.train.optimizer import make, take_step
from covet.train.report import Update


@dataclass(slots=True)
class Learner:
    """One policy, its optimizer, and where it started from."""

    policy: HFPolicy
    optimizer: torch.optim.Optimizer
    start: torch.nn.Module | None
    """The frozen model that training started from; None where nothing asks for it."""
    settings: config.Train
    steps: int
    """Of the whole run: for the decay of the learning rate."""

    @classmethod
    def of(cls, policy: HFPolicy, settings: config.Train, *, steps: int) -> "Learner":
        """``ConfigError`` where the policy always takes the likeliest token."""
        if not policy.temperature:
            raise ConfigError(
                "policy.temperature is 0, where all completions of a prompt are one; nothing can be"
                " learned by comparing them. Set it to 1"
            )
        if settings.shard and ranks.count() > 1:
            policy.part()
        made = make(policy, learning_rate=settings.learning_rate)
        wants_start = settings.kl or settings.objective == "trajectory_balance"
        return cls(policy, made, policy.start() if wants_start else None, settings, steps)

    def learn(self, samples: Sequence[TrainingSample], *, step: int) -> Update:
        """One optimizer step over all the samples, or ``minibatches`` over a part of them each;
        the weights stay as they were where it fails.
        """
        settings = self.settings
        shuffled = list(samples)
        if settings.minibatches > 1:
            random.Random(f"{settings.seed}/{step}").shuffle(shuffled)  # noqa: S311
        parts = [shuffled[place :: settings.minibatches] for place in range(settings.minibatches)]
        parts = [part for part in parts if part]
        proximal: list[list[list[float]] | None] = [None] * len(parts)
        if len(parts) > 1 and settings.ratio == "decoupled":
            proximal = [self.logprobs(part) for part in parts]  # before the first of them learns
        pairs = zip(parts, proximal, strict=True)
        return _joined([self._optimize(part, prox, step=step) for part, prox in pairs])

    def log_ratios(self, samples: Sequence[TrainingSample]) -> list[float]:
        """log(policy as sampled / policy at the start) of each sample's completion."""
        assert self.start is not None
        start = self.logprobs(samples, model=self.start)
        return [
            math.fsum(sample.logprobs) - math.fsum(known)
            for sample, known in zip(samples, start, strict=True)
        ]

    def logprobs(
        self, samples: Sequence[TrainingSample], *, model: torch.nn.Module | None = None
    ) -> list[list[float]]:
        """Of each sample's tokens to learn from, in order."""
        found: dict[int, list[float]] = {}
        device = self.policy.device
        for batch in micro_batches(samples, size=self.settings.micro_batch, device=device):
            logprobs = self._scores(model or self.policy.model, batch)
            for place, row, mask in zip(batch.places, logprobs, batch.mask, strict=True):
                found[place] = row[mask].tolist()
        return [found[place] for place in range(len(samples))]

    @torch.no_grad()
    def _scores(self, model: torch.nn.Module, batch: Batch) -> Tensor:
        with self.policy.precision():
            logprobs, _ = scores(model, batch, temperature=self.policy.temperature)
        shards.settle(model)
        return logprobs

    # ------------------------------------------------------------------------ one step

    def _optimize(
        self, samples: Sequence[TrainingSample], prox: list[list[float]] | None, *, step: int
    ) -> Update:
        settings, policy = self.settings, self.policy
        measures = Measures(
            tokens=sum(sum(sample.loss_mask) for sample in samples),
            sequences=len(samples),
            longest=policy.max_new_tokens,
        )
        self.optimizer.zero_grad()
        loss, sums = 0.0, TokenSums()
        mine = ranks.share(range(len(samples)))
        part = [samples[place] for place in mine]
        for batch in micro_batches(part, size=settings.micro_batch, device=policy.device):
            known = None if prox is None else [prox[mine[place]] for place in batch.places]
            scored = self._backward(batch, known, measures)
            loss, sums = loss + scored[0], sums + scored[1]
        if policy.is_parted:
            self._keep_step(samples, part, measures)
        own = () if policy.is_parted else policy.trainable().values()
        loss, sums = ranks.add_up(loss, sums, own)
        rate = learning_rate(settings, step=step, steps=self.steps)
        norm = take_step(
            self.optimizer,
            policy,
            loss=loss,
            learning_rate=rate,
            max_grad_norm=settings.max_grad_norm,
            where=f"step {step}",
            setting="train.learning_rate",
        )
        tokens = measures.tokens
        return Update(
            samples=len(samples),
            tokens=tokens,
            learning_rate=rate,
            loss=loss,
            kl=sums.kl / tokens if self.start is not None else None,
            entropy=sums.entropy / tokens,
            clip_share=sums.clipped / tokens,
            logprob_gap=sums.gap / tokens,
            truncated_weights=sums.truncated / tokens,
            grad_norm=norm,
        )

    def _keep_step(
        self, samples: Sequence[TrainingSample], mine: Sequence[TrainingSample], measures: Measures
    ) -> None:
        """Go through as many batches as the process with most of them, with gradients of zero: what
        is parted is put together by all processes at once.
        """
        size = self.settings.micro_batch
        nothing = [replace(sample, advantage=0.0) for sample in samples[:1]]
        (batch,) = micro_batches(nothing, size=1, device=self.policy.device)
        for _ in range(-(-len(mine) // size), ranks.rounds(len(samples), size=size)):
            self._backward(batch, None, measures, weight=0.0)

    def _backward(
        self,
        batch: Batch,
        prox: list[list[float]] | None,
        measures: Measures,
        *,
        weight: float = 1.0,
    ) -> tuple[float, TokenSums]:
        """Add a batch's gradient; its part of the loss and of the measures."""
        settings, policy = self.settings, self.policy
        with policy.precision():
            logprobs, entropy = scores(
                policy.model,
                batch,
                temperature=policy.temperature,
                entropy=settings.entropy > 0,
            )
        reference = self._scores(self.start, batch) if self.start is not None else None
        loss, sums = policy_loss(
            Scored(
                logprobs,
                entropy,
                batch.logprobs,
                proximal=None if prox is None else _table(prox, batch.mask),
                reference=reference,
            ),
            advantages=batch.advantages,
            mask=batch.mask,
            vocabulary=vocabulary(policy.model),
            measures=measures,
            settings=settings,
        )
        (loss * weight).backward()
        return loss.item(), sums


def learning_rate(settings: config.Train, *, step: int, steps: int) -> float:
    """Linear warm-up, then as ``settings.decay`` says."""
    warmed = min(1.0, (step + 1) / max(1, settings.warmup_steps))
    left = 1 - min(1.0, max(0, step + 1 - settings.warmup_steps) / max(1, steps))
    match settings.decay:
        case "none":
            share = 1.0
        case "linear":
            share = left
        case "cosine":
            share = (1 + math.cos(math.pi * (1 - left))) / 2
    return settings.learning_rate * warmed * share


def _table(rows: list[list[float]], mask: Tensor) -> Tensor:
    """[B, C], zero where masked, of the values of each row's tokens."""
    values = torch.tensor([value for row in rows for value in row], device=mask.device)
    return torch.zeros(mask.shape, device=mask.device).masked_scatter(mask, values)


def _joined(updates: Sequence[Update]) -> Update:
    """Of the optimizer steps of one step: sums of samples and tokens, means of the rest."""
    if len(updates) == 1:
        return updates[0]
    tokens = sum(update.tokens for update in updates)

    def mean(name: str) -> float:
        return sum((getattr(update, name) or 0.0) * update.tokens for update in updates) / tokens

    return replace(
        updates[-1],
        samples=sum(update.samples for update in updates),
        tokens=tokens,
        loss=mean("loss"),
        kl=None if updates[0].kl is None else mean("kl"),
        entropy=mean("entropy"),
        clip_share=mean("clip_share"),
        logprob_gap=mean("logprob_gap"),
        truncated_weights=mean("truncated_weights"),
        grad_norm=max(update.grad_norm for update in updates),
    )
