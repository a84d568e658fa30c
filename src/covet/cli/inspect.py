"""``covet inspect``: what runs and datasets hold, in a browser on this machine or in one file."""

import threading
import webbrowser
from pathlib import Path

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.errors import UsageError
from covet.inspector.export import Limits, export
from covet.inspector.server import serving
from covet.inspector.source import Source, open_source


def run(
    *,
    paths: tuple[Path, ...],
    to: Path | None,
    rollouts: int,
    port: int,
    no_open: bool,
    as_json: bool,
) -> None:
    source = open_source(paths)
    if to is not None:
        _export(source, to, rollouts=rollouts, as_json=as_json)
        return
    try:
        _serve(source, port=port, no_open=no_open, as_json=as_json)
    except KeyboardInterrupt:  # how one ends it
        Reporter().say("ended")


def _serve(source: Source, *, port: int, no_open: bool, as_json: bool) -> None:
    with serving(source, port=port) as server:
        if as_json:
            emit({"address": server.address, **_told(source)})
        else:
            click.echo(f"{server.address}  (on this machine only; Ctrl-C ends it)")
        if not no_open:
            webbrowser.open(server.address)
        threading.Event().wait()


def _export(source: Source, to: Path, *, rollouts: int, as_json: bool) -> None:
    if to.is_dir():
        raise UsageError(f"{to}: is a folder; name a file to write, such as {to / 'run.html'}")
    path = export(source, to, limits=Limits(rollouts=rollouts))
    size = path.stat().st_size
    if as_json:
        emit({"file": str(path), "bytes": size, **_told(source)})
    else:
        click.echo(f"wrote {path}: {size / 1e6:.1f} MB, to be opened in any browser, offline")


def _told(source: Source) -> dict[str, object]:
    return {
        "runs": {one.name: str(one.folder) for one in source.runs},
        "datasets": {one.name: str(one.folder) for one in source.datasets},
    }
