"""Pre-trains the policy from scratch on one CPU thread, for a fixed number of steps.

Token pairs enter, a float32 model leaves. What a step does depends on the seed and its number
alone, so a run that was killed goes on from its last checkpoint to the weights it would have
reached. Other processors round differently, and may end at slightly different weights.
"""

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from recipes.nano.tokenizer import EOS_ID, PAD_ID, VOCABULARY

POSITIONS = 512
CHUNK = 16
"""Batches whose examples are sorted by length together, so that little is padded."""

TokenPair = tuple[list[int], list[int]]
"""Prompt ids, completion ids with the end token."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the weights depend on besides the pairs."""

    steps: int
    batch: int
    learning_rate: float = 3e-3
    warmup: int = 100
    weight_decay: float = 0.05
    prompt_weight: float = 0.2
    """Weight in the loss of a prompt token; one of the completion weighs 1."""
    seed: int = 0

    def rate(self, step: int) -> float:
        """The learning rate of a step: a linear rise, then a linear fall to zero."""
        rise = min(1.0, (step + 1) / self.warmup)
        return self.learning_rate * rise * (1 - step / self.steps)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of the loss log: means over the steps since the line before."""

    step: int
    loss: float
    """Mean cross-entropy of a completion token, in nats."""
    tokens: int
    cpu_s: float


def make_model(seed: int) -> LlamaForCausalLM:
    """The untrained policy: 0.54 million parameters."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=96,
        num_hidden_layers=4,
        intermediate_size=256,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=POSITIONS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=EOS_ID,
        pad_token_id=PAD_ID,
    )
    return LlamaForCausalLM(config)


def batches(pairs: Sequence[TokenPair], recipe: Recipe) -> Iterator[list[TokenPair]]:
    """Batches of like length, in an order that the seed decides; each epoch has its own."""
    draw = random.Random(recipe.seed)
    while True:
        order = list(range(len(pairs)))
        draw.shuffle(order)
        span = recipe.batch * CHUNK
        for start in range(0, len(order), span):
            chunk = sorted(order[start : start + span], key=lambda i: sum(map(len, pairs[i])))
            cut = [chunk[i : i + recipe.batch] for i in range(0, len(chunk), recipe.batch)]
            draw.shuffle(cut)
            yield from ([pairs[i] for i in batch] for batch in cut)


def collate(batch: Sequence[TokenPair], prompt_weight: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and loss weights, both batch × positions; padding on the right weighs nothing."""
    width = max(len(prompt) + len(completion) for prompt, completion in batch)
    ids = torch.full((len(batch), width), PAD_ID, dtype=torch.long)
    weights = torch.zeros(len(batch), width)
    for row, (prompt, completion) in enumerate(batch):
        end = len(prompt) + len(completion)
        ids[row, :end] = torch.tensor(prompt + completion)
        weights[row, : len(prompt)] = prompt_weight
        weights[row, len(prompt) : end] = 1.0
    return ids, weights


def pretrain(
    pairs: Sequence[TokenPair], recipe: Recipe, *, folder: Path, report: Callable[[Progress], None]
) -> LlamaForCausalLM:
    """Train, or go on from `folder/checkpoint.pt`; `folder/loss.jsonl` holds the loss log."""
    torch.set_num_threads(1)
    model = make_model(recipe.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), recipe.learning_rate, (0.9, 0.95), weight_decay=recipe.weight_decay
    )
    run = _Run(model, optimizer, recipe=recipe, folder=folder)
    run.resume()
    model.train()
    source = batches(pairs, recipe)
    for _ in range(run.step):
        next(source)
    while run.step < recipe.steps:
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate(run.step)
        run.take(*collate(next(source), recipe.prompt_weight))
        if run.step % 100 == 0 or run.step == recipe.steps:
            report(run.checkpoint())
    return model


class _Run:
    """The state of a training run: what a checkpoint holds, and how a step changes it."""

    def __init__(
        self,
        model: LlamaForCausalLM,
        optimizer: torch.optim.Optimizer,
        *,
        recipe: Recipe,
        folder: Path,
    ) -> None:
        self.model, self.optimizer, self.recipe, self.folder = model, optimizer, recipe, folder
        self.step, self.tokens, self.cpu_s = 0, 0, 0.0
        self.losses: list[float] = []
        self.log: list[dict[str, Any]] = []

    def take(self, ids: torch.Tensor, weights: torch.Tensor) -> None:
        """One optimizer step."""
        began = time.process_time()
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.model(input_ids=ids).logits
        targets, weights = ids[:, 1:], weights[:, 1:]
        losses = functional.cross_entropy(
            logits[:, :-1].float().flatten(0, 1), targets.flatten(), reduction="none"
        ).view_as(weights)
        loss = (losses * weights).sum() / weights.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        written = weights == 1.0
        self.losses.append(losses.detach()[written].mean().item())
        if not math.isfinite(self.losses[-1]):
            raise FloatingPointError(f"the loss of step {self.step} is {self.losses[-1]}")
        self.step += 1
        self.tokens += int((weights > 0).sum())
        self.cpu_s += time.process_time() - began

    def checkpoint(self) -> Progress:
        """Close a stretch of the log, and write everything that `resume` needs."""
        progress = Progress(
            step=self.step,
            loss=round(sum(self.losses) / len(self.losses), 4),
            tokens=self.tokens,
            cpu_s=round(self.cpu_s, 1),
        )
        self.losses.clear()
        self.log.append(asdict(progress))
        state = {
            "recipe": asdict(self.recipe),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "log": self.log,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / "checkpoint.tmp"
        torch.save(state, fresh)
        fresh.replace(self.folder / "checkpoint.pt")
        lines = "".join(json.dumps(line) + "\n" for line in self.log)
        (self.folder / "loss.jsonl").write_text(lines, encoding="utf-8")
        return progress

    def resume(self) -> None:
        """Take up the last checkpoint, where there is one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise ValueError(f"{path} is of another recipe, {state['recipe']}: remove it first")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.log = state["log"]
        last = self.log[-1]
        self.step, self.tokens, self.cpu_s = last["step"], last["tokens"], last["cpu_s"]


def save_model(model: LlamaForCausalLM, folder: Path, *, new_tokens: int) -> None:
    """Write weights as bfloat16, with plain sampling at temperature 1 as the generation default."""
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        max_new_tokens=new_tokens,
        eos_token_id=EOS_ID,
        pad_token_id=PAD_ID,
    )
    model.bfloat16().save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
