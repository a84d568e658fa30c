"""What a policy answered becomes a Candidate, whatever it is.

Thoughts in ``<think>`` tags are dropped. Of what is left the last fenced Python block counts, or
the last block of no language; an answer without any is code as a whole. A block that was cut off
before its end still counts. Nothing that a policy writes makes this raise: what cannot be run is
a Candidate with a ``problem``. ``covet.prompt.answer`` writes what is read here.
"""

import re
from functools import lru_cache
from typing import Literal

from covet.languages.base import Language
from covet.records import Candidate, Completion, FunctionExample

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)")
_PYTHON = ("python", "py", "python3", "pytest")


def parse(
    completion: Completion,
    example: FunctionExample,
    *,
    answer: Literal["append", "file"],
    language: Language,
) -> Candidate:
    """The test file that a completion proposes; ``answer`` is the prompt's.

    ``append``: the existing test file without its tests, so that imports, fixtures and helpers
    stay, and then what was written. Where there is no such file, an import of the focal function
    comes first. ``file``: what was written, alone.
    """
    written = code_in(completion.text)
    source = written
    try:
        found = language.tests(written, path=example.test_path)
        if answer == "append":
            source = _appended(example, written, language)
            # A class may be one of tests only by what it inherits from in that file.
            found = found or language.tests(source, path=example.test_path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Candidate(example.test_path, written, written, "syntax", _say(error))
    if not found:
        return Candidate(example.test_path, source, written, "no_tests", "it holds no test")
    return Candidate(example.test_path, source, written)


def code_in(text: str) -> str:
    """The code in an answer, ending in a newline; empty where there is none."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair fits no file
    code = _last_block(without_thoughts(text).replace("\r\n", "\n")).strip("\n")
    return f"{code}\n" if code.strip() else ""


def without_thoughts(text: str) -> str:
    """What an answer says when it has thought; a thought that does not end leaves nothing."""
    text = _THOUGHT.sub("", text)
    return text.rpartition("</think>")[2]  # some chat templates open the thought in the prompt


def thoughts_in(text: str) -> str:
    """What ``without_thoughts`` leaves out, without its tags."""
    found = _THOUGHT.findall(text)
    before, end, _ = _THOUGHT.sub("", text).rpartition("</think>")
    kept = [before] if end else []
    return "\n".join([*kept, *found]).replace("<think>", "").replace("</think>", "").strip()


def _last_block(text: str) -> str:
    """The last fenced block in Python, else the last that names no language, else all of it."""
    blocks = _blocks(text)
    python = [code for info, code in blocks if info in _PYTHON]
    plain = [code for info, code in blocks if not info]
    return (python or plain or [text])[-1]


def _blocks(text: str) -> list[tuple[str, str]]:
    """The language, in lower case, and the code of each fenced block."""
    blocks: list[tuple[str, list[str]]] = []
    opening: re.Match[str] | None = None
    for line in text.split("\n"):
        fence = _FENCE.fullmatch(line)
        if opening is None:
            if fence is not None:
                opening = fence
                info = fence["info"].strip().lower().strip("{}.")
                blocks.append((re.split(r"[\s:,{}]", info)[0], []))
        elif fence is not None and _closes(fence, opening):
            opening = None
        else:
            blocks[-1][1].append(_without_indent(line, len(opening["indent"])))
    return [(info, "\n".join(lines)) for info, lines in blocks]


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    return not fence["info"].strip() and fence["ticks"].startswith(opening["ticks"])


def _without_indent(line: str, width: int) -> str:
    """Less the indentation that the block's fence has."""
    return line[min(width, len(line) - len(line.lstrip(" \t"))) :]


def _appended(example: FunctionExample, written: str, language: Language) -> str:
    kept = _without_tests(example.test_file, example.test_path, language)
    return language.insert_tests(kept or _header(example), written)


@lru_cache(maxsize=16)  # every completion for the functions of a module asks the same
def _without_tests(source: str, path: str, language: Language) -> str:
    """Empty where the file cannot be parsed, and so not be run either."""
    try:
        return language.remove_tests(source, language.tests(source, path=path))
    except SyntaxError:
        return ""


def _header(example: FunctionExample) -> str:
    function = example.function
    top_level_name = function.qualname.partition(".")[0]
    return f"import pytest\n\nfrom {function.module} import {top_level_name}\n"


def _say(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno or 0}: {error.msg}"
    return f"{type(error).__name__}: {error}"
