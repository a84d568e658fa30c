"""``covet eval scorecard`` on a tiny codebase, with recorded candidates and a model server."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from covet.cli import main
from tests.cli.conftest import CODE, TESTS
from tests.standin import Standin, Written

GOOD = """\
from shop.prices import clamp

def test_low():
    assert clamp(0, 1, 9) == 1
"""
WRONG = "from shop.prices import clamp\n\ndef test_low():\n    assert clamp(0, 1, 9) == 2\n"
PROSE = "Here is a test:\n\ndef test_high():\n    assert clamp(10, 1, 9) == 9\n"
QUICK = (
    "--set",
    "sandbox.workers=1",
    "--set",
    "execute.mutants=4",
    "--set",
    "evaluate.bootstrap=9",
)


Run = Callable[..., SimpleNamespace]


def called(*arguments: str | Path) -> SimpleNamespace:
    """As the command would be, in this process, which has loaded what it needs."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return SimpleNamespace(returncode=done.exit_code, stdout=done.stdout, stderr=done.stderr)


@pytest.fixture
def covet() -> Run:
    return called


@pytest.fixture(scope="module")
def codebase(tmp_path_factory):
    root = tmp_path_factory.mktemp("mined") / "codebase"
    (root / "shop").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "shop" / "__init__.py").touch()
    (root / "shop" / "prices.py").write_text(CODE)
    (root / "tests" / "test_prices.py").write_text(TESTS)
    return root


@pytest.fixture(scope="module")
def tasks(codebase):
    options = ("--set", "mine.variants=0", "--set", "mine.reserved=['shop/*']")
    done = called("mine", codebase, "--out", codebase.parent / "tasks", *options)
    assert done.returncode == 0, done.stderr
    return codebase.parent / "tasks"


@pytest.fixture
def recorded(tmp_path):
    def write(*texts, name="texts.jsonl"):
        place = {"file": "shop/prices.py", "first_line": 2, "last_line": 5}
        path = tmp_path / name
        path.write_text("".join(json.dumps(place | {"completion": one}) + "\n" for one in texts))
        return path

    return write


def measures(done, name, *, form="written", split="reserved"):
    told = json.loads(done.stdout)["rows"][name][form][split]["measures"]
    return {name: found["value"] for name, found in told.items() if found["n"]}


def test_policies_stand_side_by_side_and_only_what_is_missing_is_run(
    covet, tasks, recorded, tmp_path
):
    out = ("--out", tmp_path / "run", "--json")
    first = covet(
        "eval", "scorecard", tasks, "--policy", f"old={recorded(GOOD, WRONG, PROSE)}", *QUICK, *out
    )
    assert first.returncode == 0, first.stderr
    assert measures(first, "old")["pass_rate"] == pytest.approx(1 / 3)
    assert measures(first, "old", form="mended")["pass_rate"] == pytest.approx(2 / 3)
    row = json.loads(first.stdout)["rows"]["old"]
    assert row["repairs"] == {"prose": 1, "imports": 1}
    assert row["status"] == "complete"
    lines = (tmp_path / "run/evaluations/old.jsonl").read_bytes()

    def write(_model, _prompt, _body):
        text = f"```python\n{GOOD}```"
        return Written([], [], text, "stop")

    with Standin(kind="plain", write=write) as server:
        both = (
            "--policy", f"old={tmp_path / 'texts.jsonl'}", "--policy", f"new={server.url}#m",
        )  # fmt: skip
        again = covet("eval", "scorecard", tasks, *both, "--resume", *out)
        assert again.returncode == 0, again.stderr
        asked = len(server.bodies())
        assert covet("eval", "scorecard", tasks, *both, "--resume", *out).returncode == 0
        assert len(server.bodies()) == asked == 4
    assert measures(again, "new")["pass_rate"] == 1.0
    assert measures(again, "old") == measures(first, "old")
    assert (tmp_path / "run/evaluations/old.jsonl").read_bytes() == lines
    spent = json.loads(again.stdout)["rows"]["new"]["written"]["reserved"]["spent"]
    assert spent["prompt_tokens"] > 0
    for name in ("scorecard.json", "scorecard.csv", "scorecard.md"):
        assert "new" in (tmp_path / "run" / name).read_text()


