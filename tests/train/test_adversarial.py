"""A test writer and a code writer that were taught four tasks, in the real sandbox."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from covet import config
from covet.config import Config, as_toml
from covet.errors import DataError
from covet.execute.programs import ProgramGrader, open_programs
from covet.policy.hf import HFPolicy
from covet.records import Case, Demonstration, InstructionExample, PassMatrix
from covet.rollout.answers import asker_for, read_solutions, read_suites
from covet.runlog import RunLog, append_jsonl, read_jsonl
from covet.train import sft
from covet.train.adversarial import Adversaries, Players, label_programs
from tests.tiny_models import write_model

TASKS = [
    InstructionExample(
        f"add{n}",
        f"add {n}",
        "f",
        f"def f(n):\n    return n + {n}\n",
        (Case("call", "1", str(1 + n)), Case("call", "2", str(2 + n))),
        "train",
    )
    for n in range(1, 5)
]


def settings(model: Path, **adversarial: Any) -> Config:
    return config.parse(
        {
            "policy": {"model": str(model), "max_new_tokens": 40, "batch": 64},
            "suites": {
                "tests": 2,
                "tau": 2,
                "tests_template": "lines",
                "solutions_template": "lines",
            },
            "train": {
                "examples": 2,
                "group": 4,
                "learning_rate": 1e-3,
                "checkpoint_every": 1,
                "lag": 1,
            },
            "warmup": {"epochs": 2, "examples": 2, "learning_rate": 1e-3},
            "adversarial": {
                "tests_steps": (2, 1),
                "code_steps": (1, 2),
                "rounds": 2,
                **adversarial,
            },
            "sandbox": {"workers": 1},
        },
        origin="a test",
    )


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes cases and programs for the tasks, right ones and wrong ones."""
    folder = tmp_path_factory.mktemp("taught")
    start = write_model(folder / "start")
    chosen = settings(start)
    policy = HFPolicy(chosen.policy, autocast=False)
    shown: list[Demonstration] = []
    for number, task in enumerate(TASKS, 1):
        tests, code = (
            asker_for(policy, chosen, role).prompt(task) for role in ("tests", "solutions")
        )
        assert tests is not None
        assert code is not None
        for off in (0, 1):
            suite = f"{off} => {number + off}\n3 => {number + 3 + off}\n"
            shown.append(Demonstration(tests, "train", suite))
            program = f"def f(n):\n    return n + {number + off}\n"
            shown.append(Demonstration(code, "train", program))
    learned = chosen.warmup.model_copy(
        update={"epochs": 60, "examples": 8, "micro_batch": 8, "learning_rate": 1e-2}
    )
    log = RunLog.create(folder / "run", as_toml(chosen), extra={})
    sft.train(
        policy=policy,
        samples=sft.encode(policy, shown).samples,
        heldout=[],
        settings=learned,
        log=log,
        on_row=lambda _: None,
    )
    log.close()
    policy.save(folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def programs() -> Iterator[ProgramGrader]:
    with open_programs(config.parse({"sandbox": {"workers": 1}}, origin="a test")) as grader:
        yield grader


class Interrupted(Exception):
    """In the middle of a phase."""


def play(
    root: Path, chosen: Config, programs: ProgramGrader, *, stop_at: tuple[str, int] | None = None
) -> Players:
    def tell(*told: object) -> None:
        if told[:2] == stop_at:
            raise Interrupted

    log = (
        RunLog.reopen(root)
        if (root / "manifest.json").exists()
        else RunLog.create(root, as_toml(chosen), extra={})
    )
    try:
        return Adversaries(chosen, TASKS, programs, log, tell).run()
    finally:
        log.close()


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, taught: Path, programs: ProgramGrader
) -> tuple[Path, Players]:
    """A run that nothing interrupted."""
    root = tmp_path_factory.mktemp("whole") / "run"
    return root, play(root, settings(taught), programs)


