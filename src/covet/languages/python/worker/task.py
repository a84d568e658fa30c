"""The tests of one request, and how they are compiled."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, Optional


@dataclass(frozen=True)
class Task:
    """The tests of one request."""

    root: str
    path: str
    source: Optional[str]
    code: Optional[CodeType]
    """The compiled ``source``, where that has been done already."""
    stop: bool
    order: int = 0
    """0: as in the file, else the seed of a shuffle; random numbers are seeded with it too."""
    quick: bool = False
    """Whether only verdicts are wanted: of tests that do not pass, nothing is reported."""
    plain: Sequence[str] = ()
    """The names of the tests, where to know them nothing has to be collected."""
    probes: Any = None
    """The ``probes.Probes`` of the files of which is told what each test ran."""
    each_s: float = 0.0
    """CPU seconds after which a test leaves room for the next, and each is timed; 0: no bound."""
    plan: Any = None
    """A ``batch.Plan``: the programs that the tests are run against once they pass."""

    @property
    def absolute(self) -> Path:
        return Path(self.root, self.path)

    @property
    def folders(self) -> list[Path]:
        """From the root to the tests' own."""
        root, inner = Path(self.root), self.absolute.parent
        return [folder for folder in (*reversed(inner.parents), inner) if _is_in(folder, root)]

    @property
    def is_file(self) -> bool:
        return self.source is not None or self.absolute.is_file()


def _is_in(folder: Path, root: Path) -> bool:
    return folder == root or root in folder.parents


def compile_test(source: str, path: str, config: Any, *, readable: bool = True) -> CodeType:
    """As pytest does, ``readable``: with its assertions rewritten to say what they compared,
    unless that is switched off. That changes no verdict and costs more than most tests.
    """
    if not readable:
        return compile(source.encode("utf-8", "surrogatepass"), path, "exec", dont_inherit=True)
    from _pytest.assertion.rewrite import rewrite_asserts

    data = source.encode("utf-8", "surrogatepass")
    tree = ast.parse(data, filename=path)
    if config.getoption("assertmode") == "rewrite":
        rewrite_asserts(tree, data, path, config)
    code: CodeType = compile(tree, path, "exec", dont_inherit=True)
    return code
