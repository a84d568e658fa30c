"""The run directory of a verb that learns from a dataset, new or gone on with."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from covet.cli.outcome import again
from covet.config import Config, as_toml
from covet.errors import EnvironmentNotReady, UsageError
from covet.runlog import RunLog


@contextmanager
def run_directory(
    verb: str,
    tasks: Path,
    out: Path,
    *,
    files: Sequence[str],
    resume: bool,
    is_set: bool,
    settings: Callable[[], Config],
) -> Iterator[RunLog]:
    """``files``: of the dataset, what the verb learns from; a run goes on with those alone.
    ``is_set``: whether settings were given, which a run that goes on has already; ``settings``:
    those of a new one.

    What ends it from outside, a full disk or Ctrl-C, comes with the command that goes on.
    """
    rows = _identity(tasks, files)
    if resume:
        if is_set:
            raise UsageError(
                "--resume keeps the settings of the run; leave --set, --config and --model away"
            )
        log = RunLog.reopen(out)
    else:
        new = settings()
        extra = {"verb": verb, "model": new.policy.model, "tasks": str(tasks.resolve())}
        log = RunLog.create(out, as_toml(new), extra=extra | {"rows": rows})
    onward = again(verb, tasks, "--resume", "--out", out)
    try:
        _check(log, verb, tasks, rows)
        yield log
    except OSError as error:
        raise EnvironmentNotReady(
            f"{error.filename or out}: {error.strerror or error}; what was written is whole."
            f" Once that is mended: {onward}"
        ) from error
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt(f"to continue: {onward}") from interrupt
    finally:
        log.close()


def _check(log: RunLog, verb: str, tasks: Path, rows: str) -> None:
    """``UsageError`` where the run is another verb's, or of other tasks."""
    known = log.manifest
    if (found := known.get("verb")) != verb:
        raise UsageError(
            f"{log.root}: this is a run of covet {found}; continue it with covet {found} --resume,"
            " or start another with --out"
        )
    if known.get("rows") != rows:
        raise UsageError(
            f"{log.root}: this run is of other tasks than {tasks} holds now (its own were in"
            f" {known.get('tasks')}); give its own, or start another run with --out"
        )


def _identity(tasks: Path, files: Sequence[str]) -> str:
    """Of the rows that are learned from."""
    there = (path for name in files if (path := tasks / name).exists())
    return hashlib.sha256(b"".join(path.read_bytes() for path in there)).hexdigest()
