"""The files of a codebase: the source files with their functions, the test files with their tests.

Folders that hold nothing of the codebase's own are passed over: hidden ones, virtual environments,
caches, build results, copies of other projects. So are generated files, and programs that do
something when they are imported. A file that cannot be read or parsed is reported, and the rest
goes on.
"""

import fnmatch
import os
import re
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from covet.config import Codebase
from covet.errors import CodebaseError
from covet.execute.codebase import Layout
from covet.languages.base import Language
from covet.records import Function, TestCase

_NOT_OURS = frozenset(
    {
        "__pycache__", "node_modules", "site-packages", "vendor", "vendored", "_vendor",
        "_vendored", "third_party", "thirdparty", "extern", "testdata", "venv", "env",
    }
)  # fmt: skip
_BUILT = frozenset({"build", "dist"})
"""Not the codebase's own unless they are packages."""
_BESIDE = frozenset({"docs", "doc", "examples", "benchmarks", "scripts"})
"""Folders of a root that is searched itself which hold no package of the codebase's."""
_TESTS = frozenset({"tests", "test"})
"""Folders whose other files help tests and are not focal."""
_PROGRAMS = frozenset({"setup.py", "conftest.py", "noxfile.py", "__main__.py"})
_GENERATED_NAME = re.compile(r".*(_pb2|_pb2_grpc|_version)\.py")
_GENERATED = re.compile(r"@generated|do not edit|auto-?generated", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file with focal functions, or one that passes names on."""

    path: str
    module: str
    text: str
    functions: tuple[Function, ...]

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file with tests."""

    __test__ = False

    path: str
    module: str
    """The dotted name that its relative imports start from."""
    text: str
    tests: tuple[TestCase, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """What was found in a codebase; each tuple is in the order of the paths."""

    sources: tuple[SourceFile, ...]
    tests: tuple[TestFile, ...]
    unreadable: dict[str, str]
    """Path → why."""
    passed_over: int
    """How many files are generated, or programs."""


def locate(path: Path) -> tuple[Path, str]:
    """The root of the codebase that a path names, and the folder in it that is meant.

    A package, such as one that is installed, stands for itself alone: its root is the folder
    that it is imported from. Any other folder is a root, and all of it is meant (``""``).
    """
    root = path.resolve()
    while (root / "__init__.py").is_file():
        root = root.parent
    within = path.resolve().relative_to(root).as_posix()
    return root, "" if within == "." else within


def suite_paths(settings: Codebase, *, within: str) -> tuple[str, ...]:
    """The files and folders that the existing suite is run from."""
    return settings.tests or (within or ".",)


def read_files(
    layout: Layout, settings: Codebase, *, language: Language, within: str = ""
) -> Files:
    """Every source and test file of a codebase, or of the folder ``within`` it.

    Source is what lies in a folder that imports are resolved from: those that the layout found,
    or else the packages and modules of the root itself. Raises ``CodebaseError`` where no file
    has a function.
    """
    paths = list(python_paths(layout.root, within=within, exclude=settings.exclude))
    tests = {path for path in paths if language.is_test(path) and _under(path, settings.tests)}
    candidates = [path for path in paths if path not in tests and language.is_source(path)]
    found = _Found(layout, language)
    for path in _own_sources(layout, settings, candidates, within=within):
        found.add_source(path)
    for path in sorted(tests):
        found.add_test(path)
    if not any(source.functions for source in found.sources):
        raise CodebaseError(f"{layout.root / within}: {_nothing_found(found)}")
    return Files(tuple(found.sources), tuple(found.tests), found.unreadable, found.passed_over)


def _own_sources(
    layout: Layout, settings: Codebase, paths: Sequence[str], *, within: str
) -> list[str]:
    named = [within] if within else list(settings.source)
    homes = named or [folder for folder in layout.search_path if folder not in {".", *_TESTS}]
    own = [path for path in paths if any(_is_source_of(home, path) for home in homes)]
    if own or named:
        return own
    return [path for path in paths if _is_in_package(layout.root, path)]


def _is_source_of(home: str, path: str) -> bool:
    """Whether a file lies in a folder, and in no folder of tests below that."""
    if not _under(path, [home]):
        return False
    return _TESTS.isdisjoint(PurePosixPath(path).relative_to(home).parts[:-1])


def _is_in_package(root: Path, path: str) -> bool:
    """Whether a file is a module of the root, or lies in a package that is one."""
    first, *rest = PurePosixPath(path).parts
    if not rest:
        return True
    is_package = first not in _BESIDE and (root / first / "__init__.py").is_file()
    return is_package and _is_source_of(".", path)


class _Found:
    """Files as they are read; one that cannot be is noted, and the rest goes on."""

    def __init__(self, layout: Layout, language: Language) -> None:
        self._layout = layout
        self._language = language
        self.sources: list[SourceFile] = []
        self.tests: list[TestFile] = []
        self.unreadable: dict[str, str] = {}
        self.passed_over = 0

    def add_source(self, path: str) -> None:
        with self._noting(path):
            text = read_text(self._layout.root / path)
            if _is_passed_over(path, text):
                self.passed_over += 1
                return
            module = self._layout.module_name(path)
            functions = self._language.functions(text, path=path, module=module)
            self.sources.append(SourceFile(path, module, text, functions))

    def add_test(self, path: str) -> None:
        with self._noting(path):
            text = read_text(self._layout.root / path)
            tests = self._language.tests(text, path=path)
            self.tests.append(TestFile(path, self._layout.module_name(path), text, tests))

    @contextmanager
    def _noting(self, path: str) -> Iterator[None]:
        try:
            yield
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            self.unreadable[path] = f"{type(error).__name__}: {error}"


def read_text(path: Path) -> str:
    """A Python file as its encoding cookie says, with line feeds for line ends.

    Raises ``OSError``, ``SyntaxError`` (a wrong cookie) or ``UnicodeDecodeError``.
    """
    with tokenize.open(path) as file:
        text = file.read()
    return text.removeprefix("\ufeff")


def python_paths(root: Path, *, within: str, exclude: Sequence[str] = ()) -> Iterator[str]:
    """Every Python file below the root that may be the codebase's own, in order."""
    for folder, names, files in os.walk(root / within):
        here = Path(folder)
        names[:] = sorted(name for name in names if _is_ours(here / name))
        for name in sorted(files):
            path = (here / name).relative_to(root).as_posix()
            if name.endswith(".py") and not name.startswith(".") and not matches(path, exclude):
                yield path


def matches(path: str, globs: Sequence[str]) -> bool:
    """Whether a path, or a folder that it lies in, fits one of the globs."""
    places = [path, *(parent.as_posix() for parent in PurePosixPath(path).parents)]
    return any(
        fnmatch.fnmatchcase(place, glob.rstrip("/")) for glob in globs for place in places[:-1]
    )


def _is_ours(folder: Path) -> bool:
    name = folder.name
    if name.startswith(".") or name in _NOT_OURS or name.endswith((".egg-info", ".dist-info")):
        return False
    if os.path.exists(folder / "pyvenv.cfg"):  # noqa: PTH110 (False where it may not be looked into)
        return False
    return name not in _BUILT or (folder / "__init__.py").exists()


def _under(path: str, folders: Sequence[str]) -> bool:
    """Whether a path lies in one of the folders, or is one of them; none given: it does."""
    return not folders or any(PurePosixPath(path).is_relative_to(folder) for folder in folders)


def _is_passed_over(path: str, text: str) -> bool:
    """Whether a file is a program that does its work when it is imported, or is generated."""
    name = PurePosixPath(path).name
    if name in _PROGRAMS or _GENERATED_NAME.fullmatch(name):
        return True
    head = text.split("\n", 10)[:10]
    return any(line.startswith("#") and _GENERATED.search(line) for line in head)


def _nothing_found(found: _Found) -> str:
    text = f"no function to test in {len(found.sources)} source files"
    if found.unreadable:
        path, why = next(iter(found.unreadable.items()))
        text += f"; {len(found.unreadable)} files cannot be read, the first {path}: {why}"
    return f"{text}; name the folders that hold its packages in codebase.source"
