"""How often the tests that ``mine.similar`` offers really test the function.

    python -m bench.mining.similar [--out runs/mining]

Downloads the sources of three published packages with their tests and runs their suites under a
tracer of its own. A query is a function that 2 to 30 tests call directly; one of those is drawn
and held out, and the others are what should be found. Prints the share of queries whose first and
whose first three tests hold such a one, the mean reciprocal rank of the first, and what a fourth
package's tests cost to index and to query. What was downloaded and traced is kept below the folder.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from bench.mining.sdist import unpacked
from covet.languages.python import PYTHON
from covet.mine.similar import Corpus
from covet.records import Function, TestCase

REPOSITORY = Path(__file__).parents[2]
RANKS = 20
"""A test further behind counts as not found."""
DIRECT = range(2, 31)
MOST = 150
"""Queries of one codebase."""
BAR = 0.70
"""First tests that are right, by the best of seven rankings that were compared beforehand, none of
which left near copies out."""


@dataclass(frozen=True, slots=True)
class Package:
    """A published package whose source distribution has its tests."""

    name: str
    version: str
    source: str
    tests: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


TRACED = (
    Package("toolz", "1.2.0", "toolz", "toolz/tests"),
    Package("boltons", "26.2.0", "boltons", "tests"),
    Package("click", "8.5.1", "src/click", "tests"),
)
LARGE = Package("networkx", "3.6.1", "networkx", "networkx")


@dataclass(frozen=True, slots=True)
class Query:
    """A function, the test that is held out, and the names of those that should be found."""

    function: Function
    held: TestCase
    relevant: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mining.similar")
    parser.add_argument("--out", type=Path, default=Path("runs/mining"))
    out: Path = parser.parse_args().out.resolve()
    found: list[int] = []
    for package in TRACED:
        ranks = list(_ranks(package, out))
        found += ranks
        print(f"{package.name:9} {_row(ranks)}", flush=True)
    print(f"{'all':9} {_row(found)}")
    first = _share(found, 1)
    print(f"hit@1 {first:.3f} is {'not ' * (first < BAR)}at least {BAR:.2f}")
    print(_cost(unpacked(LARGE.requirement, out)))


def _row(ranks: list[int]) -> str:
    reciprocal = mean(1 / rank if rank else 0 for rank in ranks)
    shares = f"hit@1 {_share(ranks, 1):.3f}  hit@3 {_share(ranks, 3):.3f}"
    return f"{shares}  MRR {reciprocal:.3f}  n {len(ranks)}"


def _share(ranks: list[int], most: int) -> float:
    return mean(0 < rank <= most for rank in ranks)


def _ranks(package: Package, out: Path) -> Iterator[int]:
    """For each query, the place of the first test that should be found; 0 where there is none."""
    root = unpacked(package.requirement, out)
    called = _called(package, root)
    functions = {_name(each.path, each.qualname): each for each in _functions(root, package.source)}
    tests = {_name(each.path, each.qualname): each for each in _tests(root, package.tests)}
    tests = {name: test for name, test in tests.items() if name in called}
    corpus = Corpus(list(tests.values()))
    for query in _queries(functions, tests, called):
        like = corpus.like(query.function, without=[query.held], most=RANKS)
        names = [_name(test.path, test.qualname) for test in like]
        yield next((at for at, name in enumerate(names, 1) if name in query.relevant), 0)


def _queries(
    functions: dict[str, Function], tests: dict[str, TestCase], called: dict[str, list[str]]
) -> list[Query]:
    draw = random.Random(0)
    queries: list[Query] = []
    for name in sorted(functions):
        direct = [test for test in sorted(tests) if name in called[test]]
        if len(direct) in DIRECT:
            held = draw.choice(direct)
            queries.append(Query(functions[name], tests[held], frozenset(direct) - {held}))
    draw.shuffle(queries)
    return queries[:MOST]


def _cost(root: Path) -> str:
    tests, functions = _tests(root, LARGE.tests), _functions(root, LARGE.source)
    started = time.process_time()
    corpus = Corpus(tests)
    index_s = time.process_time() - started
    took: list[float] = []
    for function in random.Random(0).sample(functions, 300):
        started = time.process_time()
        corpus.like(function, without=tests[:1], most=3)
        took.append((time.process_time() - started) * 1000)
    p95 = sorted(took)[len(took) * 95 // 100]
    return (
        f"{len(tests)} tests of {LARGE.name}: index {index_s:.2f} s, "
        f"query {median(took):.2f} ms (95 %: {p95:.2f} ms)"
    )


# --------------------------------------------------------------------------- the packages


def _called(package: Package, root: Path) -> dict[str, list[str]]:
    """Test → functions that it calls directly, both as ``path::qualname``."""
    file = root / "called.json"
    if not file.exists():
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str((root / package.source).parent), str(REPOSITORY)]),
            "CALLED_ROOT": str(root),
            "CALLED_SOURCE": package.source,
            "CALLED_TESTS": package.tests,
            "CALLED_OUT": str(file),
        }
        options = ("-q", "-p", "bench.mining.called", "-p", "no:randomly", "-W", "ignore")
        command = [sys.executable, "-m", "pytest", *options, package.tests]
        subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.DEVNULL)
    return json.loads(file.read_text(encoding="utf-8"))


def _functions(root: Path, folder: str) -> list[Function]:
    return [
        function
        for path, text in _files(root, folder)
        if PYTHON.is_source(path)
        for function in PYTHON.functions(text, path=path, module="")
    ]


def _tests(root: Path, folder: str) -> list[TestCase]:
    return [
        test
        for path, text in _files(root, folder)
        if PYTHON.is_test(path)
        for test in PYTHON.tests(text, path=path)
    ]


def _files(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    for file in sorted((root / folder).rglob("*.py")):
        yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")


def _name(path: str, qualname: str) -> str:
    return f"{path}::{qualname}"


if __name__ == "__main__":
    main()
