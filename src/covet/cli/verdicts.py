"""``covet verdicts``: record what people did with proposed tests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from covet.agent.verdicts import Verdict, references, verdicts
from covet.cli.outcome import emit
from covet.cli.write import EXAMPLES, REPORT, read_proposal
from covet.errors import UsageError
from covet.languages.python import PYTHON
from covet.mine import Dataset, Report, locate, write
from covet.mine.dataset import SPLITS
from covet.records import FunctionExample
from covet.runlog import append_jsonl, decode, read_jsonl


def run(*, proposal: Path, codebase: Path, out: Path, tasks: Path | None, as_json: bool) -> None:
    root, _ = locate(codebase)
    found = list(verdicts(root, read_proposal(proposal), language=PYTHON))
    if tasks is not None and tasks.exists():
        raise UsageError(f"{tasks}: is there already; name another --tasks")
    for verdict in found:
        append_jsonl(out, verdict)
    counts = Counter(verdict.said for verdict in found)
    if tasks is not None:
        _write_tasks(proposal, root, found, tasks)
    if as_json:
        emit({"verdicts": counts, "out": str(out), "tasks": str(tasks) if tasks else None})
        return
    for said in ("accepted", "changed", "dismissed"):
        click.echo(f"{counts[said]:6} {said}")
    click.echo(f"added to {out}")


def _write_tasks(proposal: Path, root: Path, found: Sequence[Verdict], tasks: Path) -> None:
    examples = [
        replace(example, split="train")
        for example in read_jsonl(proposal / EXAMPLES, FunctionExample)
    ]
    known = references(root, examples, found, language=PYTHON)
    kept = tuple(example for example in examples if example.id in known)
    report = decode((proposal / REPORT).read_bytes(), Report)
    counts: dict[str, int] = {split: sum(e.split == split for e in kept) for split in SPLITS}
    sides = {e.function.path: e.split for e in kept}
    files: dict[str, int] = {split: [*sides.values()].count(split) for split in SPLITS}
    report = replace(report, examples=counts, files=files, removed=len(known))
    write(Dataset(kept, report), known, tasks)
