"""``covet warmup`` on a mined codebase: the embedded model, a teacher behind HTTP, real kills."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("torch")

from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from covet.cli.warmup import run
from covet.config import Policy
from covet.errors import DataError, EnvironmentNotReady, ModelError, UsageError
from covet.mine.references import FILE as REFERENCES
from covet.policy.hf import HFPolicy
from covet.records import Demonstration
from covet.runlog import read_jsonl
from covet.warmup.journal import FILE as TRACES
from tests.small_disk import small_disk
from tests.standin import Fault, Standin
from tests.warmup.teacher import NAME, OPENING, says

SHORT = (
    f"{OPENING} What comes in has to come out changed in one way only, and the unusual amount is "
    "where that may fail, so I follow it by hand and expect just what the rule says."
)
FIT = ("policy.max_new_tokens=240", "warmup.cache=false")
FAST = (
    *FIT,
    "warmup.epochs=2",
    "warmup.learning_rate=1e-3",
    "warmup.checkpoint_every=2",
    "warmup.examples=4",
)


def by(teacher: Standin) -> tuple[str, ...]:
    return (
        f"warmup.teacher={NAME}",
        f"warmup.endpoint={teacher.url}",
        "policy.retries=0",
        "warmup.price_out=2",
    )


def warm_up(tasks: Path, out: Path, *overrides: str, **changes: Any) -> None:
    given: dict[str, Any] = {
        "model": None,
        "resume": False,
        "dry_run": False,
        "config": None,
        "as_json": True,
    }
    run(tasks=tasks, out=out, overrides=overrides, **given | changes)


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return msgspec.json.decode(capsys.readouterr().out)


def demonstrations(out: Path) -> list[Demonstration]:
    return list(read_jsonl(out / "demonstrations.jsonl", Demonstration))


def metrics(out: Path) -> list[dict[str, Any]]:
    return list(read_jsonl(out / "metrics.jsonl", dict[str, Any]))


@pytest.fixture
def teacher(teacher: Standin) -> Standin:
    written = says(SHORT)
    teacher.write = lambda *_: written
    return teacher


def test_traces_come_from_the_teacher_and_a_model_learns_from_them(
    tasks: Path, tmp_path: Path, teacher: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    warm_up(tasks, out, *FAST, *by(teacher))
    told = result(capsys)

    assert told["teacher"] == NAME
    assert told["demonstrations"]["train"] > 10
    assert told["demonstrations"]["heldout"] > 1
    shown = demonstrations(out)
    assert all(one.text.startswith(f"<think>\n{SHORT}\n</think>\n") for one in shown)
    assert told["traces"]["written"] == told["traces"]["requests"] == len(teacher.bodies())
    assert told["traces"]["tokens_out"] == len(teacher.bodies()) * len(says(SHORT).ids)
    assert told["traces"]["cost"] == pytest.approx(2 * told["traces"]["tokens_out"] / 1e6)
    assert told["heldout_loss"][2] < told["heldout_loss"][1] < told["heldout_loss"][0]
    assert json.loads((out / "warmup.json").read_text()) == told
    rows = metrics(out)
    assert [row["after_epoch"] for row in rows if "heldout_loss" in row] == [0, 1, 2]
    steps = [row for row in rows if "loss" in row]
    assert [row["step"] for row in steps] == list(range(len(steps)))

    heldout = {one.prompt.example_id.partition("::")[0] for one in shown if one.split == "heldout"}
    learned = {one.prompt.example_id.partition("::")[0] for one in shown if one.split == "train"}
    assert heldout.isdisjoint(learned)

    plain = AutoModelForCausalLM.from_pretrained(told["model"])
    tuned = HFPolicy(Policy(model=told["model"]))
    assert tuned.template == "nano"
    weights = dict(plain.named_parameters())
    assert all(one.equal(weights[name]) for name, one in tuned.model.named_parameters())


def test_without_a_teacher_the_tests_alone_are_learned_and_it_says_so(
    tasks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    warm_up(tasks, out, *FIT, "warmup.epochs=1", as_json=False)
    told = capsys.readouterr()

    assert "no teacher: tests were learned without reasoning" in told.out
    assert "held-out loss" in told.out
    assert not any("<think>" in one.text for one in demonstrations(out))
    assert not (out / TRACES).exists()


def test_without_epochs_the_demonstrations_are_written_and_nothing_is_learned(
    tasks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    warm_up(tasks, out, *FIT, "warmup.epochs=0")
    told = result(capsys)

    assert told["model"] is None
    assert len(told["heldout_loss"]) == 1
    assert len(demonstrations(out)) > 10
    assert not (out / "checkpoints").exists()


def test_a_dry_run_tells_what_it_would_take_and_does_nothing(
    tasks: Path, tmp_path: Path, teacher: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    warm_up(tasks, out, *by(teacher), "warmup.budget_cost=3", dry_run=True, as_json=False)
    told = capsys.readouterr().out
    warm_up(tasks, out, *by(teacher), dry_run=True)
    plan = result(capsys)

    assert f'teacher = "{NAME}"' in told
    assert f"{plan['estimate']['traces']} requests" in told
    assert "to pay" in told
    assert "budget_cost = 3" in told
    references = plan["references"]
    assert plan["estimate"]["traces"] == references["train"] + references["heldout"]
    assert plan["estimate"]["tokens_in"] > 400 * plan["estimate"]["traces"]
    assert plan["steps"] == 3 * -(-references["train"] // 8)
    assert teacher.asked == []
    assert not out.exists()


def test_a_teacher_that_is_not_there_is_named_and_the_run_goes_on_later(
    tasks: Path, tmp_path: Path, teacher: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    teacher.fault = lambda _path, _body: Fault(manner="drop") if len(teacher.asked) > 5 else None
    with pytest.raises(ModelError, match=rf"{NAME} does not answer.*--resume"):
        warm_up(tasks, out, *FAST, *by(teacher), "warmup.batch=2")
    kept = len(list(read_jsonl(out / TRACES, dict[str, Any])))
    assert 4 <= kept <= 5

    teacher.fault = lambda _path, _body: None
    before = len(teacher.bodies())
    warm_up(tasks, out, resume=True)
    told = result(capsys)
    assert len(teacher.bodies()) - before == told["traces"]["requests"] - kept
    assert told["demonstrations"]["train"] > 10


def test_bad_traces_are_counted_and_left_out(
    tasks: Path, tmp_path: Path, teacher: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    teacher.write = lambda _model, prompt, _body: says(
        "Sure!" if "prices.py" in prompt.partition("tests/")[0] else SHORT
    )
    warm_up(tasks, tmp_path / "run", *FAST, *by(teacher), "warmup.attempts=2", "warmup.epochs=1")
    told = result(capsys)

    reason = "it does not begin with the opening words"
    missing = told["left_out"][f"no trace: {reason}"]
    assert missing > 0
    assert told["traces"]["rejected"] == {reason: 2 * missing}


def test_a_model_in_this_process_can_be_the_teacher_and_its_nonsense_is_rejected(
    tasks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    overrides = ("warmup.teacher=nano", "warmup.attempts=1", "warmup.max_new_tokens=16", *FIT)
    with pytest.raises(DataError, match=r"no demonstration is left .* no trace: "):
        warm_up(
            tasks, out, *overrides, "prompt.template=nano", "warmup.template=" + _tiny(tmp_path)
        )
    answers = list(read_jsonl(out / TRACES, dict[str, Any]))
    assert len(answers) > 15
    assert all(answer["tokens_out"] <= 16 and answer["problem"] for answer in answers)


def _tiny(folder: Path) -> str:
    """A request that the embedded model has room for."""
    path = folder / "tiny.md"
    path.write_text("{# answer: append #}\n{{ function.qualname }}: {{ opening }}", "utf-8")
    return str(path)


def test_a_dataset_without_references_has_nothing_to_learn_from(
    tasks: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "tasks"
    bare.mkdir()
    for path in tasks.iterdir():
        if path.name != REFERENCES:
            (bare / path.name).write_bytes(path.read_bytes())
    with pytest.raises(DataError, match=r"no training task has a reference.*mine\.variants"):
        warm_up(bare, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_answers_that_do_not_fit_are_counted_and_named(tasks: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"longer than policy\.max_new_tokens.*an answer 8 "):
        warm_up(tasks, tmp_path / "run", "policy.max_new_tokens=8")


def test_what_is_behind_an_endpoint_cannot_be_tuned(tasks: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"policy\.endpoint"):
        warm_up(tasks, tmp_path / "run", "policy.endpoint=http://127.0.0.1:9/v1")


def test_resume_is_of_the_same_tasks_and_settings(
    tasks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    warm_up(tasks, out, *FIT, "warmup.epochs=1", "warmup.heldout=0")
    first = result(capsys)
    assert first["heldout_loss"] == []
    with pytest.raises(UsageError, match="--resume"):
        warm_up(tasks, out, *FIT)
    with pytest.raises(UsageError, match="keeps the settings"):
        warm_up(tasks, out, *FIT, resume=True)
    warm_up(tasks, out, resume=True)
    assert result(capsys) == first
    other = tmp_path / "tasks"
    other.mkdir()
    for path in tasks.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    rows = (other / REFERENCES).read_text("utf-8")
    (other / REFERENCES).write_text(rows.replace("== 15", "== 16"), "utf-8")
    with pytest.raises(UsageError, match="other tasks"):
        warm_up(other, out, resume=True)


def test_a_full_disk_is_named_and_the_run_goes_on_once_there_is_room(
    tasks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    with small_disk(8_000), pytest.raises((EnvironmentNotReady, ModelError), match="--resume"):
        warm_up(tasks, out, *FAST)
    with small_disk(200_000), pytest.raises((EnvironmentNotReady, ModelError), match="--resume"):
        warm_up(tasks, out, resume=True)
    warm_up(tasks, out, resume=True)
    assert len(result(capsys)["heldout_loss"]) == 3


@pytest.mark.slow
def test_a_run_killed_while_the_teacher_answers_and_while_it_tunes_ends_in_the_same_weights(
    tasks: Path, tmp_path: Path, teacher: Standin, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "killed"
    overrides = (*FAST, *by(teacher), "warmup.batch=2", "warmup.epochs=3")
    warm_up(tasks, whole, *overrides)
    requests = result(capsys)["traces"]["requests"]

    teacher.pause_s = 0.05
    before = len(teacher.bodies())
    settings = [word for override in overrides for word in ("--set", override)]
    kill_at(out, lambda: len(lines(out / TRACES)) >= 3, str(tasks), *settings)
    kept = len(lines(out / TRACES))
    assert kept < requests
    assert not (out / "demonstrations.jsonl").exists()

    teacher.pause_s = 0.0
    kill_at(out, lambda: any((out / "checkpoints").glob("step-*")), str(tasks), "--resume")
    assert not (out / "model").exists()
    assert len(teacher.bodies()) - before <= requests + 2  # two were under way

    warm_up(tasks, out, resume=True)
    told = result(capsys)
    assert told["traces"]["requests"] == requests
    ours, theirs = (load_file(root / "model" / "model.safetensors") for root in (out, whole))
    assert ours.keys() == theirs.keys()
    assert all(value.equal(theirs[name]) for name, value in ours.items())


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []


def kill_at(out: Path, moment: Any, *arguments: str) -> None:
    command = [sys.executable, "-m", "covet", "warmup", *arguments, "--out", str(out)]
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 90
    try:
        while not moment():
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.002)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
