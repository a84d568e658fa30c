"""Where a page is: its name and what it is asked, so that a list with its filters can be sent on.

An address never names a file: runs and datasets go by the names that they were opened under.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from covet.errors import UsageError

PER_PAGE = 50
"""Rows of a list on one page."""


@dataclass(frozen=True, slots=True)
class Address:
    """``page`` and its arguments; those that are empty are not there."""

    page: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: str, /, **arguments: object) -> "Address":
        given = {key: str(value) for key, value in arguments.items() if value not in (None, "")}
        return cls(page, given)

    @classmethod
    def parsed(cls, path: str, query: str) -> "Address":
        pairs = parse_qsl(query, keep_blank_values=False, errors="replace", max_num_fields=40)
        return cls(path.strip("/"), dict(pairs))

    def but(self, **arguments: object) -> "Address":
        """The same with other arguments; an empty one is taken away."""
        return Address.of(self.page, **{**self.given, **arguments})

    @property
    def query(self) -> str:
        return urlencode(sorted(self.given.items()), errors="backslashreplace")

    def text(self, name: str, default: str = "") -> str:
        return self.given.get(name, default)

    def whole(self, name: str, default: int | None = None) -> int | None:
        """``UsageError`` where it is no whole number that a row could hold."""
        text = self.given.get(name)
        if text is None:
            return default
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 16):
            raise UsageError(f"{name} must be a whole number, and is {text[:40]!r}")
        return int(text)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of the choices, the first where none is given."""
        text = self.given.get(name, choices[0])
        if text not in choices:
            raise UsageError(f"{name} must be one of {', '.join(choices)}, and is {text[:40]!r}")
        return text

    @property
    def number(self) -> int:
        """Which page of a list, from 1."""
        return max(1, self.whole("page", 1) or 1)


class Link(Protocol):
    """An address → what leads there; empty where nothing does."""

    def __call__(self, address: Address) -> str: ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    template: str
    title: str
    values: Mapping[str, object]
    run: str = ""
    """The run that it is of, where it is of one."""
