"""The embedded demonstration policy and the bundled codebase to try Covet on, as two paths.

Both are package data, written by the recipe in the repository's `recipes/nano`, never by hand. The
model folder is an ordinary one, which any policy that loads a folder loads; nothing is loaded here.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def model_path() -> Path:
    """The folder of the demonstration policy: weights, tokenizer, `covet.json`."""
    return _HERE / "model"


def codebase_path() -> Path:
    """The root of the bundled codebase: its `pyproject.toml`, package and tests."""
    return _HERE / "codebase"
