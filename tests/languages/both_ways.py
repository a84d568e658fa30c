"""What tracing and probes tell of programs: stands alone, for any interpreter that runs tests.

    python3.9 both_ways.py PROGRAM ...

Each program has a function ``run``, which is called several times. Prints where the two differ, and
ends with 1 then.
"""

import importlib
import sys
import types
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

TIMES = 3
PROGRAMS = Path(__file__).parent.parent / "codebases" / "probed"
WORKER = Path(__file__).parent.parent.parent / "src" / "covet" / "languages" / "python" / "worker"

Told = list[tuple[set[int], set[tuple[int, int]]]]
"""By run: lines and branches."""

package = types.ModuleType("_both_ways")
package.__path__ = [str(WORKER)]
sys.modules[package.__name__] = package
tracing = importlib.import_module("_both_ways.tracing")
probes = importlib.import_module("_both_ways.probes")


def traced(path: Path) -> Told:
    tracer = tracing.Tracer(str(path.parent), [path.name])
    names: dict[str, Any] = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    found = []
    for _ in range(TIMES):
        tracer.begin()
        with tracer:
            names["run"]()
        file = tracer.files[str(path)]
        found.append((set(file.recent), set(file.recent_branches)))
    return found


def probed(path: Path, entered: Any = lambda _frame, _line: False) -> Told:
    own = probes.Probes(str(path.parent), [path.name])
    names: dict[str, Any] = {}
    exec(own.compiled(entered, str(path), SourceFileLoader("known", str(path))), names)
    own.take()
    found = []
    for _ in range(TIMES):
        names["run"]()
        found.append(own.take()[path.name])
    return found


def main() -> int:
    bad = 0
    for path in map(Path, sys.argv[1:]):
        one, other = traced(path), probed(path)
        if one != other:
            bad = 1
            print(f"{path.name}: tracing tells {one}, and probes {other}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
