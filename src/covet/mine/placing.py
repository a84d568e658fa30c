"""In which test file new tests of a source file belong."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from covet.mine.functions import Files, SourceFile, TestFile
from covet.mine.links import Links, existing_test_file, is_named_after
from covet.records import Function


class Homes:
    """The test file of each function, which need not exist.

    It is the file in which most tests about the function stand, or else those of its module, or the
    one file that is called after the module and no other. A module that has none gets
    ``test_<module>.py`` beside itself where the codebase keeps its tests beside its code, and
    otherwise in the folder of its tests; where another has that name already, the name of its
    package goes before. No two modules get the same new file.
    """

    def __init__(
        self,
        files: Files,
        links: Links,
        *,
        test_folders: Iterable[str],
        broken: Collection[str] = (),
    ) -> None:
        """``broken``: test files that cannot be run."""
        self._links = links
        self._known = {test.path: test for test in files.tests}
        self._modules = _modules(files, links, self._known, test_folders, broken)

    def of(self, function: Function) -> str:
        module = self._modules[function.path]
        counts = Counter(test.path for test in self._links.of(function))
        if not counts or counts[module]:
            return module
        return min(counts, key=lambda path: (-counts[path], path))


def _modules(
    files: Files,
    links: Links,
    known: Mapping[str, TestFile],
    test_folders: Iterable[str],
    broken: Collection[str],
) -> dict[str, str]:
    """Source path → the path of its test file."""
    found = {
        source.path: existing_test_file(source, links, known) or _namesake(source, files, broken)
        for source in files.sources
    }
    taken = {path for path in found.values() if path} | set(files.unreadable) | set(known)
    folder = _folder(files, test_folders)
    for source in files.sources:
        if not found[source.path]:
            here = PurePosixPath(source.path).parent if folder is None else folder
            found[source.path] = next(path for path in _names(source, here) if path not in taken)
            taken.add(found[source.path])
    return found


def _namesake(source: SourceFile, files: Files, broken: Collection[str]) -> str:
    """The test file that is called after this module alone; empty where there is none, or more."""
    named = [test.path for test in files.tests if is_named_after(test.path, source)]
    if len(named) != 1 or named[0] in broken:
        return ""
    others = [other for other in files.sources if is_named_after(named[0], other)]
    return named[0] if len(others) == 1 else ""


def _names(source: SourceFile, folder: PurePosixPath) -> Iterable[str]:
    parts = source.module.split(".")
    for number in range(1, len(parts) + 1):
        yield str(folder / f"test_{'_'.join(parts[-number:])}.py")
    number = 2
    while True:
        yield str(folder / f"test_{'_'.join(parts)}_{number}.py")
        number += 1


def _folder(files: Files, test_folders: Iterable[str]) -> PurePosixPath | None:
    """Where tests are kept; None: beside the code."""
    for given in test_folders:
        path = PurePosixPath(given)
        return path.parent if path.suffix == ".py" else path
    code = {PurePosixPath(source.path).parent for source in files.sources}
    homes = [PurePosixPath(test.path).parent for test in files.tests]
    if homes and sum(home in code for home in homes) * 2 > len(homes):
        return None
    tops = Counter(_top(home, code) for home in homes if home not in code)
    return min(tops, key=lambda top: (-tops[top], top)) if tops else PurePosixPath("tests")


def _top(home: PurePosixPath, code: Collection[PurePosixPath]) -> PurePosixPath:
    """Of the folders that lead to one of tests, the first that holds no code."""
    for folder in [*reversed(home.parents), home]:
        if folder.parts and folder not in code:
            return folder
    return home
