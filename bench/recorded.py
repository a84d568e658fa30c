"""How often ``covet score`` agrees with what recorded runs of the same test files said.

    python -m bench.recorded [--json] [--mutants] [--out DIR]

The material is a folder of ``recorded/gpt4o_<package>.jsonl.gz`` that ``COVET_TEST_DATA`` names:
whole test files for segments of four published packages, with the verdict of the run in which
they were made. ``good`` must be graded ``ok``, ``failed`` must not be; other verdicts are not
compared. The packages are installed by pip into ``DIR/venv`` at the versions below.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PACKAGES = {
    "string_utils": "python-string-utils==1.0.0",
    "docstring_parser": "docstring_parser==0.7.3",
    "codetiming": "codetiming==1.3.0",
    "sty": "sty==1.0.4",
}
TOOLS = ("pytest==9.2.0", "pytest-mock==3.17.0", "pytest-asyncio==1.5.0")
"""The recorded tests use the fixtures of these plugins."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One package."""

    package: str
    candidates: int
    compared: int
    agreed: int
    disagreements: tuple[dict[str, Any], ...]
    summary: dict[str, Any]

    @property
    def share(self) -> float:
        return self.agreed / self.compared


def environment(folder: Path) -> Path:
    """An interpreter with the four packages and pytest; made once."""
    python = folder / "bin" / "python"
    stamp = folder / "ready"
    wanted = [*TOOLS, *PACKAGES.values()]
    if not stamp.exists() or stamp.read_text().split() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *wanted], check=True)
        stamp.write_text("\n".join(wanted))
    return python


def package_folder(python: Path, package: str, *, out: Path) -> Path:
    """The package as a codebase by itself: a copy of what that interpreter finds."""
    program = f"import os, {package}; print(os.path.dirname({package}.__file__))"
    done = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=True)
    folder = out / "codebases" / package / package
    if not folder.exists():
        shutil.copytree(done.stdout.strip(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def material() -> Path:
    """The recorded candidates; exits with words where the variable does not lead to them."""
    folder = Path(os.environ.get("COVET_TEST_DATA", "")) / "recorded"
    if not folder.is_dir():
        sys.exit("set COVET_TEST_DATA to the folder that holds recorded/gpt4o_<package>.jsonl.gz")
    return folder


def measure(
    package: str, *, python: Path, out: Path, mutants: bool, settings: tuple[str, ...] = ()
) -> Agreement:
    """Grade one package's file by the command line and compare line by line."""
    file = material() / f"gpt4o_{package}.jsonl.gz"
    command = [sys.executable, "-m", "covet", "score", "--json", "--resume"]
    command += ["--codebase", str(package_folder(python, package, out=out))]
    command += ["--candidates", str(file)]
    command += ["--out", str(out / package), "--set", f"codebase.python={python}"]
    command += [word for setting in settings for word in ("--set", setting)]
    command += [] if mutants else ["--no-mutants"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        recorded = [json.loads(line) for line in lines]
    executions = (out / package / "executions.jsonl").read_text(encoding="utf-8")
    graded = [json.loads(line) for line in executions.splitlines()]
    return compare(package, recorded, graded, summary=json.loads(done.stdout))


def compare(
    package: str,
    recorded: Iterable[Mapping[str, Any]],
    graded: Iterable[Mapping[str, Any]],
    *,
    summary: dict[str, Any],
) -> Agreement:
    pairs = list(zip(recorded, graded, strict=True))
    judged = [(was, now) for was, now in pairs if was["verdict"] in ("good", "failed")]
    wrong = [
        {
            "candidate": now["candidate"],
            "recorded": was["verdict"],
            "graded": now["status"],
            "tests": now["tests"],
            "detail": now["detail"],
        }
        for was, now in judged
        if (was["verdict"] == "good") != (now["status"] == "ok")
    ]
    agreed = len(judged) - len(wrong)
    return Agreement(package, len(pairs), len(judged), agreed, tuple(wrong), summary)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--mutants", action="store_true", help="grade mutants too")
    parser.add_argument("--out", type=Path, default=Path("runs/recorded"))
    arguments = parser.parse_args()
    python = environment(arguments.out / "venv")
    results = [
        measure(package, python=python, out=arguments.out, mutants=arguments.mutants)
        for package in PACKAGES
    ]
    if arguments.json:
        print(json.dumps([asdict(result) for result in results]))
        return
    for result in results:
        print(f"{result.package}: {result.agreed} of {result.compared} agree ({result.share:.2%})")
        print(f"    {json.dumps(result.summary)}")
        for row in result.disagreements:
            print(f"    {json.dumps(row)}")
    compared = sum(result.compared for result in results)
    agreed = sum(result.agreed for result in results)
    print(f"together: {agreed} of {compared} agree ({agreed / compared:.2%})")


if __name__ == "__main__":
    main()
