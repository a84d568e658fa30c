"""Tasks mined from the tiny shop."""

from pathlib import Path

import pytest

from covet.config import load
from covet.execute.grader import open_grader
from covet.mine import mine, write
from tests.shop import SHOP

OVERRIDES = ("sandbox.workers=1", "sandbox.isolation=none", "execute.mutants=4")
MINING = ("mine.heldout=0", "mine.server=''", "mine.variants=0", "mine.check=0", "mine.cache=false")
GOOD = """\
```python
def test_clamp_below():
    assert clamp(-5, 0, 3) == 0


def test_clamp_above():
    assert clamp(9, 0, 3) == 3
```
"""
WRONG = "def test_clamp():\n    assert clamp(9, 0, 3) == 4\n"
CLAMP = "shop/price.py::clamp"


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapters") / "tasks"
    settings = load(overrides=[*OVERRIDES, *MINING])
    with open_grader(SHOP, settings) as grader:
        mined = mine(grader, settings)
    write(mined.dataset, mined.references, folder)
    return folder
