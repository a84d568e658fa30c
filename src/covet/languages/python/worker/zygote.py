"""Starts the worker: ``<interpreter> -B zygote.py <channel fd>``, or ``--selfcheck``.

The folder becomes the package ``_covet_worker``, so that none of its names can meet a name of
the codebase's, and leaves the import path. The interpreter is started anew when it was told to
ignore the environment: hashes of strings must not differ from one worker to the next.
"""

import importlib
import os
import sys
import types

PACKAGE = "_covet_worker"


def main() -> int:
    if sys.flags.ignore_environment:
        os.execv(sys.executable, [sys.executable, "-s", "-B", *sys.argv])  # noqa: S606
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if entry not in (folder, "")]
    package = types.ModuleType(PACKAGE)
    package.__path__ = [folder]
    sys.modules[PACKAGE] = package
    if sys.argv[1:] == ["--selfcheck"]:
        return int(importlib.import_module(PACKAGE + ".selfcheck").main())
    return int(importlib.import_module(PACKAGE + ".server").main(int(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
