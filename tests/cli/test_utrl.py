"""The chain for instructions and programs, as a user types it: rows → tasks → suites and programs
→ measures; and two policies against each other, dry.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Covet
from tests.standin import Standin, Written
from tests.tiny_models import write_model

NAMES = ("twice", "thrice")
ROWS = [
    {
        "task_id": number,
        "text": f"Write a function that gives {name} its argument.",
        "code": f"def {name}(n):\n    return {number} * n\n",
        "test_list": [f"assert {name}(3) == {3 * number}", f"assert {name}(4) == {4 * number}"],
        "test_setup_code": "",
    }
    for number, name in enumerate(NAMES, 2)
]
SUITE = "Input: 5\nOutput: 10\n"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def tasks(covet: Covet, rows: Path, tmp_path: Path) -> Path:
    done = covet("instructions", rows, "--schema", "mbpp", "--out", tmp_path / "tasks", "--json")
    assert done.returncode == 0, done.stderr
    return tmp_path / "tasks"


def says(text: str) -> Any:
    def write(_model: str, _prompt: str, _body: dict[str, Any]) -> Written:
        ids = [*text.encode()]
        return Written(ids, [-1.0] * len(ids), text, "stop")

    return write


def test_rows_become_tasks_and_what_is_out_is_counted(covet: Covet, rows: Path, tmp_path) -> None:
    wrong = {**ROWS[0], "task_id": 9, "code": "def twice(n):\n    return 1\n"}
    rows.write_text(rows.read_text() + json.dumps(wrong) + "\n")
    done = covet("instructions", rows, "--schema", "mbpp", "--out", tmp_path / "tasks", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert told["tasks"] == 2
    assert told["rows"] == 3
    checked = covet("instructions", rows, "--schema", "mbpp", "--check")
    assert checked.returncode == 1
    assert "1 of 3 rows are out" in checked.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{]\n", "rows.jsonl, line 1"),
        ('{"task_id": 1}\n', "row 0: no field 'test_list'"),
        ("", "no row passes every filter"),
    ],
)
def test_rows_that_are_none_are_named_and_nothing_is_written(
    covet: Covet, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text)
    done = covet("instructions", path, "--schema", "mbpp", "--out", tmp_path / "tasks")
    assert done.returncode in (1, 2)
    assert said in done.stderr + done.stdout
    assert not (tmp_path / "tasks").exists()


def test_suites_and_programs_of_an_endpoint_are_written_and_measured(
    covet: Covet, tasks: Path, tmp_path: Path
) -> None:
    suites, programs = tmp_path / "suites.jsonl", tmp_path / "programs.jsonl"
    code = "```python\ndef twice(n):\n    return 2 * n\n```"
    with Standin(kind="plain", write=says(SUITE)) as server:
        asked = ("--set", f"policy.endpoint={server.url}", "--model", "m")
        done = covet("generate", "tests", tasks, *asked, "--out", suites, "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["tasks"], told["answers"]) == (2, 2)
        twice = covet("generate", "tests", tasks, *asked, "--out", suites)
        assert twice.returncode == 2
        assert "--resume" in twice.stderr
        resumed = covet("generate", "tests", tasks, *asked, "--out", suites, "--resume", "--json")
        assert json.loads(resumed.stdout) == told, "nothing is asked for again"
        other = covet("generate", "solutions", tasks, *asked, "--out", suites, "--resume")
        assert other.returncode == 2
        assert "name another --out" in other.stderr
    with Standin(kind="plain", write=says(code)) as server:
        asked = ("--set", f"policy.endpoint={server.url}", "--model", "m")
        many = ("--samples", "4", "--sampled")
        done = covet("generate", "solutions", tasks, *asked, *many, "--out", programs, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["refused"] == {"no_entry_point": 4}
    found = covet(
        *("eval", "bon", "--tasks", tasks, "--suites", suites, "--solutions", programs),
        *("--out", tmp_path / "bon", "--json"),
    )
    assert found.returncode == 0, found.stderr
    assert "oracle" in found.stdout


def test_a_folder_that_holds_no_tasks_is_named(covet: Covet, tmp_path: Path) -> None:
    for words in (
        ("generate", "tests", tmp_path, "--model", "m", "--out", tmp_path / "out.jsonl"),
        ("adversarial", tmp_path, "--model", "m"),
    ):
        done = covet(*words)
        assert done.returncode == 2, done.stderr
        assert str(tmp_path) in done.stderr
        assert "Traceback" not in done.stderr


def test_a_dry_run_of_two_policies_says_what_would_be_done(
    covet: Covet, tasks: Path, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "model")
    out = tmp_path / "run"
    done = covet("adversarial", tasks, "--model", model, "--out", out, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "[adversarial]" in done.stdout
    assert not out.exists()
