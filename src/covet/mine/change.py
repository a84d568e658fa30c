"""A change, as git tells it: which lines of which files, and their diffs.

A folder and a range of revisions go in, a ``Change`` comes out; ``touched`` says what of it falls
on one function. Files are graded as they stand on the disk, so a change must lead to what is
there: its end is checked out, and the files that it touches have not been edited since.

Paths are relative to the folder, and what lies outside of it is no part of the change: in a
repository of several codebases each has its own. A file that moved within the folder is compared
with what it was, one that moved into it is new. Deleted and binary files, submodules and files
that git does not track have no lines to touch.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from unidiff import Hunk, PatchSet, UnidiffParseError

from covet.errors import CodebaseError, EnvironmentNotReady, UsageError
from covet.records import Function

_TIMEOUT_S = 120
_DIFF = (
    "-c", "core.quotePath=false", "-c", "diff.suppressBlankEmpty=false",
    "diff", "--relative", "--find-renames", "--ignore-submodules",
)  # fmt: skip
_PATCH = (
    "--patch", "--unified=3", "--inter-hunk-context=0", "--diff-algorithm=myers", "--no-color",
    "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
"""Whatever the settings of whoever runs this say."""
_STRAY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_DIFF_OPTS")
"""What git tells its hooks, and would believe before it believes the folder."""
_FILE = re.compile(r"^diff --git ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """What a change did to one file that is still there; lines are those of the new text."""

    added: frozenset[int]
    """Lines that are new or were rewritten."""
    closed: frozenset[int]
    """Lines that follow others which were removed, with nothing in their place."""
    diff: str
    """A unified diff from its ``---`` line on, with line feeds for line ends."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did to the files of a codebase."""

    files: Mapping[str, ChangedFile]
    """By path, relative to the codebase's root, with forward slashes."""


def read_change(root: Path, revisions: str) -> Change:
    """The change that ``revisions`` names, in the folder ``root``.

    ``BASE..HEAD``: from one commit to another; ``BASE...HEAD``: from where the two parted; an
    empty side is what is checked out. ``BASE``: from there to the files on the disk.

    Raises ``EnvironmentNotReady`` without git, ``CodebaseError`` where the folder is in no
    repository, and ``UsageError`` where there is no such commit or the change does not lead to
    what is on the disk.
    """
    _check_work_tree(root)
    ends = _ends(root, revisions)
    text = _git(root, *_DIFF, *_PATCH, *ends).text
    try:
        files = dict(filter(None, map(_changed_file, _FILE.split(text)[1:])))
    except UnidiffParseError as error:
        raise CodebaseError(f"{root}: the diff of {revisions} cannot be read: {error}") from error
    if len(ends) > 1:
        _check_unedited(root, revisions, files)
    return Change(files)


def parting(root: Path, base: str) -> str:
    """The commit where what is checked out parted from ``base``, or ``base``'s own where the two
    have none in common, as in a shallow clone. Errors as of ``read_change``.
    """
    _check_work_tree(root)
    first = _commit(root, base)
    common = _git(root, "merge-base", first, "HEAD", fails=True)
    return first if common.code else common.text.strip()


def touched(change: Change, function: Function) -> frozenset[int]:
    """The lines of a function that the change added or rewrote.

    Where it only removed lines between others of the function, that is the next line after them
    with something on it.
    """
    file = change.files.get(function.path)
    if file is None:
        return frozenset()
    span = function.span
    lines = function.source.split("\n")
    closed = {
        next(
            (at for at in range(line, span.last_line + 1) if lines[at - span.first_line].strip()),
            line,
        )
        for line in file.closed
        if line in span and line - 1 in span
    }
    return frozenset(closed.union(line for line in file.added if line in span))


# ---------------------------------------------------------------------------- the diff


