"""``covet generate tests|solutions``: a policy writes for every task of a dataset, into one file.

Rows are appended as they come. Beside the file stands ``<name>.run.json``, which says what it is
of; ``--resume`` goes on with that and nothing else.
"""

import hashlib
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import click

from covet.cli.outcome import again, emit
from covet.cli.progress import Reporter
from covet.cli.settings import load_settings
from covet.errors import UsageError
from covet.instructions.dataset import read_examples
from covet.policy.opening import open_policy
from covet.records import InstructionExample
from covet.rollout.answers import SolutionRow, SuiteRow, Wanted, asker_for, write_answers
from covet.runlog import encode, hold, read_jsonl, write_whole


def run(
    *,
    kind: Literal["tests", "solutions"],
    tasks: Path,
    model: str | None,
    out: Path,
    samples: int,
    greedy: bool | None,
    split: str,
    limit: int,
    resume: bool,
    config: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    given = (*overrides, *((f"policy.model={model}",) if model else ()))
    settings = load_settings(Path(), config, given)
    is_greedy = samples == 1 if greedy is None else greedy
    if is_greedy and samples > 1:
        raise UsageError("--greedy gives the same answer each time; leave it, or --samples, away")
    examples = read_examples(tasks, split="" if split == "all" else split)[: limit or None]
    chosen = settings.policy
    if is_greedy:
        chosen = chosen.model_copy(update={"temperature": 0.0})
    told = {
        "kind": kind,
        "policy": chosen.model_dump(exclude={"batch", "threads", "concurrency", "timeout_s"}),
        "suites": settings.suites.model_dump(include={"tests", f"{kind}_template", "suffix"}),
        "prompt": settings.prompt.tokens,
        "samples": samples,
        "tasks": _digest(examples),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    _claim(out, told, resume=resume)
    reporter = Reporter()
    policy = open_policy(chosen, log=out.with_suffix(".vllm.log"), say=reporter.say)
    try:
        together = max(1, chosen.batch // samples)
        asker = asker_for(policy, settings, kind)
        key = ("generate", settings.evaluate.seed, kind)
        wanted = Wanted(policy, asker, samples, key, together)
        with reporter.stage(kind, len(examples)) as stage:
            write_answers(out, examples, wanted, on_progress=stage.update)
    except KeyboardInterrupt as interrupt:
        onward = again("generate", kind, tasks, "--resume", "--out", out)
        raise KeyboardInterrupt(f"to continue, with the same options: {onward}") from interrupt
    finally:
        if (close := getattr(policy, "close", None)) is not None:
            close()
    summary = summarise(out, kind)
    if as_json:
        emit(summary)
    else:
        _show(summary)


def _claim(out: Path, told: dict[str, Any], *, resume: bool) -> None:
    """``UsageError`` where the file is another's, or is there and not to be gone on with."""
    card, line = out.with_name(out.name + ".run.json"), encode(told) + b"\n"
    with closing(hold(out.parent)):
        if not out.exists() and not card.exists():
            write_whole(card, line)
        elif not resume:
            raise UsageError(f"{out}: is already there; add --resume, or name another --out")
        elif not card.exists() or card.read_bytes() != line:
            raise UsageError(
                f"{out}: is of other tasks, another model or other settings; name another --out"
            )


def _digest(examples: list[InstructionExample]) -> str:
    return hashlib.sha256(b"".join(map(encode, examples))).hexdigest()


def summarise(out: Path, kind: Literal["tests", "solutions"]) -> dict[str, Any]:
    """What a file holds."""
    if kind == "solutions":
        rows = list(read_jsonl(out, SolutionRow))
        problems = Counter(row.problem for row in rows if row.problem)
        good = {"programs": sum(bool(row.text) for row in rows)}
    else:
        rows = list(read_jsonl(out, SuiteRow))
        problems = Counter(why.partition(":")[0] for row in rows for why in row.refused)
        problems.update(row.problem for row in rows if row.problem)
        good = {
            "suites": sum(bool(row.cases) for row in rows),
            "cases": sum(len(row.cases) for row in rows),
        }
    return {
        "out": str(out),
        "tasks": len({row.example_id for row in rows}),
        "answers": len(rows),
        **good,
        "refused": dict(problems.most_common()),
        "cut_off": sum(row.finish == "length" for row in rows),
        "tokens": sum(row.tokens for row in rows),
    }


def _show(summary: dict[str, Any]) -> None:
    counts = ("programs", "suites", "cases")
    told = ", ".join(f"{summary[name]} {name}" for name in counts if name in summary)
    click.echo(f"{summary['answers']} answers for {summary['tasks']} tasks: {told}")
    for reason, count in summary["refused"].items():
        click.echo(f"{count:8} refused: {reason}")
    click.echo(summary["out"])
