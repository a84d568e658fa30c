import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from covet.config import Config
from covet.errors import DataError, SandboxError
from covet.execute.grader import Grader, open_grader
from covet.records import Candidate, Execution
from covet.runlog import decode, encode

BODIES = [f"def test_{n}():\n    assert discount({n * 100}) == 90\n" for n in range(4)]


@pytest.fixture
def config(grader: Grader) -> Config:
    return grader.config


def test_executions_come_in_the_order_of_the_jobs(
    grader: Grader, make_example, make_candidate
) -> None:
    example = make_example("discount")
    found = grader.grade([(example, make_candidate(body)) for body in BODIES], wants_mutants=False)
    assert [list(execution.outcomes) for execution in found] == [[f"test_{n}"] for n in range(4)]
    assert [execution.status for execution in found] == ["failed", "ok", "failed", "failed"]


def test_no_jobs_need_no_worker(calc: Path, config: Config) -> None:
    with open_grader(calc, config) as grader:
        assert grader.grade([]) == []


def test_the_same_candidate_is_run_once(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    heard: list[tuple[str, Execution]] = []
    job = (make_example("discount"), make_candidate(BODIES[1]))
    with open_grader(calc, config) as grader:
        first = grader.grade([job, job], on_done=lambda *told: heard.append(told))
        again = grader.grade([job], on_done=lambda *told: heard.append(told))
    assert first == [again[0], again[0]]
    assert heard == [(grader.key(*job), again[0])]


def test_what_is_remembered_is_not_run(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    job = (make_example("discount"), make_candidate(BODIES[1]))
    known = Execution("failed", detail="as an earlier run found")
    with open_grader(calc, config) as grader:
        grader.remember(grader.key(*job), decode(encode(known), Execution))
        assert grader.grade([job]) == [known]
        assert grader.grade([job], wants_mutants=False)[0].status == "ok"


def test_infrastructure_failures_are_not_remembered(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    job = (make_example("discount"), make_candidate(BODIES[1]))
    with open_grader(calc, config) as grader:
        grader.remember(grader.key(*job), Execution("infrastructure"))
        assert grader.grade([job])[0].status == "ok"


def test_a_key_depends_on_content_alone(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    example, candidate = make_example("discount"), make_candidate(BODIES[0])
    one, other = open_grader(calc, config), open_grader(calc, config)
    assert one.key(example, candidate) == other.key(example, candidate)
    seeded = open_grader(calc, config, hash_seed=1)
    keys = {
        one.key(example, candidate),
        one.key(make_example("countdown"), candidate),
        one.key(example, make_candidate(BODIES[1])),
        one.key(example, candidate, wants_mutants=False),
        seeded.key(example, candidate),
    }
    assert len(keys) == 5


def test_several_workers_find_what_one_finds(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    jobs = [(make_example("discount"), make_candidate(body)) for body in BODIES]
    two = config.model_copy(update={"sandbox": config.sandbox.model_copy(update={"workers": 2})})
    with open_grader(calc, config) as single, open_grader(calc, two) as double:
        pairs = zip(single.grade(jobs), double.grade(jobs), strict=True)
        for one, other in pairs:
            assert (one.status, one.outcomes) == (other.status, other.outcomes)
            assert (one.covered, one.killed) == (other.covered, other.killed)


def test_a_task_made_from_another_text_is_refused(
    calc: Path, config: Config, make_example, make_candidate, tmp_path: Path
) -> None:
    root = tmp_path / "calc"
    shutil.copytree(calc, root)
    (root / "src" / "calc" / "money.py").write_text("x = 1\n")
    with open_grader(root, config) as grader, pytest.raises(DataError, match="mine again"):
        grader.grade([(make_example("discount"), make_candidate(BODIES[0]))])


def test_a_closed_grader_says_so_and_names_the_task(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    grader = open_grader(calc, config)
    grader.close()
    grader.close()
    with pytest.raises(SandboxError, match="closed") as caught:
        grader.grade([(make_example("discount"), make_candidate(BODIES[0]))])
    assert "discount" in caught.value.__notes__[0]


def test_an_error_while_results_are_taken_ends_the_call_and_not_the_grader(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    def refuse(_key: str, _execution: Execution) -> None:
        raise ValueError("no room on the disk")

    jobs = [(make_example("discount"), make_candidate(body)) for body in BODIES]
    with open_grader(calc, config) as grader:
        with pytest.raises(ValueError, match="no room"):
            grader.grade(jobs, on_done=refuse, wants_mutants=False)
        assert len(grader.grade(jobs, wants_mutants=False)) == 4


def test_an_interrupt_ends_the_call_and_the_workers(
    calc: Path, config: Config, make_example, make_candidate
) -> None:
    def interrupt(_key: str, _execution: Execution) -> None:
        raise KeyboardInterrupt

    endless = make_candidate("def test_a():\n    while True:\n        pass\n")
    known = Candidate("tests/test_a.py", "", "", problem="no_tests")
    example = make_example("discount")
    two = config.model_copy(update={"sandbox": config.sandbox.model_copy(update={"workers": 2})})
    with open_grader(calc, two) as grader, pytest.raises(KeyboardInterrupt):
        grader.grade([(example, known), (example, endless)], on_done=interrupt)


# ------------------------------------------------------------------------------ the suite


def test_the_existing_suite_is_run_as_it_is(grader: Grader) -> None:
    cell = grader.suite(traced=["src/calc/money.py"], imports=["calc.money"])
    assert (cell.end, cell.error) == ("done", "")
    assert cell.outcomes == (("tests/test_money.py::test_discount", "pass"),)
    assert {6, 8, 10, 12} <= cell.covered["src/calc/money.py"].lines


def test_imports_alone_cover_headers(grader: Grader) -> None:
    cell = grader.suite("", traced=["src/calc/money.py"], imports=["calc.money"])
    assert (cell.end, cell.error, cell.outcomes) == ("done", "", ())
    assert {3, 6, 15} <= cell.covered["src/calc/money.py"].lines
    assert 8 not in cell.covered["src/calc/money.py"].lines


def test_a_suite_that_takes_too_long_is_ended(grader: Grader) -> None:
    source = "import time\ndef test_a():\n    time.sleep(60)\n"
    cell = grader.suite("tests/test_slow.py", test_source=source, timeout_s=1.0)
    assert cell.end == "timeout"


def test_the_existing_tests_kills_are_told(grader: Grader, make_example, make_candidate) -> None:
    """What they reject is told whatever the candidate rejects; without them it is nothing."""
    example = make_example("discount")
    strong = make_candidate(BODIES[1])
    weak = make_candidate("def test_weak():\n    discount(200)\n")
    bare = replace(example, test_file="")
    broken = replace(example, test_file="def test_broken():\n    assert False\n")
    jobs = [(example, strong), (example, weak), (bare, weak), (broken, weak)]
    one, other, none, unknown = grader.grade(jobs)
    assert one.killed_before
    assert one.killed_before == other.killed_before
    assert set(other.killed) < set(one.killed)
    assert none.killed_before == ()
    assert unknown.killed_before is None
    (as_candidate,) = grader.grade(
        [(example, Candidate("tests/test_again.py", example.test_file, example.test_file))]
    )
    assert as_candidate.killed == one.killed_before
