import json
from dataclasses import replace
from pathlib import Path

import pytest

from covet.errors import DataError
from covet.mine import Dataset, Report, read, write
from covet.mine.baseline import SuiteReport
from covet.mine.references import read_references
from covet.records import Coverage, Function, FunctionExample, Reference, Span, TestCase

REPORT = Report(
    codebase="/code/shop",
    within="",
    functions=9,
    files={"train": 1, "heldout": 1, "reserved": 0},
    examples={"train": 2, "heldout": 1, "reserved": 0},
    removed=1,
    dropped={"the existing suite covers it": 6},
    links={"name": 3},
    untested=0,
    near=(("a.py::f", "a.py::g"),),
    checked=1,
    differing={"a.py::f": "lines [2] are covered as well"},
    unfit=("tests/test_m.py::test_slow",),
    secrets=(),
    unreadable={},
    passed_over=0,
    not_imported={},
    suite=SuiteReport(passed=4, failing=("tests/test_a.py::test_b",)),
    seed=0,
    heldout=0.5,
    reserved=(),
    gaps_only=True,
    versions={"covet": "0"},
)


def example(path: str, name: str = "f", *, split: str = "train") -> FunctionExample:
    source = f"def {name}():\n    return 'é'\n"
    return FunctionExample(
        id=f"{path}::{name}",
        function=Function(path, "m", name, Span(1, 2), source),
        source_file=source,
        test_path="tests/test_m.py",
        test_file="",
        tests=(TestCase("tests/test_m.py", "test_f", Span(1, 2), "def test_f(): 0\n", ("name",)),),
        executable=Coverage(frozenset({2})),
        baseline=Coverage(frozenset({1}), frozenset({(1, -1), (1, 2)})),
        split=split,
    )


DATASET = Dataset((example("a.py"), example("a.py", "g"), example("b.py", split="heldout")), REPORT)

REFERENCES = {
    "a.py::f": Reference("a.py::f", DATASET.examples[0].tests, "def test_f(): 0\n", "é"),
}


def test_a_dataset_that_was_written_is_read_back_equal(tmp_path: Path):
    write(DATASET, REFERENCES, tmp_path / "data")
    assert read(tmp_path / "data") == DATASET


def test_the_same_dataset_is_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        write(DATASET, REFERENCES, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == [
        "README.md",
        "heldout.jsonl",
        "manifest.json",
        "references.jsonl",
        "train.jsonl",
    ]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_rows_are_plain_json_of_one_shape(tmp_path: Path):
    write(DATASET, REFERENCES, tmp_path / "data")
    rows = [json.loads(line) for line in (tmp_path / "data/train.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["a.py::f", "a.py::g"]
    assert rows[0]["baseline"] == {"branches": [[1, -1], [1, 2]], "lines": [1]}
    assert {tuple(sorted(row)) for row in rows} == {tuple(sorted(rows[0]))}


def test_the_card_and_the_manifest_count_what_was_left_out(tmp_path: Path):
    write(DATASET, REFERENCES, tmp_path / "data")
    card = (tmp_path / "data/README.md").read_text()
    assert "| train | 1 | 2 |" in card
    assert "| the existing suite covers it | 6 |" in card
    assert "4 tests pass, 1 fail" in card
    assert "reserved.jsonl" not in card
    manifest = json.loads((tmp_path / "data/manifest.json").read_text())
    assert manifest["dropped"] == {"the existing suite covers it": 6}
    assert manifest["suite"]["failing"] == ["tests/test_a.py::test_b"]


def test_the_card_says_when_the_suite_could_not_be_run(tmp_path: Path):
    report = replace(REPORT, suite=SuiteReport(problem="timeout"))
    write(replace(DATASET, report=report), {}, tmp_path / "data")
    assert "could not be run (timeout)" in (tmp_path / "data/README.md").read_text()


def test_writing_replaces_an_older_dataset_and_leaves_nothing_beside_it(tmp_path: Path):
    write(DATASET, REFERENCES, tmp_path / "data")
    (tmp_path / "data/reserved.jsonl").write_text("of the older one")
    write(DATASET, REFERENCES, tmp_path / "data")
    assert not (tmp_path / "data/reserved.jsonl").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_writing_into_a_folder_of_something_else_is_refused(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DataError, match="not a dataset; name another folder"):
        write(DATASET, REFERENCES, tmp_path)
    assert (tmp_path / "thesis.tex").exists()


def test_a_folder_that_is_no_dataset_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(DataError, match=r"no manifest\.json; make one with `covet mine`"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("manifest.json", "{}", "not the manifest of a dataset"),
        ("manifest.json", "nonsense", "not the manifest of a dataset"),
        ("train.jsonl", "", "says 2 examples of that split, and it holds 0"),
        ("train.jsonl", "{}\n", r"train\.jsonl, line 1: not a FunctionExample"),
        ("heldout.jsonl", None, "cannot be read"),
    ],
)
def test_a_damaged_dataset_is_an_error_that_names_the_file(
    tmp_path: Path, name: str, text: str | None, complaint: str
):
    write(DATASET, REFERENCES, tmp_path)
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=complaint):
        read(tmp_path)


def test_another_format_is_refused(tmp_path: Path):
    write(replace(DATASET, report=replace(REPORT, format=99)), {}, tmp_path / "data")
    with pytest.raises(DataError, match="format 99"):
        read(tmp_path / "data")


def test_references_that_were_written_are_read_back_equal(tmp_path: Path):
    write(DATASET, REFERENCES, tmp_path / "data")
    assert read_references(tmp_path / "data") == REFERENCES


def test_a_dataset_without_references_has_no_file_of_them(tmp_path: Path):
    write(DATASET, {}, tmp_path / "data")
    assert not (tmp_path / "data/references.jsonl").exists()
    assert read_references(tmp_path / "data") == {}


def test_a_reference_of_no_example_is_not_written(tmp_path: Path):
    other = {"gone.py::f": replace(REFERENCES["a.py::f"], example="gone.py::f")}
    write(DATASET, REFERENCES | other, tmp_path / "data")
    assert read_references(tmp_path / "data") == REFERENCES


@pytest.mark.parametrize("damage", ["{}\n", None])
def test_damaged_references_are_an_error_that_names_the_file(tmp_path: Path, damage: str | None):
    write(DATASET, REFERENCES, tmp_path)
    path = tmp_path / "references.jsonl"
    path.write_text(path.read_text() * 2 if damage is None else damage)
    with pytest.raises(DataError, match=r"references\.jsonl"):
        read_references(tmp_path)
