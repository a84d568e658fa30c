"""``covet mine``: a codebase becomes a dataset folder."""

from pathlib import Path

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.errors import UsageError
from covet.execute.grader import open_grader
from covet.mine import Report, locate, mine, write


def run(
    *,
    codebase: Path,
    out: Path,
    force: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    settings = load_settings(codebase, config, overrides)
    if out.exists() and not force:
        raise UsageError(f"{out}: is there already; add --force, or name another --out")
    root, within = locate(codebase)
    reporter = Reporter()
    with open_grader(root, settings) as grader:
        mined = mine(grader, settings, within=within, on_progress=reporter.say)
    write(mined, out)
    if as_json:
        emit({"out": str(out), "report": mined.report})
    else:
        _show(mined.report, out)


def _show(report: Report, out: Path) -> None:
    click.echo(f"{report.functions} functions")
    for reason, count in report.dropped.items():
        click.echo(f"  {count:6} left out: {reason}")
    for split, count in report.examples.items():
        if count or split != "reserved":
            click.echo(f"  {count:6} tasks: {split} (files: {report.files.get(split, 0)})")
    suite = report.suite
    click.echo(
        f"existing suite: {suite.passed} pass, {len(suite.failing)} fail, "
        f"{len(suite.unstable)} unstable"
    )
    for name in (*suite.failing[:5], *suite.unstable[:5]):
        click.echo(f"  not used: {name}")
    for path, why in (*report.unreadable.items(), *report.not_imported.items()):
        click.echo(f"  passed over: {path}: {why}")
    if not report.examples.get("heldout"):
        click.echo("warning: no file is held out, so that nothing can be measured on these tasks")
    click.echo(f"wrote {out}")