def test_a_budget_is_kept_and_a_policy_that_fails_keeps_no_other_from_being_tried(
    covet, tasks, recorded, tmp_path
):
    with Standin(kind="plain") as server:
        done = covet(
            "eval", "scorecard", tasks, *QUICK, "--json", "--out", tmp_path / "run",
            "--policy", f"dear={server.url}#m", "--policy", "gone=http://127.0.0.1:9/v1#m",
            "--policy", f"old={recorded(GOOD)}", "--budget-tokens", "600",
            "--set", "policy.retries=0",
        )  # fmt: skip
        assert server.bodies() == []
    assert done.returncode == 1
    rows = json.loads(done.stdout)["rows"]
    assert rows["dear"]["status"] == "absent"
    assert "budget of 600 tokens" in rows["dear"]["why"]
    assert rows["old"]["status"] == "complete"
    assert measures(done, "old")["pass_rate"] == 1.0
    assert "coverage_increase_rate@3" not in measures(done, "old")


def test_a_coverage_report_stands_in_the_place_of_what_was_measured(
    covet, codebase, recorded, tmp_path
):
    report = tmp_path / "lcov.info"
    report.write_text("SF:shop/prices.py\nDA:2,1\nDA:3,1\nDA:4,1\nDA:5,0\nend_of_record\n")
    done = covet(
        "eval", "scorecard", "--segments", codebase, recorded(GOOD, GOOD, GOOD), *QUICK, "--json",
        "--policy", f"old={tmp_path / 'texts.jsonl'}", "--baseline", report,
        "--out", tmp_path / "run",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = measures(done, "old", split="heldout")
    assert found["pass_rate"] == 1.0
    assert found["coverage_increase_rate"] == 0.0
    assert "new_branches_increase@3" not in found
    assert "marginal_kills@3" not in found


def test_pynguin_that_is_not_to_be_had_is_absent_in_words(covet, tasks, tmp_path):
    done = covet(
        "eval", "scorecard", tasks, *QUICK, "--policy", "search=pynguin:1",
        "--pynguin-python", tmp_path / "no-python", "--out", tmp_path / "run",
    )  # fmt: skip
    assert done.returncode == 1
    assert "search is absent: Pynguin is not to be had" in done.stdout


def test_a_dry_run_tells_what_would_be_asked_and_leaves_nothing(covet, tasks, tmp_path):
    done = covet(
        "eval", "scorecard", tasks, "--policy", "a=http://127.0.0.1:9/v1#m", "--dry-run", "--json",
        "--set", "policy.price_out=1000", "--out", tmp_path / "run",
    )  # fmt: skip
    (plan,) = json.loads(done.stdout)["plan"]
    assert plan["tasks"] == 1
    assert plan["samples"] == 4
    assert plan["cost"] >= 4 * 512 * 1000 / 1e6
    assert not (tmp_path / "run").exists()


def test_a_name_stands_for_one_policy_in_a_run(covet, tasks, recorded, tmp_path):
    out = ("--out", tmp_path / "run")
    covet("eval", "scorecard", tasks, *QUICK, "--policy", f"a={recorded(GOOD)}", *out)
    other = recorded(WRONG, name="other.jsonl")
    done = covet("eval", "scorecard", tasks, "--policy", f"a={other}", "--resume", *out)
    assert done.returncode == 2
    assert "a was another policy there" in done.stderr
    again = covet("eval", "scorecard", tasks, *QUICK, "--policy", f"a={other}", *out)
    assert again.returncode == 2
    assert "a run is already there" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no tasks"),
        (["nowhere", "--policy", "a=nano"], "not a dataset"),
        (["{tasks}"], "no policy to try"),
        (["{tasks}", "--policy", "a=nano", "--against", "b"], "no policy of that name"),
        (["{tasks}", "--policy", "a=nano", "--baseline", "nowhere"], "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_run(
    covet, tasks, tmp_path, arguments, words
):
    told = [argument.format(tasks=tasks) for argument in arguments]
    done = covet("eval", "scorecard", *told, "--out", tmp_path / "run")
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "run").exists()


def test_tasks_of_which_none_is_held_out_are_refused_before_a_run_is_begun(
    covet, codebase, tmp_path
):
    made = covet("mine", codebase, "--out", tmp_path / "tasks", "--set", "mine.heldout=0")
    done = covet(
        "eval", "scorecard", tmp_path / "tasks", "--policy", "one=nano", "--out", tmp_path / "run"
    )

    assert "mine.heldout=1 holds out all" in made.stdout
    assert done.returncode == 2
    assert "mine it anew with --set mine.heldout=1" in done.stderr
    assert not (tmp_path / "run").exists()
