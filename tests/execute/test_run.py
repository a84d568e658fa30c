"""One candidate on real sandboxes: what it shows is told, whatever it does."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from covet.config import Execute
from covet.errors import SandboxError
from covet.execute.grader import Grader, open_grader
from covet.execute.matrix import killed
from covet.execute.run import execute
from covet.languages.python import PYTHON
from covet.records import Candidate, Coverage, Execution, FunctionExample, Status
from covet.sandbox.base import Cell, Exchange, Exchanged, Request, Worker
from covet.sandbox.forkserver import ForkServerSandbox
from tests.execute.conftest import settings

GOOD = """
def test_part():
    assert discount(200) == 180


def test_negative():
    assert discount(-1) == 0
"""


def grade(
    grader: Grader, example: FunctionExample, candidate: Candidate, *, wants_mutants: bool = False
) -> Execution:
    (execution,) = grader.grade([(example, candidate)], wants_mutants=wants_mutants)
    return execution


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("ok", "def test_a():\n    assert discount(200) == 180\n"),
        ("failed", "def test_a():\n    assert discount(200) == 1\n"),
        ("failed", "def test_a():\n    raise OSError\ndef test_b():\n    assert discount(0)\n"),
        ("error", "def test_a():\n    discount(None)\n"),
        ("error", "import absent\ndef test_a():\n    pass\n"),
        ("error", "def test_a(absent):\n    pass\n"),
        ("syntax", "def test_a(:\n"),
        ("no_tests", "def helper():\n    pass\n"),
        ("no_tests", "import pytest\n@pytest.mark.skip\ndef test_a():\n    pass\n"),
        ("timeout", "def test_a():\n    while True:\n        pass\n"),
        ("crashed", "import os\ndef test_a():\n    os._exit(0)\n"),
        ("out_of_memory", "def test_a():\n    b'x' * (1 << 33)\n"),
    ],
    ids=lambda value: value if " " not in value else "",
)
def test_a_candidate_gets_the_status_of_what_it_does(
    grader: Grader, make_example, make_candidate, status: Status, body: str
) -> None:
    execution = grade(grader, make_example("discount"), make_candidate(body))
    assert execution.status == status, execution
    assert (execution.status == "ok") is (execution.gained != Coverage())
    assert (execution.status == "ok") is (execution.detail == "")
    assert execution.cpu_s > 0
    assert execution.mutants is None


def test_what_passes_once_and_then_fails_is_unstable(
    grader: Grader, make_example, make_candidate
) -> None:
    body = "import time\ndef test_a():\n    assert time.time_ns() // 1000 % 2\n"
    statuses = {
        grade(grader, make_example("discount"), make_candidate(body + "#" * turn)).status
        for turn in range(16)
    }
    assert statuses <= {"ok", "failed", "unstable"}
    assert "unstable" in statuses


def test_a_problem_that_is_known_is_told_without_a_run(grader: Grader, make_example) -> None:
    candidate = Candidate("tests/test_a.py", "(", "(", problem="syntax", detail="line 1")
    execution = grade(grader, make_example("discount"), candidate, wants_mutants=True)
    assert execution == Execution("syntax", detail="line 1")


def test_covered_is_of_the_focal_function_alone_with_its_header(
    grader: Grader, make_example, make_candidate
) -> None:
    body = "def test_a():\n    assert discount(-1) == 0\n    assert countdown(1) == 1\n"
    example = make_example("discount")
    execution = grade(grader, example, make_candidate(body))
    assert execution.covered.lines == {6, 8, 10, 11}
    assert execution.gained.lines == {8, 10, 11}
    assert {branch[0] for branch in execution.covered.branches} == {8, 10}


def test_the_lines_of_a_candidate_that_ran_are_told_by_whatever_way_it_ran(
    grader: Grader, make_example, make_candidate
) -> None:
    body = "    if discount(200) > 500:\n        assert False\n    assert discount(-1) == 0\n"
    plain = f"def test_a():\n{body}"
    for written in (plain, plain.replace("()", "(tmp_path)", 1), f"import os\n{plain}"):
        candidate = make_candidate(written)
        first = candidate.source[: candidate.source.index("def test_a")].count("\n") + 1
        ran = grade(grader, make_example("discount"), candidate, wants_mutants=True).ran
        assert {first + 1, first + 3} <= ran
        assert first + 2 not in ran


def test_a_mutant_dies_where_a_test_tells_it_from_the_original(
    grader: Grader, make_example, make_candidate
) -> None:
    execution = grade(grader, make_example("discount"), make_candidate(GOOD), wants_mutants=True)
    assert execution.mutants is not None
    assert execution.outcomes == {"test_part": "pass", "test_negative": "pass"}
    verdicts = dict(zip(execution.mutants.programs, killed(execution.mutants), strict=True))
    assert set(execution.killed) == {name for name, dead in verdicts.items() if dead}
    assert verdicts["12:arithmetic:0"] is True  # + in place of -
    assert verdicts["10:condition:0"] is True  # always negative
    assert verdicts["6:number:0"] is True  # the default is known when the module is imported
    assert verdicts["10:boundary:0"] is False  # nothing costs 0
    assert verdicts["9:raise:0"] is False  # that line never ran
    row = execution.mutants.programs.index("9:raise:0")
    assert [cells[row] for cells in execution.mutants.cells] == ["not_run", "not_run"]


def test_a_mutant_that_never_ends_is_killed_and_costs_less_than_the_limit(
    grader: Grader, make_example, make_candidate
) -> None:
    body = "def test_a():\n    assert countdown(3) == 3\n"
    execution = grade(grader, make_example("countdown"), make_candidate(body), wants_mutants=True)
    assert execution.mutants is not None
    row = dict(zip(execution.mutants.programs, execution.mutants.cells[0], strict=True))
    assert row["18:drop:0"] == "timeout"
    assert "18:drop:0" in execution.killed
    endless = sum(verdict == "timeout" for verdict in row.values())
    assert execution.cpu_s < endless * grader.spec.limits.cpu_s


def test_all_tests_meet_a_mutant_in_a_full_matrix_and_one_kill_is_enough_otherwise(
    grader: Grader, make_example, make_candidate
) -> None:
    example, candidate = make_example("discount"), make_candidate(GOOD)
    short = grade(grader, example, candidate, wants_mutants=True)
    before = grader.config
    grader.config = before.model_copy(
        update={"execute": before.execute.model_copy(update={"matrix": "full"})}
    )
    try:
        full = grade(grader, example, candidate, wants_mutants=True)
    finally:
        grader.config = before
    assert short.killed == full.killed
    assert short.mutants is not None
    assert full.mutants is not None
    column = full.mutants.programs.index("10:condition:0")
    assert [cells[column] for cells in full.mutants.cells] == ["fail", "pass"]
    assert [cells[column] for cells in short.mutants.cells] == ["fail", "not_run"]


def test_sandboxes_agree(frugal_grader: Grader, make_example, make_candidate) -> None:
    execution = grade(
        frugal_grader, make_example("discount"), make_candidate(GOOD), wants_mutants=True
    )
    assert execution.status == "ok"
    assert execution.outcomes == {"test_part": "pass", "test_negative": "pass"}
    assert execution.gained.lines == {8, 10, 11, 12}
    assert execution.mutants is not None
    assert len(execution.mutants.programs) == 6
    assert execution.killed == ("6:number:0", "10:compare:0", "11:return:0", "12:arithmetic:0")


class Losing:
    """A worker whose answers are lost between it and us, for as long as told."""

    def __init__(self, worker: Worker, *, first: int = 0, times: int) -> None:
        self.worker = worker
        self.first = first
        self.times = times
        self.requests = 0

    def exchange(self, request: Exchange) -> Exchanged:
        self.requests += 1
        found = self.worker.exchange(request)
        if self.first < self.requests <= self.first + self.times:
            raise SandboxError("lost")
        return found

    def submit(self, request: Request) -> Iterator[Cell]:
        yield from self.worker.submit(request)

    def close(self) -> None:
        self.worker.close()


@pytest.fixture
def run_losing(grader: Grader, make_example, make_candidate):
    def run(*, first: int = 0, times: int) -> tuple[Execution, int]:
        worker = ForkServerSandbox().open(grader.spec)
        with closing(worker):
            losing = Losing(worker, first=first, times=times)
            execution = execute(
                make_example("discount"),
                make_candidate(GOOD),
                worker=losing,
                language=grader.language,
                settings=Execute(mutants=4, repeats=2),
                secret="",
                libraries=(),
            )
        return execution, losing.requests

    return run


def test_what_the_infrastructure_loses_is_asked_for_once_more(run_losing) -> None:
    whole, _ = run_losing(times=0)
    retried, requests = run_losing(times=1)
    assert requests == 3
    assert retried.status == "ok"
    assert (retried.killed, retried.mutants) == (whole.killed, whole.mutants)


@pytest.mark.parametrize("first", [0, 1], ids=["at first", "when repeated"])
def test_what_is_lost_twice_is_an_infrastructure_failure_and_no_judgement(
    run_losing, first: int
) -> None:
    execution, requests = run_losing(first=first, times=2)
    assert requests == first + 2
    assert (execution.status, execution.mutants) == ("infrastructure", None)
    assert execution.gained == Coverage()


MEMO = """
def test_twice():
    assert doubled(1) == 2


