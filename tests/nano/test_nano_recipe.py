import random

import pytest

from recipes.nano.__main__ import CODEBASE_SEED, DATA_SEED
from recipes.nano.data import (
    bundled_forms,
    make_pairs,
    read_pairs,
    render_completion,
    render_prompt,
    write_pairs,
)
from recipes.nano.draw import Draw
from recipes.nano.families import HELD_OUT, TRAINING
from recipes.nano.functions import (
    Case,
    Function,
    Suite,
    lines_run,
    make_function,
    make_suite,
    normal_form,
)

SAMPLE = 1500

JOB_REZE = """def job_reze(n):
    if n > 18:
        return 18
    if n < 11:
        return 11
    return n
"""
PROMPT = """+def job_reze(n):
+    if n > 18:
+        return 18
+    if n < 11:
+        return 11
+    return n
# tests
def test_job_reze_1():
    assert job_reze(11) == 11
# new
"""
COMPLETION = """# return 18
def test_job_reze_2():
    assert job_reze(20) == 18
"""


@pytest.fixture(scope="module")
def stream():
    return make_pairs(DATA_SEED, SAMPLE, excluded=bundled_forms(CODEBASE_SEED))


def run_test(source: str, test: str) -> frozenset[int]:
    """Run a test of a function, and return the function's lines that ran."""
    namespace = {"pytest": pytest}
    exec(source, namespace)
    exec(test, namespace)
    (name,) = (key for key in namespace if key.startswith("test_"))
    focal = namespace[source.split("(")[0].removeprefix("def ")]
    _, raised, lines = lines_run(focal.__code__, namespace[name])
    assert not raised, (source, test, raised)
    return lines


def test_27_families_train_and_5_are_held_out():
    assert len(TRAINING) == 27
    assert len(HELD_OUT) == 5
    assert not TRAINING.keys() & HELD_OUT.keys()
    assert not set(TRAINING.values()) & set(HELD_OUT.values())


@pytest.mark.parametrize("name", sorted({**TRAINING, **HELD_OUT}))
def test_each_family_makes_functions_whose_every_line_can_run(name):
    """Over several draws of arguments; a line that none reaches would be no fair aim."""
    draw, missed = Draw(5), 0
    families = {**TRAINING, **HELD_OUT}
    for _ in range(60):
        function = make_function(draw, {name: families[name]})
        ran = frozenset[int]().union(*(case.lines for case in function.cases))
        lines = function.source.rstrip("\n").split("\n")[1:]
        silent = ("else:", '"""')
        wanted = {i for i, line in enumerate(lines, 2) if not line.strip().startswith(silent)}
        missed += bool(wanted - ran)
    assert missed < 30


def test_pairs_depend_on_the_seed_alone(stream):
    random.seed(99)
    again = make_pairs(DATA_SEED, 200, excluded=bundled_forms(CODEBASE_SEED))
    assert again.pairs == stream.pairs[:200]
    other = make_pairs(DATA_SEED + 1, 200, excluded=bundled_forms(CODEBASE_SEED))
    assert other.pairs != again.pairs


def test_every_training_family_is_in_the_stream(stream):
    assert {pair.family for pair in stream.pairs} == TRAINING.keys()


def test_no_bundled_function_is_in_the_stream(stream):
    bundled = bundled_forms(CODEBASE_SEED)
    assert stream.dropped > 0
    assert not any(normal_form(pair.source) in bundled for pair in stream.pairs)


def test_normal_form_strips_name_and_docstring_and_nothing_else():
    plain = "def f(x):\n    return x\n"
    assert normal_form(plain) == normal_form('def g(x):\n    """Say."""\n    return x\n')
    assert normal_form(plain) != normal_form("def f(y):\n    return y\n")


def test_every_completion_is_a_passing_test_that_runs_the_line_it_names(stream):
    for pair in stream.pairs[:500]:
        plan, test = pair.completion.split("\n", 1)
        lines = run_test(pair.source, test)
        source = pair.source.split("\n")
        assert plan.removeprefix("# ") in {source[number - 1].strip() for number in lines}


def test_about_15_percent_of_the_assertions_are_weak(stream):
    marks = ("is not None", "isinstance(", "raises(Exception)")
    tests = [pair.completion.split("\n", 1)[1] for pair in stream.pairs]
    share = sum(any(mark in test for mark in marks) for test in tests) / len(tests)
    assert 0.10 < share < 0.18


def test_prompt_and_completion_are_the_documented_text():
    seen = Case("job_reze(20)", 18, "", frozenset({2, 3}))
    function = Function("clamp", "job_reze", JOB_REZE, (seen,))
    existing = "def test_job_reze_1():\n    assert job_reze(11) == 11\n"
    suite = Suite((existing,), frozenset({2, 4, 6}), (seen,))
    assert render_prompt(function, suite) == PROMPT
    written = {
        render_completion(Draw(seed), function, suite=suite, case=seen) for seed in range(30)
    }
    assert COMPLETION in written


def test_a_suite_leaves_a_line_unless_it_may_be_full():
    draw = Draw(8)
    for _ in range(300):
        suite = make_suite(draw, make_function(draw, TRAINING))
        assert suite.open_cases


def test_pairs_survive_their_file(tmp_path, stream):
    write_pairs(tmp_path / "pairs.jsonl", stream.pairs[:50])
    assert list(read_pairs(tmp_path / "pairs.jsonl")) == stream.pairs[:50]
