"""Model folders small enough to make, load and train in a test."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

TEXT = """def test_add_1():
    assert add(1, 2) == 3
def test_sub_2():
    assert sub(9, 4) == 5
"""
POSITIONS = 96


def write_model(folder: Path, *, kind: str = "llama", seed: int = 0) -> Path:
    """A random model with a byte-level tokenizer, as an ordinary model folder."""
    tokenizer = make_tokenizer()
    torch.manual_seed(seed)
    model = _MODELS[kind](len(tokenizer))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer(**more: object) -> PreTrainedTokenizerFast:
    """Byte-level, of 287 tokens; ``more`` is given to ``transformers`` with it."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<pad>", "<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator([TEXT] * 4, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        eos_token="<eos>",
        model_max_length=POSITIONS,
        **more,
    )


def _llama(vocabulary: int) -> PreTrainedModel:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=POSITIONS,
            tie_word_embeddings=True,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=1,
            initializer_range=0.2,
        )
    )


def _gpt2(vocabulary: int) -> PreTrainedModel:
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_embd=32,
            n_layer=2,
            n_head=2,
            n_positions=POSITIONS,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=1,
            initializer_range=0.2,
        )
    )


def _qwen2(vocabulary: int) -> PreTrainedModel:
    """Two heads share keys and values; nothing is tied; there is room for more tokens."""
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=vocabulary + 33,
            num_attention_heads=4,
            num_key_value_heads=2,
            tie_word_embeddings=False,
            **_SHAPE,
        )
    )


def _gemma2(vocabulary: int) -> PreTrainedModel:
    """Every other layer looks back 16 tokens only; scores are capped."""
    return Gemma2ForCausalLM(
        Gemma2Config(
            vocab_size=vocabulary,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=16,
            query_pre_attn_scalar=16,
            sliding_window=16,
            **_SHAPE,
        )
    )


def _gemma3(vocabulary: int) -> PreTrainedModel:
    """The first layer looks back 16 tokens only."""
    return Gemma3ForCausalLM(
        Gemma3TextConfig(
            vocab_size=vocabulary,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=16,
            query_pre_attn_scalar=16,
            sliding_window=16,
            layer_types=["sliding_attention", "full_attention"],
            **_SHAPE,
        )
    )


_SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "max_position_embeddings": POSITIONS,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 1,
    "initializer_range": 0.2,
}
_MODELS = {"llama": _llama, "gpt2": _gpt2, "qwen2": _qwen2, "gemma2": _gemma2, "gemma3": _gemma3}
KINDS = tuple(_MODELS)
