"""How a verb ends: an exit code, words for people, or one JSON object.

``reported`` wraps every verb. Whatever Covet raises becomes a message and the exit code of its
type; with ``--json`` the message is also the object on stdout. Other exceptions are our own
bugs and keep their traceback.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

import click
import msgspec

from covet.errors import CovetError

INTERRUPTED = 130


def reported(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with its endings translated."""

    @functools.wraps(verb)
    def run(**arguments: Any) -> None:
        try:
            verb(**arguments)
        except CovetError as error:
            if arguments["as_json"]:
                emit({"error": {"type": type(error).__name__, "message": str(error)}})
            click.echo(f"covet: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt as interrupt:
            hint = f"; {interrupt.args[0]}" if interrupt.args else ""
            if arguments["as_json"]:
                emit({"error": {"type": "Interrupted", "message": f"interrupted{hint}"}})
            click.echo(f"\ncovet: interrupted{hint}", err=True)
            sys.exit(INTERRUPTED)

    return run


def emit(result: object) -> None:
    """The one JSON object of ``--json``."""
    click.echo(msgspec.json.encode(result, order="deterministic").decode())
