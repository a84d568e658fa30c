"""The tiny shop, in a git repository of its own that tests may change."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from covet.cli import main
from tests.shop import SHOP

CLAMP, DISCOUNT = "shop/price.py::clamp", "shop/price.py::discount"
TESTS = "tests/test_price.py"
QUICK = (
    "mine.server=''", "mine.cache=false", "sandbox.workers=1", "sandbox.isolation=none",
)  # fmt: skip
IMPORTS = "from shop.price import clamp, discount\n\n\n"
GOOD = IMPORTS + (
    "def test_clamp_high():\n"
    "    other = 3\n"
    "    assert clamp(20, 1, 9) == 9\n"
    "    assert clamp(21, 1, 9) == 9\n"
    "\n\ndef test_clamp_again():\n    assert clamp(4, 1, 9) == 4\n"
)
WRONG = IMPORTS + "def test_clamp_wrong():\n    assert clamp(20, 1, 9) == 1\n"

Covet = Callable[..., Result]


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(root), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".gitignore").write_text("__pycache__\n")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "one")
    return root


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., Path]:
    def write(**texts: list[str]) -> Path:
        path = tmp_path / "answers.jsonl"
        rows = [{"example_id": f"shop/price.py::{n}", "texts": t} for n, t in texts.items()]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture
def write(shop: Path, tmp_path: Path) -> Covet:
    """``covet write`` on the shop, into ``run``."""

    def run(*arguments: object, out: Path = tmp_path / "run", root: Path = shop) -> Result:
        given = [word for one in QUICK for word in ("--set", one)]
        words = ["write", str(root), "--out", str(out), *map(str, arguments)]
        return CliRunner().invoke(main, words if "--resume" in words else [*words, *given])

    return run
