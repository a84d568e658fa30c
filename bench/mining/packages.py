"""Packages from the index, mined with no configuration.

    python -m bench.mining.packages [--out DIR] [--only NAME,…] [--json]

The rule, stated before the first run: ``NAMES`` are much-used pure Python libraries, in an order
fixed beforehand. Of each the newest source distribution is looked at. It qualifies where it has no
source of an extension module and at least five test functions in files that pytest would collect.
The first ``WANTED`` that qualify are mined; none was tuned for.

Each is unpacked, gets a virtual environment beside its code (``.venv``) with the package, what it
calls its test requirements (an extra or a dependency group called test, tests, testing or dev) and
pytest, and then ``covet mine`` is called on the folder as it is. A package counts as mined where
its suite ran and at least one task with a removed test came out. Every outcome is a line of
``DIR/packages.jsonl``; a call that was stopped goes on where it was.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WANTED = 30
ENOUGH_TESTS = 5
LIMIT_S = 900
NAMES = (
    "requests", "idna", "six", "python-dateutil", "packaging", "click", "jinja2", "attrs", "pluggy",
    "platformdirs", "filelock", "tomli", "zipp", "werkzeug", "flask", "itsdangerous", "blinker",
    "more-itertools", "wcwidth", "tabulate", "decorator", "cachetools", "sortedcontainers",
    "pyparsing", "markdown", "tqdm", "pyjwt", "oauthlib", "h11", "isodate", "jsonschema", "mako",
    "pygments", "chardet", "parso", "humanize", "arrow", "marshmallow", "webcolors", "inflection",
    "xmltodict", "jmespath", "prettytable", "python-slugify", "natsort", "textdistance", "funcy",
    "boltons", "pyrsistent", "semver", "parse", "furl", "tinydb", "schema", "voluptuous", "cattrs",
    "glom", "deepdiff", "ftfy", "mistune",
)  # fmt: skip
_EXTENSION = re.compile(r"\.(c|cc|cpp|pyx|rs)$")
_TEST = re.compile(r"^\s*(async )?def test", re.MULTILINE)
_EXTRAS = ("test", "tests", "testing", "dev")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("runs/packages"))
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = run(arguments.out.resolve(), tuple(filter(None, arguments.only.split(","))))
    mined = [row for row in rows if row["outcome"] == "mined"]
    if arguments.json:
        print(json.dumps({"mined": len(mined), "of": len(rows), "packages": rows}))
    else:
        print(table(rows))
        print(f"{len(mined)} of {len(rows)} mined with no configuration")
    sys.exit(0 if len(mined) >= 0.8 * len(rows) else 1)


def run(out: Path, only: tuple[str, ...]) -> list[dict[str, Any]]:
    log = out / "packages.jsonl"
    known = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    rows = {row["name"]: row for row in known}
    for name in only or NAMES:
        if sum(row["outcome"] != "passed over" for row in rows.values()) >= WANTED and not only:
            break
        if name in rows:
            continue
        print(name, file=sys.stderr, flush=True)
        rows[name] = {"name": name, **outcome(out, name)}
        with log.open("a") as file:
            file.write(json.dumps(rows[name]) + "\n")
    return [row for row in rows.values() if row["outcome"] != "passed over"]


def outcome(out: Path, name: str) -> dict[str, Any]:
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    code = source(folder, name)
    if code is None:
        return {"outcome": "passed over", "why": "no source distribution"}
    why = disqualified(code)
    if why:
        shutil.rmtree(folder)
        return {"outcome": "passed over", "version": code.name, "why": why}
    problem = install(code)
    if problem:
        return {"outcome": "not installed", "version": code.name, "why": problem}
    row = {"version": code.name, **mine(code, folder / "tasks")}
    shutil.rmtree(code / ".venv", ignore_errors=True)
    return row


def source(folder: Path, name: str) -> Path | None:
    """The unpacked source distribution."""
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
    folder.mkdir(parents=True)
    done = call([*download, ":all:", "--dest", str(folder), name], folder, 300)
    archives = list(folder.glob("*.tar.gz"))
    if done.returncode or not archives:
        return None
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    archives[0].unlink()
    return next(path for path in folder.iterdir() if path.is_dir())


def disqualified(code: Path) -> str:
    files = [path for path in code.rglob("*") if path.is_file()]
    if any(_EXTENSION.search(path.name) for path in files):
        return "has the source of an extension module"
    texts = [p.read_text(errors="replace") for p in files if _is_test(p.name)]
    count = sum(len(_TEST.findall(text)) for text in texts)
    return "" if count >= ENOUGH_TESTS else f"ships {count} test functions"


def _is_test(name: str) -> bool:
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def install(code: Path) -> str:
    venv.create(code / ".venv", with_pip=True)
    python = str(code / ".venv" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    extras = ",".join(wanted_extras(code))
    first = call([*pip, f"{code}[{extras}]" if extras else str(code), "pytest>=7.4"], code, 600)
    if first.returncode and extras:
        first = call([*pip, str(code), "pytest>=7.4"], code, 600)
    for requirement in groups(code):
        call([*pip, requirement], code, 300)
    return tail(first.stderr) if first.returncode else ""


def wanted_extras(code: Path) -> list[str]:
    found = project(code).get("project", {}).get("optional-dependencies", {})
    return [name for name in _EXTRAS if name in found][:1]


def groups(code: Path) -> Iterator[str]:
    """The requirements of the first dependency group for tests."""
    found = project(code).get("dependency-groups", {})
    for name in _EXTRAS:
        if name in found:
            yield from (entry for entry in found[name] if isinstance(entry, str))
            return


def project(code: Path) -> dict[str, Any]:
    path = code / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}


def mine(code: Path, tasks: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "covet", "mine", str(code), "--out", str(tasks), "--json"]
    started = time.monotonic()
    done = call([*command, "--set", "mine.cache=false"], code, LIMIT_S)
    taken = {"wall_s": round(time.monotonic() - started, 1)}
    if done.returncode:
        return {"outcome": "failed", "why": tail(done.stderr), **taken}
    report = json.loads(done.stdout)["report"]
    suite = report["suite"]
    found = {
        "functions": report["functions"],
        "tasks": sum(report["examples"].values()),
        "removed": report["removed"],
        "passed": suite["passed"],
        "failing": len(suite["failing"]),
        "unstable": len(suite["unstable"]),
        "checked": report["checked"],
        "differing": len(report["differing"]),
        **taken,
    }
    if suite["problem"]:
        return {"outcome": "suite not run", "why": suite["problem"], **found}
    if not report["removed"]:
        unknown = report["dropped"].get("its module cannot be imported", 0)
        why = "no test's removal uncovers a line"
        if suite["failing"] and not suite["passed"]:
            said = next(iter(suite["said"].values()), "no reason is known")
            why = f"none of {len(suite['failing'])} tests passes: {said}"
        if unknown == report["functions"]:
            why = next(iter(report["not_imported"].values()), why)
        return {"outcome": "no tasks", "why": why, **found}
    return {"outcome": "mined", "why": "", **found}


def call(command: list[str], folder: Path, limit_s: float) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=limit_s,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"took longer than {limit_s:.0f} s")


def tail(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no message"


def table(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| package | functions | tests | tasks | by removal | outcome |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        told = row["outcome"] + (f": {row['why']}" if row["why"] else "")
        cells = (row.get(key, "") for key in ("functions", "passed", "tasks", "removed"))
        lines.append(f"| {row['version']} | {' | '.join(map(str, cells))} | {told} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
