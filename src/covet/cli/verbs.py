"""The verbs and their options; each body is in the file of its name and loaded when called."""

from collections.abc import Callable
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
                  covet eval        set models side by side on your code
                  covet write       tests for what you have changed
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
@click.option(
    "--explain",
    type=int,
    multiple=True,
    metavar="N",
    help="Say what candidate N (from 0) earns and why, and show the mutants that it lets live; "
    "repeatable.",
)
@config_file
@settings
@as_json
@reported
def score(**arguments: Any) -> None:
    """Grade a file of recorded test files against the code segments they were written for."""
    from covet.cli.score import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Write tests for a change.")
@click.argument("codebase", type=click.Path(path_type=Path), default=Path())
@click.option("--base", metavar="REVISION", help="For the functions changed since then.")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="PATH::NAME",
    help="For that function; repeatable.",
)
@click.option("--file", "files", multiple=True, metavar="PATH", help="For a file; repeatable.")
@click.option("--all-gaps", is_flag=True, help="For every function that tests do not reach all of.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="WHO",
    help="A model, URL#MODEL or a .jsonl of answers; repeatable.  [default: the settings']",
)
@click.option("-n", "--samples", type=click.IntRange(1), metavar="N", help="Sets write.samples.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The run's folder.  [default: runs/write-NNN]",
)
@click.option("--resume", is_flag=True, help="Continue the run in --out, or the last one.")
@click.option("--dry-run", is_flag=True, help="Print the diff; leave the codebase as it is.")
@click.option(
    "--patch",
    "patch_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the diff there; leave the codebase as it is.",
)
@click.option(
    "--markdown", type=click.Path(path_type=Path), metavar="FILE", help="What a comment would say."
)
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="A JUnit report.")
@config_file
@settings
@as_json
@reported
def write(**arguments: Any) -> None:
    """Write tests for what changed in CODEBASE (default: here), and keep those that prove their
    worth.

    A test is kept if it passes each time, alone and with all others, and reaches a line or rejects
    a mutant that no test did before. Kept tests are cut to what they need and put into the test
    files of the codebase; no other file is touched.
    """
    from covet.cli.write import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Tell a pull request what `covet write` found.")
@click.argument("proposal", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--repository", metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", required=True)
@click.option("--pull", type=int, metavar="NUMBER", help="The pull request.")
@click.option(
    "--event",
    type=click.Path(path_type=Path),
    envvar="GITHUB_EVENT_PATH",
    metavar="FILE",
    help="The event that tells which one it is.",
)
@click.option("--api", default="https://api.github.com", show_default=True, envvar="GITHUB_API_URL")
@click.option("--branch", is_flag=True, help="Put the tests onto a branch, too.")
@click.option("--branch-label", metavar="NAME", help="Do so where the pull request has this label.")
@click.option(
    "--under", default="", metavar="PATH", help="Where in the repository the codebase is."
)
@as_json
@reported
def comment(**arguments: Any) -> None:
    """Write or renew one comment on a pull request of GitHub: what RUN, a folder that `covet write`
    left, proposes.

    The token is read from GITHUB_TOKEN. No code of the pull request is run, and RUN is not trusted.
    """
    from covet.cli.comment import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="What people did with proposed tests.")
