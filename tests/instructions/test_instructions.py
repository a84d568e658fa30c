"""Small rows of the published shapes, and what comes of them."""

import base64
import gzip
import json
import os
import pickle
import zlib
from pathlib import Path

import pytest

from covet import config
from covet.errors import DataError
from covet.execute.programs import open_programs
from covet.instructions import Report, lint, read_rows, read_task
from covet.instructions.dataset import read_examples, write_examples
from covet.instructions.encoded import unpack
from covet.instructions.lint import read_tasks, split_tasks
from covet.instructions.overlap import Overlap
from covet.instructions.schemas import Refusal, Task
from covet.instructions.shown import mark_shown
from covet.records import Case, InstructionExample

DOUBLE = "n = int(input())\nprint(2 * n)\n"
TACO = {
    "question": "Double the number.\n\nInput\n3\nOutput\n6",
    "solutions": json.dumps([DOUBLE]),
    "input_output": json.dumps({"inputs": ["3\n", "4\n"], "outputs": ["6\n", "8\n"]}),
    "time_limit": "2.0 seconds",
    "memory_limit": "256.0 megabytes",
}
CALLS = {
    "problem_id": 7,
    "question": "Write f that doubles.",
    "solutions": json.dumps(["def f(n):\n    return 2 * n\n"]),
    "input_output": json.dumps({"fn_name": "f", "inputs": [[3]], "outputs": [[6]]}),
}
CONTEST = {
    "name": "double",
    "description": "Double the number.",
    "public_tests": {"input": ["3\n"], "output": ["6\n"]},
    "private_tests": {"input": ["4\n"], "output": ["8\n"]},
    "generated_tests": {"input": [], "output": []},
    "solutions": {"language": [2, 3], "solution": ["int main() {}", DOUBLE]},
    "time_limit": {"seconds": 1, "nanos": 500_000_000},
    "memory_limit_bytes": 256 << 20,
}


def packed(text: str) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(text))).decode()


LIVE = {
    "question_id": "a1",
    "question_content": "Double the number.",
    "public_test_cases": json.dumps([{"input": "3\n", "output": "6\n", "testtype": "stdin"}]),
    "private_test_cases": packed(
        json.dumps([{"input": "4\n", "output": "8\n", "testtype": "stdin"}])
    ),
    "starter_code": "",
    "metadata": "{}",
}
UTRL = {
    "problem_statement": "Double the number.",
    "gt_test_cases": [{"input": "3", "output": "6"}],
    "sampled_codes": {"m": [f"```python\n{DOUBLE}```"] * 2},
}
MBPP = {
    "task_id": 2,
    "text": "Write a function to double.",
    "code": "def twice(n):\r\n    return 2 * n\r\n",
    "test_list": ["assert twice(3) == 6", "assert twice(4) == 8"],
    "test_setup_code": "",
}


@pytest.mark.parametrize(
    ("row", "schema", "cases", "entry_point", "solutions"),
    [
        (TACO, "taco", [("3\n", "6\n"), ("4\n", "8\n")], "", 1),
        (CALLS, "apps", [("3", "6")], "f", 1),
        (CONTEST, "codecontests", [("3\n", "6\n"), ("4\n", "8\n")], "", 1),
        (LIVE, "livecodebench", [("3\n", "6\n"), ("4\n", "8\n")], "", 0),
        (UTRL, "utrl", [("3", "6")], "", 0),
        (MBPP, "mbpp", [("3", "6"), ("4", "8")], "twice", 1),
    ],
)
def test_rows_of_every_schema_are_read(row, schema, cases, entry_point, solutions):
    task = read_task(row, schema, number=0)
    assert [(case.given, case.expected) for case in task.example.cases] == cases
    assert task.example.entry_point == entry_point
    assert len(task.solutions) == solutions


def test_a_function_may_be_a_method_of_the_class_that_these_datasets_ask_for():
    method = "class Solution:\n    def f(self, n):\n        return 2 * n\n"
    task = read_task(CALLS | {"solutions": json.dumps([method])}, "apps", number=0)
    assert task.example.entry_point == "Solution.f"
    assert task.solutions == (method,)


