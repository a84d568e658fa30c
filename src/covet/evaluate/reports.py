"""A coverage report that another tool wrote → which lines of which files ran.

Cobertura's XML (``coverage xml``, ``pytest --cov-report=xml`` and most others) and lcov's traces.
Reports are read and never trusted: XML that declares entities is refused, and a file's name is
only ever compared with those of the codebase.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from covet.errors import DataError
from covet.records import Coverage, FunctionExample


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """By the file's name, as the report has it, the lines that ran at least once."""

    ran: Mapping[str, frozenset[int]]
    roots: tuple[str, ...] = ()
    """Folders that names are relative to, besides the codebase's root."""

    def lines(self, path: str, root: Path) -> frozenset[int] | None:
        """Of the codebase's file at ``path``; None where the report does not have it."""
        wanted = PurePosixPath(root / path)
        for name, lines in self.ran.items():
            homes = [PurePosixPath(root), *(PurePosixPath(root / one) for one in self.roots)]
            if any(home / name == wanted for home in homes):  # an absolute name stays itself
                return lines
        ends = [name for name in self.ran if _ends_alike(name, path)]
        return self.ran[ends[0]] if len(ends) == 1 else None


def _ends_alike(name: str, path: str) -> bool:
    """Whether one is the end of the other, as where the report is of another machine."""
    one, other = PurePosixPath(name).parts, PurePosixPath(path).parts
    shorter = min(len(one), len(other))
    return one[-shorter:] == other[-shorter:]


def with_report(
    examples: Sequence[FunctionExample], report: CoverageReport, root: Path
) -> tuple[list[FunctionExample], tuple[str, ...]]:
    """The examples with what the report says in the place of their baselines, and the files that it
    does not have, which keep what they had.
    """
    found: list[FunctionExample] = []
    absent: dict[str, None] = {}
    for example in examples:
        lines = report.lines(example.function.path, root)
        if lines is None:
            absent[example.function.path] = None
            found.append(example)
        else:
            baseline = Coverage(lines).within(example.function.span)
            found.append(replace(example, baseline=baseline))
    return found, tuple(absent)


def read_report(path: Path) -> CoverageReport:
    """``DataError`` where it is of neither kind, or broken."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    try:
        report = _cobertura(data) if is_xml else _lcov(data.decode("utf-8", "replace"))
    except (expat.ExpatError, ValueError, OverflowError) as error:
        kind = "Cobertura XML" if is_xml else "lcov"
        raise DataError(f"{path}: broken {kind}: {error}") from error
    if not report.ran:
        raise DataError(
            f"{path}: no file with lines in it; a coverage report is Cobertura XML or an lcov trace"
        )
    return report


# ---------------------------------------------------------------------------------- Cobertura


@dataclass(slots=True)
class _Cobertura:
    ran: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    roots: list[str] = field(default_factory=list)
    root: str = ""
    """The first element's name."""
    file: str = ""
    text: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self.text.clear()
        if name == "class":
            self.file = attributes["filename"].replace("\\", "/")
            self.ran[self.file] |= set()
        elif name == "line" and self.file and int(attributes["hits"]) > 0:
            self.ran[self.file].add(int(attributes["number"]))

    def end(self, name: str) -> None:
        if name == "class":
            self.file = ""
        elif name == "source" and (root := "".join(self.text).strip()):
            self.roots.append(root)
        self.text.clear()


def _cobertura(data: bytes) -> CoverageReport:
    found = _Cobertura()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text.append
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except KeyError as error:
        raise ValueError(f"an element lacks its attribute {error}") from error
    if found.root != "coverage":
        raise ValueError(f"its first element is <{found.root}>, and not <coverage>")
    return CoverageReport(
        {name: frozenset(lines) for name, lines in found.ran.items()}, tuple(found.roots)
    )


def _refuse(name: str, *_: object) -> None:
    raise ValueError(f"it declares an entity ({name}), which no coverage report needs")


# --------------------------------------------------------------------------------------- lcov


def _lcov(text: str) -> CoverageReport:
    ran: dict[str, set[int]] = {}
    file = ""
    for line in text.splitlines():
        key, _, value = line.strip().partition(":")
        if key == "SF":
            file = value.strip().replace("\\", "/")
            ran.setdefault(file, set())
        elif key == "DA" and file:
            number, hits, *_ = value.split(",")
            if int(hits) > 0:
                ran[file].add(int(number))
        elif key == "end_of_record":
            file = ""
    return CoverageReport({name: frozenset(lines) for name, lines in ran.items()})
