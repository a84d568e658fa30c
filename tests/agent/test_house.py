"""What a codebase's own formatter and linter make of its test files."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from covet.agent.house import House, _Tools

TIDY = "import pytest\n\n\ndef test_a():\n    with pytest.raises(KeyError):\n        {}[1]\n"
ADDED = TIDY + "def test_b( ):\n  assert {'a':1}['a'] == True\n"
INTERPRETER = Path(sys.executable)

pytest.importorskip("ruff")


@pytest.fixture
def house(tmp_path):
    def make(settings: str = "", **files: str) -> House:
        (tmp_path / "pyproject.toml").write_text(settings)
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        return House.discover(tmp_path, INTERPRETER)

    return make


def test_a_file_that_was_as_the_formatter_has_it_stays_so(house) -> None:
    own = house("[tool.ruff]\nline-length = 60\n")
    text = own.settled(TIDY, ADDED, "tests/test_a.py")

    assert text == own.formatted(text, "tests/test_a.py")
    assert 'assert {"a": 1}["a"] == True' in text


def test_a_file_that_was_otherwise_stays_as_it_is(house) -> None:
    untidy = TIDY.replace("import pytest", "import   pytest")
    after = ADDED.replace("import pytest", "import   pytest")

    assert house("[tool.ruff]\n").settled(untidy, after, "tests/test_a.py") == after


def test_where_nothing_is_set_up_a_file_is_not_formatted_as_a_whole(house) -> None:
    own = house()

    assert own.settled(TIDY, ADDED, "tests/test_a.py") == ADDED
    assert own.settled("", ADDED, "tests/test_a.py") != ADDED, "but a new one is"
    assert own.linter == ()


def test_what_the_linter_can_mend_is_mended_and_the_rest_is_told(house) -> None:
    own = house('[tool.ruff.lint]\nselect = ["E", "F", "PT"]\n')
    path = "tests/test_a.py"
    added = (
        TIDY + "\n\ndef test_b():\n    x = 1\n    assert len('a') == True\n    assert 1, (2, 3)\n"
    )
    text = own.mended(TIDY, added, path)
    left = own.complaints(TIDY, text + "\n\ndef test_c():\n    assert undefined\n", path)

    assert "== True" not in text
    assert [said.partition(" ")[0] for said in left] == ["F821"]


def test_a_file_with_complaints_of_its_own_is_not_mended(house) -> None:
    own = house('[tool.ruff.lint]\nselect = ["E", "F"]\n')
    before = "import os\n" + TIDY
    after = before + "\n\ndef test_b():\n    assert len('a') == True\n"

    assert own.mended(before, after, "tests/test_a.py") == after
    [said] = own.complaints(before, after, "tests/test_a.py")
    assert said.startswith("E712")


@pytest.mark.skipif(find_spec("black") is not None, reason="black is here")
def test_ruff_stands_in_for_black_and_that_is_told(house) -> None:
    own = house("[tool.black]\nline-length = 40\n")
    long = "def test_a():\n    assert [1, 2, 3, 4] == list(range(1, 5))\n"

    assert any("black is not there; ruff formats in its place" in note for note in own.notes)
    assert max(map(len, own.formatted(long, "tests/test_a.py").splitlines())) <= 40


def test_a_file_of_the_codebase_is_not_the_tool_of_its_name(tmp_path) -> None:
    (tmp_path / "tokenize.py").write_text("print('of the codebase')\n")
    tool = _Tools(tmp_path, INTERPRETER).module("tokenize")
    done = subprocess.run(
        tool, cwd=tmp_path, input="a\n", capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("1,0-1,1:")


@pytest.mark.skipif(find_spec("flake8") is not None, reason="flake8 is here")
def test_a_linter_that_is_set_up_and_not_there_is_told(house) -> None:
    own = house(**{"setup.cfg": "[flake8]\nmax-line-length = 79\n"})

    assert own.linter == ()
    assert own.notes == ("the codebase is set up for flake8, which is not there",)


def test_no_file_of_the_codebase_is_written_to(house, tmp_path) -> None:
    own = house("[tool.ruff]\n")
    before = sorted(tmp_path.rglob("*"))
    own.settled(TIDY, ADDED, "tests/test_a.py")
    own.complaints(TIDY, ADDED, "tests/test_a.py")
    after = [p for p in sorted(tmp_path.rglob("*")) if ".ruff_cache" not in p.parts]

    assert after == before
