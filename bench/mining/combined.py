"""All links together, against an independent truth: a test is about a function if it fails where
the function raises as soon as it is entered.

    python -m bench.mining.combined [--out DIR] [--functions N] [--packages toolz,…] [--json]

For a sample of functions that some test runs, drawn by a seed, a copy of the package gets a
``raise`` as the first statement of the function, of an exception that no test catches by its type,
and the whole suite is run by plain pytest. The tests that passed before and now do not are the
truth; the links are what ``covet mine`` finds, by any evidence. Functions that run while their
module is imported are left out: with them nothing can be collected.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.mining.sdist import unpacked
from bench.mining.static import PACKAGES, Package
from covet.config import load
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine.baseline import Baseline, measure
from covet.mine.collected import TestKey, key_of, key_of_id
from covet.mine.functions import Files, read_files, suite_paths
from covet.mine.links import Links, combine, inherited, named
from covet.records import Function

_RAISE = "raise type('Entered', (BaseException,), {})()"


@dataclass(frozen=True, slots=True)
class Figures:
    """One package."""

    package: str
    functions: int
    pairs: int
    """In the truth."""
    linked: int
    both: int
    precision: float
    recall: float
    misses: tuple[str, ...]
    """In the truth and not linked."""
    false: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("runs/mining"))
    parser.add_argument("--functions", type=int, default=40)
    parser.add_argument("--packages", default=",".join(sorted(PACKAGES)))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = [
        figures(PACKAGES[name], arguments.out.resolve(), arguments.functions)
        for name in arguments.packages.split(",")
    ]
    if arguments.json:
        print(json.dumps([asdict(each) for each in found]))
        return
    for each in found:
        print(
            f"{each.package}: {each.functions} functions, {each.pairs} pairs, precision"
            f" {each.precision:.3f}, recall {each.recall:.3f}"
        )
        for text in (*each.misses[:5], *each.false[:5]):
            print(f"  {text}")


def figures(package: Package, out: Path, most: int) -> Figures:
    root = unpacked(package.requirement, out)
    settings = load(overrides=(f"codebase.python={sys.executable}", "mine.cache=false"))
    with open_grader(root, settings) as grader:
        files = read_files(grader.layout, settings.codebase, language=grader.language)
        baseline = measure(
            grader,
            files,
            test_paths=suite_paths(settings.codebase, within=""),
            on_progress=lambda text: print(text, file=sys.stderr, flush=True),
        )
    ran = [seen.collected for seen in baseline.seen.values()]
    others = inherited(files.tests, ran, PYTHON)
    found = [named(files.sources, files.tests)]
    links = combine(files.sources, files.tests, found, baseline, others)
    chosen = sample(files, baseline, most)
    copy = out / f"{root.name}-raising"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    passing = suite(copy, package.path)
    truth: set[tuple[str, TestKey]] = set()
    told: set[tuple[str, TestKey]] = set()
    for function in chosen:
        name = f"{function.path}::{function.qualname}"
        print(name, file=sys.stderr, flush=True)
        failing = passing - with_raise(copy, package.path, function)
        truth |= {(name, test) for test in failing}
        told |= {(name, test) for test in tests_of(links, function) if test in passing}
    both = truth & told
    return Figures(
        package.requirement,
        len(chosen),
        len(truth),
        len(told),
        len(both),
        len(both) / len(told) if told else 0.0,
        len(both) / len(truth) if truth else 0.0,
        tuple(f"missed: {name} {test}" for name, test in sorted(truth - told)),
        tuple(f"false: {name} {test}" for name, test in sorted(told - truth)),
    )


def tests_of(links: Links, function: Function) -> set[TestKey]:
    """An inherited test is known by the file of its code, and not by that of its class."""
    return set(map(key_of, links.all_of(function)))


def sample(files: Files, baseline: Baseline, most: int) -> list[Function]:
    """Functions that tests run, and importing does not."""
    known: list[Function] = []
    for source in files.sources:
        imported = baseline.imported.get(source.path)
        for function in source.functions:
            body = range(function.span.first_line + 1, function.span.last_line + 1)
            inside = imported.lines.intersection(body) if imported else set[int]()
            if baseline.tests_of(function) and not inside:
                known.append(function)
    return random.Random(0).sample(known, min(most, len(known)))


def with_raise(copy: Path, path: str, function: Function) -> frozenset[TestKey]:
    """What passes where the function raises; ``path``: what is imported from."""
    file = copy / function.path
    text = file.read_text(encoding="utf-8")
    node = next(
        n
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        and min([n.lineno, *(d.lineno for d in n.decorator_list)]) == function.span.first_line
    )
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and body[1:]:
        body = body[1:]
    first = min([body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))])
    lines = text.split("\n")
    if lines[first - 1][: body[0].col_offset].strip():  # it stands behind the header
        lines[first - 1] = (
            lines[first - 1][: body[0].col_offset]
            + _RAISE
            + "; "
            + lines[first - 1][body[0].col_offset :]
        )
    else:
        lines.insert(first - 1, " " * body[0].col_offset + _RAISE)
    try:
        file.write_text("\n".join(lines), encoding="utf-8")
        return suite(copy, path)
    finally:
        file.write_text(text, encoding="utf-8")


def suite(folder: Path, path: str) -> frozenset[TestKey]:
    """The tests of which all parameters pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider"]
    command += ["-p", "no:randomly", "--rootdir", str(folder), "--continue-on-collection-errors"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    lines = done.stdout.splitlines()
    passed = {key_of_id(line.split(" ", 1)[1]) for line in lines if line.startswith("PASSED ")}
    words = ("FAILED ", "ERROR ")
    bad = {
        key_of_id(line.split(" ", 1)[1].partition(" - ")[0])
        for line in lines
        if line.startswith(words)
    }
    return frozenset(passed - bad)


if __name__ == "__main__":
    main()
