"""What mining costs as a codebase grows: one package several times over in one codebase.

    python -m bench.mining.growth [--out DIR] [--copies 1,2,4,8] [--json]

Each copy is a package of its own, ``toolz_0``, ``toolz_1``, …, whose code and tests name only
itself; the language server and the suite meet all of them. Every size is mined by ``covet mine``
with nothing known from before. A row tells CPU seconds and wall seconds, of the call and all below
it, what there was to mine, and CPU milliseconds for each function, test and link; by that figure
growth is linear or it is not. ``mine.near`` is 1, since copies are no near copies here.
"""

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.mining.sdist import unpacked
from bench.mining.static import PACKAGES


@dataclass(frozen=True, slots=True)
class Row:
    """One size."""

    copies: int
    functions: int
    tests: int
    links: int
    tasks: int
    cpu_s: float
    wall_s: float
    ms_each: float
    """CPU milliseconds for each function, test and link."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("runs/mining"))
    parser.add_argument("--copies", default="1,2,4,8")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    out = arguments.out.resolve() / "growth"
    out.mkdir(parents=True, exist_ok=True)
    package = PACKAGES["toolz"]  # its tests lie inside of it
    source = unpacked(package.requirement, arguments.out.resolve()) / package.source
    rows: list[Row] = []
    for copies in map(int, arguments.copies.split(",")):
        row = mined(grown(source, copies, out / f"{source.name}-{copies}"), copies, out)
        rows.append(row)
        print(asdict(row), file=sys.stderr, flush=True)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print("| copies | functions | tests | links | tasks | CPU-s | wall s | CPU-ms for each |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        told = row.copies, row.functions, row.tests, row.links, row.tasks
        cells = [f"{count:,}" for count in told]
        cells += [f"{row.cpu_s:.1f}", f"{row.wall_s:.1f}", f"{row.ms_each:.1f}"]
        print(f"| {' | '.join(cells)} |")


def grown(source: Path, copies: int, root: Path) -> Path:
    """A codebase of so many copies of the package at ``source``, its tests among its code."""
    shutil.rmtree(root, ignore_errors=True)
    name = re.compile(rf"\b{re.escape(source.name)}\b")
    for number in range(copies):
        for path in sorted(source.rglob("*.py")):
            copy = root / f"{source.name}_{number}" / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = name.sub(f"{source.name}_{number}", path.read_text())
            copy.write_text(_HEADER.sub(rf"\1  # {number}", text))
    return root


_HEADER = re.compile(r"^( *def .*:)$", re.MULTILINE)
"""Of a function; of functions with the same text one alone becomes tasks."""


def mined(root: Path, copies: int, out: Path) -> Row:
    """By a call of the command."""
    tasks = out / f"tasks-{copies}"
    command = [sys.executable, "-m", "covet", "mine", str(root), "--out", str(tasks), "--force"]
    command += ["--set", "mine.cache=false", "--set", "mine.near=1"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall_s, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report = json.loads((tasks / "manifest.json").read_text())
    functions, tests = report["functions"], report["suite"]["passed"]
    links, examples = sum(report["links"].values()), sum(report["examples"].values())
    each = 1000 * cpu_s / (functions + tests + links)
    return Row(copies, functions, tests, links, examples, cpu_s, wall_s, each)


if __name__ == "__main__":
    main()
