"""Group-relative policy optimization, synchronous: sample, grade, learn, and again.

Examples and a ``roll`` that turns them into graded groups enter; the policy's weights change, and
the run directory gets a row of metrics for each step, a row for each rollout, and checkpoints.
``train`` is the whole of it. A run that was killed goes on from its last checkpoint to the very
weights that it would have reached, as far as ``roll`` gives the same groups for the same weights
and step.

GRPO: Shao et al. 2024 (arXiv:2402.03300), here with one optimizer step for each set of rollouts.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import torch
from transformers import PreTrainedModel

from covet.algo.advantage import ADVANTAGES
from covet.algo.samples import training_samples
from covet.algo.select import choose
from covet.config import Config
from covet.config import Train as Settings
from covet.errors import ModelError, UsageError
from covet.policy.hf import HFPolicy, load_model
from covet.records import Example, Group, TrainingSample
from covet.runlog import RunLog
from covet.train import checkpoint
from covet.train.batch import Batch, micro_batches
from covet.train.loss import TokenSums, policy_loss
from covet.train.model import chosen, entropy, token_table
from covet.train.report import Cost, Judged, StepReport, Update, outcome, rollout_rows

E = TypeVar("E", bound=Example)


def train(
    *,
    policy: HFPolicy,
    examples: Sequence[E],
    roll: Callable[[Sequence[E], int], list[Group]],
    config: Config,
    log: RunLog,
    on_step: Callable[[StepReport], None],
) -> None:
    """Take ``config.train.steps`` steps, from the run's last checkpoint where it has one.

    ``roll(examples, step)`` samples from the policy as it stands, with randomness that the step
    decides. ``on_step`` hears of each step once its rows are written.
    """
    settings = config.train
    if not examples:
        raise UsageError("there is no example to train on; look at what `covet mine` found")
    by_id = {example.id: example for example in examples}
    checkpoints = log.root / "checkpoints"
    last = checkpoint.latest(checkpoints)
    start = checkpoint.load(last, policy).step if last else 0
    optimizer = torch.optim.AdamW(
        policy.model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.95), weight_decay=0.0
    )
    if last:
        checkpoint.load_optimizer(last, policy.model, optimizer)
    reference = _reference(policy) if settings.kl else None

    for step in range(start, settings.steps):
        started, cpu_started = time.perf_counter(), time.process_time()
        ids = choose(list(by_id), step=step, size=settings.examples, seed=settings.seed)
        groups = roll([by_id[name] for name in ids], step)
        rolled = time.perf_counter()

        judged = [judge(group, advantage=settings.advantage) for group in groups]
        samples = [sample for one in judged for sample in _samples(one)]
        update = None
        if samples:
            update = _update(policy, reference, optimizer, samples, step=step, settings=settings)
        policy.version = step + 1
        updated = time.perf_counter()

        cost = Cost(
            roll_s=rolled - started,
            update_s=updated - rolled,
            wall_s=updated - started,
            cpu_s=time.process_time() - cpu_started,
            grade_cpu_s=sum(r.execution.cpu_s for group in groups for r in group.rollouts),
        )
        report = StepReport(step, outcome(judged), update, cost)
        for row in (row for one in judged for row in rollout_rows(step, one)):
            log.rollouts(row)
        log.metrics(report.row())
        if (step + 1) % settings.checkpoint_every == 0 or step + 1 == settings.steps:
            checkpoint.save(checkpoints, policy, optimizer, step=step + 1)
        on_step(report)


def judge(group: Group, *, advantage: str) -> Judged:
    """The advantage of each rollout over its siblings. One whose grading failed is left out, never
    a zero; one that is left alone has nothing to be compared with.
    """
    rewards = {
        place: rollout.reward.value
        for place, rollout in enumerate(group.rollouts)
        if rollout.execution.status != "infrastructure"
    }
    if len(rewards) < 2:
        return Judged(group, (None,) * len(group.rollouts))
    values = ADVANTAGES[advantage](list(rewards.values()))
    by_place = dict(zip(rewards, values, strict=True))
    return Judged(group, tuple(by_place.get(place) for place in range(len(group.rollouts))))


def _samples(judged: Judged) -> list[TrainingSample]:
    known = [advantage for advantage in judged.advantages if advantage is not None]
    return training_samples(replace(judged.group, rollouts=tuple(judged.compared)), known)


def _reference(policy: HFPolicy) -> PreTrainedModel:
    """The model that training started from, frozen."""
    reference = load_model(policy.source, device=policy.device)
    reference.requires_grad_(requires_grad=False)
    return reference


def _update(
    policy: HFPolicy,
    reference: PreTrainedModel | None,
    optimizer: torch.optim.Optimizer,
    samples: Sequence[TrainingSample],
    *,
    step: int,
    settings: Settings,
) -> Update:
    """One optimizer step over all the samples; the weights stay as they were where it fails."""
    tokens = sum(sum(sample.loss_mask) for sample in samples)
    optimizer.zero_grad()
    loss, entropies, sums = 0.0, 0.0, TokenSums()
    for batch in micro_batches(samples, size=settings.micro_batch, device=policy.device):
        scored = _backward(policy, reference, batch, tokens=tokens, settings=settings)
        loss, entropies, sums = loss + scored[0], entropies + scored[1], sums + scored[2]
    norm = torch.nn.utils.clip_grad_norm_(policy.model.parameters(), settings.max_grad_norm).item()
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise ModelError(
            f"step {step}: the loss is {loss} and its gradient's norm {norm}; nothing was saved "
            "after the last checkpoint. Try a lower train.learning_rate"
        )
    rate = settings.learning_rate * min(1.0, (step + 1) / max(1, settings.warmup_steps))
    for parameters in optimizer.param_groups:
        parameters["lr"] = rate
    optimizer.step()
    return Update(
        samples=len(samples),
        tokens=tokens,
        learning_rate=rate,
        loss=loss,
        kl=sums.kl / tokens if reference is not None else None,
        entropy=entropies / tokens,
        clip_share=sums.clipped / tokens,
        logprob_gap=sums.gap / tokens,
        grad_norm=norm,
    )


def _backward(
    policy: HFPolicy,
    reference: PreTrainedModel | None,
    batch: Batch,
    *,
    tokens: int,
    settings: Settings,
) -> tuple[float, float, TokenSums]:
    """Add a batch's gradient; its part of the loss, of the entropy and of the other measures."""
    temperature = policy.temperature
    with policy.precision():
        table = token_table(policy.model, batch, temperature=temperature)
        start = None
        if reference is not None:
            with torch.no_grad():
                start = chosen(token_table(reference, batch, temperature=temperature), batch)
    loss, sums = policy_loss(
        logprobs=chosen(table, batch),
        behaviour=batch.logprobs,
        reference=start,
        advantages=batch.advantages,
        mask=batch.mask,
        clip_low=settings.clip_low,
        clip_high=settings.clip_high,
        kl=settings.kl,
        tokens=tokens,
    )
    loss.backward()
    return loss.item(), (entropy(table) * batch.mask).sum().item(), sums
