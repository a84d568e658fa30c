"""A Proposal → the working tree, or a diff that ``git apply`` takes.

Nothing but test files is touched, each is replaced as a whole, and none is where one of them is not
what it was when the tests were written. Encoding, line ends and rights stay.
"""

import difflib
import os
import re
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from covet.errors import DataError, EnvironmentNotReady, UsageError
from covet.languages.base import Language
from covet.records import Proposal, TestFileChange
from covet.runlog import write_whole

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a text stands on the disk."""

    encoding: str = "utf-8"
    newline: str = "\n"
    mark: bytes = b""
    mode: int | None = None

    @classmethod
    def of(cls, file: Path) -> "_Form":
        if not file.exists():
            return cls()
        data = file.read_bytes()
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        mark = _BOM if data.startswith(_BOM) else b""
        newline = "\r\n" if b"\r\n" in data else "\n"
        name = "utf-8" if encoding == "utf-8-sig" else encoding
        return cls(name, newline, mark, file.stat().st_mode & 0o777)

    def text(self, data: bytes) -> str:
        text = data.removeprefix(self.mark).decode(self.encoding)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def data(self, text: str) -> bytes:
        return self.mark + text.replace("\n", self.newline).encode(self.encoding)


def check_writable(root: Path, paths: Iterable[str]) -> None:
    """``EnvironmentNotReady`` where a file could not be written; before anything is paid for."""
    for path in paths:
        file = root / path
        place = file if file.exists() else next(p for p in file.parents if p.exists())
        folder = place.parent if place.is_file() else place
        if not os.access(place, os.W_OK) or not os.access(folder, os.W_OK):
            raise EnvironmentNotReady(
                f"{place}: may not be written to; --patch FILE or --dry-run leave it as it is"
            )


def apply(root: Path, proposal: Proposal, *, language: Language) -> list[str]:
    """Write the files of a proposal; their paths.

    Raises ``UsageError`` or ``DataError`` before anything is written.
    """
    checked = [(_place(root, change, language), change) for change in proposal.files]
    data: list[tuple[Path, bytes, int | None]] = []
    for file, change in checked:
        form = _Form.of(file)
        now = form.text(file.read_bytes()) if file.exists() else ""
        if now != change.before:
            raise UsageError(
                f"{change.path}: was changed while tests were written for it; nothing was written."
                " Run the command again"
            )
        try:
            data.append((file, form.data(change.after), form.mode))
        except UnicodeEncodeError as error:
            raise DataError(
                f"{change.path}: a new test has letters that its encoding, {form.encoding}, lacks;"
                " nothing was written"
            ) from error
    for file, content, mode in data:
        write_whole(file, content)
        if mode is not None:
            file.chmod(mode)
    return [change.path for _, change in checked]


def _place(root: Path, change: TestFileChange, language: Language) -> Path:
    """Where a file stands, links followed; it has to be a test file of the codebase."""
    file = (root / change.path).resolve()
    if not file.is_relative_to(root.resolve()) or not language.is_test(change.path):
        raise DataError(f"{change.path}: is no test file of {root}; nothing was written")
    return file


def patch(root: Path, changes: Sequence[TestFileChange]) -> bytes:
    """A diff of the files as they stand on the disk, from the codebase's root."""
    return b"".join(_patch(root / change.path, change) for change in changes)


def _patch(file: Path, change: TestFileChange) -> bytes:
    form = _Form.of(file)
    before, after = (text.replace("\n", form.newline) for text in (change.before, change.after))
    return unified(change.path, before, after).encode(form.encoding)


def unified(path: str, before: str, after: str) -> str:
    """A unified diff with git's headers; empty where the two are equal."""
    if before == after:
        return ""
    old = f"a/{path}" if before else "/dev/null"
    # By line feeds alone, as git counts lines.
    had, has = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = difflib.unified_diff(had, has, old, f"b/{path}")
    body = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    new = "" if before else "new file mode 100644\n"
    return f"diff --git a/{path} b/{path}\n{new}{body}"
