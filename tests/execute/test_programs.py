"""Solutions × cases → matrices, in the sandbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from covet import config
from covet.errors import EnvironmentNotReady, UsageError
from covet.execute.programs import ProgramGrader, ProgramJob, open_programs
from covet.records import Case, Comparison, InstructionExample, PassMatrix, ProgramLimits, Solution
from covet.reward.suites import Judgement, suite_reward
from covet.sandbox.base import Answer, Trial, WorkerSpec
from covet.sandbox.forkserver import ForkServerSandbox

SETTINGS = config.load(
    overrides=["sandbox.workers=2", "programs.wall_s=3", "programs.steps=200000"]
)
STDIO = InstructionExample("double", "print twice the number", "", "", (), "train")
CALL = InstructionExample("double", "give twice the number", "f", "", (), "train")
RIGHT = Solution("print(int(input()) * 2)\n")


@pytest.fixture(scope="module")
def grader() -> Iterator[ProgramGrader]:
    with open_programs(SETTINGS) as it:
        yield it


def stdio(given: str, expected: str) -> Case:
    return Case("stdio", given, expected)


def rows(matrix: PassMatrix) -> list[tuple[str, ...]]:
    return [tuple(row) for row in matrix.cells]


# ------------------------------------------------------------------- the published vectors

WRITTEN = [RIGHT, Solution("print(int(input()) + 2)"), Solution("print(2 * abs(int(input())))"),
           Solution("")]  # fmt: skip


@pytest.mark.parametrize(
    ("cases", "discrimination", "validity", "score"),
    [
        ([(2, 4)], 0.25, 1 / 12, 0.3167),
        ([(3, 6)], 0.50, 1 / 12, 0.5292),
        ([(-1, -2)], 0.75, 1 / 12, 0.7417),
        ([(-1, -2), (3, 7)], 0.75, 1 / 12, 0.7417),
        ([(n, 2 * n) for n in range(-6, 6)], 0.75, 1.0, 0.7875),
        ([(n, 2 * n) for n in range(-12, 12)], 0.75, 1.0, 0.7875),
        ([("abc", "error")], 0.0, 0.0, 0.10),
    ],
)
def test_programs_that_are_really_run_give_utrl_s_published_rewards(
    grader: ProgramGrader, cases, discrimination, validity, score
) -> None:
    suite = [stdio(f"{given}\n", f"{wanted}\n") for given, wanted in cases]
    matrix = grader.matrix(STDIO, [RIGHT, *WRITTEN], suite)
    judged = Judgement(
        reference=tuple(row[0] for row in matrix.cells),
        cells=tuple(row[1:] for row in matrix.cells),
        labels=("right", "wrong", "wrong", "wrong"),
        admissible=(True,) * len(suite),
    )
    found = suite_reward(judged, SETTINGS.suites.model_copy(update={"reward": "utrl_code"}))
    assert found.terms["discrimination"] == pytest.approx(discrimination)
    assert found.terms["validity"] == pytest.approx(validity)
    assert found.value == pytest.approx(score, abs=5e-5)


def test_one_failure_in_two_hundred_and_one_is_no_pass(grader: ProgramGrader) -> None:
    cases = [stdio(str(n), str(2 * n)) for n in range(200)] + [stdio("7", "15")]
    column = [row[0] for row in grader.matrix(STDIO, [RIGHT], cases).cells]
    assert (column.count("pass"), column[-1]) == (200, "fail")


# ---------------------------------------------------------------------------------- matrix


def test_rows_are_cases_and_columns_solutions_repetitions_included(grader: ProgramGrader) -> None:
    cases = [stdio("1", "2"), stdio("2", "5"), stdio("1", "2")]
    matrix = grader.matrix(STDIO, [RIGHT, Solution("1/0"), RIGHT], cases)
    assert (matrix.tests, matrix.programs) == (("0", "1", "2"),) * 2
    assert rows(matrix) == [("pass", "error", "pass"), ("fail", "error", "fail"),
                            ("pass", "error", "pass")]  # fmt: skip


def test_nothing_to_compare_is_an_empty_matrix(grader: ProgramGrader) -> None:
    assert grader.matrix(STDIO, [RIGHT], []) == PassMatrix((), ("0",), ())
    assert grader.matrix(STDIO, [], [stdio("1", "2")]) == PassMatrix(("0",), (), ((),))
    assert rows(grader.matrix(STDIO, [Solution("")], [stdio("1", "2")])) == [("error",)]


def test_the_names_that_a_program_has_are_python_s(grader: ProgramGrader) -> None:
    program = Solution("def f(a, b, m): return pow(a, b, m), pow(2, 3), sorted([2, 1])")
    case = Case("call", "3, 4, 5", "(1, 8, [1, 2])")
    assert rows(grader.matrix(CALL, [program], [case])) == [("pass",)]
    lazy = Solution("def f(x): return math.sqrt(x)")
    assert rows(grader.matrix(CALL, [lazy], [Case("call", "4", "2.0")])) == [("error",)]


def test_calls_standard_input_and_tests_stand_in_one_matrix(grader: ProgramGrader) -> None:
    program = Solution("def f(x): return x * 2\nif __name__ == '__main__': print(f(int(input())))")
    cases = [Case("call", "3", "6"), stdio("3", "6"), Case("test", "assert candidate(2) == 4", "")]
    assert rows(grader.matrix(CALL, [program], cases)) == [("pass",)] * 3


def test_a_checker_says_which_of_many_answers_is_right(grader: ProgramGrader) -> None:
    checker = """
