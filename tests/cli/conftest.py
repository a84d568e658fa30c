"""A tiny codebase of each kind that the verbs meet, and the command run as a user runs it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Covet = Callable[..., subprocess.CompletedProcess[str]]

CODE = """\
def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value
"""
TESTS = """\
from shop.prices import clamp


def test_clamp_keeps_what_fits():
    assert clamp(5, 1, 9) == 5
"""


@pytest.fixture
def covet() -> Covet:
    def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "covet", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)

    return run


@pytest.fixture
def codebase(tmp_path: Path) -> Path:
    root = tmp_path / "codebase"
    (root / "shop").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "shop" / "__init__.py").touch()
    (root / "shop" / "prices.py").write_text(CODE)
    (root / "tests" / "test_prices.py").write_text(TESTS)
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    return root
