"""``covet mine``: a codebase becomes a dataset folder."""

from pathlib import Path

import click

from covet.cli.outcome import emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.errors import UsageError
from covet.execute.grader import open_grader
from covet.mine import Report, locate, mine, write
from covet.mine.change import read_change


def run(
    *,
    codebase: Path,
    out: Path,
    force: bool,
    diff: str | None,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    settings = load_settings(codebase, config, overrides)
    if out.exists() and not force:
        raise UsageError(f"{out}: is there already; add --force, or name another --out")
    root, within = locate(codebase)
    change = read_change(root, diff) if diff else None
    reporter = Reporter()
    with open_grader(root, settings) as grader:
        mined = mine(grader, settings, within=within, change=change, on_progress=reporter.say)
    write(mined.dataset, mined.references, out)
    report = mined.dataset.report
    if as_json:
        emit({"out": str(out), "report": report})
    else:
        _show(report, out)


def _show(report: Report, out: Path) -> None:
    click.echo(f"{report.functions} functions")
    for reason, count in report.dropped.items():
        click.echo(f"  {count:6} left out: {reason}")
    for split, count in report.examples.items():
        if count or split != "reserved":
            click.echo(f"  {count:6} tasks: {split} (files: {report.files.get(split, 0)})")
    click.echo(f"  {report.removed:6} of them by removing existing tests")
    if report.checked:
        click.echo(f"  {report.checked:6} of those were run: {len(report.differing)} differ")
    for name, how in list(report.differing.items())[:5]:
        click.echo(f"  differs: {name}: {how}")
    if report.unfit:
        click.echo(
            f"{len(report.unfit)} tests pass, but not within a candidate's limits and walls:"
        )
    for name in report.unfit[:5]:
        click.echo(f"  not shown: {name}")
    if report.near:
        click.echo(f"{len(report.near)} clusters of near copies, each on one side")
    suite = report.suite
    click.echo(
        f"existing suite: {suite.passed} pass, {len(suite.failing)} fail, "
        f"{len(suite.unstable)} unstable"
    )
    failing = sorted(suite.failing, key=lambda name: name not in suite.said)
    for name in (*failing[:5], *suite.unstable[:5]):
        click.echo(f"  not used: {name}" + (f": {suite.said[name]}" if name in suite.said else ""))
    for secret in report.secrets[:5]:
        click.echo(f"  secret? {secret.path}, line {secret.line}: {secret.kind}")
    for path, why in (*report.unreadable.items(), *report.not_imported.items()):
        click.echo(f"  passed over: {path}: {why}")
    if not report.examples.get("heldout"):
        click.echo(
            "warning: no file is held out, so that nothing can be measured on these tasks;"
            " mine.heldout=1 holds out all, for models that learn elsewhere"
        )
    click.echo(f"wrote {out}")
