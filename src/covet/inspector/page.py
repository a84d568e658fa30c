"""Templates and values → HTML in which nothing untrusted can act or hide.

Every value that a template prints is made ``visible`` and then escaped, wherever it stands; the
page allows no script and no request at all. Templates are ours; values are anybody's.
"""

import unicodedata
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters (those that turn the writing direction among them), halves of
pairs, private and unassigned ones, and separators of lines and paragraphs."""


def visible(text: str) -> str:
    """The text with every character that shows nothing, or changes how others show, as its
    Python escape; line feeds and tabs stay.
    """
    return "".join(char if _shows(char) else _escape(char) for char in text)


def _shows(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in _HIDDEN


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def render(template: str, values: dict[str, Any]) -> str:
    """The page that a template of this folder makes of ``values``."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)


def _finalize(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
