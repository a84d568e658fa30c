"""A folder or a Hugging Face name → a model and its tokenizer; and back into a folder.

A name is fetched first, and only the files that are read here; from then on it is a folder too, and
nothing asks the network. Weights are read from safetensors alone: no pickle, and no code that comes
with a model, is ever run. What cannot be loaded is a ``ModelError``.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec
import torch
from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError
from safetensors import SafetensorError, safe_open
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from covet.errors import EnvironmentNotReady, ModelError
from covet.nano import model_path

CARD_NAME = "covet.json"
ADAPTER_NAME = "adapter_config.json"
TEMPLATE_NAME = "prompt.md"
"""Of a prompt template that goes with a model."""
FILES = (
    "config.json",
    "generation_config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    ADAPTER_NAME,
    "adapter_model.safetensors",
    CARD_NAME,
    TEMPLATE_NAME,
    "tokenizer*",
    "chat_template*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab*",
    "merges.txt",
    "*.model",
)
"""What of a model is fetched, and exported. ``*.model`` are vocabularies of sentencepiece."""
_TYPES = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}
"""Names that safetensors has → those of torch."""
LOG_IN = "log in with `hf auth login`, or set HF_TOKEN"
ALIGNMENT = 64
"""Bytes; of what torch allocates."""
SHOWN = 8
"""File names that a message lists."""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``covet.json``: what a model folder says about its use with Covet."""

    template: str = ""
    """The name of a prompt template, or of a file with one in the folder."""
    prompt_tokens: int = 0
    max_new_tokens: int = 0
    """0: the default."""
    stop: tuple[str, ...] = ()
    """A completion ends before the first of these."""
    chat: bool = False
    """Whether a prompt goes through the tokenizer's chat template."""
    about: str = ""
    """For people."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model comes from."""

    name: str
    """A folder, or a name on Hugging Face: what others load it by."""
    folder: Path
    """Its files."""


def locate(model: str, *, revision: str | None = None) -> Source:
    """The model that a setting names, fetched where it is no folder."""
    name = resolve_model(model)
    if Path(name).is_dir():
        return Source(str(Path(name).absolute()), Path(name))
    return Source(name, _fetch(name, revision))


def resolve_model(name: str) -> str:
    """The folder of the embedded model for ``nano``, else the folder or Hugging Face name itself;
    ``ModelError`` where it can be neither.
    """
    path = model_path() if name == "nano" else Path(name).expanduser()
    if path.is_dir():
        return str(path)
    if name == "nano":
        raise ModelError(f"{path}: the embedded model is not there; install Covet again")
    if _can_only_be_a_path(name):
        found = "is a file" if path.exists() else "is not there"
        raise ModelError(f"{path} {found}; policy.model takes a model folder or Hugging Face name")
    return name


def _can_only_be_a_path(name: str) -> bool:
    first, slash, rest = name.partition("/")
    return (
        name.startswith((".", "~", "/"))
        or name.endswith("/")
        or "/" in rest
        or (bool(slash) and Path(first).is_dir())
    )


def _fetch(name: str, revision: str | None) -> Path:
    """The files of a model on Hugging Face, from the network or from its cache here."""
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=list(FILES)))
    except GatedRepoError as error:
        raise ModelError(
            f"{name}: its authors grant access to it one by one; ask for it at "
            f"{constants.ENDPOINT}/{name}, then {LOG_IN}"
        ) from error
    except HfHubHTTPError as error:
        if error.response.status_code in (401, 403, 404):
            raise ModelError(
                f"{name}: no folder of that name is here, and Hugging Face has no model under it "
                f"that you may have. Check the spelling; if it is a private one, {LOG_IN}"
            ) from error
        raise _out_of_reach(name, error) from error
    except (LocalEntryNotFoundError, OSError, ValueError) as error:
        raise _out_of_reach(name, error) from error


