"""How many links between tests and functions a language server finds, and how many are true.

    python -m bench.mining.static [PACKAGE ...] [--server pyrefly] [--json] [--verbose] [--out DIR]

Four published packages are downloaded by pip into ``DIR``; their suites run once, in this
interpreter, under a plugin that writes down which test ran which function, and whether a test's
own file called it. A pair is a public function and a test function, its parameters together;
tests that did not pass are left out.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench.mining.sdist import unpacked
from covet import config
from covet.execute.codebase import Layout
from covet.languages.python import PYTHON
from covet.mine.collected import Collected, Fixture
from covet.mine.functions import Files, read_files
from covet.mine.links import FunctionKey
from covet.mine.static import static_links

Pair = tuple[FunctionKey, str]
"""A function, and a test by its pytest id without parameters."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package and how its suite is run."""

    requirement: str
    source: str
    """Folder of its sources."""
    tests: str
    """What pytest is given; of networkx a part, for time."""
    path: str = "."
    """Folder that it is imported from."""
    every: int = 1
    """One in so many functions is looked at."""


PACKAGES = {
    "toolz": Package("toolz==1.2.0", "toolz", "toolz"),
    "boltons": Package("boltons==26.2.0", "boltons", "tests"),
    "click": Package("click==8.5.1", "src/click", "tests", path="src"),
    "networkx": Package("networkx==3.6.1", "networkx", "networkx/classes", every=20),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One package and server."""

    package: str
    server: str
    functions: int
    any: int
    """Pairs of which the test ran the function."""
    direct: int
    """Pairs of which the test's own file called it."""
    linked: int
    """Pairs that the server gives."""
    direct_recall: float
    direct_precision: float
    any_precision: float
    cpu_s: float
    wall_s: float


def observed(package: Package, root: Path, files: Files) -> dict[str, Any]:
    """What the plugin saw; the suite runs once."""
    seen = root.with_suffix(".observed.json")
    if not seen.exists():
        environment = os.environ | {
            "OBSERVED_ROOT": str(root),
            "OBSERVED_SOURCES": ":".join(source.path for source in files.sources),
            "OBSERVED_OUT": str(seen),
            "PYTHONPATH": f"{root / package.path}:{Path(__file__).parent}",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "observer", package.tests]
        command += ["-p", "no:cacheprovider", "--tb", "no"]
        subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.DEVNULL)
    return json.loads(seen.read_text(encoding="utf-8"))


def collected(seen: Mapping[str, Any]) -> tuple[Collected, ...]:
    return tuple(
        Collected(
            _test_key(test),
            *known["place"],
            tuple(Fixture(*fixture) for fixture in known["fixtures"]),
        )
        for test, known in seen["collected"].items()
    )


def _test_key(test: str) -> tuple[str, str]:
    path, *names = test.split("::")
    return path, ".".join(names)


def measure(
    name: str, *, server: str, out: Path
) -> tuple[Figures, set[Pair], set[Pair], set[Pair]]:
    """The figures, with the pairs: linked, run directly, run at all."""
    package = PACKAGES[name]
    root = unpacked(package.requirement, out).resolve()
    settings = config.Codebase(source=(package.path,)) if package.path != "." else config.Codebase()
    files = read_files(Layout.discover(root, settings), settings, language=PYTHON)
    sources = [source for source in files.sources if source.path.startswith(f"{package.source}/")]
    files = replace(files, sources=tuple(sources))
    seen = observed(package, root, files)
    files = _thinned(files, package.every)
    places = {
        (function.path, function.span.first_line): (function.path, function.qualname)
        for source in files.sources
        for function in source.functions
        if not function.qualname.removesuffix(".setter").split(".")[-1].startswith("_")
    }
    public = set(places.values())
    tests = {
        test.test: "::".join([test.test[0], *test.test[1].split(".")]) for test in collected(seen)
    }
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    links = static_links(root, files, collected(seen), language=PYTHON, server=server)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    linked = {(key, tests[test]) for key, found in links.items() for test in found}
    linked = {pair for pair in linked if pair[0] in public and pair[1] in seen["tests"]}
    ran, directly = (set(_pairs(seen, places, index)) for index in (0, 1))
    figures = Figures(
        package=name,
        server=server,
        functions=len(public),
        any=len(ran),
        direct=len(directly),
        linked=len(linked),
        direct_recall=_share(linked & directly, directly),
        direct_precision=_share(linked & directly, linked),
        any_precision=_share(linked & ran, linked),
        cpu_s=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        wall_s=wall,
    )
    return figures, linked, directly, ran


def _thinned(files: Files, every: int) -> Files:
    """With each ``every``-th of its functions."""
    functions = [function for source in files.sources for function in source.functions][::every]
    chosen = {(function.path, function.qualname) for function in functions}
    sources = tuple(
        replace(
            source,
            functions=tuple(f for f in source.functions if (f.path, f.qualname) in chosen),
        )
        for source in files.sources
    )
    return replace(files, sources=sources)


def _pairs(
    seen: Mapping[str, Any], places: Mapping[tuple[str, int], FunctionKey], index: int
) -> Iterable[Pair]:
    for test, found in seen["tests"].items():
        for path, line in found[index]:
            if (path, line) in places:
                yield places[path, line], test


def _share(part: set[Pair], whole: set[Pair]) -> float:
    return len(part) / len(whole) if whole else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=["toolz", "boltons", "click"])
    parser.add_argument("--server", choices=["pyrefly", "ty"], default="pyrefly")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="what is missed, and what is wrong")
    parser.add_argument("--out", type=Path, default=Path("runs/mining"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.packages:
        figures, linked, directly, ran = measure(name, server=arguments.server, out=arguments.out)
        if arguments.json:
            print(json.dumps(asdict(figures)))
            continue
        print(
            f"{name} {arguments.server}: {figures.linked} pairs of {figures.functions} functions;"
            f" direct recall {figures.direct_recall:.3f} of {figures.direct},"
            f" precision {figures.direct_precision:.3f} direct, {figures.any_precision:.3f} any;"
            f" {figures.cpu_s:.1f} CPU s, {figures.wall_s:.1f} s"
        )
        if arguments.verbose:
            for title, pairs in (("missed", directly - linked), ("wrong", linked - ran)):
                for key, number in Counter(key for key, _ in pairs).most_common(20):
                    example = min(test for other, test in pairs if other == key)
                    print(f"    {title} {number} of {'::'.join(key)}, as in {example}")


if __name__ == "__main__":
    main()
