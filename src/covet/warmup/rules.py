"""What a trace must be to be learned from: rules, each with the reason that is counted.

A trace and what it is about enter; the reason of the first rule that it breaks leaves, or nothing.
The rules look at words and punctuation: they see that a trace is a short text of the right form
about the right test, not that it is true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from covet.secrets import detector

LEAST_WORDS = 25
"""Beyond the opening; fewer reason about nothing."""
LEAST_PLAIN = 0.6
"""Share of a trace that is words."""
MOST_FOREIGN = 0.1
"""Share of its letters that are not ASCII, where the opening's are."""

_PLAIN_WORD = re.compile(r"""["'“‘(\[]*[^\W\d_]+(?:['’-][^\W\d_]+)*["'”’)\].,;:!?…]*""")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s|\||={3,}|-{3,})", re.MULTILINE)
_FENCE = re.compile(r"^\s*(?:`{3}|~{3})", re.MULTILINE)
_STATEMENT = re.compile(
    r"""^\s*(?:
        (?:async\s+)?def\s+\w+\s*\(
      | class\s+\w+\s*[:(]
      | (?:from\s+[\w.]+\s+)?import\s+[\w.*,\ ]+$
      | @\w[\w.]*(?:\(.*\))?\s*$
      | >>>\s
      | assert\s.*(?:[=!<>]=|\(.*\))
      | [\w.\[\]]+\s*=\s*\S*[\w)\]}"']\s*$
    )""",
    re.MULTILINE | re.VERBOSE,
)
_FRAMEWORK = re.compile(
    r"""\b(?:
        (?i:unittest|pytest|doctest|conftest|monkeypatch\w*|mock\w*|magicmock|fixtures?
          |parametri[sz]\w*|capsys|caplog|tmp_path|test(?:ing)?\ (?:frameworks?|runners?))
      | assert[A-Z]\w+
    )\b""",
    re.VERBOSE,
)
_TAG = re.compile(r"</?think>")


@dataclass(frozen=True, slots=True)
class About:
    """What a trace is held against."""

    opening: str
    """The words that it must begin with."""
    words: int
    """The most that it may have."""
    function: str
    """The source of the function; a word of framework talk that it uses itself is no such talk."""
    tests: str
    """The source of the tests that it leads to."""
    names: tuple[str, ...]
    """Theirs, without their classes'."""


def broken_rule(trace: str, about: About) -> str:
    """Why the trace is not learned from; empty where it may be."""
    return next((reason for reason, breaks in RULES.items() if breaks(trace, about)), "")


def opens_otherwise(trace: str, about: About) -> bool:
    return not trace.startswith(about.opening)


def is_too_long(trace: str, about: About) -> bool:
    return len(trace.split()) > about.words


def is_too_short(trace: str, about: About) -> bool:
    return len(trace.removeprefix(about.opening).split()) < LEAST_WORDS


def has_tags(trace: str, _: About) -> bool:
    """An answer's thought would end there."""
    return _TAG.search(trace) is not None


def has_code(trace: str, _: About) -> bool:
    """A fenced block, or a line that is a statement."""
    return _FENCE.search(trace) is not None or _STATEMENT.search(trace) is not None


def repeats_the_test(trace: str, about: About) -> bool:
    """A line of the tests stands in it, or what such a line asserts, or a test's name."""
    text = _squeezed(trace)
    if any(re.search(rf"\b{re.escape(name)}\b", trace) for name in about.names):
        return True
    return any(line in text for line in _telling_lines(about.tests))


def talks_of_the_framework(trace: str, about: About) -> bool:
    known = about.function.lower()
    return any(found[0].lower() not in known for found in _FRAMEWORK.finditer(trace))


def is_no_prose(trace: str, _: About) -> bool:
    """Headings, tables, or too little of it words."""
    words = trace.split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    return _MARKUP.search(trace) is not None or plain < LEAST_PLAIN * len(words)


def is_in_another_script(trace: str, about: About) -> bool:
    letters = [letter for letter in trace if letter.isalpha()]
    foreign = sum(not letter.isascii() for letter in letters)
    return about.opening.isascii() and foreign > MOST_FOREIGN * len(letters)


def holds_a_secret(trace: str, _: About) -> bool:
    return bool(detector().find("", trace))


RULES: dict[str, Callable[[str, About], bool]] = {
    "it does not begin with the opening words": opens_otherwise,
    "it is too long": is_too_long,
    "it is too short": is_too_short,
    "it has tags of thought": has_tags,
    "it has code": has_code,
    "it repeats the test": repeats_the_test,
    "it talks of the test framework": talks_of_the_framework,
    "it is in another script": is_in_another_script,
    "it is no prose": is_no_prose,
    "it holds a secret": holds_a_secret,
}
"""In the order in which they are told."""


def _telling_lines(tests: str) -> set[str]:
    """Lines that are code beyond doubt: a dozen characters or more, two of them marks."""
    lines = {_squeezed(line) for line in tests.splitlines()}
    lines |= {line.removeprefix("assert ") for line in lines}
    return {line for line in lines if len(line) >= 12 and len(re.findall(r"[^\w\s]", line)) >= 2}


def _squeezed(text: str) -> str:
    """With single blanks, and without the marks that set code off from prose."""
    return " ".join(text.replace("`", "").split())
