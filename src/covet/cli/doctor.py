"""``covet doctor``: one line per thing that the work needs, with a fix where it is missing.

Every check answers with a ``Check``; a check that another one's failure makes pointless is
left out with a word. Exit code 1 where any line failed.
"""

import importlib.util
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.config import Config, Policy
from covet.errors import CovetError, EnvironmentNotReady, FoundWanting, ModelError
from covet.execute.codebase import Layout
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine.functions import read_files
from covet.policy.client import Client
from covet.sandbox.base import Cell
from covet.sandbox.isolation import probe
from covet.warmup.traces import teacher_settings

OLDEST_PYTHON = (3, 9)
OLDEST_PYTEST = (7, 4)
DISK_NEEDED_GB = 2.0
ANSWERS_IN_S = 10.0
MODELS_SHOWN = 5
TRAINER = "install Covet with its extra: pip install 'covet[train]'"
SIGNS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""


def run(*, codebase: Path, config: Path | None, overrides: tuple[str, ...], as_json: bool) -> None:
    settings = load_settings(codebase, config, overrides)
    reporter = Reporter()
    checks: list[Check] = []
    for check in examine(codebase, settings, reporter):
        checks.append(check)
        if not as_json:
            _print(check)
    failed = [check.name for check in checks if check.state == "fail"]
    if as_json:
        emit({"ready": not failed, "checks": [asdict(check) for check in checks]})
    if failed and as_json:
        raise SystemExit(FoundWanting.exit_code)
    if failed:
        raise FoundWanting(f"not ready: {', '.join(failed)}")
    if not as_json:
        click.echo(f"ready; next: covet mine {codebase}")


def _print(check: Check) -> None:
    sign = click.style(SIGNS[check.state], fg=COLOURS[check.state])
    click.echo(f"{sign}  {check.name}: {check.found}")
    if check.fix:
        click.echo(f"      fix: {check.fix}")


def examine(codebase: Path, config: Config, reporter: Reporter) -> Iterator[Check]:
    """Every check, as soon as it is known: the machine first, then the codebase."""
    yield isolation(config)
    yield disk(codebase)
    yield graphics()
    yield language_server(config)
    yield model(config)
    if config.warmup.teacher:
        yield teacher(config)
    try:
        layout = Layout.discover(codebase, config.codebase)
    except CovetError as error:
        yield Check("codebase", "fail", str(error), "give the root of a Python codebase")
        return
    python = interpreter(layout)
    yield python
    if python.state == "fail":
        return
    yield pytest_version(layout)
    yield from suite(layout, config, reporter)


# ----------------------------------------------------------------------------- the machine


def isolation(config: Config) -> Check:
    name = f"isolation ({config.sandbox.isolation})"
    layers = probe()
    missing = [f"{layer.name} ({layer.why})" for layer in layers if not layer.available]
    present = ", ".join(layer.name for layer in layers if layer.available)
    if not missing:
        return Check(name, "ok", present)
    if config.sandbox.isolation == "none":
        return Check(name, "warn", f"missing: {', '.join(missing)}; code runs with your rights")
    fix = (
        "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
        "kernel.apparmor_restrict_unprivileged_userns=0), or grade in a container that does; "
        'for code that you trust, sandbox.isolation = "none"'
    )
    return Check(name, "fail", f"missing: {', '.join(missing)}", fix)


def disk(folder: Path) -> Check:
    place = folder if folder.is_dir() else Path()
    free_gb = shutil.disk_usage(place).free / 1e9
    if free_gb >= DISK_NEEDED_GB:
        return Check("disk", "ok", f"{free_gb:.0f} GB free")
    return Check("disk", "warn", f"{free_gb:.1f} GB free", f"free {DISK_NEEDED_GB:.0f} GB for runs")


