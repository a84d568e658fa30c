"""Which test files need not be collected; what pytest itself collects is the judge."""

from pathlib import Path

import pytest

from covet.languages.python import PYTHON

PLAIN = """
import math
from os import path as p
LIMIT = 3

class Helper:
    def test_not_collected(self): pass

class Sad(ValueError):
    pass

def helper(x):
    return x

def test_b():
    assert helper(1) == 1

class TestC:
    value = 1
    def helper(self): return 2
    def test_d(self):
        assert self.value == 1

def test_a():
    with_nested = [n for n in range(3)]
    assert with_nested
"""


def collected(text: str, folder: Path) -> list[str]:
    """By pytest, in another process."""
    import subprocess
    import sys

    (folder / "test_it.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly"]
    done = subprocess.run(
        [*command, "test_it.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    return [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]


def test_the_names_are_those_that_pytest_finds_and_in_its_order(tmp_path: Path) -> None:
    assert list(PYTHON.plain_tests(PLAIN)) == ["test_b", "TestC::test_d", "test_a"]
    assert list(PYTHON.plain_tests(PLAIN)) == collected(PLAIN, tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        "import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_n(n): pass",
        "def test_fixture(tmp_path): pass",
        "async def test_waits(): pass",
        "def test_yields():\n    yield",
        "def test_b(): pass",
        "import pytest\n@pytest.fixture(autouse=True)\ndef around(): yield",
        "pytestmark = []",
        "def setup_module(): pass",
        "def setup_function(f): pass",
        "def pytest_generate_tests(metafunc): pass",
        "from os.path import *",
        "from somewhere import test_other",
        "test_assigned = helper",
        "import unittest\nclass TestE(unittest.TestCase):\n    def test_e(self): pass",
        "from unittest import TestCase",
        "class TestF(Helper):\n    def test_f(self): pass",
        "class TestG:\n    def setup_method(self): pass\n    def test_g(self): pass",
        "class TestH:\n    def __init__(self): pass\n    def test_h(self): pass",
        "class TestI:\n    @staticmethod\n    def test_i(): pass",
        "class TestJ:\n    class TestK:\n        def test_k(self): pass",
        "if True:\n    def test_under_a_condition(): pass",
        "__test__ = False",
        "def test_(:",
    ],
)
def test_what_pytest_might_see_otherwise_is_not_plain(more: str) -> None:
    assert PYTHON.plain_tests(PLAIN + more + "\n") == ()


def test_a_file_without_tests_is_not_plain() -> None:
    assert PYTHON.plain_tests("import math\n") == ()
