"""Low-rank adapters (LoRA) over a frozen model: made, read, written and merged.

An adapter's folder is peft's: ``adapter_config.json``, which names the base model, and
``adapter_model.safetensors``. Its layers are put into the base model's own modules, so that the
model is called as before, and its weights are float32 whatever the base has.

LoRA: Hu et al. 2021 (arXiv:2106.09685).
"""

import copy
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from peft import (
    LoraConfig,
    LoraModel,
    PeftConfig,
    get_peft_model_state_dict,
    set_peft_model_state_dict,
)
from peft.tuners.lora import LoraLayer
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from covet import config
from covet.errors import ConfigError, ModelError
from covet.policy.weights import (
    ADAPTER_NAME,
    Source,
    listed,
    load_model,
    locate,
    stored_type,
)

WEIGHTS_NAME = "adapter_model.safetensors"
_TAKEN = frozenset(
    {
        "alpha_pattern", "auto_mapping", "base_model_name_or_path", "exclude_modules",
        "fan_in_fan_out", "inference_mode", "init_lora_weights", "layers_pattern",
        "layers_to_transform", "lora_alpha", "lora_dropout", "megatron_core", "modules_to_save",
        "peft_type", "peft_version", "r", "rank_pattern", "revision", "runtime_config",
        "target_modules", "task_type", "use_dora", "use_rslora",
    }
)  # fmt: skip
"""Settings of peft's that an adapter may have as it likes; the rest must be as peft has them by
default, for they change the base or import what they name."""
_NAME = "default"
"""Of the one adapter in a model."""
_PREFIX = "base_model.model."
"""What peft puts before the names of a model's modules in a file."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """How an adapter is built, and over what."""

    settings: LoraConfig
    base: Source
    described: Path | None = None
    """The file that says so; None: it is new."""

    def attach(self, model: PreTrainedModel, *, seed: int) -> LoraModel:
        """Put its layers into the model, which is frozen but for them; what can take them out.

        A new adapter changes nothing: of the two factors of each layer one is drawn by ``seed``,
        the other is zero.
        """
        try:
            with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
                torch.default_generator.manual_seed(seed)
                # The layers of GPT-2 lie the other way round, which peft finds out and says.
                warnings.filterwarnings("ignore", message="fan_in_fan_out")
                layers = LoraModel(model, self.settings, _NAME)
        except (ValueError, TypeError) as error:
            reason = " ".join(str(error).split())
            if self.described is None:
                raise ConfigError(f"policy.lora_targets: {reason}") from error
            raise ModelError(f"{self.described}: no adapter of its base: {reason}") from error
        targets = self.settings.target_modules
        if isinstance(targets, set):
            self.settings.target_modules = sorted(targets)  # a file of it is the same each time
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
        model.eval()
        return layers

    def load(self, model: PreTrainedModel, folder: Path) -> None:
        """Give the layers in the model the weights that lie in a folder, in place."""
        path = folder / WEIGHTS_NAME
        if not path.is_file():
            raise ModelError(
                f"{folder} has no {WEIGHTS_NAME}; {listed(folder)}. Other weight files can run code"
                " when they are loaded"
            )
        learned = {name for name, one in model.named_parameters() if one.requires_grad}
        try:
            tensors = {name.removeprefix(_PREFIX): one for name, one in load_file(path).items()}
            done = set_peft_model_state_dict(model, tensors)
        except (OSError, SafetensorError, RuntimeError, KeyError) as error:
            reason = " ".join(str(error).split())[:300]
            raise ModelError(f"{path}: not an adapter of {self.base.name}: {reason}") from error
        missing, unknown = learned & set(done.missing_keys), set(done.unexpected_keys)
        if missing or unknown:
            what, names = ("lacks", missing) if missing else ("has besides", unknown)
            raise ModelError(
                f"{path}: not an adapter of {self.base.name}: it {what} "
                f"{', '.join(sorted(names)[:3])}"
            )

    def save(self, model: PreTrainedModel, folder: Path, *, dtype: torch.dtype) -> None:
        """Write the adapter in the model into a folder, as peft reads it."""
        found = cast(
            "dict[str, Tensor]", get_peft_model_state_dict(model, save_embedding_layers=False)
        )
        tensors = {
            f"{_PREFIX}{name}": tensor.detach().to(dtype).contiguous()
            for name, tensor in found.items()
        }
        save_file(tensors, folder / WEIGHTS_NAME, metadata={"format": "pt"})
        self.describe(folder)

    def describe(self, folder: Path) -> None:
        """Write ``adapter_config.json`` alone."""
        settings = copy.copy(self.settings)
        settings.inference_mode = True
        settings.base_model_name_or_path = self.base.name
        settings.save_pretrained(str(folder))

    def restore(self, model: PreTrainedModel, folder: Path) -> None:
        """As ``load``; ``ModelError`` where the weights there would mean something else here."""
        other = read_settings(folder)
        for key in ("r", "lora_alpha", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern"):
            mine, found = getattr(self.settings, key), getattr(other, key)
            if mine != found:
                raise ModelError(
                    f"{folder}: an adapter with {key} = {found}, and that of this policy has {mine}"
                )
        self.load(model, folder)


def is_adapter(folder: Path) -> bool:
    return (folder / ADAPTER_NAME).is_file()


def read(folder: Path) -> Adapter:
    """The adapter that a folder describes, and its base, fetched where it is no folder."""
    settings, path = read_settings(folder), folder / ADAPTER_NAME
    if not settings.base_model_name_or_path:
        raise ModelError(f"{path}: names no base model; write it to base_model_name_or_path")
    source = _base(settings.base_model_name_or_path, settings.revision, path)
    if is_adapter(source.folder):
        raise ModelError(
            f"{path}: its base, {source.name}, is an adapter itself; merge that one first: "
            "covet export --merge"
        )
    return Adapter(settings, source, path)


def read_settings(folder: Path) -> LoraConfig:
    """``adapter_config.json``; ``ModelError`` where it asks for more than is taken here."""
    path = folder / ADAPTER_NAME
    try:
        kind = json.loads(path.read_bytes()).get("peft_type")
        if kind != "LORA":
            raise ModelError(f"{path}: an adapter of kind {kind}; Covet takes LoRA alone")
        settings = cast("LoraConfig", PeftConfig.from_pretrained(str(folder)))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: not the description of an adapter: {error}") from error
    _check_settings(path, settings)
    settings.inference_mode = False  # it goes on learning
    return settings


def _check_settings(path: Path, settings: LoraConfig) -> None:
    found, usual = settings.to_dict(), LoraConfig().to_dict()
    odd = sorted(key for key in found.keys() - _TAKEN if found[key] != usual[key])
    if settings.init_lora_weights not in (True, False, "gaussian", "orthogonal"):
        odd.append("init_lora_weights")
    if odd:
        raise ModelError(f"{path}: sets {', '.join(odd)}, which Covet does not take")


def _base(name: str, revision: str | None, path: Path) -> Source:
    beside = path.parent / name
    try:
        if not Path(name).is_dir() and beside.is_dir():
            return locate(str(beside))
        return locate(name, revision=revision)
    except ModelError as error:
        raise ModelError(
            f"{path}: its base model cannot be had: {error}. If it lies elsewhere now, correct "
            "base_model_name_or_path there"
        ) from error


def new(settings: config.Policy, base: Source, model: PreTrainedModel) -> Adapter:
    """An adapter of the model as the settings ask for it, not yet attached."""
    return Adapter(
        LoraConfig(
            task_type="CAUSAL_LM",
            r=settings.lora_rank,
            lora_alpha=settings.lora_alpha,
            target_modules=_targets(settings.lora_targets),
            lora_dropout=0.0,  # sampling and training must compute the same
            fan_in_fan_out=any(isinstance(module, Conv1D) for module in model.modules()),
            base_model_name_or_path=base.name,
        ),
        base,
    )


def _targets(told: str | tuple[str, ...]) -> str | list[str]:
    return told if isinstance(told, str) else list(told)


# -------------------------------------------------------------------------------- merging


@dataclass(frozen=True, slots=True)
class Merged:
    """A base model with an adapter's change in its own weights."""

    model: PreTrainedModel
    rounding: float
    """How far rounding to the model's type moved the changed weights, as a share of how far the
    adapter moves them (both as Euclidean norms); 0.0 in float32."""


def merge(folder: Path, *, dtype: str) -> Merged:
    """The model of an adapter's folder, merged in float32 and then rounded once.

    ``dtype``: empty is that of the base's files.
    """
    adapter = read(folder)
    base = load_model(adapter.base.folder, device="cpu")
    layers = adapter.attach(base, seed=0)
    adapter.load(base, folder)
    wanted = getattr(torch, dtype or stored_type(adapter.base.folder))
    rounding = _rounding(base, wanted)
    merged = cast("PreTrainedModel", layers.merge_and_unload(safe_merge=True))
    cast("torch.nn.Module", merged).to(wanted)
    return Merged(merged, rounding)


@torch.no_grad()
def _rounding(model: PreTrainedModel, dtype: torch.dtype) -> float:
    moved = lost = 0.0
    for layer in model.modules():
        if isinstance(layer, LoraLayer):
            change = cast("Tensor", cast("Any", layer).get_delta_weight(_NAME))
            exact = cast("Tensor", layer.get_base_layer().weight) + change
            moved += change.square().sum().item()
            lost += (exact.to(dtype).float() - exact).square().sum().item()
    return (lost / moved) ** 0.5 if moved else 0.0