def graphics() -> Check:
    if importlib.util.find_spec("torch") is None:
        return Check("GPU", "warn", "not looked for: torch is absent", TRAINER)
    import torch

    if not torch.cuda.is_available():
        return Check("GPU", "ok", "none; the embedded model needs none, a 7B model does")
    name = torch.cuda.get_device_name(0)
    memory_gb = torch.cuda.get_device_properties(0).total_memory / 1e9
    return Check("GPU", "ok", f"{name}, {memory_gb:.0f} GB")


def language_server(config: Config) -> Check:
    name = f"language server ({config.mine.server or 'none'})"
    if not config.mine.server:
        return Check(name, "ok", "tests are linked by running, names and imports")
    program, *_ = PYTHON.server(config.mine.server, search_path=()).command
    if shutil.which(program):
        return Check(name, "ok", program)
    fix = f"pip install {config.mine.server}, or set mine.server to another, or to nothing"
    return Check(name, "fail", f"{program} is not installed", fix)


def model(config: Config) -> Check:
    """The policy's, here or at its endpoint."""
    name = f"model ({config.policy.model})"
    if config.policy.endpoint:
        return served(name, config.policy, "policy")
    if config.policy.vllm:
        return Check(
            name, "ok", f"not loaded: a vLLM server is started for it ({config.policy.vllm})"
        )
    if (
        importlib.util.find_spec("torch") is None
        or importlib.util.find_spec("transformers") is None
    ):
        return Check(name, "warn", "torch is absent; mining and scoring need none", TRAINER)
    from covet.policy.hf import HFPolicy

    started = time.monotonic()
    try:
        policy = HFPolicy(config.policy)
    except CovetError as error:
        return Check(
            name, "fail", str(error), "name a folder or a Hugging Face model in policy.model"
        )
    millions = sum(weight.numel() for weight in policy.model.parameters()) / 1e6
    seconds = time.monotonic() - started
    return Check(name, "ok", f"{millions:.1f} M parameters, loaded in {seconds:.1f} s")


def teacher(config: Config) -> Check:
    name = f"teacher ({config.warmup.teacher})"
    if config.warmup.endpoint:
        return served(name, teacher_settings(config), "warmup")
    return Check(name, "ok", "not loaded: covet warmup runs it here")


def served(name: str, settings: Policy, section: str) -> Check:
    """Whether an endpoint is there, lets us in and has the model. Nothing is generated."""
    hasty = {"retries": 0, "timeout_s": min(settings.timeout_s, ANSWERS_IN_S)}
    try:
        client = Client(settings.model_copy(update=hasty))
    except EnvironmentNotReady as error:
        return Check(name, "fail", str(error))
    try:
        there = list(client.served())
    except ModelError as error:
        fix = f"start the server, or correct {section}.endpoint and {section}.api_key_env"
        return Check(name, "fail", str(error), fix)
    finally:
        client.close()
    if settings.model in there:
        return Check(name, "ok", f"served at {settings.endpoint}")
    known = ", ".join(there[:MODELS_SHOWN]) + (" ..." if len(there) > MODELS_SHOWN else "")
    found = f"{settings.endpoint} does not list it; it has {known or 'nothing'}"
    key = "policy.model" if section == "policy" else "warmup.teacher"
    return Check(name, "fail", found, f"{key} is the name that the server gives the model")


# ---------------------------------------------------------------------------- the codebase


def interpreter(layout: Layout) -> Check:
    program = "import json, sys; print(json.dumps(list(sys.version_info[:3])))"
    answer = _ask(layout.interpreter, program)
    if answer is None or not answer.startswith("["):
        return Check(
            "interpreter", "fail", f"{layout.interpreter} does not run", "set codebase.python"
        )
    version = tuple(json.loads(answer))
    found = f"{layout.interpreter} ({'.'.join(map(str, version))})"
    if version[:2] < OLDEST_PYTHON:
        return Check("interpreter", "fail", found, "a Python of 3.9 or newer in codebase.python")
    return Check("interpreter", "ok", found)


