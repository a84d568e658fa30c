import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.config import Mine
from covet.errors import DataError
from covet.mine import Dataset, Report, read, write
from covet.mine.baseline import SuiteReport
from covet.mine.dataset import SPLITS, assign_splits
from covet.records import Coverage, Function, FunctionExample, Span, TestCase

REPORT = Report(
    codebase="/code/shop",
    within="",
    functions=9,
    files={"train": 1, "heldout": 1, "reserved": 0},
    examples={"train": 2, "heldout": 1, "reserved": 0},
    dropped={"the existing suite covers it": 6},
    links={"name": 3},
    untested=0,
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


def splits(paths: list[str], **settings: object) -> dict[str, str]:
    found = assign_splits([example(path) for path in paths], Mine.model_validate(settings))
    return {each.function.path: each.split for each in found}


def test_a_dataset_that_was_written_is_read_back_equal(tmp_path: Path):
    write(DATASET, tmp_path / "data")
    assert read(tmp_path / "data") == DATASET


def test_the_same_dataset_is_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        write(DATASET, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["README.md", "heldout.jsonl", "manifest.json", "train.jsonl"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_rows_are_plain_json_of_one_shape(tmp_path: Path):
    write(DATASET, tmp_path / "data")
    rows = [json.loads(line) for line in (tmp_path / "data/train.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["a.py::f", "a.py::g"]
    assert rows[0]["baseline"] == {"branches": [[1, -1], [1, 2]], "lines": [1]}
    assert {tuple(sorted(row)) for row in rows} == {tuple(sorted(rows[0]))}


def test_the_card_and_the_manifest_count_what_was_left_out(tmp_path: Path):
    write(DATASET, tmp_path / "data")
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
    write(replace(DATASET, report=report), tmp_path / "data")
    assert "could not be run (timeout)" in (tmp_path / "data/README.md").read_text()


def test_writing_replaces_an_older_dataset_and_leaves_nothing_beside_it(tmp_path: Path):
    write(DATASET, tmp_path / "data")
    (tmp_path / "data/reserved.jsonl").write_text("of the older one")
    write(DATASET, tmp_path / "data")
    assert not (tmp_path / "data/reserved.jsonl").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_writing_into_a_folder_of_something_else_is_refused(tmp_path: Path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DataError, match="not a dataset; name another folder"):
        write(DATASET, tmp_path)
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
    write(DATASET, tmp_path)
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=complaint):
        read(tmp_path)


def test_another_format_is_refused(tmp_path: Path):
    write(replace(DATASET, report=replace(REPORT, format=99)), tmp_path / "data")
    with pytest.raises(DataError, match="format 99"):
        read(tmp_path / "data")


@given(
    names=st.sets(st.text("abc/", min_size=1), min_size=1, max_size=30),
    seed=st.integers(),
    share=st.floats(0, 1),
)
def test_the_held_out_share_is_of_files_and_the_same_whatever_their_order(
    names: set[str], seed: int, share: float
):
    found = splits(sorted(names), seed=seed, heldout=share)
    assert found == splits(sorted(names, reverse=True), seed=seed, heldout=share)
    number = sum(split == "heldout" for split in found.values())
    assert abs(number - share * len(names)) <= 1
    if 0 < share < 1 and len(names) > 1:
        assert 0 < number < len(names)


def test_a_file_is_in_one_split_with_all_its_functions():
    examples = [example(f"{n}.py", name) for n in range(10) for name in "fgh"]
    found = assign_splits(examples, Mine(heldout=0.3))
    held = {each.function.path for each in found if each.split == "heldout"}
    trained = {each.function.path for each in found if each.split == "train"}
    assert (len(held), len(trained), held & trained) == (3, 7, set())


def test_another_seed_draws_other_files():
    paths = [f"{number}.py" for number in range(50)]
    assert splits(paths, seed=0) != splits(paths, seed=1)


def test_one_more_file_moves_few_others():
    paths = [f"{number}.py" for number in range(100)]
    before, after = splits(paths), splits([*paths, "new.py"])
    assert sum(before[path] != after[path] for path in paths) <= 1


def test_reserved_files_are_never_drawn():
    paths = [f"kept/{number}.py" for number in range(5)] + [f"{number}.py" for number in range(10)]
    found = splits(paths, reserved=("kept",), heldout=0.2)
    assert {path for path, split in found.items() if split == "reserved"} == set(paths[:5])
    assert sum(split == "heldout" for split in found.values()) == 2
    assert set(found.values()) == set(SPLITS)
