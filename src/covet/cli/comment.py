"""``covet comment``: tell a pull request on GitHub what a run of ``covet write`` proposes."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from covet.agent.forge import Forge, PullRequest
from covet.agent.telling import as_markdown
from covet.cli.outcome import emit
from covet.cli.terminal import legible
from covet.cli.write import read_proposal
from covet.errors import CovetError, DataError, EnvironmentNotReady, UsageError
from covet.languages.python import PYTHON
from covet.records import Proposal

_LARGEST = 20_000_000
"""Bytes of a proposal, which a stranger may have made."""


def run(
    *,
    proposal: Path,
    repository: str,
    pull: int | None,
    event: Path | None,
    api: str,
    branch: bool,
    branch_label: str | None,
    under: str,
    as_json: bool,
) -> None:
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token:
        raise EnvironmentNotReady(
            "GITHUB_TOKEN: not set; it takes a token that may write to pull requests"
        )
    found = _read(proposal)
    forge = Forge(repository, token, url=api.rstrip("/"))
    about = forge.pull_request(pull) if pull is not None else forge.of_event(_event(event))
    if about is None:
        told = {"comment": None, "branch": None, "why": "the pull request has moved on"}
        if as_json:
            emit(told)
        else:
            click.echo("the pull request has moved on since that run; nothing to say")
        return
    wants = branch or (branch_label is not None and branch_label in about.labels)
    name, why = _branch(forge, about, found, under) if wants else (None, "")
    link = f"{_web(api)}/{repository}/compare/{about.head}...{name}" if name else ""
    notes = (*found.notes, why) if why else found.notes
    text = as_markdown(replace(found, notes=notes), link=link)
    url = forge.comment(about, text)
    if as_json:
        emit({"comment": url, "branch": name, "why": why})
    else:
        click.echo(f"comment: {url}")
        click.echo(f"branch: {name}" if name else legible(why), nl=bool(name or why))


def _branch(
    forge: Forge, about: PullRequest, proposal: Proposal, under: str
) -> tuple[str | None, str]:
    """Its name, or why there is none; the comment is written all the same."""
    try:
        return forge.branch(about, proposal, under=under, language=PYTHON), ""
    except CovetError as error:
        return None, f"no branch: {error}"


def _read(folder: Path) -> Proposal:
    path = folder / "proposal.json"
    if path.is_file() and path.stat().st_size > _LARGEST:
        raise DataError(f"{path}: has more than {_LARGEST} bytes, and is not read")
    return read_proposal(folder)


def _event(path: Path | None) -> dict[str, Any]:
    if path is None:
        raise UsageError("name the pull request: --pull NUMBER, or --event FILE")
    try:
        event = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: no event of GitHub's can be read from it ({error})") from error
    if not isinstance(event, dict):
        raise UsageError(f"{path}: holds no JSON object, which an event is")
    return event


def _web(api: str) -> str:
    """Where people go; of GitHub Enterprise, whose API is below the same host."""
    if api.rstrip("/") == "https://api.github.com":
        return "https://github.com"
    return api.rstrip("/").removesuffix("/api/v3")
