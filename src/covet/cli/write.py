"""``covet write``: tests for a change, or for what no test reaches.

Everything on the way is kept in the run directory (answers, grades, ``proposal.json``), so that
``--resume`` asks and grades nothing twice. The codebase is written to at the very end, and then
only its test files.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import click

from covet.agent import propose
from covet.agent.applying import apply, check_writable, patch
from covet.agent.asking import Asking, Source
from covet.agent.judging import Judge
from covet.agent.propose import for_writing
from covet.agent.targets import Targets, Wanted, find_targets
from covet.agent.telling import as_junit, as_markdown, as_text
from covet.cli.outcome import again, emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.cli.terminal import legible
from covet.config import Config, as_toml, load
from covet.errors import DataError, FoundWanting, UsageError
from covet.execute.grader import Grader, open_grader
from covet.mine import locate
from covet.policy.opening import open_policy
from covet.records import Proposal
from covet.rollout import Journal
from covet.runlog import RunLog, append_jsonl, decode, has_begun, write_whole

RUNS = Path("runs")
NANO = (
    "warning: nano, the embedded model, is a demonstration and writes nothing useful for real code;"
    " name another with --policy, or policy.model in covet.toml"
)
PROPOSAL, EXAMPLES, REPORT = "proposal.json", "examples.jsonl", "report.json"


def run(
    *,
    codebase: Path,
    base: str | None,
    functions: tuple[str, ...],
    files: tuple[str, ...],
    all_gaps: bool,
    policies: tuple[str, ...],
    samples: int | None,
    out: Path | None,
    resume: bool,
    dry_run: bool,
    patch_file: Path | None,
    markdown: Path | None,
    junit: Path | None,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    wanted = _wanted(base, functions, files, all_gaps=all_gaps)
    given = (*overrides, *((f"write.samples={samples}",) if samples else ()))
    reporter = Reporter()
    writes = not (dry_run or patch_file)
    with _run_directory(codebase, out, given, config, policies, resume=resume) as log:
        settings = for_writing(load(log.root / "covet.toml"))
        if "nano" in (policies or _local(settings)):
            reporter.say(NANO)
        sources = list(_sources(policies, settings, log.root, reporter))
        try:
            proposal = _proposal(
                codebase,
                wanted,
                settings,
                sources,
                log,
                reporter,
                writes=writes,
            )
        finally:
            for source in sources:
                close = getattr(source.policy, "close", None)
                if close is not None:
                    close()
        root, _ = locate(codebase)
        _keep(proposal, log, markdown, junit)
        written = _deliver(proposal, root, patch_file, dry_run=dry_run)
    if as_json:
        told = {"run": str(log.root), "written": written, "proposal": proposal}
        emit(told)
    else:
        _show(proposal, written, log.root, dry_run=dry_run, patch_file=patch_file)
    if proposal.functions and not proposal.tests:
        raise FoundWanting(
            f"no test was kept; {log.root / PROPOSAL} says why, function by function"
        )


def _wanted(
    base: str | None, functions: tuple[str, ...], files: tuple[str, ...], *, all_gaps: bool
) -> Wanted:
    if sum((base is not None, bool(functions or files), all_gaps)) != 1:
        raise UsageError(
            "say what to write tests for: --base REVISION, --function or --file, or --all-gaps"
        )
    return Wanted(base or "", functions, files, all_gaps)


# ------------------------------------------------------------------------- the run directory


@contextmanager
def _run_directory(
    codebase: Path,
    out: Path | None,
    given: Sequence[str],
    config: Path | None,
    policies: Sequence[str],
    *,
    resume: bool,
) -> Iterator[RunLog]:
    place = out or (_last() if resume else _next())
    if resume:
        if given or config:
            raise UsageError(
                "--resume keeps the settings of the run; leave -n, --set, --config away"
            )
        log = RunLog.reopen(place)
    else:
        settings = load_settings(codebase, config, given)
        asked = list(policies or [settings.policy.model])
        extra = {"verb": "write", "codebase": str(codebase.resolve()), "policies": asked}
        log = RunLog.create(place, as_toml(settings), extra=extra)
    try:
        if resume:
            _check_ours(log, codebase, policies)
        yield log
    except UsageError:
        if not resume and not has_begun(place):
            shutil.rmtree(place)
        raise
    except KeyboardInterrupt as interrupt:
        onward = again("write", codebase, "--resume", "--out", place)
        raise KeyboardInterrupt(
            f"no file was left half-written. To continue, with the same options: {onward}"
        ) from interrupt
    finally:
        log.close()


def _check_ours(log: RunLog, codebase: Path, policies: Sequence[str]) -> None:
    known = log.manifest
    if policies and list(policies) != known.get("policies"):
        raise UsageError(
            f"{log.root}: asked {', '.join(known.get('policies', []))}; --resume goes on with the"
            " same --policy"
        )
    if known.get("verb") != "write" or known.get("codebase") != str(codebase.resolve()):
        raise UsageError(
            f"{log.root}: is a run of covet {known.get('verb')} on {known.get('codebase')}; name"
            " the run to continue with --out"
        )


def _next() -> Path:
    return next(path for n in count(1) if not (path := RUNS / f"write-{n:03}").exists())


def _last() -> Path:
    found = sorted(RUNS.glob("write-[0-9][0-9][0-9]*"))
    if not found:
        raise UsageError(f"{RUNS}: no run of covet write to continue; name one with --out")
    return found[-1]


# ----------------------------------------------------------------------------------- the work


def _sources(
    policies: Sequence[str], config: Config, folder: Path, reporter: Reporter
) -> Iterator[Source]:
    """Each ``--policy``: a file of recorded answers, ``URL#model`` or a model; none: that of the
    settings.
    """
    for name in policies or ("",):
        if name.endswith((".jsonl", ".jsonl.gz")):
            yield Source.recorded(Path(name))
            continue
        settings = config.policy
        if name.startswith(("http://", "https://")):
            url, _, model = name.partition("#")
            if not model:
                raise UsageError(f"{name}: name the model there too, as URL#model")
            settings = settings.model_copy(update={"endpoint": url.rstrip("/"), "model": model})
        elif name:
            settings = settings.model_copy(update={"endpoint": "", "model": name})
        yield Source(open_policy(settings, log=folder / "vllm.log", say=reporter.say))


def _local(config: Config) -> Sequence[str]:
    """The model that the settings name, where it runs here."""
    return () if config.policy.endpoint else (config.policy.model,)


def _proposal(
    codebase: Path,
    wanted: Wanted,
    config: Config,
    sources: Sequence[Source],
    log: RunLog,
    reporter: Reporter,
    *,
    writes: bool,
) -> Proposal:
    root, within = locate(codebase)
    with open_grader(root, config) as grader:
        targets = find_targets(grader, config, wanted, within=within, say=reporter.say)
        if writes:
            check_writable(root, sorted({e.test_path for e in targets.examples}))
        _keep_examples(targets, log)
        return _proposed(grader, config, targets, wanted, sources, log, reporter, within)


def _proposed(
    grader: Grader,
    config: Config,
    targets: Targets,
    wanted: Wanted,
    sources: Sequence[Source],
    log: RunLog,
    reporter: Reporter,
    within: str,
) -> Proposal:
    journal = Journal(log.root, grader)
    asking = Asking(sources, config, grader.language, log.root, reporter.say)
    with reporter.stage("write", len(targets.examples) or None) as stage:
        return propose(
            grader,
            config,
            targets,
            asked_for=wanted.words,
            asking=asking,
            judge=Judge(grader, config.reward, journal),
            within=within,
            on_function=lambda done, of, note: stage.update(done, note, total=of),
            say=reporter.say,
        )


def _keep_examples(targets: Targets, log: RunLog) -> None:
    path = log.root / EXAMPLES
    path.unlink(missing_ok=True)
    for example in targets.examples:
        append_jsonl(path, example)
    log.write(REPORT, targets.report)


# --------------------------------------------------------------------------------- the outcome


def _keep(proposal: Proposal, log: RunLog, markdown: Path | None, junit: Path | None) -> None:
    log.write(PROPOSAL, proposal)
    write_whole(log.root / "proposal.md", as_markdown(proposal).encode())
    if markdown is not None:
        write_whole(markdown, as_markdown(proposal).encode())
    if junit is not None:
        write_whole(junit, as_junit(proposal))


def _deliver(
    proposal: Proposal, root: Path, patch_file: Path | None, *, dry_run: bool
) -> list[str]:
    """The paths that were written to, in the codebase or as a patch."""
    if dry_run:
        return []
    from covet.languages.python import PYTHON

    if patch_file is not None:
        write_whole(patch_file, patch(root, proposal.files))
        return [str(patch_file)]
    return apply(root, proposal, language=PYTHON)


def _show(
    proposal: Proposal,
    written: Sequence[str],
    folder: Path,
    *,
    dry_run: bool,
    patch_file: Path | None,
) -> None:
    if not proposal.functions:
        click.echo(f"{proposal.asked}: touches no function that tests could be written for")
        return
    for line in as_text(proposal):
        click.echo(legible(line))
    if dry_run:
        for change in proposal.files:
            click.echo(legible(f"\n{change.diff}"), nl=False)
    for path in written:
        click.echo(f"wrote {path}" if patch_file else f"wrote {path}: see git diff")
    click.echo(f"run: {folder}")


def read_proposal(folder: Path) -> Proposal:
    """Of a run directory; ``DataError`` where there is none."""
    path = folder / PROPOSAL
    try:
        return decode(path.read_bytes(), Proposal)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); run covet write") from error
