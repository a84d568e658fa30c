"""``covet demo``, small, end to end: real model, real sandbox, real report, real kill."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.slow

MEASURES = {
    "pass_rate",
    "coverage_increase_rate",
    "coverage_increase_rate@3",
    "covered_lines_increase@3",
    "mutation_score@3",
    "diversity",
}
QUICK = ("--set", "train.steps=2", "--set", "train.checkpoint_every=1", "--set", "evaluate.tasks=6")


def command(out: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "covet", "demo", "--json", "--out", str(out), *arguments]


def digest(out: Path) -> str:
    return hashlib.sha256((out / "model" / "model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    out = tmp_path_factory.mktemp("demo") / "run"
    done = subprocess.run(
        command(out, "--small", *QUICK), capture_output=True, check=False, text=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return out, done.stdout


def test_it_prints_one_object_with_every_measure_before_and_after(finished) -> None:
    out, stdout = finished
    result = msgspec.json.decode(stdout)

    assert result["before"].keys() == result["after"].keys() == MEASURES
    for side in ("before", "after"):
        for estimate in result[side].values():
            assert set(estimate) == {"value", "low", "high", "n"}
            assert estimate["low"] <= estimate["value"] <= estimate["high"]
    assert Path(result["report"]) == out / "report.html"
    assert result["reserved"]["tasks"] == result["tasks"] == 6


def test_it_leaves_a_report_and_a_model_folder_that_transformers_loads(finished) -> None:
    from transformers import AutoModelForCausalLM

    out, _ = finished

    assert "<html" in (out / "report.html").read_text(encoding="utf-8")
    assert AutoModelForCausalLM.from_pretrained(out / "model").num_parameters() < 1_000_000


def test_a_second_start_in_the_same_folder_is_refused(finished) -> None:
    out, _ = finished
    done = subprocess.run(command(out), capture_output=True, check=False)

    assert done.returncode == 2
    assert b"--resume" in done.stderr


def test_a_killed_run_resumes_to_the_same_weights(finished, tmp_path) -> None:
    whole, _ = finished
    out = tmp_path / "killed"
    process = subprocess.Popen(
        command(out, "--small", *QUICK),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not (out / "checkpoints").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "model").exists()

    resumed = subprocess.run(command(out, "--resume"), capture_output=True, check=False)

    assert resumed.returncode == 0, resumed.stderr.decode()
    assert digest(out) == digest(whole)


def test_there_is_nothing_to_resume_where_nothing_ran(tmp_path) -> None:
    done = subprocess.run(command(tmp_path / "none", "--resume"), capture_output=True, check=False)

    assert done.returncode == 2
    assert b"no run to resume" in done.stderr


def test_an_interrupted_demo_says_how_it_is_continued_as_it_was_called(tmp_path) -> None:
    out = tmp_path / "run"
    process = subprocess.Popen(
        command(out, "--small", *QUICK), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 120
    while not (out / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=60)
    message = msgspec.json.decode(stdout)["error"]["message"]

    assert process.returncode == 130
    assert f"to continue: {sys.executable} -m covet demo --resume --out {out}" in message
