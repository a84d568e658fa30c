"""Templates: the words around an example, as a Jinja file that anybody can write.

The first line of a template is a comment that says how its answers are read and, where that
matters, that it asks for bare code and not for a fenced block (``covet.prompt.answer``), and what
is left out first when the prompt is too long (``covet.prompt.render``)::

    {# answer: append #}
    {# answer: append; code: bare #}
    {# answer: file; cut: tests, functions #}

The rest is the prompt. ``VARIABLES`` are the names that it may use. A template is data: it runs
in Jinja's sandbox, and an unknown name is an error when it is loaded, not an empty string.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from covet.errors import ConfigError

Answer = Literal["append", "file"]
Code = Literal["fenced", "bare"]
Cut = Literal["similar", "functions", "tests", "module", "test_file"]

CUTS: tuple[Cut, ...] = ("similar", "functions", "tests", "module", "test_file")
"""What can be left out of a prompt, in the order in which it is unless the template says else:
similar tests of other functions, the other functions of the source file, existing tests, what
else the source file holds, what else the test file holds."""

VARIABLES = {
    "function": "the focal function's record: path, module, qualname, source",
    "focal": "the focal function's lines, each behind a `+`",
    "source": "its whole file: `+` before each line of the focal function, a space before others",
    "diff": "the change that the task was made from, as a unified diff of that file; else empty",
    "tests": "a list of the sources of the existing tests linked to it, none indented",
    "similar": "a list of the sources of tests of other functions, the likest first, none indented",
    "similar_paths": "a list of the files of `similar`, in its order",
    "test_path": "the test file that new tests belong in",
    "test_file": "the text of that file; empty where there is none",
}

_FOLDER = Path(__file__).resolve().parent / "templates"
_FIRST_LINE = re.compile(
    r"\{#\s*answer:\s*(?P<answer>\w+)\s*(?:;\s*code:\s*(?P<code>\w+)\s*)?"
    r"(?:;\s*cut:\s*(?P<cut>[\w,\s]*?))?\s*#\}\n"
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been read and checked."""

    name: str
    answer: Answer
    """Whether completions continue the existing test file or are a file of their own."""
    code: Code
    """Whether it asks for the code in a fenced block or as it is. Either is read."""
    cut: tuple[Cut, ...]
    """What may be left out, first to last; what is not named never is."""
    body: jinja2.Template

    def fill(self, variables: dict[str, Any]) -> str:
        """The prompt's text; ``ConfigError`` where the template itself fails."""
        try:
            return self.body.render(variables)
        except Exception as error:  # a template is a program of the user's
            raise ConfigError(f"template {self.name}: {error}; {_known_names()}") from error


def load_template(name: str) -> Template:
    """The bundled template of that name, else the one in the file of that name.

    Raises ``ConfigError`` where there is none or it cannot be used.
    """
    bundled = _FOLDER / f"{name}.md"
    path = bundled if name in template_names() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"prompt.template: no template {name!r}; give one of {', '.join(template_names())}"
            " or the path of a file of your own"
        ) from error
    return compile_template(text, name=name)


def template_names() -> tuple[str, ...]:
    """The bundled templates."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


def compile_template(text: str, *, name: str, bound: Mapping[str, Any] | None = None) -> Template:
    """A template from its text; ``ConfigError`` names what is wrong with it.

    ``bound``: more names that it may use, with what they stand for.
    """
    first = _FIRST_LINE.match(text)
    if first is None:
        raise ConfigError(f"template {name}: its first line must be {{# answer: append #}} or file")
    answer = _one_of(first["answer"], ("append", "file"), name=name)
    given = first["cut"]
    cuts = CUTS if given is None else tuple(word.strip() for word in given.split(",") if word)
    environment = sandboxed()
    try:
        tree = environment.parse(text[first.end() :])
        known = (*VARIABLES, *(bound or {}))
        unknown = meta.find_undeclared_variables(tree) - set(known)
        body = environment.from_string(text[first.end() :], globals=dict(bound or {}))
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError(f"template {name}, line {error.lineno + 1}: {error.message}") from error
    if unknown:
        raise ConfigError(
            f"template {name}: no variable {min(unknown)!r}; known: {', '.join(known)}"
        )
    return Template(
        name,
        cast("Answer", answer),
        cast("Code", _one_of(first["code"] or "fenced", ("fenced", "bare"), name=name)),
        tuple(cast("Cut", _one_of(word, CUTS, name=name)) for word in cuts),
        body,
    )


def sandboxed() -> SandboxedEnvironment:
    """Where templates run."""
    return SandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # what comes out is read by a model, not by a browser
    )


def _one_of(word: str, known: tuple[str, ...], *, name: str) -> str:
    if word not in known:
        raise ConfigError(f"template {name}: {word!r} in its first line; known: {', '.join(known)}")
    return word


def _known_names() -> str:
    return f"known: {', '.join(VARIABLES)}"