def test_once_more():
    assert doubled(1) == 2
    assert doubled(3) == 6
"""
MEMOISING = """
_known = {}


def doubled(n):
    if n in _known:
        return _known[n]
    found = n + n
    _known[n] = found
    return found
"""


def test_what_a_function_keeps_makes_no_honest_test_forged(tmp_path: Path) -> None:
    (tmp_path / "memo.py").write_text(MEMOISING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (function,) = PYTHON.functions(MEMOISING, path="memo.py", module="memo")
    example = FunctionExample(
        id="memo.py::doubled",
        function=function,
        source_file=MEMOISING,
        test_path="test_memo.py",
        test_file="",
        tests=(),
        executable=Coverage(PYTHON.executable_lines(MEMOISING, function.span)),
        baseline=Coverage(),
        split="train",
    )
    source = "from memo import doubled\n" + MEMO
    with open_grader(tmp_path, settings()) as grader:
        for turn in range(4):
            text = f"{source}# {turn}\n"
            found = grade(
                grader, example, Candidate("test_memo.py", text, text), wants_mutants=True
            )
            assert found.status == "ok", found
            assert found.killed


PATCHING = """
import gc
import sys

from _pytest import fixtures
from _pytest.nodes import Node

plain = fixtures.FixtureFunctionMarker.__call__
fixtures.FixtureFunctionMarker.__call__ = lambda self, function: plain(self, function)


