"""What `covet write` makes of recorded answers on real packages, their tests taken away.

    python -m bench.write [--package NAME ...] [--json] [--out DIR]

The answers are those of one published configuration (``cm.gpt4o-v2``) in the material that
``bench.recorded`` describes, replayed through the recorded policy. A package that ships tests loses
those of the files that are asked about; the others ship none, so that all is missing that importing
does not run. What is written is applied with git to a fresh copy, where the package's own tests and
formatters run. What is done is kept in ``DIR`` and not done again.
"""

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.recorded import PACKAGES, environment, material, package_folder
from covet.config import Config
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine.baseline import measure
from covet.mine.functions import read_files, suite_paths
from covet.policy.recorded import Recording
from covet.records import Function, Proposal
from covet.runlog import decode, encode, write_whole

CONFIGURATION = "cm.gpt4o-v2"
WITH_TESTS = {"docstring_parser": ("numpydoc.py", "google.py")}
"""Packages whose source archive holds tests, and the files that lose theirs."""
FORMATTERS = ("black", "isort")


@dataclass(frozen=True, slots=True)
class Result:
    """One package."""

    package: str
    functions: int
    answers: int
    removed_lines: int
    """That the tests reached which were taken away; or that nothing but importing reaches."""
    back: int
    mutants: int
    killed_before: int
    killed_after: int
    killed_unminimised: int
    tests_passing: int
    lines_passing: int
    tests: int
    lines: int
    bugs: int
    seconds: float
    applies: bool
    suite: str
    linters: dict[str, str]

    @property
    def kept(self) -> float:
        """Of the mutation score before minimising."""
        return self.killed_after / self.killed_unminimised if self.killed_unminimised else 1.0


# --------------------------------------------------------------------------------- the material


def codebase(package: str, python: Path, folder: Path) -> Path:
    """The package in a git repository of its own, without the tests of what is asked about."""
    root = folder / package
    if root.exists():
        return root
    whole = original(package, python, folder)
    part = folder / f".{package}.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(whole, part)
    for name in WITH_TESTS.get(package, ()):
        path = part / package / "tests" / f"test_{name}"
        text = path.read_text(encoding="utf-8")
        left = PYTHON.remove_tests(text, PYTHON.tests(text, path=path.name))
        path.write_text(f"{left.rstrip()}\n", encoding="utf-8")
    git(part, "init", "--quiet")
    git(part, "add", "--all")
    git(part, "commit", "--quiet", "--message", "as it is")
    part.rename(root)
    return root


