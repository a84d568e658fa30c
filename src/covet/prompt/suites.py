"""What a test writer answered becomes cases, and what it wrote that is none is counted.

Two forms of answers are read. ``blocks``: each case stands under the labels ``Input:`` and
``Output:``, in one fenced block or in one for each label, or in none; ``lines``: a line
``given => expected`` for each case. ``write`` is the other way. A line is a line whether it ends
in LF or CRLF; of what stands between two labels one blank line at the end is the answer's and no
more, so that what is written is read back to the character. Time is linear in the answer's length,
and nothing that a policy writes makes this raise.

A part that looks like a case and cannot be one is refused, with the reason and the line that it
begins at: no part is joined to the next, and none goes missing.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from covet.prompt.parse import without_thoughts
from covet.records import Case, InstructionExample, Suite

Form = Literal["blocks", "lines"]
Reason = Literal[
    "no_input",
    "no_output",
    "no_fence",
    "cut_off",
    "not_utf8",
    "too_long",
    "no_literals",
    "not_a_case",
]
"""Why a part of an answer is no case. ``no_fence``: where its input ends cannot be told, as it
stands in no block and text follows that is none of it. ``no_literals``: of a call, whose arguments
and result are given as Python literals."""
LONGEST = 1 << 24
"""Characters of one case's input, and of its output."""
_EXPRESSION = 1 << 20
"""Likewise where they are Python source, which is read here."""
_LABEL = re.compile(
    r"[\s>*_#\-]*(?:\d+[.)]\s*)?[*_]*(?:test\s*(?:case)?\s*\d*\s*)?(?:expected\s+)?"
    r"(?P<which>input|output)s?\s*\d*[*_]*\s*:[*_]*[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"[ \t]*(?P<ticks>`{3,}|~{3,})[^`]*")
_ARROW = " => "


def parse_suite(
    text: str,
    example: InstructionExample,
    *,
    form: Form = "blocks",
    ended: bool = True,
    writer: str = "",
) -> Suite:
    """The cases in an answer, as often as they stand there; ``ended``: it was not cut off at the
    token limit.
    """
    lines = without_thoughts(text).replace("\r\n", "\n").split("\n")
    parts = _in_blocks(lines) if form == "blocks" else _in_lines(lines)
    kind = "call" if example.entry_point else "stdio"
    cases: list[Case] = []
    refused: list[str] = []
    for part in parts:
        found = _case(part, kind, ended=ended)
        if isinstance(found, Case):
            shown = _key(found) in {_key(case) for case in example.cases if case.shown}
            cases.append(replace(found, shown=shown))
        else:
            refused.append(f"{found}: line {part.line}")
    return Suite(example.id, tuple(cases), tuple(refused), writer)


def _key(case: Case) -> tuple[str, str]:
    return case.given.strip(), case.expected.strip()


def write_suite(cases: Sequence[Case], *, form: Form = "blocks") -> str:
    """An answer that ``parse_suite`` reads back; ``ValueError`` where a case fits no line."""
    if form == "blocks":
        return "\n\n".join(map(_block, cases))
    if any("\n" in case.given + case.expected or _ARROW in case.given for case in cases):
        raise ValueError("a case that has lines of its own, or an arrow, fits in no line")
    return "".join(f"{case.given}{_ARROW}{case.expected}\n" for case in cases)


def _block(case: Case) -> str:
    ticks = max(map(len, re.findall("`{3,}", case.given + case.expected)), default=2) + 1
    fence = "`" * max(3, ticks)
    given, expected = (_ended(text) for text in (case.given, case.expected))
    return f"{fence}\nInput:\n{given}\nOutput:\n{expected}{fence}"


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


# -------------------------------------------------------------------------------- reading


@dataclass(slots=True)
class _Part:
    """What stands under the labels of one case; None: its label is not there."""

    line: int
    given: list[str] | None = None
    expected: list[str] | None = None
    closed: bool = True
    loose: bool = False
    """Its input stands in no block and seems to have several paragraphs."""
    odd: bool = False
    """It has no labels and is no case."""


def _in_lines(lines: Sequence[str]) -> Iterator[_Part]:
    last = len(lines)
    for number, line in enumerate(lines, 1):
        given, arrow, expected = line.partition(_ARROW)
        if not line.strip() or _FENCE.fullmatch(line):
            continue
        closed = number < last
        if arrow:
            yield _Part(number, [given.strip()], [expected.strip()], closed)
        else:
            yield _Part(number, closed=closed, odd=True)


@dataclass(slots=True)
class _Reader:
    """Goes over an answer line by line."""

    part: _Part | None = None
    fence: str = ""
    """The ticks of the block that is open."""
    filling: list[str] | None = None
    """What the next lines go to."""
    own_block: bool = False
    """The block that is open holds what one label announced, and no labels."""
    done: list[_Part] = field(default_factory=list)

    def read(self, number: int, line: str) -> None:
        fence = _FENCE.fullmatch(line)
        if fence is not None and (not self.fence or self._closes(line, fence)):
            self._toggle(fence)
        elif not self.own_block and (label := _LABEL.fullmatch(line)) is not None:
            self._label(number, label)
        elif self.filling is not None:
            self._fill(line)

    def _fill(self, line: str) -> None:
        """Outside of a block a paragraph ends what a label announced."""
        part, filling = self.part, self.filling
        if part is None or filling is None:
            return
        if not self.fence and filling and not filling[-1].strip() and line.strip():
            part.loose = part.loose or filling is part.given
            self.filling = None
        elif self.fence or filling or line.strip():
            filling.append(line)

    def finish(self) -> list[_Part]:
        if self.part is not None and self.fence:
            self.part.closed = False
        self._end_part()
        return self.done

    def _closes(self, line: str, fence: re.Match[str]) -> bool:
        return line.strip() == fence["ticks"] and fence["ticks"].startswith(self.fence)

    def _toggle(self, fence: re.Match[str]) -> None:
        if self.fence:
            self.fence, was_own, self.own_block = "", self.own_block, False
            if self.part is not None and (self.part.expected is not None or not was_own):
                self._end_part()
            self.filling = None
            return
        self.fence = fence["ticks"]
        waits = self.filling is not None and not any(one.strip() for one in self.filling)
        if waits and self.filling is not None:
            self.filling.clear()
            self.own_block = True
        else:
            self._end_part()

    def _label(self, number: int, label: re.Match[str]) -> None:
        rest = label["rest"].strip()
        rest = rest.strip("`") if rest.startswith("`") and not self.fence else rest
        found = [rest] if rest else []
        if self.filling is not None and not self.fence:
            while self.filling and not self.filling[-1].strip():
                self.filling.pop()
        if label["which"].lower() == "input":
            self._end_part()
            self.part = _Part(number, given=found)
        else:
            if self.part is None or self.part.expected is not None:
                self._end_part()
                self.part = _Part(number)
            self.part.expected = found
        self.filling = found

    def _end_part(self) -> None:
        if self.part is not None:
            self.done.append(self.part)
        self.part, self.filling = None, None


def _in_blocks(lines: Sequence[str]) -> list[_Part]:
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.read(number, line)
    return reader.finish()


# -------------------------------------------------------------------------------- checking


def _case(part: _Part, kind: Literal["stdio", "call"], *, ended: bool) -> Case | Reason:
    if part.odd:
        return "not_a_case" if part.closed or ended else "cut_off"
    if not part.closed and not ended:
        return "cut_off"
    if part.given is None:
        return "no_input"
    if part.expected is None:
        return "no_output"
    if part.loose:
        return "no_fence"
    given, expected = _text(part.given), _text(part.expected, ends=True)
    if max(len(given), len(expected)) > LONGEST:
        return "too_long"
    if not (_is_unicode(given) and _is_unicode(expected)):
        return "not_utf8"
    if kind == "stdio":
        return Case("stdio", given, expected)
    given, expected = given.strip(), expected.strip()
    if max(len(given), len(expected)) > _EXPRESSION:
        return "too_long"
    if not expected:
        return "no_output"
    if not _can_be_called(given, expected):
        return "no_literals"
    return Case("call", given, expected)


def _text(lines: Sequence[str], *, ends: bool = False) -> str:
    """Each line with its end. The blank line before the next label is none of them; of an output
    none of the blank ones at its end is.
    """
    end = len(lines)
    while end and not lines[end - 1].strip() and (ends or end == len(lines)):
        end -= 1
    return "".join(f"{line}\n" for line in lines[:end])


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\ufffd" not in text


def _can_be_called(given: str, expected: str) -> bool:
    """Whether they are a list of literal arguments and a literal; nothing of them is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a policy wrote
            call = ast.parse(f"f({given}\n)", mode="eval").body
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                return False
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                ast.literal_eval(value)
            ast.literal_eval(expected)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False
    return all(keyword.arg for keyword in call.keywords)
