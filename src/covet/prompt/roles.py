"""An instruction becomes the prompt of a role: write its tests, or write its program.

A role's templates are Jinja files in ``templates/tests`` and ``templates/solutions``, or anywhere;
the first line says how answers are read (see ``suites`` and ``solutions``)::

    {# form: blocks #}
    {# form: lines #}

``VARIABLES`` are the names that a template may use. The example's reference and its hidden cases
are not among them: no prompt can show what is to be found out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import jinja2
from jinja2 import meta

from covet.errors import ConfigError
from covet.prompt.render import PromptTooLong
from covet.prompt.suites import Form, write_suite
from covet.prompt.template import sandboxed
from covet.records import InstructionExample, Prompt
from covet.secrets import detector

Role = Literal["tests", "solutions"]
VARIABLES = {
    "instruction": "the instruction, as its dataset has it",
    "entry_point": "the function to be called; empty for a program that reads standard input",
    "examples": "the cases that stand in the instruction, as a suite; empty where none is marked",
    "tests": "how many tests are asked for",
}
_TEMPLATES = Path(__file__).resolve().parent / "templates"
_FIRST_LINE = re.compile(r"\{#\s*form:\s*(?P<form>blocks|lines)\s*#\}\n")


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """A template that has been read and checked."""

    name: str
    role: Role
    form: Form
    body: jinja2.Template


def load_role(role: Role, name: str) -> RoleTemplate:
    """The role's bundled template of that name, else the one in the file of that name.

    ``ConfigError`` where there is none or it cannot be used.
    """
    known = role_names(role)
    path = _TEMPLATES / role / f"{name}.md" if name in known else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"suites.{role}_template: no template {name!r}; give one of {', '.join(known)} or the"
            " path of a file of your own"
        ) from error
    first = _FIRST_LINE.match(text)
    if first is None:
        raise ConfigError(f"template {name}: its first line must be {{# form: blocks #}} or lines")
    environment = sandboxed()
    try:
        unknown = meta.find_undeclared_variables(environment.parse(text)) - set(VARIABLES)
        body = environment.from_string(text[first.end() :])
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError(f"template {name}, line {error.lineno}: {error.message}") from error
    if unknown:
        told = ", ".join(VARIABLES)
        raise ConfigError(f"template {name}: no variable {min(unknown)!r}; known: {told}")
    return RoleTemplate(name, role, cast("Form", first["form"]), body)


def role_names(role: Role) -> tuple[str, ...]:
    """The bundled templates of a role."""
    return tuple(sorted(path.stem for path in (_TEMPLATES / role).glob("*.md")))


def ask(
    example: InstructionExample,
    template: RoleTemplate,
    *,
    tests: int,
    suffix: str,
    budget: int,
    count: Callable[[str], int],
) -> Prompt:
    """The instruction in the template's words, secrets taken out, with ``suffix`` behind it.

    ``PromptTooLong`` where it takes more than ``budget`` tokens as ``count`` counts: an instruction
    is never cut.
    """
    variables: dict[str, Any] = {
        "instruction": example.instruction.strip("\n"),
        "entry_point": example.entry_point,
        "examples": write_suite([case for case in example.cases if case.shown]),
        "tests": tests,
    }
    try:
        filled = template.body.render(variables)
    except Exception as error:  # a template is a program of the user's
        known = ", ".join(VARIABLES)
        raise ConfigError(f"template {template.name}: {error}; known: {known}") from error
    text = detector().redact(filled + suffix)
    if (tokens := count(text)) > budget:
        raise PromptTooLong(example.id, tokens=tokens, budget=budget)
    return Prompt(example.id, text, f"{template.role}/{template.name}", "file")
