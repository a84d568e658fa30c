"""What grading costs, and whether its verdicts are true.

    python -m bench.grader [--json] [--out DIR] [--quick] [--rows full_record,agreement]

Grades test files for functions of toolz, boltons and networkx with Covet, and the same ones by
pytest processes on mutants on disk, by mutmut and by cosmic-ray; their turns alternate. Prints one
row for each figure, writes them to ``DIR/grader.json``, and ends with 1 where a bar is missed.

What the others took is kept in ``DIR/measured.jsonl``: a call that was interrupted is continued by
the same call, and a second call measures Covet alone anew. Name another folder to measure all of
it again. Everything is installed by pip below the folder. The rows on agreement need
``COVET_TEST_DATA``, as ``bench.recorded`` does. Nothing else should run on the machine.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import covet
from bench.grader import speed
from bench.grader.agreement import agreement
from bench.grader.floor import profile
from bench.grader.hang import hang
from bench.grader.leak import leak
from bench.grader.measure import say
from bench.grader.row import Row, table
from bench.grader.work import Bench
from covet.errors import CovetError

ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "full_record": speed.full_record,
    "pass_and_coverage": speed.pass_and_coverage,
    "mutmut": speed.mutmut,
    "cosmic_ray": speed.cosmic_ray,
    "records": speed.records,
    "sandbox": speed.sandbox,
    "hang": hang,
    "workers": speed.workers,
    "profile": profile,
    "agreement": agreement,
    "leak": leak,
}


def main() -> None:
    arguments = _arguments()
    bench = Bench(arguments.out.resolve(), arguments.quick, arguments.leak)
    started, rows = time.monotonic(), list[Row]()
    for name in arguments.rows:
        say(f"{name} ({time.monotonic() - started:.0f} s)")
        rows += ROWS[name](bench)
        _write(bench, rows, wall_s=time.monotonic() - started)
    bench.store.close()
    report = _write(bench, rows, wall_s=time.monotonic() - started)
    print(json.dumps(report) if arguments.json else table(rows))
    sys.exit(any(row.met is False for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.grader",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("runs/grader"))
    parser.add_argument("--quick", action="store_true", help="two functions, one candidate each")
    parser.add_argument("--leak", type=int, default=20_000, help="candidates of the leak row")
    parser.add_argument("--rows", type=_names, default=tuple(ROWS), help=", ".join(ROWS))
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    return names


def _write(bench: Bench, rows: list[Row], *, wall_s: float) -> dict[str, Any]:
    report = {
        "rows": {row.key: row.as_json() for row in rows},
        "covet": covet.__version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "quick": bench.quick,
        "wall_s": round(wall_s, 1),
    }
    (bench.out / "grader.json").write_text(json.dumps(report, indent=2) + "\n")
    return report


def _commit() -> str:
    """Empty where there is no repository; a plus where the tree differs from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    try:
        main()
    except CovetError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"this did not work (exit code {error.returncode}): {' '.join(error.cmd)}")
