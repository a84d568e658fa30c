"""What people did with proposed tests becomes verdicts, and tasks to learn from."""

import json

from click.testing import CliRunner

from covet.cli import main
from covet.mine import read
from covet.mine.references import read_references
from tests.agent.conftest import CLAMP, GOOD, IMPORTS, TESTS

LOW = IMPORTS + "def test_clamp_low():\n    assert clamp(0, 1, 9) == 1\n"


def verdicts(tmp_path, shop, *more):
    out = tmp_path / "verdicts.jsonl"
    words = ["verdicts", str(tmp_path / "run"), str(shop), "--out", str(out), "--json", *more]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["verdicts"], [
        json.loads(line) for line in out.read_text().splitlines()
    ]


def test_tests_are_accepted_changed_or_dismissed_and_accepted_ones_become_tasks(
    write, answers, shop, tmp_path
) -> None:
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD, LOW]))
    assert done.exit_code == 0, done.output
    file = shop / TESTS
    as_written = file.read_text()
    file.write_text(
        as_written.replace("assert clamp(20, 1, 9) == 9", "assert clamp(20, 1, 8) == 8")
    )
    counts, rows = verdicts(tmp_path, shop, "--tasks", str(tmp_path / "tasks"))
    dataset = read(tmp_path / "tasks")
    reference = read_references(tmp_path / "tasks")[CLAMP]

    assert counts == {"accepted": 1, "changed": 1}
    assert {row["name"]: row["said"] for row in rows} == {
        "test_clamp_high": "changed",
        "test_clamp_low": "accepted",
    }
    assert [example.id for example in dataset.examples] == [CLAMP]
    assert "assert clamp(20, 1, 8) == 8" in reference.answer

    file.write_text(as_written.partition("\n\n\ndef test_clamp_high")[0] + "\n")
    counts, rows = verdicts(tmp_path, shop)
    assert "dismissed" in counts
    assert len(rows) == 4, "verdicts are added"