def original(package: str, python: Path, folder: Path) -> Path:
    """The package as it ships, with its tests where it has some."""
    root = folder / f"{package}-whole"
    if root.exists():
        return root
    part = folder / f".{package}-whole.part"
    shutil.rmtree(part, ignore_errors=True)
    if package not in WITH_TESTS:
        part.mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(package_folder(python, package), part / package, ignore=ignored)
        part.rename(root)
        return root
    pip = [str(python), "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(folder), PACKAGES[package]], check=True)
    [archive] = folder.glob(f"{package}-*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(part, filter="data")
    [inside] = part.iterdir()
    inside.rename(root)
    part.rmdir()
    return root


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True)


def recordings(package: str, root: Path, path: Path) -> tuple[list[str], int]:
    """Write the answers by function; the files asked about and how many answers there are."""
    with gzip.open(material() / f"gpt4o_{package}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["config"] == CONFIGURATION]
    texts: dict[str, list[str]] = defaultdict(list)
    functions: dict[str, tuple[Function, ...]] = {}
    for row in rows:
        file = row["file"]
        if file not in functions:
            source = (root / file).read_text(encoding="utf-8")
            functions[file] = PYTHON.functions(source, path=file, module="")
        found = max(functions[file], key=lambda f: _overlap(f, row), default=None)
        if found is not None and _overlap(found, row):
            texts[f"{file}::{found.qualname}"].append(row["completion"])
    rows_out = (Recording(name, tuple(found)) for name, found in sorted(texts.items()))
    write_whole(path, b"".join(encode(row) + b"\n" for row in rows_out))
    return sorted({name.partition("::")[0] for name in texts}), sum(map(len, texts.values()))


def _overlap(function: Function, row: dict[str, Any]) -> int:
    """Lines that a function and a segment have in common."""
    first = max(function.span.first_line, row["first_line"])
    return max(0, min(function.span.last_line, row["last_line"]) - first + 1)


# ------------------------------------------------------------------------------- the measurement


def run(package: str, python: Path, out: Path) -> Result:
    root = codebase(package, python, out / "codebases").resolve()
    answers = out / f"{package}.jsonl"
    files, count = recordings(package, root, answers)
    folder, patch = out / package, (out / f"{package}.patch").resolve()
    if not (folder / "proposal.json").exists():
        command = [sys.executable, "-m", "covet", "write", str(root), "--policy", str(answers)]
        command += [word for file in files for word in ("--file", file)]
        command += ["--out", str(folder), "--patch", str(patch)]
        command += (
            ["--resume"]
            if (folder / "manifest.json").exists()
            else ["-n", "1000", "--set", f"codebase.python={python}"]
        )
        subprocess.run(command, check=True, stdout=sys.stderr)
    proposal = decode((folder / "proposal.json").read_bytes(), Proposal)
    reached = covered_by_all(original(package, python, out / "codebases"), python)
    applies, suite, linters = applied(root, patch, proposal, python, out / "codebases")
    asked = [one for one in proposal.functions if one.funnel["candidates"]]
    removed = {
        one.example_id: [n for n in one.missed_before if n in reached.get(one.function.path, ())]
        if package in WITH_TESTS
        else list(one.missed_before)
        for one in asked
    }
    return Result(
        package,
        len(asked),
        count,
        sum(map(len, removed.values())),
        sum(len(set(removed[one.example_id]) - set(one.missed_after)) for one in asked),
        sum(one.mutants for one in asked),
        sum(one.killed_before or 0 for one in asked),
        sum(one.killed_after for one in asked),
        sum(one.killed_unminimised for one in asked),
        sum(one.funnel["tests that pass alone"] for one in asked),
        sum(one.funnel["lines of tests that pass alone"] for one in asked),
        len(proposal.tests),
        sum(test.source.count("\n") for test in proposal.tests),
        len(proposal.bugs),
        proposal.seconds,
        applies,
        suite,
        linters,
    )


def covered_by_all(root: Path, python: Path) -> dict[str, frozenset[int]]:
    """By file, the lines that the package's own suite reaches when it is whole."""
    settings = Config.model_validate({"codebase": {"python": str(python)}})
    with open_grader(root, settings) as grader:
        files = read_files(grader.layout, settings.codebase, language=PYTHON)
        paths = suite_paths(settings.codebase, within="")
        found = measure(grader, files, test_paths=paths, on_progress=lambda _: None)
    return {path: coverage.lines for path, coverage in found.covered.items()}


def applied(
    root: Path, patch: Path, proposal: Proposal, python: Path, folder: Path
) -> tuple[bool, str, dict[str, str]]:
    """Whether the diff applies to a fresh clone, and what its tests and formatters say there."""
    copy = folder / f".{root.name}.applied"
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(root), str(copy)], check=True)
    done = subprocess.run(["git", "-C", str(copy), "apply", "--check", str(patch)], check=False)
    if done.returncode:
        return False, "", {}
    git(copy, "apply", str(patch))
    suite = _last_line([str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"], copy)
    paths = [change.path for change in proposal.files]
    linters = {
        name: _compared([str(python), "-m", name, "--check", "--quiet"], paths, root, copy)
        for name in FORMATTERS
        if paths and f"[tool.{name}]" in _settings(copy)
    }
    return True, suite, linters


def _settings(root: Path) -> str:
    path = root / "pyproject.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _last_line(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    return f"{lines[-1] if lines else done.stderr.strip()[-200:]} (code {done.returncode})"


def _compared(command: Sequence[str], paths: Sequence[str], before: Path, after: Path) -> str:
    """What a formatter says of the files as they are now, against what it said of them before."""

    def silent(root: Path) -> set[str]:
        there = [path for path in paths if (root / path).exists()]
        run = (subprocess.run([*command, p], cwd=root, capture_output=True) for p in there)
        return {path for path, done in zip(there, run, strict=True) if done.returncode == 0}

    new = {path for path in paths if not (before / path).exists()}
    own, now = silent(before) | new, silent(after)
    others = len(paths) - len(own)
    return f"silent on {len(own & now)} of {len(own)} files; {others} were not so before"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", action="append", choices=sorted(PACKAGES))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("runs/write-bench"))
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    python = environment(out / "venv")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *FORMATTERS], check=True)
    results: list[Result] = []
    for package in arguments.package or PACKAGES:
        result = run(package, python, out)
        results.append(result)
        write_whole(out / f"{package}.result.json", msgspec.json.format(encode(result)) + b"\n")
        if not arguments.json:
            print(f"{package}: {result.back} of {result.removed_lines} lines back, {result}")
    if arguments.json:
        print(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main()
