"""References stand beside the examples, and never in them."""

import ast
from pathlib import Path

import pytest

import covet
from covet import config
from covet.errors import DataError
from covet.execute.grader import open_grader
from covet.mine import Mined, mine, read, write
from covet.mine.references import FILE, read_references
from covet.records import FunctionExample

CODEBASE = Path(__file__).resolve().parent.parent / "codebases" / "mine_removal"
SPLITS = ("train.jsonl", "heldout.jsonl")
LEARNS = ("algo", "policy", "prompt", "reward", "rollout", "train")
"""Stages that examples reach on the way to the policy."""


@pytest.fixture(scope="module")
def mined() -> Mined:
    settings = config.load(
        overrides=["sandbox.workers=2", "mine.server=''", "mine.cache=false", "mine.check=0"]
    )
    with open_grader(CODEBASE, settings) as grader:
        return mine(grader, settings)


@pytest.fixture(scope="module")
def folder(mined: Mined, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "tasks"
    write(mined.dataset, mined.references, folder)
    return folder


def test_every_text_of_a_reference_is_in_no_row_of_its_example(mined: Mined, folder: Path) -> None:
    rows = {
        example.id: line
        for name in SPLITS
        for line, example in zip(
            (folder / name).read_text(encoding="utf-8").splitlines(),
            mined.dataset.split(name.partition(".")[0]),
            strict=True,
        )
    }
    assert rows.keys() == mined.references.keys()
    for reference in mined.references.values():
        row = rows[reference.example]
        for test in reference.tests:
            leaf = test.qualname.rpartition(".")[2]
            assert f"def {leaf}(" not in row
            assert f'"qualname":"{test.qualname}"' not in row
            for line in filter(None, map(str.strip, test.source.splitlines())):
                if line.startswith("assert") and line in reference.test_file:
                    assert line not in row.replace("\\n", "\n").splitlines()


def test_a_row_has_no_field_for_a_reference(folder: Path) -> None:
    assert "reference" not in FunctionExample.__slots__
    for name in SPLITS:
        text = (folder / name).read_text(encoding="utf-8")
        assert '"answer"' not in text
        assert FILE not in text


def test_reading_a_dataset_does_not_need_its_references(mined: Mined, folder: Path) -> None:
    kept = (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    assert read(folder) == mined.dataset
    assert read_references(folder) == {}
    (folder / FILE).write_bytes(kept)
    assert read_references(folder) == mined.references


def test_two_references_for_one_example_are_an_error(folder: Path, tmp_path: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text + text.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="two references for"):
        read_references(tmp_path)


def test_what_learns_from_rewards_imports_no_references() -> None:
    """import-linter holds all of it to that, however far the way; here the names are looked at."""
    package = Path(covet.__file__).parent
    files = [path for stage in LEARNS for path in (package / stage).rglob("*.py")]
    assert len(files) > len(LEARNS)
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            module = getattr(node, "module", "") or ""
            assert "covet.mine.references" not in (module, *names), path
            assert not {"Reference", "read_references", "references"} & set(names), path
