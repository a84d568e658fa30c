"""The verbs and their options; each body is in the file of its name and loaded when called."""

from pathlib import Path
from typing import Any

import click

import covet
from covet.cli.outcome import Reported, reported

EXIT_CODES = (
    "Exit codes: 0 done, 1 found wanting, 2 usage or settings, 3 environment, 130 interrupted."
)

as_json = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object on stdout and nothing else there.",
)
settings = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a setting, such as sandbox.workers=1; repeatable.",
)
config_file = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings to read.  [default: covet.toml in the codebase, where there is one]",
)

tasks = click.argument("tasks", type=click.Path(path_type=Path))
model = click.option("--model", metavar="NAME", help="To tune: sets policy.model.")
resume = click.option("--resume", is_flag=True, help="Continue the run in --out.")


@click.group(
    cls=Reported,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(covet.__version__, prog_name="covet")
def main() -> None:
    """Tune a code model on your codebase until the unit tests it writes catch bugs.

    \b
    Start here:   covet demo        the whole loop on a bundled codebase, on a laptop
    Then yours:   covet init        settings, in the root of your codebase
                  covet doctor      is this machine, and this codebase, ready?
                  covet mine .      functions, tests and coverage gaps become tasks
                  covet warmup      learn from the tests that people wrote
                  covet train       learn from graded test files
                  covet export      the tuned model, to be used elsewhere
                  covet inspect     see what the model wrote, what it earned and why
                  covet score       grade test files that are already written
    """  # noqa: D301 (click reads the \b)


@main.command(epilog=EXIT_CODES, short_help="The whole loop on the bundled codebase.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The run's folder.  [default: runs/demo-NNN]",
)
@click.option("--resume", is_flag=True, help="Continue the run in --out, or the last demo.")
@click.option(
    "--small", is_flag=True, help="Half a minute: shows that it works, not that it learns."
)
@click.option("--seed", type=int, help="Of training and evaluation.  [default: 0]")
@settings
@as_json
@reported
def demo(**arguments: Any) -> None:
    """Run the whole loop on the bundled codebase with the embedded model.

    Mines the bundled codebase, evaluates the embedded policy on held-out files, tunes it by GRPO
    with rewards from sandboxed test runs, evaluates again and writes a report.

    The embedded model is a demonstration policy for this kind of code; it writes nothing useful
    for real code.
    """
    from covet.cli.demo import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Write a commented covet.toml.")
@click.argument("codebase", type=click.Path(path_type=Path), default=Path())
@click.option("--force", is_flag=True, help="Replace a covet.toml that is there.")
@as_json
@reported
def init(**arguments: Any) -> None:
    """Write a commented covet.toml into CODEBASE (default: here)."""
    from covet.cli.init import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Is this machine, and a codebase, ready?")
@click.argument("codebase", type=click.Path(path_type=Path), default=Path())
@config_file
@settings
@as_json
@reported
def doctor(**arguments: Any) -> None:
    """Say whether this machine and CODEBASE (default: here) are ready, with a fix for each line."""
    from covet.cli.doctor import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Turn a codebase into tasks.")
@click.argument("codebase", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("tasks"),
    show_default=True,
    metavar="DIR",
    help="The dataset's folder.",
)
@click.option("--force", is_flag=True, help="Replace a dataset that is there.")
@click.option(
    "--diff",
    metavar="BASE..HEAD",
    help="Only functions that a change touches; HEAD is what is checked out.",
)
@config_file
@settings
@as_json
@reported
def mine(**arguments: Any) -> None:
    """Turn CODEBASE into tasks: functions with their tests and the lines no test reaches."""
    from covet.cli.mine import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Fine-tune on the tests that people wrote.")
@tasks
@model
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs/warmup"),
    show_default=True,
    metavar="DIR",
    help="The run's folder.",
)
@resume
@click.option(
    "--dry-run", is_flag=True, help="Print the settings and an estimate; ask and change nothing."
)
@config_file
@settings
@as_json
@reported
def warmup(**arguments: Any) -> None:
    """Fine-tune a model on the references of TASKS, a folder that `covet mine` wrote.

    A teacher (warmup.teacher) writes the reasoning that leads to each of them; without one the
    tests are learned alone. The result is an ordinary model folder, DIR/model, to start
    reinforcement learning from.
    """
    from covet.cli.warmup import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Learn from graded test files.")
@tasks
@model
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs/train"),
    show_default=True,
    metavar="DIR",
    help="The run's folder.",
)
@resume
@click.option(
    "--dry-run", is_flag=True, help="Print the settings and an estimate of memory and time."
)
@config_file
@settings
@as_json
@reported
def train(**arguments: Any) -> None:
    """Tune a model by reinforcement learning on the training tasks of TASKS, a folder that
    `covet mine` wrote.

    The tuned model is an ordinary model folder, DIR/model. A run that was stopped goes on from its
    last checkpoint with --resume.
    """
    from covet.cli.train import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Write a model to be used elsewhere.")
@click.argument("source", metavar="RUN_OR_FOLDER")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A new folder."
)
@click.option("--merge", is_flag=True, help="An adapter's change goes into its base's weights.")
@click.option(
    "--dtype",
    type=click.Choice(["float32", "bfloat16"]),
    help="Of a whole or merged model's weights.  [default: as they, or the base's, are stored]",
)
@as_json
@reported
def export(**arguments: Any) -> None:
    """Write the model of RUN_OR_FOLDER into a folder of its own, which transformers or peft load,
    with a card that says how it came to be.

    RUN_OR_FOLDER is a run's directory, a model folder or a Hugging Face name.
    """
    from covet.cli.export import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="See what the model wrote, and what it earned.")
@click.argument("paths", metavar="[RUN …]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--export",
    "to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write one HTML file to be read offline, and end.",
)
@click.option(
    "--rollouts",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Of each run in an exported file, about.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Of the page.  [default: any that is free]",
)
@click.option("--no-open", is_flag=True, help="Open no browser.")
@as_json
@reported
def inspect(**arguments: Any) -> None:
    """Open a page on this machine, and for it alone, that shows what RUN holds.

    RUN is a run's directory, also one that still goes on, a dataset's folder, or a folder of such;
    several runs are laid over each other. Without any it is the newest run in runs/.
    """
    from covet.cli.inspect import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Grade recorded test files.")
@click.option(
    "--codebase", type=click.Path(path_type=Path), required=True, metavar="PATH", help="Under test."
)
@click.option(
    "--candidates",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="JSON lines, .gz or not: file, first_line, last_line, completion.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("scores"),
    show_default=True,
    metavar="DIR",
    help="Where executions.jsonl and summary.json go.",
)
@click.option("--resume", is_flag=True, help="Keep what an interrupted call has graded.")
@click.option("--no-mutants", is_flag=True, help="Pass and coverage only.")
@config_file
@settings
@as_json
@reported
def score(**arguments: Any) -> None:
    """Grade a file of recorded test files against the code segments they were written for."""
    from covet.cli.score import run

    run(**arguments)