def test_two_rounds_leave_two_models_and_a_row_for_every_phase(whole):
    root, players = whole
    phases = [row["phase"] for row in read_jsonl(root / "phases.jsonl", dict)]
    assert phases == [
        f"round {number}: {what}"
        for number in (1, 2)
        for what in ("programs", "tests", "suites", "code")
    ]
    assert players.tests == str(root / "round-2" / "tests" / "model")
    assert (Path(players.code) / "model.safetensors").is_file()
    written = read_solutions(root / "round-2" / "solutions.jsonl")
    assert all(len(found) == 8 for found in written.values())
    assert any(one.cases for (one,) in read_suites(root / "round-2/suites.jsonl").values())


def test_steps_are_counted_on_from_round_to_round(whole):
    def steps(player: str) -> list[list[int]]:
        paths = [whole[0] / f"round-{number}" / player / "metrics.jsonl" for number in (1, 2)]
        return [[row["step"] for row in read_jsonl(path, dict)] for path in paths]

    assert steps("tests") == [[0, 1], [2]]
    assert steps("code") == [[0], [1, 2]]


@pytest.mark.parametrize("stop_at", [("round 1: tests", 1), ("round 2: programs", 4)])
def test_a_run_that_was_stopped_goes_on_to_the_same_weights(
    tmp_path, taught, programs, whole, stop_at
):
    chosen = settings(taught)
    with pytest.raises(Interrupted):
        play(tmp_path, chosen, programs, stop_at=stop_at)
    parts = play(tmp_path, chosen, programs)

    for one, other in ((whole[1].tests, parts.tests), (whole[1].code, parts.code)):
        expected, found = (load_file(Path(m) / "model.safetensors") for m in (one, other))
        assert all(expected[name].equal(found[name]) for name in expected)


def test_the_two_may_be_adapters_on_one_base(tmp_path, taught, programs):
    chosen = settings(taught, rounds=1, tests_steps=(1,), code_steps=(1,))
    policy = chosen.policy.model_copy(update={"lora_rank": 2})
    players = play(tmp_path, chosen.model_copy(update={"policy": policy}), programs)
    for model in (players.tests, players.code):
        assert (Path(model) / "adapter_model.safetensors").is_file()


def test_the_code_writer_learns_from_the_tasks_own_cases(tmp_path, taught, programs):
    chosen = settings(taught, mode="code_from_cases", rounds=1)
    players = play(tmp_path, chosen, programs)
    assert players.tests == str(taught)
    (row,) = read_jsonl(tmp_path / "round-1" / "code" / "metrics.jsonl", dict)
    assert 0 < row["reward"] <= 1


def test_the_test_writer_is_tuned_on_cases_or_on_answers_that_are_right(tmp_path, taught, programs):
    players = play(tmp_path / "cases", settings(taught, mode="tests_from_cases"), programs)
    assert Path(players.tests).is_dir()

    answers = tmp_path / "answers.jsonl"
    for sample, (given, expected) in enumerate([("5", "6"), ("5", "7")]):
        case = Case("call", given, expected)
        append_jsonl(
            answers,
            {
                "example_id": "add1",
                "sample": sample,
                "cases": [case],
                "refused": [],
                "writer": "teacher",
                "version": 0,
                "response": f"{given} => {expected}\n",
                "finish": "stop",
                "tokens": 0,
            },
        )
    chosen = settings(taught, mode="tests_from_answers", answers=str(answers))
    play(tmp_path / "answers", chosen, programs)
    (row,) = read_jsonl(tmp_path / "answers" / "phases.jsonl", dict)
    assert row["shown"] == 1


def test_a_policy_that_writes_no_program_is_told(tmp_path, programs):
    silent = write_model(tmp_path / "silent")
    with pytest.raises(DataError, match="none can be learned from"):
        play(tmp_path / "run", settings(silent), programs)


def test_programs_are_known_by_the_tasks_cases():
    cells = (("pass", "fail", "pass"), ("pass", "pass", "infrastructure"))
    matrix = PassMatrix(("0", "1"), ("0", "1", "2"), cells)
    assert label_programs(matrix) == ("right", "wrong", "unknown")