def pytest_version(layout: Layout) -> Check:
    answer = _ask(layout.interpreter, "import pytest; print(pytest.__version__)")
    fix = f"{layout.interpreter} -m pip install 'pytest>=7.4'"
    if answer is None:
        return Check("pytest", "fail", "not installed for that interpreter", fix)
    version = tuple(int(part) for part in answer.split(".")[:2])
    return (
        Check("pytest", "fail", answer, fix)
        if version < OLDEST_PYTEST
        else Check("pytest", "ok", answer)
    )


def _ask(python: Path, program: str) -> str | None:
    try:
        done = subprocess.run(
            [str(python), "-c", program], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def suite(layout: Layout, config: Config, reporter: Reporter) -> Iterator[Check]:
    """The existing tests: green, how long, the same again, the same under another hash seed."""
    with reporter.stage("running the suite"):
        first = _run_suite(layout, config, hash_seed=0)
    if isinstance(first, Check):
        yield first
        return
    yield _green(first)
    yield _coverage(first)
    if not first.outcomes:
        return
    for name, hash_seed in (("second run", 0), ("second hash seed", 1)):
        with reporter.stage(f"running the suite: {name}"):
            again = _run_suite(layout, config, hash_seed=hash_seed)
        yield again if isinstance(again, Check) else _same(name, first, again)


def _run_suite(layout: Layout, config: Config, *, hash_seed: int) -> Cell | Check:
    """One sandboxed run with every source file traced; a failed ``Check`` where it cannot be."""
    try:
        files = read_files(layout, config.codebase, language=PYTHON)
        traced = tuple(source.path for source in files.sources)
        with open_grader(layout.root, config, hash_seed=hash_seed) as grader:
            return grader.suite(traced=traced)
    except CovetError as error:
        return Check("suite", "fail", str(error))


def _green(cell: Cell) -> Check:
    bad = [name for name, verdict in cell.outcomes if verdict not in ("pass", "not_run")]
    passed = sum(verdict == "pass" for _, verdict in cell.outcomes)
    found = f"{passed} passed in {cell.wall_s:.1f} s"
    if cell.end == "timeout":
        return Check(
            "suite", "fail", f"{found}, then out of time", "raise codebase.suite_timeout_s"
        )
    if cell.end != "done":
        return Check("suite", "fail", f"{found}, then ended by {cell.end}: {cell.detail[-300:]}")
    if bad or cell.error:
        told = ", ".join(bad[:3]) + (f" and {len(bad) - 3} more" if len(bad) > 3 else "")
        report = (cell.detail or cell.error).strip().splitlines()
        why = f"{told} ({report[-1].strip()})" if report else told
        fix = (
            "in the sandbox there is no network, the codebase is read-only and only tmp_path can "
            "be written; what still fails is left out of prompts"
        )
        return Check("suite", "warn" if passed else "fail", f"{found}; not green: {why}", fix)
    if not cell.outcomes:
        return Check("suite", "warn", "no tests found", "set codebase.tests if there are any")
    return Check("suite", "ok", found)


def _coverage(cell: Cell) -> Check:
    lines = sum(len(coverage.lines) for coverage in cell.covered.values())
    if not lines:
        fix = "set codebase.source to the folder that imports are resolved from"
        return Check("coverage", "fail", "the suite reached no line of any source file", fix)
    return Check("coverage", "ok", f"{lines} lines of {len(cell.covered)} files reached")


def _same(name: str, first: Cell, again: Cell) -> Check:
    before, after = dict(first.outcomes), dict(again.outcomes)
    changed = sorted(test for test in before | after if before.get(test) != after.get(test))
    if not changed:
        return Check(name, "ok", "every outcome the same")
    told = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    fix = "make them repeatable; `covet mine` leaves tests that change out of prompts"
    return Check(name, "warn", f"other outcomes: {told}", fix)
