"""Several policies side by side, from rows that are written here."""

import csv
import io
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from covet.config import Evaluate
from covet.evaluate.board import Told, as_csv, as_json, make_board
from covet.evaluate.metrics import ALL
from covet.evaluate.rows import Sample, TaskRow, path_of
from covet.evaluate.seen import Seen, leaks, seen_by
from covet.evaluate.tables import as_markdown, as_table, remarks, sheets
from covet.languages.python import PYTHON
from covet.mine.baseline import SuiteReport
from covet.mine.dataset import Dataset, Report, write
from covet.records import Span
from covet.runlog import append_jsonl, decode, encode

GOOD = Sample("def test_a(): ...\n", "ok", 0.9, "", (3,), ("3:a:0",), (), 2, 0.8, False, 1.0, ())
WEAK = replace(GOOD, killed=(), asserts=0.1, weak=True, real=0.5, refused=("checks_nothing: x",))
FORGED = Sample("x", "forged", 0.0, refused=())
BROKEN = Sample("def", "syntax", 0.0, refused=())
FLAKY = Sample("y", "unstable", 0.0, refused=())


def row(*samples, name="a", task="a.py::f", repaired=(), **more):
    return TaskRow(
        evaluation=name,
        example_id=task,
        policy=name,
        version=0,
        split="heldout",
        path=task.partition("::")[0],
        qualname="f",
        span=Span(1, 9),
        source="def f(): ...\n",
        executable=(2, 3),
        baseline=(2,),
        mutants={"3:a:0": "-a\n+b\n", "3:b:0": "-a\n+c\n"},
        samples=samples,
        repaired=repaired,
        **more,
    )


@pytest.fixture
def board(tmp_path):
    def make(*rows, tasks=1, told=None, against="a", **options):
        for one in rows:
            path = path_of(tmp_path, one.evaluation)
            path.parent.mkdir(exist_ok=True)
            append_jsonl(path, one)
        names = told or {name: Told(name) for name in dict.fromkeys(one.evaluation for one in rows)}
        return make_board(
            tmp_path,
            names,
            against=against,
            tasks={"heldout": tasks},
            settings=Evaluate(bootstrap=20),
            **options,
        )

    return make


def value(board, name, place=0):
    found = board.lines[place].written["heldout"].measures[name]
    return found.value if found.n else None


def test_each_measure_is_what_its_name_says(board):
    made = board(row(GOOD, WEAK, FORGED, BROKEN, FLAKY, killed_before=("3:b:0",)))
    assert value(made, "pass_rate") == pytest.approx(2 / 5)
    assert value(made, "cheat_rate") == pytest.approx(2 / 5)  # one asks nothing, one is forged
    assert value(made, "refused_rate") == pytest.approx(2 / 5)
    assert value(made, "flake_rate") == pytest.approx(1 / 3)
    assert value(made, "assertions") == pytest.approx((0.8 + 0.1) / 2)
    assert value(made, "weak_share") == pytest.approx(1 / 2)
    assert value(made, "without_mocks") == pytest.approx(0.75)
    assert value(made, "marginal_kills@3") == pytest.approx(0.6)  # of one mutant, one of five kills
    assert value(made, "mutation_score@3") == pytest.approx(0.3)


def test_a_test_that_is_of_no_use_is_refused_and_no_cheat(board):
    made = board(row(replace(GOOD, refused=("adds_nothing: no line",)), GOOD))
    assert value(made, "cheat_rate") == 0.0
    assert value(made, "refused_rate") == pytest.approx(1 / 2)


def test_mending_that_changes_nothing_is_counted_and_no_column(board):
    made = board(row(BROKEN, repaired=((0, replace(BROKEN, repairs=("imports",))),)))
    assert made.lines[0].mended == {}
    assert "a: form mended in samples: imports 1; none of them fares otherwise for it" in remarks(
        made
    )