def pytest_addoption(parser):
    parser.addoption("--odd", action="store_true")


def pytest_configure(config):
    sys._getframe()
    gc.get_objects()
    Node.odd = property(lambda self: 1)
    config.add_cleanup(lambda: delattr(Node, "odd"))
"""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("def test_part():\n    assert discount(200) == 180\n", "ok"),
        (
            "from _pytest.runner import CallInfo\ndef test_a():\n    CallInfo.from_call = None\n",
            "forged",
        ),
        ("import gc\ndef test_a():\n    gc.get_objects()\n    discount(200)\n", "forged"),
    ],
)
def test_what_the_codebases_plugins_change_in_pytest_is_not_the_candidates(
    calc, tmp_path, make_example, make_candidate, body: str, status: Status
) -> None:
    root = Path(shutil.copytree(calc, tmp_path / "calc"))
    (root / "conftest.py").write_text(PATCHING)
    with open_grader(root, settings()) as grader:
        execution = grade(grader, make_example("discount"), make_candidate(body))
    assert execution.status == status, execution


def test_frames_are_the_codebases_to_ask_for_and_not_the_candidates(
    calc, tmp_path, make_example, make_candidate
) -> None:
    root = Path(shutil.copytree(calc, tmp_path / "calc"))
    (root / "src" / "calc" / "place.py").write_text(
        "import inspect\n\n\ndef line():\n    return inspect.currentframe().f_back.f_lineno\n"
    )
    asks = "{}\n\ndef test_a():\n    assert {} > 0\n    assert discount(200) == 180\n"
    library = asks.format("from calc.place import line", "line()")
    itself = asks.format("import inspect", "inspect.currentframe().f_lineno")
    with open_grader(root, settings()) as grader:
        found = [
            grade(grader, make_example("discount"), make_candidate(body)).status
            for body in (library, itself)
        ]
    assert found == ["ok", "forged"]
