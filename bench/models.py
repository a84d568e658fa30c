"""Random Qwen2 models of a few sizes, as ordinary model folders, for measurements.

Their tokenizer has a token for each byte, and words of its own for the rest of the vocabulary: so a
prompt of letters has as many tokens as letters.
"""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

PAD = 0
POSITIONS = 2048


@dataclass(frozen=True, slots=True)
class Size:
    """What a model of a size is made of."""

    hidden: int
    layers: int
    vocabulary: int


SIZES = {
    "0.5M": Size(hidden=128, layers=2, vocabulary=1024),
    "3.7M": Size(hidden=256, layers=4, vocabulary=2048),
    "27M": Size(hidden=512, layers=8, vocabulary=4096),
}


def write_model(folder: Path, size: Size, *, ends: tuple[int, ...] = (), seed: int = 0) -> Path:
    """A model whose next tokens are about equally likely. ``ends``: tokens that end an answer, one
    at least; empty: the model has none, and writes until it may not go on.
    """
    end = ends[0] if ends else size.vocabulary
    torch.manual_seed(seed)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=size.vocabulary,
            hidden_size=size.hidden,
            intermediate_size=3 * size.hidden,
            num_hidden_layers=size.layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=POSITIONS,
            tie_word_embeddings=True,
            pad_token_id=PAD,
            eos_token_id=None,
            bos_token_id=None,
        )
    )
    model.generation_config.eos_token_id = list(ends) or size.vocabulary
    model.generation_config.pad_token_id = PAD
    model.save_pretrained(folder)
    _tokenizer(size, end).save_pretrained(folder)
    return folder


def _tokenizer(size: Size, end: int) -> PreTrainedTokenizerFast:
    known = ["<pad>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    known += [f"w{number}" for number in range(len(known), size.vocabulary + 1)]
    inner = Tokenizer(models.BPE({word: place for place, word in enumerate(known)}, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=known[PAD],
        eos_token=known[end],
        padding_side="left",
        model_max_length=POSITIONS,
    )


def prompts(lengths: Sequence[int], *, seed: int = 0) -> list[str]:
    """Random texts of so many tokens."""
    rng = random.Random(seed)
    return ["".join(rng.choices(string.ascii_lowercase, k=length)) for length in lengths]
