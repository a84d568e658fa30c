"""How a verb ends: an exit code, words for people, or one JSON object.

``reported`` wraps every verb. Whatever Covet raises becomes a message and the exit code of its
type; with ``--json`` the message is also the object on stdout. Other exceptions are our own
bugs and keep their traceback.
"""

import functools
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from covet.cli.terminal import legible
from covet.errors import CovetError, EnvironmentNotReady

INTERRUPTED = 130


def reported(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with its endings translated."""

    @functools.wraps(verb)
    def run(**arguments: Any) -> None:
        try:
            verb(**arguments)
        except CovetError as error:
            _fail(type(error).__name__, str(error), error.exit_code, arguments)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            message = f"{place}{error.strerror or error}"
            _fail(type(error).__name__, message, EnvironmentNotReady.exit_code, arguments)
        except KeyboardInterrupt as interrupt:
            hint = f"; {interrupt.args[0]}" if interrupt.args else ""
            _fail("Interrupted", f"interrupted{hint}", INTERRUPTED, arguments)

    return run


def _fail(kind: str, message: str, exit_code: int, arguments: dict[str, Any]) -> NoReturn:
    if arguments["as_json"]:
        emit({"error": {"type": kind, "message": message}})
    click.echo(f"covet: {legible(message)}", err=True)
    sys.exit(exit_code)


class Reported(click.Group):
    """A group whose own usage errors, too, are one JSON object where that was asked for."""

    # typing has ``override`` from 3.12 on.
    def parse_args(  # pyrefly: ignore[missing-override-decorator]
        self, ctx: click.Context, args: list[str]
    ) -> list[str]:
        ctx.obj = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(  # pyrefly: ignore[missing-override-decorator]
        self, ctx: click.Context
    ) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if ctx.obj:
                emit({"error": {"type": "UsageError", "message": error.format_message()}})
            raise


def emit(result: object) -> None:
    """The one JSON object of ``--json``."""
    from covet.runlog import encode  # loads msgspec, which --help has no use for

    click.echo(encode(result).decode())


def again(*arguments: str | Path) -> str:
    """A command to paste into a shell: this program, as it was called, with those arguments."""
    program = Path(sys.argv[0])
    own = [sys.executable, "-m", "covet"] if program.name == "__main__.py" else [sys.argv[0]]
    return shlex.join([*own, *map(str, arguments)])
