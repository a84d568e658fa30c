"""Which settings a verb runs under: the file that is named, else the codebase's own, else none."""

from collections.abc import Iterable
from pathlib import Path

from covet.config import Config, load

FILE_NAME = "covet.toml"


def load_settings(codebase: Path, config: Path | None, overrides: Iterable[str]) -> Config:
    """Defaults, then ``config`` or the codebase's ``covet.toml``, then overrides."""
    own = codebase / FILE_NAME
    if config is None and own.is_file():
        config = own
    return load(config, overrides)