def _out_of_reach(name: str, error: Exception) -> ModelError:
    return ModelError(
        f"{name}: no folder of that name is here, and it cannot be had from Hugging Face under it: "
        f"{_in_short(error)}"
    )


# -------------------------------------------------------------------------------- reading


def load_model(
    folder: Path, *, device: torch.device | str, dtype: torch.dtype | str = torch.float32
) -> PreTrainedModel:
    """The model, ready to compute (no dropout). ``dtype``: ``auto`` is that of its files."""
    check_folder(folder)
    try:
        with _quiet():
            model, report = AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=dtype,
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise _unloadable(folder, "the model", error) from error
    if missing := sorted(report["missing_keys"]):
        raise ModelError(f"{folder}: its weights lack {', '.join(missing[:3])}; copy them again")
    cast("torch.nn.Module", model).to(device).eval()
    _align(cast("torch.nn.Module", model))
    return cast("PreTrainedModel", model)


def _align(model: torch.nn.Module) -> None:
    """Move weights that lie as they do in their file to where torch would have put them: the last
    bits of a product differ with where in memory its factors begin.
    """
    for one in model.parameters():
        if one.device.type == "cpu" and one.data_ptr() % ALIGNMENT:
            one.data = one.data.clone()


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise _unloadable(folder, "the tokenizer", error) from error
    return cast("PreTrainedTokenizerBase", tokenizer)


def stored_type(folder: Path) -> str:
    """The type of the weights in a folder, by the name that torch has for it."""
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 (it is no mapping)
                told = str(file.get_slice(name).get_dtype())
                return _TYPES.get(told, told)
    return "float32"


def has_tokenizer(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer_config.json"))


def read_card(folder: Path) -> Card | None:
    path = folder / CARD_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"{path}: not as Covet writes it: {error}") from error


def own_template(card: Card, *folders: Path) -> Path | None:
    """The prompt template that lies in one of a model's folders, if the card names one there."""
    if not card.template or Path(card.template).name != card.template:
        return None
    files = (folder / card.template for folder in folders)
    return next((path for path in files if path.is_file()), None)


def listed(folder: Path) -> str:
    """What a folder holds, for a message."""
    names = sorted(path.name for path in folder.iterdir())
    return f"found {', '.join(names[:SHOWN])}" if names else "it is empty"


def check_folder(folder: Path) -> None:
    """``ModelError`` where it holds no whole model that is read here."""
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder} is no model folder: no config.json; {listed(folder)}")
    if not any(folder.glob("*.safetensors")):
        raise ModelError(
            f"{folder} has no *.safetensors; {listed(folder)}. Other weight files can run code when"
            " they are loaded; convert them with `save_pretrained`"
        )


def _unloadable(folder: Path, part: str, error: Exception) -> ModelError:
    if "trust_remote_code" in str(error):
        return ModelError(
            f"{folder}: {part} cannot be loaded without running the Python code that comes with it,"
            " which Covet never does; take a model of a kind that transformers knows"
        )
    return ModelError(f"{folder}: {part} cannot be loaded: {_in_short(error)}")


def _in_short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


# -------------------------------------------------------------------------------- writing


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """A folder to write into. Where an error ends the writing nothing of it is left; a full disk
    is an ``EnvironmentNotReady``.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError(f"{folder}: is there already; name another")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _quiet():
            yield
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, (OSError, SafetensorError)):
            raise EnvironmentNotReady(
                f"{folder}: cannot be written ({_in_short(error)}); nothing of it was left. Make "
                "room there, or name another place"
            ) from error
        raise


def write_card(card: Card, folder: Path, *, template: Path | None) -> None:
    """``covet.json``, and beside it the template that is the model's own."""
    if template is not None:
        shutil.copyfile(template, folder / TEMPLATE_NAME)
        card = msgspec.structs.replace(card, template=TEMPLATE_NAME)
    text = msgspec.json.format(msgspec.json.encode(card), indent=2)
    (folder / CARD_NAME).write_bytes(text + b"\n")


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
