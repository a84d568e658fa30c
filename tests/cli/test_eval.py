"""``covet eval bon`` and ``covet eval fidelity`` on tiny files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from covet.cli import main
from covet.records import Case, InstructionExample, Solution, Suite
from covet.runlog import encode

TWICE = ("print(int(input()) * 2)", "print(int(input()) + 2)", "print(2 * abs(int(input())))", "")
SIGN = ("print(int(input()) > 0)", "print(True)", "1/0", "while True: pass")
SMALL = ("--set", "sandbox.workers=1", "--set", "programs.steps=10000")


def case(given: object, expected: object) -> Case:
    return Case("stdio", f"{given}\n", f"{expected}\n")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    examples = [
        InstructionExample("twice", "double it", "", TWICE[0],
                           tuple(case(n, 2 * n) for n in (-3, 0, 2, 5)), "heldout"),
        InstructionExample("sign", "is it positive", "", SIGN[0],
                           (case(1, True), case(-1, False)), "heldout"),
        InstructionExample("bare", "nothing is known", "", "", (), "heldout"),
    ]  # fmt: skip
    suites = [
        Suite("twice", (case(-1, -2), case(3, 6), case(4, 9))),
        Suite("sign", (case(2, True),), refused=("no output",)),
        Suite("sign", (case(-5, False),)),
    ]
    rows = [("twice", text) for text in TWICE] + [("sign", text) for text in SIGN]
    lines = {
        "tasks": examples,
        "suites": suites,
        "solutions": [
            {"example_id": name, "text": text, "language": "python", "writer": "w", "sample": 0}
            for name, text in rows
        ],
    }
    paths = {name: tmp_path / f"{name}.jsonl" for name in lines}
    for name, path in paths.items():
        path.write_bytes(b"".join(encode(line) + b"\n" for line in lines[name]))
    return {**paths, "out": tmp_path / "out"}


def call(verb: str, files: dict[str, Path], *more: str) -> Result:
    given = [f"--{name}={path}" for name, path in files.items()]
    return CliRunner().invoke(main, ["eval", verb, *given, *SMALL, *more])


def told(result: Result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_best_of_n_is_worked_out_for_every_n(files: dict[str, Path]) -> None:
    found = told(call("bon", files, "--json"))
    by_n = found["writers"]["w"]
    assert list(by_n) == ["1", "2", "4"]
    whole = by_n["4"]
    assert whole["tasks"] == 2
    accuracy = {name: value["value"] for name, value in whole["accuracy"].items()}
    # twice: one of four is right, and picked alone; sign: the suite cannot tell two apart.
    assert accuracy["random"] == pytest.approx(0.25)
    assert accuracy["suite"] == pytest.approx((1 + 0.5) / 2)
    assert accuracy["oracle"] == 1.0
    assert accuracy["gain"] == pytest.approx(0.5)
    assert whole["score"]["random"]["value"] == pytest.approx(
        ((1 + 0.25 + 0.75 + 0) / 4 + (1 + 0.5 + 0 + 0) / 4) / 2
    )
    assert found["left_out"]["tasks_without_solutions"] == 1
    assert found["left_out"]["tasks_without_reference_cases"] == 1


def test_ties_go_to_the_first_or_the_last_where_asked(files: dict[str, Path]) -> None:
    first = told(call("bon", files, "--json", "--ties=first", "--n=4"))
    last = told(call("bon", files, "--json", "--ties=last", "--n=4", "--resume"))
    values = [one["writers"]["w"]["4"]["accuracy"]["suite"]["value"] for one in (first, last)]
    assert values == [1.0, 0.5]


def test_reference_tests_judge_as_themselves(files: dict[str, Path]) -> None:
    found = told(call("fidelity", {**files, "suites": Path("reference")}, "--json"))
    assert found["pooled"]["spearman"]["value"] == pytest.approx(1.0)
    assert found["pooled"]["false_accepts"]["value"] == 0.0
    assert found["writers"]["w"]["spearman"]["n"] == 2


def test_both_verbs_share_what_has_been_run(files: dict[str, Path]) -> None:
    told(call("bon", files, "--json"))
    matrices = files["out"] / "matrices.jsonl"
    before = matrices.read_bytes()
    assert len(before.splitlines()) == 4
    result = call("fidelity", files)
    assert result.exit_code == 2
    assert "add --resume" in result.stderr
    result = call("fidelity", files, "--resume")
    assert result.exit_code == 0
    assert "spearman where defined" in result.stdout
    assert matrices.read_bytes() == before


def test_a_journal_that_was_cut_off_is_gone_on_with(files: dict[str, Path]) -> None:
    whole = told(call("fidelity", files, "--json"))
    matrices = files["out"] / "matrices.jsonl"
    lines = matrices.read_bytes().splitlines(keepends=True)
    matrices.write_bytes(b"".join(lines[:1]) + lines[1][:20])
    assert told(call("fidelity", files, "--json", "--resume")) == whole
    assert sorted(matrices.read_bytes().splitlines(keepends=True)) == sorted(lines)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("solutions", '{"example_id": "none", "text": "", "language": "python"}', "not among"),
        ("solutions", '{"example_id": "twice", "text": "", "language": "cpp"}', "'cpp'"),
        ("solutions", '{"example_id": "twice", "text": ""}', "language"),
        ("suites", "nonsense", "line 1"),
        ("tasks", '{"id": 3}', "line 1"),
        ("solutions", "", "no task has both"),
    ],
)
def test_a_bad_file_is_named(files: dict[str, Path], name: str, text: str, words: str) -> None:
    files[name].write_text(text + "\n")
    result = call("bon", files)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (files["out"] / "bon.json").exists()


def test_more_than_there_are_cannot_be_picked_from(files: dict[str, Path]) -> None:
    result = call("bon", files, "--n=9", "--json")
    assert result.exit_code == 2
    assert "no task has more than 4" in json.loads(result.stdout)["error"]["message"]


def test_solutions_are_records_that_are_written_and_read() -> None:
    line = encode(Solution("print(1)", writer="w"))
    assert b'"language":"python"' in line
