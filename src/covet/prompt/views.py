"""How a prompt shows a source file and the change that was made to it, less what is left out.

Both views are unified diffs. Lines left out in a row, blank lines between them included, are one
line that counts them. What is left out is said by line numbers of the file as it is now.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from covet.records import Span

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(?P<first>\d+)(?:,\d+)? @@.*\n", re.MULTILINE)


def source_view(source: str, focal: Span, *, left_out: frozenset[int]) -> str:
    """The file as a diff shows one in which the focal function has just been added."""
    return _with_gaps(
        (number in left_out, f"{'+' if number in focal else ' '}{line}\n")
        for number, line in enumerate(lines_of(source), 1)
    )


def diff_view(diff: str, *, left_out: frozenset[int]) -> str:
    """A diff of the file without the lines that are left out of the file itself.

    A line that the change removed goes where both that stand next to it do. A hunk of which
    nothing is left goes as a whole, and with the last hunk the diff.
    """
    if not left_out or not diff:
        return diff
    headers = list(_HUNK.finditer(diff))
    ends = [header.start() for header in headers[1:]] + [len(diff)]
    hunks = [
        hunk
        for header, end in zip(headers, ends, strict=True)
        if (hunk := _hunk_view(header, diff[header.end() : end], left_out))
    ]
    return diff[: headers[0].start()] + "".join(hunks) if hunks else ""


def lines_of(text: str) -> list[str]:
    """As Python counts them: a form feed or a Unicode line separator ends none."""
    return text.removesuffix("\n").split("\n")


def _hunk_view(header: re.Match[str], body: str, left_out: frozenset[int]) -> str:
    lines = lines_of(body)
    own = list(_left_out_by_themselves(lines, int(header["first"]), left_out))
    before = _filled(own)
    after = _filled(own[::-1])[::-1]
    gone = [above and below for above, below in zip(before, after, strict=True)]
    if all(gone):
        return ""
    return header[0] + _with_gaps(zip(gone, (f"{line}\n" for line in lines), strict=True))


def _left_out_by_themselves(
    lines: Iterable[str], first: int, left_out: frozenset[int]
) -> Iterator[bool | None]:
    """Whether each line of a hunk is left out; None of those that the file does not have."""
    number = first
    for line in lines:
        if line.startswith(("-", "\\")):
            yield None
        else:
            yield number in left_out
            number += 1


def _filled(known: list[bool | None]) -> list[bool]:
    """Each None as the last before it that is none; before all others as if left out."""
    filled = accumulate(known, lambda last, this: last if this is None else this, initial=True)
    return [bool(each) for each in filled][1:]


def _with_gaps(lines: Iterable[tuple[bool, str]]) -> str:
    """The lines, each given with whether it is left out and with its mark in front."""
    view: list[str] = []
    gap: list[str] = []
    blank: list[str] = []
    for is_left_out, line in lines:
        if is_left_out:
            gap += [*blank, line]
            blank.clear()
        elif gap and not line[1:].strip():
            blank.append(line)
        else:
            view += [*_gap(gap), *blank, line]
            gap.clear()
            blank.clear()
    return "".join([*view, *_gap(gap), *blank])


def _gap(lines: list[str]) -> list[str]:
    return [f"@@ {len(lines)} line{'s' * (len(lines) > 1)} left out @@\n"] if lines else []