def check(given, expected, output):
    return sorted(map(int, output.split())) == sorted(map(int, given.split()))
"""
    task = replace(STDIO, comparison=Comparison("checker", checker=checker))
    programs = [
        Solution("print(*input().split()[::-1])"),
        Solution("print(1)"),
        Solution("print('x')"),
    ]
    assert rows(grader.matrix(task, programs, [stdio("1 2", "")])) == [("pass", "fail", "fail")]


def test_a_task_has_limits_of_its_own(grader: ProgramGrader) -> None:
    loops = Solution("for _ in range(5000): pass\nprint(1)")
    tight = replace(STDIO, limits=ProgramLimits(steps=1000))
    assert rows(grader.matrix(STDIO, [loops], [stdio("", "1")])) == [("pass",)]
    assert rows(grader.matrix(tight, [loops], [stdio("", "1")])) == [("timeout",)]


@pytest.mark.parametrize(
    "case",
    [
        Case("call", "1", "("),
        Case("call", "1", "x"),
        Case("call", "1", "6" * 70_000),
        Case("call", "y", "2"),
        Case("call", "1), f(2", "2"),
    ],
)
def test_a_case_that_cannot_be_read_fails_every_program(grader: ProgramGrader, case) -> None:
    assert rows(grader.matrix(CALL, [Solution("def f(x): return 2 * x")], [case])) == [("error",)]


# ----------------------------------------------------------------------- malformed, hostile


@pytest.mark.parametrize(
    ("given", "expected", "verdict"),
    [
        ("3\r\n", "6\r\n", "pass"),
        ("3", "", "fail"),
        ("", "", "error"),
        ("3\n" + "x" * 1_100_000, "6", "pass"),
        ("3\n\udcff\udcfe", "6", "pass"),
        ("\udcff", "6", "error"),
        ("3", "6\udcff", "fail"),
        ("3\0", "6", "error"),
    ],
)
def test_malformed_cases_have_their_verdicts(grader: ProgramGrader, given, expected, verdict):
    assert rows(grader.matrix(STDIO, [RIGHT], [stdio(given, expected)])) == [(verdict,)]
    assert rows(grader.matrix(STDIO, [RIGHT], [stdio("4", "8")])) == [("pass",)]


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("while True: pass", "timeout"),
        ("while True: print('PASS' * 1000)", "error"),
        ("print('PASS')", "fail"),
        ("print('PASS'); raise SystemExit(0)", "fail"),
        ("import os\nprint('passed', flush=True)\nos._exit(0)", "fail"),
        ('import os\nos.write(3, b\'[0, "done", "6", ""]\\n\')\nos._exit(0)', "fail"),
        ("import builtins, sys\nbuiltins.str.__eq__ = lambda a, b: True", "error"),
        ("import sys\nsys.modules['_covet_worker.values'] = None\nprint(5)", "fail"),
        ("class E(str):\n    def __eq__(s, o): return True\nprint(E('5'))", "fail"),
        ("import os\nos.kill(os.getppid(), 9)\nprint(5)", "fail"),
        ("import os, signal\n[os.fork() for _ in range(40)]\nprint(5)", "fail or error or timeout"),
    ],
)
def test_no_hostile_program_passes(grader: ProgramGrader, program: str, verdict: str) -> None:
    ((found, honest),) = rows(grader.matrix(STDIO, [Solution(program), RIGHT], [stdio("3", "6")]))
    assert (found in verdict.split(" or "), honest) == (True, "pass"), found


# ------------------------------------------------------------------------- once and no more


class Counting:
    """The fast sandbox; counts what is asked of it, and loses answers for as long as told."""

    def __init__(self, *, lose: int = 0) -> None:
        self.asked: list[tuple[str, str]] = []
        self.lose = lose

    def open(self, spec: WorkerSpec) -> "Counting":
        self._worker = ForkServerSandbox().open(spec)
        return self

    def trial(self, request: Trial) -> Iterator[tuple[Answer, ...]]:
        self.asked += [(text, given) for text in request.programs for given in request.inputs]
        for row in self._worker.trial(request):
            if self.lose:
                self.lose -= 1
                yield (Answer("infrastructure"),) * len(row)
            else:
                yield row

    def close(self) -> None:
        self._worker.close()


def test_each_program_meets_each_input_once() -> None:
    sandbox = Counting()
    one = SETTINGS.model_copy(
        update={"sandbox": SETTINGS.sandbox.model_copy(update={"workers": 1})}
    )
    with ProgramGrader(one, sandbox=sandbox) as grader:
        cases = [stdio("1", "2"), stdio("1", "3"), stdio("2", "4")]
        first = grader.matrix(STDIO, [RIGHT, RIGHT], cases)
        again = grader.matrix(STDIO, [Solution(RIGHT.text, writer="x")], [*cases, stdio("5", "1")])
    assert rows(first) == [("pass",) * 2, ("fail",) * 2, ("pass",) * 2]
    assert rows(again) == [("pass",), ("fail",), ("pass",), ("fail",)]
    assert len(sandbox.asked) == len(set(sandbox.asked)) == 3


@pytest.mark.parametrize(("times", "verdict"), [(1, "pass"), (2, "infrastructure")])
def test_what_is_lost_is_asked_for_once_more_and_never_judged(times: int, verdict: str) -> None:
    with ProgramGrader(SETTINGS, sandbox=Counting(lose=times)) as grader:
        job = ProgramJob(STDIO, (RIGHT,), (stdio("1", "2"),))
        heard: dict[str, PassMatrix] = {}
        (matrix,) = grader.matrices([job], on_done=heard.__setitem__)
        assert rows(matrix) == [(verdict,)]
        assert heard == {grader.key(job): matrix}
        assert rows(grader.matrices([job])[0]) == [("pass",)]


def test_what_is_remembered_is_not_run(grader: ProgramGrader) -> None:
    job = ProgramJob(STDIO, (RIGHT,), (stdio("17", "34"),))
    known = PassMatrix(("0",), ("0",), (("crash",),))
    grader.remember(grader.key(job), known)
    assert grader.matrices([job]) == [known]


def test_the_key_changes_with_all_that_a_verdict_depends_on(grader: ProgramGrader) -> None:
    job = ProgramJob(STDIO, (RIGHT,), (stdio("1", "2"),))
    others = [
        replace(job, cases=(stdio("1", "3"),)),
        replace(job, solutions=(Solution("x"),)),
        replace(job, example=replace(STDIO, comparison=Comparison("exact"))),
        replace(job, example=replace(STDIO, limits=ProgramLimits(steps=5))),
        replace(job, example=CALL),
    ]
    keys = {grader.key(one) for one in (job, *others)}
    assert len(keys) == 6
    assert grader.key(replace(job, example=replace(STDIO, id="z"))) == grader.key(job)


def test_outputs_are_what_a_program_says(grader: ProgramGrader) -> None:
    given = [stdio("1", ""), stdio("x", "")]
    first, second = grader.outputs(STDIO, RIGHT, given)
    assert (first.text, second.end) == ("2\n", "error")
    assert grader.outputs(STDIO, Solution(""), given)[0].end == "error"


def test_a_language_that_is_not_run_is_named(grader: ProgramGrader) -> None:
    with pytest.raises(UsageError, match="declared to be in 'cpp'; programs are run in: python"):
        grader.matrix(STDIO, [Solution("int main(){}", language="cpp")], [stdio("", "")])


def test_calls_without_a_function_to_call_are_an_error(grader: ProgramGrader) -> None:
    with pytest.raises(UsageError, match="double: its cases call a function, and none is named"):
        grader.matrix(STDIO, [RIGHT], [Case("call", "1", "2")])


def test_an_interpreter_that_is_not_there_is_named() -> None:
    settings = config.load(overrides=["programs.python=/nowhere/python"])
    with pytest.raises(EnvironmentNotReady, match=r"/nowhere/python.*set programs\.python"):
        open_programs(settings)
