"""What the inspector costs on a large run: a real one, its rollouts multiplied.

::

    python -m bench.inspector RUN [--rollouts 100000] [--json]

Makes a copy of RUN (a demo's directory will do) with so many rollouts, steps counting on, and one
with a thousand. Of the large one: processor seconds of the first page, of reading all rows, and of
other pages then; wall seconds of the first page, asked for as soon as there is a server; the most
memory. Of the small one: the size of the export. It stands against: first page 0.5 s, 300 MB,
20 MB.
"""

import argparse
import json
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from covet.inspector.address import Address
from covet.inspector.export import export
from covet.inspector.server import serving
from covet.inspector.site import whole
from covet.inspector.source import open_source

PAGES = {
    "first page, again": "",
    "groups, most suspicious first": "groups?sort=suspicious",
    "rollouts, best first": "rollouts?sort=best",
    "rollouts, the last of them": "rollouts?page=1999",
    "rollouts that hold a text": "rollouts?q=raises",
    "matrix": "matrix",
    "compare": "compare",
    "scorecard": "scorecard",
}


def multiplied(run: Path, to: Path, rollouts: int) -> Path:
    """A copy of the run with so many rollouts; its metrics reach as many steps."""
    shutil.copytree(run, to, ignore=shutil.ignore_patterns("checkpoints", "model", "report.html"))
    steps = 1 + max(row["step"] for row in _rows(run / "metrics.jsonl"))
    for name, most in (("rollouts.jsonl", rollouts), ("metrics.jsonl", 0)):
        rows = list(_rows(run / name))
        times = -(-rollouts // len(list(_rows(run / "rollouts.jsonl"))))
        with (to / name).open("w") as file:
            written = 0
            for turn in range(times):
                for row in rows:
                    if most and written == most:
                        break
                    row["step"] = row["step"] % steps + turn * steps
                    file.write(json.dumps(row, separators=(",", ":")) + "\n")
                    written += 1
    return to


def _rows(path: Path) -> Iterator[dict]:
    with path.open() as file:
        yield from map(json.loads, file)


def pages(run: Path) -> dict[str, float]:
    """Processor seconds in a new process, which other work on the machine hardly changes."""
    source = open_source([run])
    found = {"first page (nothing is read yet)": _cost(lambda: whole(source, Address()))}
    found["reading every row"] = _cost(source.index.catch_up)
    for name, address in PAGES.items():
        page, _, query = address.partition("?")
        parsed = Address.parsed(page, query)
        found[name] = _cost(partial(whole, source, parsed))
    return {f"{name}, processor s": value for name, value in found.items()}


def _cost(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started


def served(run: Path) -> dict[str, float]:
    """In a process of its own, so that its memory is the inspector's."""
    found: dict[str, float] = {}
    source = open_source([run])
    with serving(source) as server:
        found["first page, wall s"] = _ask(server.address)
        while source.index.progress().share < 1 or not source.index.progress().size:
            time.sleep(0.02)
        for address in PAGES.values():
            _ask(server.address + address)
    found["most memory, MB"] = getrusage(RUSAGE_SELF).ru_maxrss / 1000
    return found


def _ask(address: str) -> float:
    started = time.perf_counter()
    with urllib.request.urlopen(address) as answer:  # noqa: S310 (our own server)
        answer.read()
    return time.perf_counter() - started


def small(run: Path) -> dict[str, float]:
    started = time.thread_time()
    path = export(open_source([run]), run.parent / "export.html")
    cost = time.thread_time() - started
    return {"export, processor s": cost, "export, MB": path.stat().st_size / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.inspector")
    parser.add_argument("run", type=Path)
    parser.add_argument("--rollouts", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        many = multiplied(options.run, Path(folder) / "large", options.rollouts)
        few = multiplied(options.run, Path(folder) / "small", 1000)
        found = {"rollouts": options.rollouts, "rollouts.jsonl, MB": _size(many)}
        for work, run in ((pages, many), (served, many), (small, few)):  # a fresh process each
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found |= pool.submit(work, run).result()
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:52} {value:12,.3f}")


def _size(run: Path) -> float:
    return (run / "rollouts.jsonl").stat().st_size / 1e6


if __name__ == "__main__":
    main()
