"""Templates and values → HTML in which nothing untrusted can act or hide.

Every value that a template prints is made ``visible`` and then escaped, wherever it stands; the
page allows no script and no request at all. Templates are ours; values are anybody's.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from covet.inspector.charts import number

FOLDER = Path(__file__).resolve().parent / "templates"
"""Templates, styles and scripts."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters (those that turn the writing direction among them), halves of
pairs, private and unassigned ones, and separators of lines and paragraphs."""
_BLANK = re.compile(
    "[\u00a0\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200a\u202f\u205f\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters, marks and signs that show nothing, and spaces that pass for ordinary ones."""


def visible(text: str) -> str:
    """The text with every character that shows nothing, or changes how others show, as its
    Python escape; line feeds and tabs stay.
    """
    return "".join(_escape(part) if hidden else part for hidden, part in parts(text))


def shown(text: str) -> Markup:
    """The same as HTML in which the escapes stand out from a text that holds such itself."""
    return Markup("").join(
        Markup('<mark class="esc">{}</mark>').format(_escape(part)) if hidden else part
        for hidden, part in parts(text)
    )


def parts(text: str) -> list[tuple[bool, str]]:
    """Stretches of characters that show (False), and single ones that do not (True)."""
    if text.replace("\n", "").replace("\t", "").isprintable() and not _BLANK.search(text):
        return [(False, text)]  # nearly always, and much faster
    found: list[tuple[bool, str]] = []
    plain: list[str] = []
    for char in text:
        if _shows(char):
            plain.append(char)
            continue
        found += [(False, "".join(plain))] if plain else []
        found.append((True, char))
        plain = []
    return [*found, (False, "".join(plain))] if plain else found


def _shows(char: str) -> bool:
    if char in "\n\t":
        return True
    return unicodedata.category(char) not in _HIDDEN and not _BLANK.match(char)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    environment.filters["number"] = number
    return environment


def render(template: str, values: Mapping[str, Any]) -> str:
    """The page, or part of one, that a template of this folder makes of ``values``."""
    return _environment().get_template(template).render(values)


def _finalize(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