def test_limits_that_a_schema_gives_are_the_task_s():
    taco = read_task(TACO, "taco", number=0).example.limits
    contest = read_task(CONTEST, "codecontests", number=0).example.limits
    assert (taco.cpu_s, taco.memory_mb) == (2.0, 256)
    assert (contest.cpu_s, contest.memory_mb) == (1.5, 256)


@pytest.mark.parametrize(
    ("row", "schema", "reason"),
    [
        ({}, "taco", "malformed row"),
        (TACO | {"input_output": "{"}, "taco", "malformed row"),
        (TACO | {"question": " "}, "taco", "no instruction"),
        (
            CALLS | {"solutions": json.dumps(["def g(n):\n    return 2 * n\n"])},
            "apps",
            "no such function",
        ),
    ],
)
def test_a_row_that_is_no_task_is_refused_with_a_reason(row, schema, reason):
    with pytest.raises(Refusal, match=reason):
        read_task(row, schema, number=0)


class Harmful:
    def __reduce__(self):
        return os.system, ("false",)


@pytest.mark.parametrize("value", [Harmful(), ["a"], 1])
def test_a_pickle_of_anything_but_a_string_is_refused_and_not_built(value):
    with pytest.raises(ValueError, match="pickle"):
        unpack(base64.b64encode(zlib.compress(pickle.dumps(value))).decode())


def test_a_test_program_that_does_more_than_compare_literals_is_the_case_itself():
    test = "def check(candidate):\n    assert abs(candidate(2) - 4.0) < 1e-6\n"
    row = {"task_id": "h/0", "prompt": "def f(n):\n", "entry_point": "f", "test": test}
    task = read_task(row | {"canonical_solution": "    return 2 * n\n"}, "humaneval", number=0)
    (case,) = task.example.cases
    assert case.kind == "test"
    assert "check(candidate)" in case.given


# -------------------------------------------------------------------------------- reading


def test_files_of_lines_of_a_list_and_zipped_are_read(tmp_path: Path):
    lines = b'{"a": 1}\n\n{"a": 2}\n'
    (tmp_path / "x.jsonl").write_bytes(lines)
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "x.json").write_bytes(b'[{"a": 1}, {"a": 2}]')
    for name in ("x.jsonl", "x.jsonl.gz", "x.json"):
        assert list(read_rows(str(tmp_path / name))) == [{"a": 1}, {"a": 2}]


def test_parquet_is_read_through_datasets(tmp_path: Path):
    datasets = pytest.importorskip("datasets", reason="needs datasets: pip install 'covet[data]'")
    path = tmp_path / "rows.parquet"
    datasets.Dataset.from_list([UTRL]).to_parquet(str(path))
    (row,) = read_rows(str(path))
    assert read_task(row, "utrl", number=0).sampled == {"m": tuple(UTRL["sampled_codes"]["m"])}


@pytest.mark.parametrize(("content", "told"), [(b"{\n", "line 1"), (b"{}\n3\n", "line 2")])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, content: bytes, told: str):
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(DataError, match=told):
        list(read_rows(str(tmp_path / "x.jsonl")))


# ---------------------------------------------------------------------------------- checks


def instruction(name: str, text: str, *cases: Case, **more: str) -> Task:
    solution = more.pop("solution", DOUBLE)
    example = InstructionExample(name, text, "", solution, cases, "train", **more)
    return Task(example, (solution,) if solution else ())


GOOD, WRONG = Case("stdio", "3\n", "6\n"), Case("stdio", "3\n", "7\n")


def test_every_filter_counts_what_it_leaves_out():
    settings = config.parse({"sandbox": {"workers": 1}}, origin="a test")
    words = " ".join(f"word{number}" for number in range(20))
    sometimes = "import random\nprint(random.random())\n"
    tasks = [
        instruction("good", "Double the number", GOOD),
        instruction("empty", "Nothing to check"),
        instruction("alone", "No program", GOOD, solution=""),
        instruction("again", "double  THE number\n", GOOD),
        instruction("leaked", f"{words} and more", GOOD),
        instruction("wrong", "Wrong case", WRONG),
        instruction("random", "Random", Case("stdio", "", "0.5\n"), solution=sometimes),
        instruction(
            "bounded",
            "Up to three",
            GOOD,
            Case("stdio", "9\n", "18\n"),
            validator="def valid(given):\n    return int(given) <= 3\n",
        ),
    ]
    report = Report()
    with open_programs(settings) as one, open_programs(settings) as other:
        kept = lint(
            tasks,
            settings.instructions,
            report,
            graders=(one, other),
            others=Overlap([words], n=13),
        )
    assert [task.example.id for task in kept] == ["good", "bounded"]
    assert [len(task.example.cases) for task in kept] == [1, 1]
    assert report.out == {
        "no cases": 1,
        "no solution in Python": 1,
        "seen before": 1,
        "in the other set": 1,
        "reference fails": 2,
    }
    assert list(report.left.values()) == [7, 6, 5, 4, 4, 2]
    assert report.invalid_inputs == 1