@click.argument("proposal", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("codebase", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("verdicts.jsonl"),
    show_default=True,
    metavar="FILE",
    help="Verdicts are added there.",
)
@click.option(
    "--tasks",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the accepted tests as a dataset that `covet warmup` learns from.",
)
@as_json
@reported
def verdicts(**arguments: Any) -> None:
    """Record which tests of RUN, a folder that `covet write` left, CODEBASE (default: here) has
    now: accepted as they were, accepted with changes, or dismissed.
    """
    from covet.cli.verdicts import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Turn a dataset of instructions into tasks.")
@click.argument("source")
@click.option(
    "--schema",
    required=True,
    type=click.Choice(
        ["covet", "utrl", "taco", "apps", "codecontests", "livecodebench", "humaneval", "mbpp"]
    ),
    help="Whose fields the rows have.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("instructions"),
    show_default=True,
    metavar="DIR",
    help="The dataset's folder.",
)
@click.option("--split", default="train", show_default=True, help="Of a dataset that is a name.")
@click.option("--name", default="", help="The configuration of a dataset that is a name.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Tasks whose instructions these may not overlap with.",
)
@click.option("--limit", type=int, default=0, help="Rows to read.  [default: all]")
@click.option("--no-reference", is_flag=True, help="Keep tasks without a solution in Python.")
@click.option("--no-run", is_flag=True, help="Run nothing: references and inputs stay unchecked.")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 where a row passes not every filter."
)
@click.option("--force", is_flag=True, help="Replace a dataset that is there.")
@config_file
@settings
@as_json
@reported
def instructions(**arguments: Any) -> None:
    """Turn SOURCE, a file or the name of a dataset, into tasks: instructions with a reference that
    passes its own cases, twice. What is left out is counted, filter by filter.
    """
    from covet.cli.instructions import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Write suites or solutions for instructions.")
@click.argument("kind", type=click.Choice(["tests", "solutions"]))
@tasks
@click.option("--model", metavar="NAME", help="That writes: sets policy.model.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="JSON lines."
)
@click.option(
    "--samples", type=click.IntRange(1), default=1, show_default=True, help="For each task."
)
@click.option(
    "--greedy/--sampled",
    default=None,
    help="The likeliest token each time, or at policy.temperature.  [default: greedy for one]",
)
@click.option(
    "--split",
    type=click.Choice(["all", "train", "heldout"]),
    default="all",
    show_default=True,
    help="Which tasks.",
)
@click.option("--limit", type=int, default=0, help="Tasks, from the first.  [default: all]")
@click.option("--resume", is_flag=True, help="Go on with what is in --out.")
@config_file
@settings
@as_json
@reported
def generate(**arguments: Any) -> None:
    """Write suites of tests, or solutions, for TASKS, a folder that `covet instructions` wrote.

    The model is a folder, a Hugging Face name, or what policy.endpoint has.
    """
    from covet.cli.generate import run

    run(**arguments)


@main.command(epilog=EXIT_CODES, short_help="Test writer against code writer.")
@tasks
@model
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs/adversarial"),
    show_default=True,
    metavar="DIR",
    help="The run's folder.",
)
@resume
@click.option("--dry-run", is_flag=True, help="Print the settings and what would be done.")
@config_file
@settings
@as_json
@reported
def adversarial(**arguments: Any) -> None:
    """Train a test writer and a code writer against each other on TASKS, a folder that
    `covet instructions` wrote, or one of them alone as adversarial.mode says.

    Both are ordinary model folders in the run's last round. A run that was stopped goes on with
    --resume, in the phase where it stopped.
    """
    from covet.cli.adversarial import run

    run(**arguments)


# ------------------------------------------------------------------------------- covet eval


@main.group("eval", epilog=EXIT_CODES, short_help="What tests, and models, are worth.")
def evaluation() -> None:
    """Measure what tests, and the models that write them, are worth."""