def _changed_file(text: str) -> tuple[str, ChangedFile] | None:
    """One file's part of a diff; None where no line of it is left to touch.

    ``text`` begins behind ``diff --git``. That line cannot be trusted to say where the first of its
    two names ends; the lines of ``---`` and ``+++`` can.
    """
    start = text.find("\n--- ") + 1
    if not start:  # binary, or only moved
        return None
    diff = text[start:]
    [file] = PatchSet(StringIO(diff, newline="\n"))
    name = file.target_file
    if not name.startswith("b/"):  # deleted, or a name that no module can have
        return None
    added = frozenset(line for hunk in file for line in _added(hunk))
    closed = frozenset(line for hunk in file for line in _closed(hunk))
    return name.removeprefix("b/"), ChangedFile(added, closed, diff.replace("\r\n", "\n"))


def _added(hunk: Hunk) -> Iterator[int]:
    for line in hunk:
        if line.is_added and line.target_line_no is not None:
            yield line.target_line_no


def _closed(hunk: Hunk) -> Iterator[int]:
    was_removed = False
    for line in hunk:
        if was_removed and line.is_context and line.target_line_no is not None:
            yield line.target_line_no
        was_removed = line.is_removed


# ------------------------------------------------------------------------ the revisions


def _ends(root: Path, revisions: str) -> tuple[str, ...]:
    """One commit or two, by their full names."""
    dots = "..." if "..." in revisions else ".."
    base, found, head = revisions.partition(dots)
    first = _commit(root, base)
    if not found:
        return (first,)
    last = _commit(root, head)
    current = _commit(root, "HEAD")
    if last != current:
        raise UsageError(
            f"{revisions}: the change ends at {head}, and {current[:10]} is checked out; tests are"
            f" run against the files on the disk, so check out {head} first"
        )
    if dots == "...":
        common = _git(root, "merge-base", first, last, fails=True)
        if common.code:
            raise UsageError(
                f"{revisions}: the two have no commit in common; name the base with two dots, and"
                " in a shallow clone fetch more of the history"
            )
        first = common.text.strip()
    return first, last


def _commit(root: Path, name: str) -> str:
    name = name.strip() or "HEAD"
    if not name.startswith("-"):  # git would take it for an option
        answer = _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", fails=True)
        if not answer.code:
            return answer.text.strip()
    raise UsageError(
        f"{name}: the repository at {root} has no such commit; give names that 'git log' knows"
        " (git branch --all lists branches), and in a shallow clone fetch more of the history"
    )


def _check_unedited(root: Path, revisions: str, files: Mapping[str, ChangedFile]) -> None:
    names = _git(root, *_DIFF, "--name-only", "-z", "HEAD").text.split("\0")
    edited = sorted(files.keys() & set(names))
    if edited:
        raise UsageError(
            f"{edited[0]}: edited since the end of {revisions}; commit or put away what is not"
            " committed, or give the base alone to take it as a part of the change"
        )


# ----------------------------------------------------------------------------------- git


class _Answer(NamedTuple):
    code: int
    text: str
    complaint: str


def _check_work_tree(root: Path) -> None:
    answer = _git(root, "rev-parse", "--is-inside-work-tree", fails=True)
    if answer.code or answer.text.strip() != "true":
        raise CodebaseError(
            f"{root}: not in a git repository with files checked out, and a change is read from"
            f" one ({answer.complaint or 'it has none'})"
        )


def _git(root: Path, *words: str, fails: bool = False) -> _Answer:
    """What git answers; where ``fails``, an error is an answer too."""
    environment = {name: value for name, value in os.environ.items() if name not in _STRAY}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", "--no-pager", "-C", str(root), *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except OSError as error:
        raise EnvironmentNotReady(
            f"git: cannot be run ({error.strerror}), and a change is read with it; install it"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise CodebaseError(f"{root}: git took longer than {_TIMEOUT_S} s to answer") from error
    # The text of a file may be in any encoding; what matters of it is where its lines end.
    answer = _Answer(
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace").strip(),
    )
    if answer.code and not fails:
        raise CodebaseError(f"{root}: git says: {answer.complaint or f'code {answer.code}'}")
    return answer
