"""A step of a GitHub workflow: ``covet write`` with what the action's inputs say.

    python -m covet.agent.workflow

Inputs come as ``COVET_*`` variables (see ``action.yml``). The report goes to the job's summary, the
counts to the step's outputs, and ``proposal.json``, ``proposal.md``, ``tests.patch`` and
``junit.xml`` into the folder that the next workflow is handed. What a model wrote is printed while
the runner takes no commands from what is printed. Nothing is written to the codebase.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from covet.errors import DataError, FoundWanting
from covet.records import Proposal
from covet.runlog import decode

FILES = ("proposal.json", "proposal.md", "tests.patch", "junit.xml")
_SUMMARY_BYTES = 1_000_000
"""GitHub takes a mebibyte."""


def main(environment: Mapping[str, str] = os.environ) -> int:
    """The exit code of the step: not 0 where Covet itself failed, or, where it is to block, where
    tests were asked for and none was kept.
    """
    run = Path(environment.get("COVET_RUN") or "covet-run").resolve()
    work = run.with_name(f".{run.name}")
    shutil.rmtree(work, ignore_errors=True)
    run.mkdir(parents=True, exist_ok=True)
    code = _quietly([sys.executable, "-P", "-m", "covet", *arguments(environment, work, run)])
    if (work / FILES[0]).is_file():
        for name in FILES[:2]:
            shutil.copy(work / name, run / name)
        proposal = _read(run)
        _append(environment.get("GITHUB_STEP_SUMMARY"), _summary(run))
        counts = f"tests={len(proposal.tests)}\nbugs={len(proposal.bugs)}\n"
        _append(environment.get("GITHUB_OUTPUT"), counts)
    is_wanting = code == FoundWanting.exit_code
    return 0 if is_wanting and environment.get("COVET_BLOCKING") != "true" else code


def arguments(environment: Mapping[str, str], work: Path, run: Path) -> Iterator[str]:
    """Of ``covet``. An input is the value of an option and never one itself."""

    def given(name: str) -> str:
        return environment.get(f"COVET_{name}", "").strip()

    base = given("BASE") or f"origin/{given('BASE_REF') or 'HEAD'}"
    yield "write"
    yield f"--base={base}"
    for policy in given("POLICY").splitlines():
        if policy.strip():
            yield f"--policy={policy.strip()}"
    if given("SAMPLES"):
        yield f"--samples={given('SAMPLES')}"
    if given("PYTHON"):
        yield f"--set=codebase.python={shutil.which(given('PYTHON')) or given('PYTHON')}"
    for setting in given("SETTINGS").splitlines():
        if setting.strip():
            yield f"--set={setting.strip()}"
    yield f"--out={work}"
    yield f"--patch={run / FILES[2]}"
    yield f"--junit={run / FILES[3]}"
    yield "--"
    yield given("CODEBASE") or "."


def _quietly(command: list[str]) -> int:
    """Run it while lines that look like commands to the runner are not taken for any."""
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", flush=True)
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        print(f"::{word}::", flush=True)


def _read(run: Path) -> Proposal:
    try:
        return decode((run / FILES[0]).read_bytes(), Proposal)
    except OSError as error:
        raise DataError(f"{run / FILES[0]}: cannot be read ({error.strerror})") from error


def _summary(run: Path) -> str:
    text = (run / FILES[1]).read_text(encoding="utf-8")
    return text if len(text.encode()) <= _SUMMARY_BYTES else text[: _SUMMARY_BYTES // 4]


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n" if not text.endswith("\n") else text)


if __name__ == "__main__":
    sys.exit(main())