@evaluation.command(epilog=EXIT_CODES, short_help="Any policies on the same tasks, side by side.")
@click.argument("tasks", nargs=-1, metavar="[TASKS …]", type=click.Path(path_type=Path))
@click.option(
    "--segments",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    multiple=True,
    metavar="CODEBASE FILE",
    help="Tasks that are the segments which a file of recorded candidates names; repeatable.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME=SPEC",
    help="A model, run or adapter, URL#MODEL, FILE.jsonl[?key=value] or pynguin[:SECONDS]; "
    "repeatable.",
)
@click.option(
    "--rows", type=click.Path(path_type=Path), metavar="FILE", help="More policies, as TOML."
)
@click.option("--against", metavar="NAME", help="Changes are to this one.  [default: the first]")
@click.option("-n", "--samples", type=click.IntRange(3), metavar="N", help="Sets evaluate.samples.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A coverage report (Cobertura XML, lcov) in the place of what was measured.",
)
@click.option(
    "--budget-tokens", type=click.IntRange(0), default=0, help="Most tokens of all that are asked."
)
@click.option(
    "--budget-cost", type=click.FloatRange(0), default=0.0, help="Most money, by policy.price_*."
)
@click.option(
    "--pynguin-python",
    type=click.Path(path_type=Path),
    metavar="PYTHON",
    help="Of an environment that has Pynguin, which runs the codebase without walls.",
)
@click.option("--make-pynguin", is_flag=True, help="Make one, where there is none yet.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs/scorecard"),
    show_default=True,
    metavar="DIR",
    help="The run's folder.",
)
@click.option("--resume", is_flag=True, help="Run what is missing in --out, also new policies.")
@click.option("--dry-run", is_flag=True, help="Print the settings and what would be asked.")
@config_file
@settings
@as_json
@reported
def scorecard(**arguments: Any) -> None:
    """Try policies on the held-out tasks of TASKS, folders that `covet mine` wrote, and set them
    side by side: what their tests cover and catch, how often they fail, cheat or flicker, and what
    they take.

    The result is printed and left in DIR as JSON, CSV and Markdown. Exit code 1: a policy was not
    tried on every task, or has seen some.
    """
    from covet.cli.scorecard import run

    run(**arguments)


def _contest(verb: Callable[..., None]) -> Callable[..., None]:
    """What verbs that judge suites by solutions take."""
    options = (
        click.option(
            "--tasks",
            type=click.Path(path_type=Path),
            required=True,
            metavar="PATH",
            help="A folder that `covet instructions` wrote, or one file of it.",
        ),
        click.option(
            "--suites",
            required=True,
            metavar="FILE",
            help="One suite for each task, as `covet generate tests` writes them; or the word "
            "reference: each task's own cases.",
        ),
        click.option(
            "--solutions",
            type=click.Path(path_type=Path),
            required=True,
            multiple=True,
            metavar="FILE",
            help="As `covet generate solutions` writes them; repeatable, for several writers.",
        ),
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            default=Path("evaluation"),
            show_default=True,
            metavar="DIR",
            help="Where the matrices and the result go.",
        ),
        click.option("--resume", is_flag=True, help="Use the matrices that are in --out."),
        config_file,
        settings,
        as_json,
        reported,
    )
    for option in reversed(options):
        verb = option(verb)
    return verb


@evaluation.command(epilog=EXIT_CODES, short_help="Best-of-N: which solution do the tests pick?")
@click.option(
    "--n",
    "sweep",
    type=click.IntRange(1),
    multiple=True,
    help="Solutions to pick from; repeatable.  [default: 1, 2, 4, … and all]",
)
@click.option(
    "--ties",
    type=click.Choice(["expected", "first", "last"]),
    default="expected",
    show_default=True,
    help="Which of the best is picked: their mean, or one by position.",
)
@_contest
def bon(**arguments: Any) -> None:
    """How good is the solution, out of N, that passes most of a suite's tests?

    Beside it stand a pick at random, by agreement of solutions and tests (CodeT), and by the
    reference tests. One matrix gives every N, exactly, as the mean over all choices of N.
    """
    from covet.cli.eval import bon as run

    run(**arguments)


@evaluation.command(epilog=EXIT_CODES, short_help="Do the tests rank solutions as reference tests?")
@_contest
def fidelity(**arguments: Any) -> None:
    """How nearly does a suite rank solutions as the reference tests do?

    Spearman's and Kendall's correlation over the solutions of all writers and of each, and how
    often a suite accepts a wrong solution or rejects a right one.
    """
    from covet.cli.eval import fidelities

    fidelities(**arguments)
