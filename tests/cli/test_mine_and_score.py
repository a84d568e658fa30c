"""``covet mine`` and ``covet score`` on a tiny codebase."""

import gzip
import json
import shutil

import msgspec
import pytest

from covet.mine import read
from covet.mine.references import read_references

GOOD = """\
from shop.prices import clamp

def test_low():
    assert clamp(0, 1, 9) == 1

def test_high():
    assert clamp(10, 1, 9) == 9
"""
WRONG = "from shop.prices import clamp\n\ndef test_low():\n    assert clamp(0, 1, 9) == 2\n"
KNOWN = "from shop.prices import clamp\n\ndef test_middle():\n    assert clamp(5, 1, 9) == 5\n"
COMPLETIONS = {
    "ok": GOOD,
    "failed": WRONG,
    "syntax": "def test_x(:\n",
    "no_tests": "x = 1\n",
    "error": "import nothing_of_that_name\n\ndef test_x():\n    pass\n",
    "crashed": "import os\n\ndef test_x():\n    os._exit(0)\n",
}


def row(completion: str, **other: object) -> str:
    place = {"file": "shop/prices.py", "first_line": 1, "last_line": 6}
    return json.dumps(place | {"completion": completion} | other)


@pytest.fixture
def candidates(tmp_path):
    def write(*rows: str):
        path = tmp_path / "candidates.jsonl"
        path.write_text("\n".join(rows) + "\n")
        return path

    return write


def executions(out) -> list[dict]:
    return [json.loads(line) for line in (out / "executions.jsonl").read_text().splitlines()]


def test_mining_finds_the_function_its_test_and_the_gap(covet, codebase, tmp_path) -> None:
    only = ("--set", "mine.variants=0")
    done = covet("mine", codebase, "--out", tmp_path / "tasks", "--json", *only)
    (example,) = read(tmp_path / "tasks").examples

    assert done.returncode == 0, done.stderr
    assert msgspec.json.decode(done.stdout)["report"]["functions"] == 1
    assert example.function.qualname == "clamp"
    assert [test.qualname for test in example.tests] == ["test_clamp_keeps_what_fits"]
    assert example.executable.lines - example.baseline.lines == {3, 5}


def test_mining_makes_a_task_by_removing_a_test_and_keeps_it_apart(
    covet, codebase, tmp_path
) -> None:
    done = covet("mine", codebase, "--out", tmp_path / "tasks", "--set", "mine.server=")
    (example,) = read(tmp_path / "tasks").examples
    (reference,) = read_references(tmp_path / "tasks").values()

    assert done.returncode == 0, done.stderr
    assert "1 of them by removing existing tests" in done.stdout
    assert "1 of those were run: 0 differ" in done.stdout
    assert (reference.example, example.tests) == (example.id, ())
    assert reference.test_file == (codebase / "tests/test_prices.py").read_text()
    assert "def test_clamp" not in example.test_file
    assert example.executable.lines - example.baseline.lines == {2, 3, 4, 5, 6}


def test_mining_does_not_replace_a_folder_unasked(covet, codebase, tmp_path) -> None:
    (tmp_path / "tasks").mkdir()

    done = covet("mine", codebase, "--out", tmp_path / "tasks")

    assert done.returncode == 2
    assert "--force" in done.stderr


