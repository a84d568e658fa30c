"""Is the bundled codebase what its seed gives, and did pre-training see none of its functions?

Reads the codebase from its files, as a miner would, and makes the pre-training stream anew from its
seed, so that the answer does not rest on what the build wrote down.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recipes.nano.codebase import PACKAGE, codebase_files
from recipes.nano.data import Pair
from recipes.nano.functions import normal_form


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the full check counted."""

    bundled_functions: int
    bundled_forms: int
    pretraining_functions: int
    pretraining_forms: int
    shared_forms: int
    """Functions, up to their own name and docstring, in both: must be 0."""


def sources_on_disk(codebase: Path) -> Iterator[str]:
    """The source of every function of the codebase."""
    for path in sorted((codebase / PACKAGE).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                yield ast.get_source_segment(text, node) or ""


def files_that_differ(codebase: Path, seed: int) -> list[str]:
    """Paths whose bytes, or whose presence, are not what the seed gives."""
    wanted = {path: text.encode() for path, text in codebase_files(seed).items()}
    found = {
        path.relative_to(codebase).as_posix(): path.read_bytes()
        for path in codebase.rglob("*")
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }
    every = sorted(wanted.keys() | found.keys())
    return [path for path in every if wanted.get(path) != found.get(path)]


def count_overlap(codebase: Path, pairs: list[Pair]) -> Overlap:
    """Compare the codebase's files with the functions of pre-training."""
    sources = list(sources_on_disk(codebase))
    bundled = {normal_form(source) for source in sources}
    seen = {normal_form(pair.source) for pair in pairs}
    return Overlap(len(sources), len(bundled), len(pairs), len(seen), len(bundled & seen))
