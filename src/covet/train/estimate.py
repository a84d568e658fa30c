"""What a run will need, before it begins: memory from the shapes of the model, time from how fast
this machine multiplies matrices.

The model is built without its weights. Both are estimates: of memory a lower bound within about a
quarter, of time what the arithmetic alone would take; grading and waiting come on top.
"""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from covet.config import Config
from covet.errors import ModelError
from covet.policy.base import NEW_TOKENS, PROMPT_TOKENS
from covet.policy.lora import is_adapter, read_settings
from covet.policy.weights import Card, read_card, resolve_model
from covet.train.model import CHUNK_BYTES

_FLOAT = 4
_PROBE = 1024
"""Rows of the square matrices that are multiplied to see how fast this machine is."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of one run; bytes and seconds."""

    parameters: int
    trainable: int
    steps: int
    rollouts: int
    """In all."""
    weights_bytes: int
    """Of the policy, of what it started from and of what samples, as far as they are apart."""
    optimizer_bytes: int
    """Gradients and both moments."""
    cache_bytes: int
    """Keys and values of what is sampled together."""
    activation_bytes: int
    """Of one micro-batch, and its part of the logits."""
    checkpoint_bytes: int
    step_s: float
    """Of arithmetic, one thing after the other."""
    device: str

    @property
    def memory_bytes(self) -> int:
        held = self.weights_bytes + self.optimizer_bytes
        return held + max(self.cache_bytes, self.activation_bytes)

    def row(self) -> dict[str, Any]:
        return asdict(self) | {"memory_bytes": self.memory_bytes}


def estimate(config: Config, *, steps: int, source_tokens: int) -> Estimate:
    """``source_tokens``: about how long the tasks' prompts are, where they may be. Nothing is
    trained, and no weights are read.
    """
    settings, policy = config.train, config.policy
    folder = Path(resolve_model(policy.model))
    card = (read_card(folder) if folder.is_dir() else None) or Card()
    budget = config.prompt.tokens or card.prompt_tokens or PROMPT_TOKENS
    prompt_tokens = min(budget, source_tokens)
    new_tokens = policy.max_new_tokens or card.max_new_tokens or NEW_TOKENS
    base, rank = str(folder) if folder.is_dir() else policy.model, policy.lora_rank
    if folder.is_dir() and is_adapter(folder):
        known = read_settings(folder)
        base, rank = str(known.base_model_name_or_path), known.r
    shape = _shape(base)
    total, layers = sum(p.numel() for p in shape.parameters()), shape.config.num_hidden_layers
    width = shape.config.hidden_size
    trainable = _adapter(shape, rank) if rank else total
    size = torch.finfo(getattr(torch, policy.dtype)).bits // 8
    copies = 1 if rank else 1 + (settings.lag > 0) + bool(settings.kl)
    kv_heads = getattr(shape.config, "num_key_value_heads", None) or 1
    head_width = getattr(shape.config, "head_dim", None) or width // (
        getattr(shape.config, "num_attention_heads", None) or 1
    )
    tokens = prompt_tokens + new_tokens
    together = min(policy.batch, settings.examples * settings.group)
    rollouts = settings.examples * settings.group
    scored = tokens * rollouts
    passes = 3 + bool(settings.kl)  # forward, and twice as much backward
    work = 2 * total * (scored * passes + rollouts * (new_tokens + prompt_tokens / settings.group))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Estimate(
        parameters=total,
        trainable=trainable,
        steps=steps,
        rollouts=steps * rollouts,
        weights_bytes=copies * total * size,
        optimizer_bytes=3 * trainable * _FLOAT,
        cache_bytes=2 * layers * kv_heads * head_width * size * together * tokens,
        activation_bytes=_ACTIVATIONS * layers * width * _FLOAT * settings.micro_batch * tokens
        + 2 * CHUNK_BYTES,
        checkpoint_bytes=(3 + settings.lag) * trainable * _FLOAT,
        step_s=work / _rate(device, policy.threads),
        device=device,
    )


_ACTIVATIONS = 17
"""Values that a layer keeps of each token for the way back, in units of its width, attention's own
table not counted: Korthikanti et al. 2022 (arXiv:2205.05198), eq. 1, whose 34 are bytes of values
of two."""


def _shape(model: str) -> Any:
    try:
        config = AutoConfig.from_pretrained(resolve_model(model), trust_remote_code=False)
        with torch.device("meta"):
            return AutoModelForCausalLM.from_config(config)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{model}: its shape cannot be read ({' '.join(str(error).split())[:200]}); give a"
            " model folder or a Hugging Face name"
        ) from error


def _adapter(model: torch.nn.Module, rank: int) -> int:
    """Parameters of an adapter over all linear layers but the head."""
    found = [
        module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and not name.endswith("lm_head")
    ]
    return sum(rank * (module.in_features + module.out_features) for module in found)


def _rate(device: str, threads: int) -> float:
    """Operations a second of a large product of matrices; the best of three."""
    torch.set_num_threads(threads)
    left = torch.rand(_PROBE, _PROBE, device=device)
    best = float("inf")
    for _ in range(4):
        started = time.perf_counter()
        (left @ left).sum().item()
        best = min(best, time.perf_counter() - started)
    return 2 * _PROBE**3 / best