def test_what_rows_of_earlier_versions_do_not_tell_is_not_measured(board):
    old = decode(encode(row(Sample("a", "ok", 1.0), Sample("b", "ok", 1.0))), TaskRow)
    made = board(old)
    names = {name for name in ALL if value(made, name) is not None}
    assert names == {"pass_rate", "coverage_increase_rate", "diversity", "flake_rate"}


def test_a_kill_that_the_existing_tests_make_too_is_nothing_new(board):
    made = board(row(GOOD, killed_before=("3:a:0",)), row(GOOD, name="b", killed_before=()))
    reached = [line.written["heldout"].funnel["kills"] for line in made.lines]
    assert reached == [0, 1]


def test_changes_are_paired_with_the_policy_that_is_named(board):
    made = board(
        row(BROKEN, BROKEN, BROKEN),
        row(GOOD, GOOD, BROKEN, name="b"),
        row(GOOD, name="b", task="a.py::g"),
        tasks=2,
    )
    change = made.lines[1].written["heldout"].change["pass_rate"]
    assert change.value == pytest.approx(2 / 3)
    assert change.n == 1
    assert made.lines[0].written["heldout"].change == {}


def test_samples_are_counted_as_written_and_as_mended(board):
    mended = replace(GOOD, repairs=("fences", "imports"))
    made = board(row(BROKEN, GOOD, repaired=((0, mended),)))
    (line,) = made.lines
    assert line.written["heldout"].measures["pass_rate"].value == pytest.approx(1 / 2)
    assert line.mended["heldout"].measures["pass_rate"].value == 1.0
    assert line.mended["heldout"].change["pass_rate"].value == pytest.approx(1 / 2)
    assert line.repairs == {"fences": 1, "imports": 1}
    assert "a: form mended in samples: fences 1, imports 1" in remarks(made)


def test_what_is_missing_is_said(board):
    told = {"a": Told("a"), "b": Told("b", why="no server"), "c": Told("c", why="the budget ends")}
    made = board(row(GOOD), row(GOOD, name="c"), tasks=2, told=told)
    assert [line.status for line in made.lines] == ["incomplete", "absent", "incomplete"]
    assert not made.is_whole
    words = "\n".join(remarks(made))
    assert "b is absent: no server" in words
    assert "c is incomplete, 1 tasks are missing: the budget ends" in words
    assert "1 tasks with fewer than three samples, left out of every measure @3" in words
    assert "no server" not in as_markdown(made)  # which others read


def test_a_leak_makes_the_scorecard_no_whole_one(board):
    told = {"a": Told("a", seen=Seen(3, ("a.py: training had tasks of this file",)))}
    made = board(row(GOOD), told=told)
    assert not made.is_whole
    assert any(remark.startswith("a LEAKS: a.py") for remark in remarks(made))


def test_what_was_spent_is_the_sum_of_the_rows(board):
    made = board(
        row(GOOD, GOOD, tokens=(100.0, 20.0), cost=0.5, sample_s=2.0),
        row(GOOD, task="b.py::g", tokens=(10.0, 2.0), cost=0.25, sample_s=1.0),
        tasks=2,
    )
    spent = made.lines[0].written["heldout"].spent
    assert (spent.prompt_tokens, spent.completion_tokens, spent.cost) == (110.0, 22.0, 0.75)
    assert spent.sample_s == 3.0
    assert list(made.lines[0].written["heldout"].files) == ["a.py", "b.py"]


HOSTILE = "x|<script>\n[red]"


def test_every_form_of_the_result_holds_every_policy_and_measure(board):
    told = {"a": Told(HOSTILE), "b": Told("b")}
    made = board(row(GOOD, GOOD, GOOD), row(BROKEN, BROKEN, BROKEN, name="b"), told=told)

    machine = msgspec.json.decode(encode(as_json(made)))
    assert list(machine["rows"]) == ["a", "b"]
    measures = machine["rows"]["b"]["written"]["heldout"]["measures"]
    assert set(measures) == set(ALL)
    assert "tasks" not in machine  # which a model's card takes for a run's own

    table = list(csv.DictReader(io.StringIO(as_csv(made))))
    assert {(line["policy"], line["measure"]) for line in table} == {
        (name, measure) for name in ("a", "b") for measure in ALL
    }

    shown = io.StringIO()
    for sheet in sheets(made):
        Console(file=shown, width=160).print(as_table(sheet))
    assert "100.0 [100.0, 100.0]" in shown.getvalue()
    assert "-100.0 [-100.0, -100.0] (1)" in shown.getvalue()

    markdown = as_markdown(made)
    assert "| pass_rate | 100.0 [100.0, 100.0] | 0.0 [0.0, 0.0] |" in markdown
    assert "<script>" not in markdown


