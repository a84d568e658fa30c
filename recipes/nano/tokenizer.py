"""The policy's tokenizer: byte-level BPE over pieces cut for code.

The cut lets the tiny policy copy: an identifier's pieces are the same tokens wherever it stands,
because they never carry a space; digits stand alone; a line break takes the indentation, and the
`+` of a prompt line, with it. Bytes are the base, so any text survives encoding and decoding.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 1024
PAD, EOS = "<pad>", "<eos>"
PAD_ID, EOS_ID = 0, 1

PIECES = (
    r"(?:def|return|if|elif|for|in|and|or|not|raise|assert|is|with|import|from|else) "
    r"| (?:in|and|or|is not|not in|is|if|else) "
    r"|[A-Za-z]+"
    r"|_"
    r"|\d"
    r"|\n[ +]? *"
    r"| ?[^\sA-Za-z\d_]+ ?"
    r"|\s+"
)


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer of `VOCABULARY` tokens; the same texts give the same tokenizer."""
    tokenizer = Tokenizer(models.BPE())
    cut = pre_tokenizers.Split(Regex(PIECES), "isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([cut, to_bytes])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    assert tokenizer.token_to_id(PAD) == PAD_ID
    assert tokenizer.token_to_id(EOS) == EOS_ID
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, *, positions: int) -> None:
    """Write it as `AutoTokenizer` reads it.

    `split_special_tokens`: the text "<eos>" in a codebase is text, never the end of a sequence.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": PAD,
        "eos_token": EOS,
        "model_max_length": positions,
        "clean_up_tokenization_spaces": False,
        "split_special_tokens": True,
        "padding_side": "left",
    }
    text = json.dumps(settings, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
