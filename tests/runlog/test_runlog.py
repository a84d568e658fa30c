"""The run directory: a crash at any byte leaves what resume understands."""

import gzip
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covet import records
from covet.config import Config, as_toml
from covet.errors import DataError, UsageError
from covet.runlog import (
    RunLog,
    append_jsonl,
    decode,
    encode,
    read_jsonl,
    unzipped,
    write_whole,
)

ROWS = [{"step": 1, "text": "a\nb"}, {"step": 2, "text": "é"}, {"step": 3, "text": ""}]


def create(root) -> RunLog:
    return RunLog.create(root, as_toml(Config()), extra={"seed": 1})


@given(cut=st.integers(min_value=0))
@settings(max_examples=60)
def test_rows_written_before_a_crash_at_any_byte_are_read_and_more_can_follow(
    tmp_path_factory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("run") / "rows.jsonl"
    for row in ROWS:
        append_jsonl(path, row)
    data = path.read_bytes()
    kept = data[: cut % (len(data) + 1)]
    path.write_bytes(kept)
    whole = ROWS[: kept.count(b"\n")]

    assert list(read_jsonl(path, dict)) == whole

    append_jsonl(path, {"step": 9})

    assert list(read_jsonl(path, dict)) == [*whole, {"step": 9}]


def test_a_broken_line_in_the_middle_is_named(tmp_path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"step": 1}\nnonsense\n{"step": 2}\n')

    with pytest.raises(DataError, match=r"rows\.jsonl, line 2"):
        list(read_jsonl(path, dict))


@pytest.mark.parametrize("line", [b'{"a": "\xff"}', b'{"a": ' + b"[" * 200_000, b"[1]", b"{"])
def test_a_line_of_any_bytes_is_named_and_no_crash(tmp_path, line) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"{}\n" + line + b"\n{}\n")

    with pytest.raises(DataError, match=r"rows\.jsonl, line 2: not a dict"):
        list(read_jsonl(path, dict))


def test_equal_records_give_equal_bytes_and_come_back_equal() -> None:
    lines = frozenset(range(100, 0, -7))
    coverage = records.Coverage(lines, frozenset({(1, 2), (1, -1)}))

    assert encode(coverage) == encode(records.Coverage(frozenset(sorted(lines)), coverage.branches))
    assert decode(encode(coverage), records.Coverage) == coverage


def test_every_record_comes_back_equal() -> None:
    span = records.Span(3, 4)
    function = records.Function("a.py", "a", "f", span, "def f(): ...\n")
    test = records.TestCase("t.py", "test_f", span, "def test_f(): ...\n", ("name",))
    coverage = records.Coverage(frozenset({3}), frozenset({(3, -1)}))
    example = records.FunctionExample(
        "a.py::f", function, "", "t.py", "", (test,), coverage, coverage, "train"
    )
    execution = records.Execution(
        status="ok",
        outcomes={"test_f": "pass"},
        covered=coverage,
        gained=coverage,
        mutants=records.PassMatrix(("test_f",), ("3:swap:0",), (("fail",),)),
        killed=("3:swap:0",),
    )

    assert decode(encode(example), records.FunctionExample) == example
    assert decode(encode(execution), records.Execution) == execution


def test_a_folder_that_holds_a_run_is_not_taken_for_another(tmp_path) -> None:
    log = create(tmp_path / "run")
    log.metrics({"step": 0})
    log.close()

    with pytest.raises(UsageError, match="--resume"):
        create(tmp_path / "run")


def test_a_run_that_ended_over_its_settings_does_not_stand_in_the_way(tmp_path) -> None:
    log = create(tmp_path / "run")
    (log.root / "vllm.log").write_text("no such model")
    log.close()

    RunLog.create(log.root, "[train]\nseed = 7\n", extra={}).close()

    assert (log.root / "covet.toml").read_text() == "[train]\nseed = 7\n"


def test_a_run_that_has_just_begun_elsewhere_is_not_replaced(tmp_path) -> None:
    log = create(tmp_path / "run")

    with pytest.raises(UsageError, match="another process"):
        create(tmp_path / "run")
    log.close()


def test_there_is_nothing_to_resume_in_an_empty_folder(tmp_path) -> None:
    with pytest.raises(UsageError, match="no run to resume"):
        RunLog.reopen(tmp_path)


def test_two_processes_never_share_a_run(tmp_path) -> None:
    log = create(tmp_path / "run")
    program = (
        "import sys; from pathlib import Path; from covet.runlog import RunLog\n"
        "RunLog.reopen(Path(sys.argv[1]))"
    )

    second = subprocess.run(
        [sys.executable, "-c", program, str(log.root)], capture_output=True, text=True, check=False
    )
    log.close()

    assert "another process is writing there" in second.stderr
    RunLog.reopen(log.root).close()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path) -> None:
    path = tmp_path / "deep" / "scorecard.json"
    write_whole(path, b"old")
    write_whole(path, b"new")

    assert path.read_bytes() == b"new"
    assert [file.name for file in path.parent.iterdir()] == ["scorecard.json"]


def test_the_manifest_says_what_ran(tmp_path) -> None:
    log = create(tmp_path / "run")
    log.close()

    assert log.manifest["seed"] == 1
    assert msgspec.json.decode((log.root / "manifest.json").read_bytes())["python"]


@pytest.mark.parametrize("damage", [b"", b"no gzip at all", gzip.compress(b"{}\n" * 99)[:-12]])
def test_a_damaged_archive_of_others_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b"{}\n"))
    assert unzipped(path) == b"{}\n"
    path.write_bytes(damage or b"\x1f\x8b\x08\x00" + bytes(6) + b"\xff" * 20)
    with pytest.raises(DataError, match=r"rows\.jsonl\.gz: cannot be read"):
        unzipped(path)
