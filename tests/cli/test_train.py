"""``covet train`` on a dataset: real model, real sandbox, a real kill."""

import hashlib
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from covet.nano import codebase_path

pytest.importorskip("torch")
pytestmark = pytest.mark.slow

MINED = ("mine.server=''", "mine.variants=0", "mine.similar=0", "mine.near=1", "mine.cache=false")
QUICK = (
    "train.steps=6",
    "train.examples=3",
    "train.group=4",
    "train.checkpoint_every=1",
    "train.advantage=max_at_k",
    "execute.mutants=8",
    "execute.repeats=1",
)


def sets(*settings: str) -> list[str]:
    return [part for setting in settings for part in ("--set", setting)]


def covet(*arguments: object) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "covet", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False)


def digest(out: Path) -> str:
    return hashlib.sha256((out / "model" / "model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of a few files of the bundled codebase."""
    root = tmp_path_factory.mktemp("code")
    shutil.copytree(codebase_path(), root / "codebase")
    for path in sorted((root / "codebase" / "samplekit").glob("*.py"))[12:]:
        path.unlink()
        (root / "codebase" / "tests" / f"test_{path.name}").unlink(missing_ok=True)
    done = covet("mine", root / "codebase", "--out", root / "tasks", *sets(*MINED))
    assert done.returncode == 0, done.stderr.decode()
    return root / "tasks"


@pytest.fixture(scope="module")
def finished(tasks: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    out = tmp_path_factory.mktemp("train") / "run"
    done = covet("train", tasks, "--out", out, "--json", *sets(*QUICK))
    assert done.returncode == 0, done.stderr.decode()
    return out, done.stdout


def test_it_leaves_a_tuned_model_and_prints_one_object(finished: tuple[Path, bytes]) -> None:
    from transformers import AutoModelForCausalLM

    out, stdout = finished
    told = msgspec.json.decode(stdout)
    assert told["version"] == 6
    assert told["last"]["step"] == 5
    assert told["last"]["sampled_at"] == 4  # one step behind
    assert Path(told["model"]) == out / "model"
    AutoModelForCausalLM.from_pretrained(out / "model")


def test_killed_and_resumed_it_ends_in_the_same_weights(
    finished: tuple[Path, bytes], tasks: Path, tmp_path: Path
) -> None:
    whole, _ = finished
    out = tmp_path / "run"
    command = [sys.executable, "-m", "covet", "train", str(tasks), "--out", str(out)]
    child = subprocess.Popen([*command, *sets(*QUICK)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while not list(out.glob("checkpoints/step-*")):
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert not (out / "model").exists()
    done = covet("train", tasks, "--out", out, "--resume")
    assert done.returncode == 0, done.stderr.decode()
    assert digest(out) == digest(whole)


def test_a_dry_run_prints_settings_and_an_estimate_and_leaves_nothing(
    tasks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    done = covet("train", tasks, "--out", out, "--dry-run", "--json", *sets(*QUICK))
    assert done.returncode == 0, done.stderr.decode()
    told = msgspec.json.decode(done.stdout)
    assert told["config"]["train"]["steps"] == 6
    assert told["estimate"]["parameters"] == told["estimate"]["trainable"] > 100_000
    assert told["estimate"]["rollouts"] == 6 * 3 * 4
    assert told["estimate"]["memory_bytes"] > 1e6
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "train.k=9", "--set", "train.advantage=max_at_k"], "train.k is 9"),
        (["--model", "/nowhere/model"], "/nowhere/model is not there"),
        (["--resume"], "no run to resume there"),
        (["--set", "prompt.tokens=3"], "no prompt fits in 3 tokens"),
    ],
)
def test_what_cannot_be_is_said(
    tasks: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = covet("train", tasks, "--out", tmp_path / "run", *arguments)
    assert done.returncode in (2, 3)
    assert message in done.stderr.decode()


def test_a_folder_without_a_dataset_is_named(tmp_path: Path) -> None:
    done = covet("train", tmp_path)
    assert done.returncode == 2
    assert "not a dataset" in done.stderr.decode()


def test_a_run_is_continued_by_its_own_verb_and_on_its_own_tasks(
    finished: tuple[Path, bytes], tasks: Path, tmp_path: Path
) -> None:
    out, _ = finished
    warmed = shutil.copytree(out, tmp_path / "warmed") / "manifest.json"
    warmed.write_text(warmed.read_text().replace('"verb":"train"', '"verb":"warmup"'))
    other = covet("train", tasks, "--out", warmed.parent, "--resume")
    assert other.returncode == 2
    assert "this is a run of covet warmup" in other.stderr.decode()

    changed = shutil.copytree(tasks, tmp_path / "changed")
    rows = changed / "train.jsonl"
    rows.write_bytes(b" " + rows.read_bytes())
    done = covet("train", changed, "--out", out, "--resume")
    assert done.returncode == 2
    assert "of other tasks than" in done.stderr.decode()


def test_interrupted_it_gives_the_very_command_that_goes_on(tasks: Path, tmp_path: Path) -> None:
    out = tmp_path / "a run"
    command = [sys.executable, "-m", "covet", "train", str(tasks), "--out", str(out)]
    child = subprocess.Popen([*command, *sets(*QUICK)], stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 120
        while not list(out.glob("checkpoints/step-*")):
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate()
    assert child.returncode == 130
    _, _, told = stderr.decode().partition("to continue: ")
    again = subprocess.run(shlex.split(told), capture_output=True, check=False)
    assert again.returncode == 0, again.stderr.decode()
    assert (out / "model").is_dir()


def test_a_codebase_that_moved_or_changed_is_told_before_the_first_step(
    tasks: Path, tmp_path: Path
) -> None:
    root, folder = tasks.parent / "codebase", tmp_path / "tasks"
    code, moved = tmp_path / "code", shutil.copytree(tasks, folder) / "manifest.json"
    moved.write_text(moved.read_text().replace(str(root), str(code)))
    done = covet("train", folder, "--out", tmp_path / "run", *sets(*QUICK))
    assert done.returncode == 2
    assert f"its codebase, {code}, is not there" in done.stderr.decode()

    shutil.copytree(root, code)
    for path in (code / "samplekit").glob("*.py"):
        path.write_text(path.read_text() + "\n# new\n")
    done = covet("train", folder, "--out", tmp_path / "run", *sets(*QUICK))
    assert done.returncode == 2
    assert "is not what it was when the task was made; mine again" in done.stderr.decode()
    assert "train …" not in done.stderr.decode()


def test_two_processes_share_a_run_and_go_on_with_it(tasks: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launch, "--nproc-per-node=2", "-m", "covet", "train", str(tasks), "--out", str(out)]
    first = subprocess.run([*command, "--json", *sets(*QUICK)], capture_output=True, check=False)
    assert first.returncode == 0, first.stderr.decode()
    assert msgspec.json.decode(first.stdout)["version"] == 6  # one object, of the first process
    assert {path.name for path in (out / "process-1").iterdir()} <= {".lock", "grades.jsonl"}

    weights = digest(out)
    shutil.rmtree(out / "model")
    shutil.rmtree(out / "checkpoints" / "step-000006")
    again = subprocess.run([*command, "--resume"], capture_output=True, check=False)
    assert again.returncode == 0, again.stderr.decode()
    assert digest(out) == weights