def test_each_candidate_gets_its_line_in_the_inputs_order(
    covet, codebase, candidates, tmp_path
) -> None:
    file = candidates(*(row(text) for text in COMPLETIONS.values()))

    done = covet("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert [line["status"] for line in executions(tmp_path / "out")] == list(COMPLETIONS)


def test_a_package_is_graded_where_it_is_installed(covet, codebase, candidates, tmp_path) -> None:
    installed = tmp_path / "lib" / "site-packages"
    shutil.copytree(codebase / "shop", installed / "shop")
    file = candidates(row(GOOD))

    out = tmp_path / "out"
    done = covet("score", "--codebase", installed / "shop", "--candidates", file, "--out", out)

    assert done.returncode == 0, done.stderr
    assert [line["status"] for line in executions(out)] == ["ok"]


def test_new_lines_branches_and_kills_are_those_beyond_the_suite(
    covet, codebase, candidates, tmp_path
) -> None:
    file = candidates(row(GOOD), row(KNOWN))

    covet("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")
    good, known = executions(tmp_path / "out")

    assert good["new_lines"] == [3, 5]
    assert good["new_branches"] == [[2, 3], [4, 5]]
    assert known["new_lines"] == known["new_branches"] == []
    assert good["mutants"] == known["mutants"] > 5
    assert good["mutants_killed"] == good["mutants"] - len(good["survivors"])
    assert good["mutants_killed"] > known["mutants_killed"] > 0


def test_the_summary_counts_and_has_ranges(covet, codebase, candidates, tmp_path) -> None:
    file = candidates(row(GOOD), row(WRONG), row(GOOD))

    done = covet(
        "score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out", "--json"
    )
    summary = msgspec.json.decode(done.stdout)

    assert summary["statuses"] == {"ok": 2, "failed": 1}
    assert summary["coverage_increase_rate"]["value"] == pytest.approx(2 / 3)
    assert summary["coverage_increase_rate"]["n"] == 1


def test_what_a_candidate_earned_is_explained_with_the_mutants_that_it_lets_live(
    covet, codebase, candidates, tmp_path
) -> None:
    weak = GOOD.replace("== 1", "is not None").replace("== 9", "is not None")
    file = candidates(row(GOOD), row(weak), row(WRONG))
    asked = ("--explain", "0", "--explain", "1", "--explain", "2")
    score = ("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")

    done = covet(*score, *asked)
    told = [
        msgspec.json.decode(line)
        for line in (tmp_path / "out/rewards.jsonl").read_bytes().splitlines()
    ]
    again = covet(*score, *asked, "--resume", "--json")

    assert done.returncode == 0, done.stderr
    assert told[0]["reward"] > 0.5 > told[1]["reward"] == told[2]["reward"] == 0
    assert "refused by least_asserts" in done.stdout
    assert "a candidate that does not pass earns nothing" in done.stdout
    survivors = executions(tmp_path / "out")[0]["survivors"]
    assert all(f"    {name}\n" in done.stdout for name in survivors)
    assert done.stdout.count("      +") >= len(survivors) > 0
    summary = msgspec.json.decode(again.stdout)
    assert summary["refused"] == {"least_asserts": 1}
    assert summary["explained"] == told
    assert summary["reward"] == pytest.approx(told[0]["reward"] / 3)


def test_a_candidate_to_explain_that_is_not_there_is_named(
    covet, codebase, candidates, tmp_path
) -> None:
    file = candidates(row(GOOD))
    score = ("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")

    done = covet(*score, "--explain", "1")

    assert done.returncode == 2
    assert "has 1 candidates, numbered from 0" in done.stderr


def test_gzipped_candidates_and_extra_keys_are_read(covet, codebase, tmp_path) -> None:
    path = tmp_path / "candidates.jsonl.gz"
    path.write_bytes(gzip.compress(row(GOOD, verdict="good", run=3).encode()))

    done = covet("score", "--codebase", codebase, "--candidates", path, "--out", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert executions(tmp_path / "out")[0]["status"] == "ok"


def test_resume_keeps_what_was_graded_and_refuses_another_input(
    covet, codebase, candidates, tmp_path
) -> None:
    out = tmp_path / "out"
    score = ("score", "--codebase", codebase, "--candidates")
    whole = candidates(row(GOOD), row(WRONG))
    covet(*score, whole, "--out", out)
    first, _ = (out / "executions.jsonl").read_text().splitlines()
    (out / "executions.jsonl").write_text(first.replace('"detail":""', '"detail":"kept"') + "\n{")

    again = covet(*score, whole, "--out", out)
    resumed = covet(*score, whole, "--out", out, "--resume")
    other = covet(*score, candidates(row(GOOD)), "--out", out, "--resume")

    assert again.returncode == 2
    assert "--resume" in again.stderr
    assert resumed.returncode == 0, resumed.stderr
    assert executions(out)[0]["detail"] == "kept"
    assert [line["status"] for line in executions(out)] == ["ok", "failed"]
    assert other.returncode == 2
    assert "another" in other.stderr


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ('{"file": "shop/prices.py"}', "line 1"),
        ("not json", "line 1"),
        ("", "no candidates"),
        (row(GOOD).replace('"last_line": 6', '"last_line": 60'), "no segment"),
        (row(GOOD).replace("shop/prices.py", "shop/gone.py"), "shop/gone.py"),
        (row(GOOD).replace("shop/prices.py", "../../etc/passwd"), "outside"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_graded(
    covet, codebase, candidates, tmp_path, bad, words
) -> None:
    done = covet(
        "score", "--codebase", codebase, "--candidates", candidates(bad), "--out", tmp_path / "out"
    )

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "summary.json").exists()


HOSTILE = {
    "surrogates": 'def test_a():\n    assert False, "\\ud800"\n',
    "rights": "import os, tempfile\nfrom shop.prices import clamp\n\ndef test_low():\n"
    "    assert clamp(0, 1, 9) == 1\n    os.chmod(tempfile.gettempdir(), 0)\n",
    "nonsense": "import os\n\ndef test_a():\n"
    "    os.write(3, b'[\"covered\", []]\\n')\n    assert 0\n",
    "not syntax": "raise RuntimeError('not a SyntaxError at all')\n\ndef test_a():\n    pass\n",
}


def test_hostile_candidates_lose_no_row_and_are_no_fault_of_ours(
    covet, codebase, candidates, tmp_path
) -> None:
    out = tmp_path / "out"
    file = candidates(*map(row, HOSTILE.values()), row(GOOD))

    done = covet("score", "--codebase", codebase, "--candidates", file, "--out", out)
    surrogates, rights, nonsense, not_syntax, good = executions(out)

    assert done.returncode == 0, done.stderr
    assert [surrogates["status"], nonsense["status"]] == ["failed", "forged"]
    assert not_syntax["status"] == "error"
    assert good["status"] == rights["status"] == "ok"
    assert rights["mutants_killed"] > 0


@pytest.mark.parametrize("spelling", ["./shop/prices.py", "shop/../shop/prices.py"])
def test_a_file_is_the_same_however_its_path_is_spelled(
    covet, codebase, candidates, tmp_path, spelling
) -> None:
    file = candidates(row(KNOWN).replace("shop/prices.py", spelling))

    covet("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")
    (line,) = executions(tmp_path / "out")

    assert (line["file"], line["status"], line["new_lines"]) == ("shop/prices.py", "ok", [])


@pytest.mark.parametrize("name", ["loop.py", "broken.py", "README.md", "a\\u0000b.py"])
def test_a_file_that_is_no_readable_python_is_named_before_anything_is_written(
    covet, codebase, candidates, tmp_path, name
) -> None:
    (codebase / "loop.py").symlink_to("loop.py")
    (codebase / "broken.py").write_text("def f(:\n")
    (codebase / "README.md").write_text("no ` python\n")
    file = candidates(row(GOOD).replace("shop/prices.py", name))

    done = covet("score", "--codebase", codebase, "--candidates", file, "--out", tmp_path / "out")

    assert done.returncode == 2
    assert "candidate 0" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_made_is_one_sentence(
    covet, codebase, candidates, tmp_path
) -> None:
    (tmp_path / "file").touch()
    file = candidates(row(GOOD))

    done = covet(
        "score",
        *(
            "--codebase",
            codebase,
            "--candidates",
            file,
            "--out",
            tmp_path / "file" / "out",
            "--json",
        ),
    )

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "error" in msgspec.json.decode(done.stdout)


def test_a_missing_option_is_one_json_object(covet, codebase) -> None:
    done = covet("score", "--codebase", codebase, "--json")

    assert done.returncode == 2
    assert msgspec.json.decode(done.stdout)["error"]["type"] == "UsageError"


def test_what_went_wrong_is_told_without_the_frames_of_the_runner(
    covet, codebase, candidates, tmp_path
) -> None:
    covet(
        *("score", "--codebase", codebase, "--candidates", candidates(row(WRONG))),
        *("--out", tmp_path / "out"),
    )
    (line,) = executions(tmp_path / "out")

    assert "assert clamp(0, 1, 9) == 2" in line["detail"]
    assert "_pytest" not in line["detail"]
    assert "pluggy" not in line["detail"]
