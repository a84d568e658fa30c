"""In which test file new tests of a source file belong."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from covet.mine.functions import Files, SourceFile
from covet.mine.links import Links, existing_test_file


def place(files: Files, links: Links, *, test_folders: Iterable[str]) -> dict[str, str]:
    """Source path → the path of its test file, which need not exist; no two have the same.

    It is the file in which the module's tests stand. A module that has none gets
    ``test_<module>.py`` beside itself where the codebase keeps its tests beside its code, and
    otherwise in the folder of its tests; where another has that name already, the name of its
    package goes before.
    """
    by_path = {test.path: test for test in files.tests}
    found = {source.path: existing_test_file(source, links, by_path) for source in files.sources}
    taken = {path for path in found.values() if path} | set(files.unreadable)
    folder = _folder(files, test_folders)
    for source in files.sources:
        if not found[source.path]:
            here = PurePosixPath(source.path).parent if folder is None else folder
            found[source.path] = next(path for path in _names(source, here) if path not in taken)
            taken.add(found[source.path])
    return found


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
    tops = Counter(home.parts[0] if home.parts else "." for home in homes if home not in code)
    top = min(tops, key=lambda top: (-tops[top], top)) if tops else "tests"
    return PurePosixPath(top)