# --------------------------------------------------------------------------------------- leaks


LONG = "\n".join(f"    value = value * {n} + low if value > {n} else high" for n in range(12))


def of(example, *, path, qualname, tests=(), test_file=""):
    source = f"def {qualname}(value, low, high):\n{LONG}\n    return value\n"
    function = replace(example.function, path=path, qualname=qualname, source=source)
    return replace(example, function=function, tests=tests, test_file=test_file, similar=())


def test_a_file_a_near_copy_and_a_test_of_the_held_out_side_are_leaks(examples):
    clamp = examples[0]
    held = of(clamp, path="a.py", qualname="f", tests=clamp.tests)
    found = "\n".join(
        leaks(
            [held],
            [
                of(clamp, path="a.py", qualname="g"),
                of(clamp, path="b.py", qualname="f2", test_file=clamp.test_file),
            ],
            language=PYTHON,
            near=0.8,
        )
    )
    assert "a.py: training had tasks of this file" in found
    assert "a.py::f: training had a near copy" in found
    assert clamp.tests
    assert f"training was shown its test {clamp.test_path}" in found


def test_other_files_functions_and_tests_are_no_leaks(examples):
    clamp, discount = examples
    other = replace(discount.function, path="c.py")
    shown = replace(discount, function=other, test_file="", similar=())
    assert not list(leaks([clamp], [shown], language=PYTHON, near=0.8))


def dataset_report(root, examples):
    return Report(
        codebase=str(root),
        within="",
        functions=examples,
        files={"train": examples},
        examples={"train": examples},
        removed=0,
        dropped={},
        links={},
        untested=0,
        near=(),
        checked=0,
        differing={},
        unfit=(),
        secrets=(),
        unreadable={},
        passed_over=0,
        not_imported={},
        suite=SuiteReport(),
        seed=0,
        heldout=0.2,
        reserved=(),
        gaps_only=False,
    )


def test_a_model_is_held_against_what_its_run_and_those_before_it_were_shown(examples, tmp_path):
    first, second = tmp_path / "warmup", tmp_path / "train"
    demonstration = {"prompt": {"example_id": "x"}, "split": "train"}
    for run, model, name, row in (
        (first, "nano", "demonstrations.jsonl", demonstration),
        (second, str(first / "model"), "rollouts.jsonl", {"example_id": "y"}),
    ):
        (run / "model").mkdir(parents=True)
        (run / "covet.toml").touch()
        manifest = {"model": model, "tasks": str(tmp_path / "tasks")}
        (run / "manifest.json").write_bytes(encode(manifest))
        append_jsonl(run / name, row)
    clamp, discount = examples
    shown = [
        replace(clamp, id="x", split="train"),
        replace(of(discount, path="other.py", qualname="g"), id="y", split="train"),
        replace(of(discount, path="never.py", qualname="h"), id="z", split="train"),
    ]
    write(Dataset(tuple(shown), dataset_report(tmp_path, 3)), {}, tmp_path / "tasks")
    found = seen_by(str(second / "model"), [clamp], language=PYTHON, near=0.8)
    assert found.tasks == 2
    assert f"{clamp.function.path}: training had tasks of this file" in found.leaks


def test_of_a_model_that_no_run_made_nothing_is_known(examples, tmp_path):
    found = seen_by(str(tmp_path), examples, language=PYTHON, near=0.8)
    assert found.tasks is None
    assert "not known" in found.why