def test_the_first_solution_that_passes_becomes_the_reference():
    settings = config.parse({"sandbox": {"workers": 1}}, origin="a test")
    task = read_task(TACO | {"solutions": json.dumps(["print(6)", DOUBLE])}, "taco", number=0)
    with open_programs(settings) as one, open_programs(settings) as other:
        (kept,) = lint([task], settings.instructions, Report(), graders=(one, other))
    assert kept.example.reference == DOUBLE
    assert [case.shown for case in kept.example.cases] == [True, False]


@pytest.mark.parametrize(
    ("text", "case", "shown"),
    [
        ("Input\n3\nOutput\n6", GOOD, True),
        ("Input\n13\nOutput\n6", GOOD, False),
        ("Input\n3\nOutput\n61", GOOD, False),
        (">>> f('a', 1)\n[2]", Case("call", '"a", 1', "[2]"), True),
        (">>> f('a', 2)\n[2]", Case("call", '"a", 1', "[2]"), False),
    ],
)
def test_cases_that_stand_in_the_instruction_are_marked(text, case, shown):
    entry = "f" if case.kind == "call" else ""
    example = InstructionExample("t", text, entry, "", (case,), "train")
    assert mark_shown(example).cases[0].shown is shown


def test_overlap_is_the_share_of_ngrams_or_all_of_it():
    overlap = Overlap(["one two three four five"], n=3)
    assert overlap.share("One two  THREE four five\n") == 1.0
    assert overlap.share("zero one two three") == 0.5
    assert overlap.share("one two") == 0.0


def test_tasks_are_held_out_by_their_ids_whatever_their_order(tmp_path: Path):
    tasks = [instruction(f"t{n}", f"task {n}", GOOD).example for n in range(10)]
    one, other = (split_tasks(order, heldout=3, seed=1) for order in (tasks, tasks[::-1]))
    assert sorted(one, key=lambda e: e.id) == sorted(other, key=lambda e: e.id)
    write_examples(tmp_path, one)
    assert len(read_examples(tmp_path, split="heldout")) == 3
    assert {e.id for e in read_examples(tmp_path)} == {e.id for e in tasks}


def test_what_a_prompt_defines_beside_its_function_is_there_for_its_tests():
    row = {
        "task_id": "h/1",
        "prompt": "def g(n):\n    return n + 1\n\n\ndef f(n):\n    'less'\n",
        "entry_point": "f",
        "canonical_solution": "  return n - 1\n",
        "test": "def check(candidate):\n    for n in 1, 2:\n        assert candidate(g(n)) == n\n",
    }
    settings = config.parse({"sandbox": {"workers": 1}}, origin="a test")
    task = read_task(row, "humaneval", number=0)
    with open_programs(settings) as one, open_programs(settings) as other:
        report = Report()
        assert lint([task], settings.instructions, report, graders=(one, other)), report.out


# --------------------------------------------------------------------------------- recorded


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("path", "schema", "count", "least_calls"),
    [
        ("humaneval/HumanEval.jsonl.gz", "humaneval", 164, 100),
        ("mbpp/mbpp_sanitized.jsonl.gz", "mbpp", 427, 250),
    ],
)
def test_recorded_sets_are_read_whole(path, schema, count, least_calls):
    folder = os.environ.get("COVET_TEST_DATA")
    if not folder or not (Path(folder) / path).exists():
        pytest.skip("needs COVET_TEST_DATA, a folder with humaneval/ and mbpp/")
    report = Report()
    tasks = read_tasks(read_rows(str(Path(folder) / path)), schema, report)
    assert len(tasks) == count
    assert report.out == {}
    assert sum(task.example.cases[0].kind == "call" for task in tasks) >= least_calls
