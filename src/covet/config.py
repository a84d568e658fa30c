"""Settings: one model per stage, read from ``covet.toml`` and dotted overrides.

``load`` merges the defaults below, a file and overrides such as ``train.steps=10``, in that
order, and returns one frozen ``Config``. An unknown key, a value of the wrong type or out of
range is a ``ConfigError`` that names the key, what was found and the nearest key that exists.
Nothing here reads the environment or imports a stage.
"""

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from covet.errors import ConfigError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A table of ``covet.toml``; unknown keys are errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class Codebase(Section):
    """The code that tests are written for."""

    python: str = ""
    """Its interpreter; empty: ``.venv/bin/python`` in the codebase, else the one Covet runs in."""
    source: tuple[str, ...] = ()
    """Folders that hold its packages, relative to its root; empty: found by ``pyproject.toml``,
    ``src/`` or the root itself."""
    tests: tuple[str, ...] = ()
    """Folders or files that hold its tests; empty: every ``test_*.py`` and ``*_test.py``."""
    exclude: tuple[str, ...] = ()
    """Globs of paths that are neither mined nor graded."""
    suite_timeout_s: Annotated[float, Field(gt=0, le=604_800)] = 600.0
    """How long one run of the whole existing suite may take."""


class Sandbox(Section):
    """Where model-written code runs."""

    kind: Literal["forkserver", "process"] = "forkserver"
    """``process`` starts an interpreter for every candidate: slow, and the reference."""
    isolation: Literal["full", "none"] = "full"
    """``none`` runs untrusted code with your rights; only for code that you would run yourself."""
    workers: Annotated[int, Field(ge=0, le=1024)] = 0
    """Warm interpreters that grade at the same time; 0: one per processor."""
    cpu_s: Annotated[float, Field(gt=0, le=86_400)] = 5.0
    """Processor seconds of one test file against one program."""
    wall_s: Annotated[float, Field(gt=0, le=86_400)] = 15.0
    """Wall-clock seconds of the same; behind ``cpu_s``, for what sleeps."""
    memory_mb: Annotated[int, Field(ge=64, le=1 << 24)] = 2048
    """Of one process, beyond what the warm interpreter has."""
    disk_mb: Annotated[int, Field(ge=1, le=1 << 20)] = 64
    """Size of a candidate's temporary folder."""
    steps: Annotated[int, Field(ge=0, le=1 << 60)] = 200_000
    """Lines of the test file and of the function's file that one test may run: what loops for ever
    is found by counting, the same on every machine. 0: no bound but time."""


class Execute(Section):
    """How a candidate is graded."""

    repeats: Count = 2
    """Runs against the original program that must all agree. All but the first shuffle the
    tests, seed random numbers otherwise, and every other one has another hash seed."""
    mutants: Annotated[int, Field(ge=0)] = 16
    """Most mutants of one focal function; more are thinned evenly. 0: none."""
    matrix: Literal["any-kill", "full"] = "any-kill"
    """``any-kill``: a mutant's run stops at the first test that rejects it."""


class Mine(Section):
    """How a codebase becomes tasks."""

    seed: int = 0
    heldout: Share = 0.2
    """Share of the files that training never sees."""
    reserved: tuple[str, ...] = ()
    """Globs of files that are held out by name and reported apart."""
    gaps_only: bool = True
    """Leave out tasks whose function the remaining suite already covers entirely."""
    server: Literal["pyrefly", "ty", ""] = "pyrefly"
    """The language server that finds which tests name which function; empty: none, names and
    imports alone."""
    variants: Annotated[int, Field(ge=0)] = 2
    """Most tasks that are made of a function by removing some of its tests. 0: none is removed, and
    only functions that the suite leaves gaps in become tasks."""
    hide_indirect: bool = False
    """Leave out of a task's baseline what tests of other functions run of its function by the
    way, so that its own tests' worth is not hidden."""
    similar: Annotated[int, Field(ge=0)] = 3
    """Most similar tests from elsewhere that come with a task."""
    near: Share = 0.8
    """Functions whose tokens are at least as alike (Jaccard, estimated by MinHash) come to one
    side of the split."""
    cache: bool = True
    """Keep what the existing tests showed, in the user's cache folder, and run again only what can
    have changed."""
    check: Annotated[int, Field(ge=0)] = 20
    """How many tasks' baselines are measured anew by running the remaining tests."""


class Prompt(Section):
    """How a task is put to the policy."""

    template: str = ""
    """A name in ``covet/prompt/templates`` or a path; empty: the model folder's own choice, else
    ``default``."""
    tokens: Annotated[int, Field(ge=0)] = 0
    """Most prompt tokens; 0: the model folder's own choice, else 4096."""


class Policy(Section):
    """The model that writes tests."""

    model: str = "nano"
    """``nano`` (the embedded demonstration model), a folder, or a Hugging Face name."""
    temperature: Annotated[float, Field(gt=0)] = 1.0
    max_new_tokens: Annotated[int, Field(ge=0)] = 0
    """0: the model folder's own choice, else 512."""
    threads: Count = 1
    """Processor threads of one tensor operation. One is best for a model of a few million
    parameters; a larger one wants more. Fixed, because results differ with it in the last bits."""
    batch: Count = 96
    """Completions that are sampled together."""


class Reward(Section):
    """What a candidate earns once it passes; a candidate that does not pass earns 0."""

    passes: Annotated[float, Field(ge=0)] = 0.2
    gains: Annotated[float, Field(ge=0)] = 0.5
    """For covering at least one line beyond the baseline."""
    kills: Annotated[float, Field(ge=0)] = 0.3
    """For the share of mutants killed."""


class Train(Section):
    """GRPO."""

    seed: int = 0
    steps: Annotated[int, Field(ge=0)] = 50
    examples: Count = 12
    """Prompts in one optimizer step."""
    group: Annotated[int, Field(ge=2)] = 8
    """Completions of one prompt; their rewards are compared with each other."""
    advantage: Literal["grpo", "dr_grpo", "rloo"] = "grpo"
    learning_rate: Annotated[float, Field(gt=0)] = 5e-4
    warmup_steps: Annotated[int, Field(ge=0)] = 5
    clip_low: Annotated[float, Field(ge=0)] = 0.2
    clip_high: Annotated[float, Field(ge=0)] = 0.28
    kl: Annotated[float, Field(ge=0)] = 0.01
    """Weight of the divergence from the policy that training started from; 0: none."""
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    micro_batch: Count = 96
    """Sequences in one forward pass."""
    checkpoint_every: Count = 5


class Evaluate(Section):
    """The scorecard."""

    seed: int = 0
    samples: Annotated[int, Field(ge=3)] = 4
    """Completions of one task; at least the 3 that measures at 3 need."""
    tasks: Annotated[int, Field(ge=0)] = 0
    """Most tasks of each held-out kind; 0: all."""
    bootstrap: Count = 2000
    """Resamples of the tasks behind each 95 % range."""


class Config(Section):
    """All settings, in pipeline order."""

    codebase: Codebase = Codebase()
    sandbox: Sandbox = Sandbox()
    execute: Execute = Execute()
    mine: Mine = Mine()
    prompt: Prompt = Prompt()
    policy: Policy = Policy()
    reward: Reward = Reward()
    train: Train = Train()
    evaluate: Evaluate = Evaluate()


def load(path: Path | None = None, overrides: Iterable[str] = ()) -> Config:
    """Defaults, then the file at ``path``, then overrides such as ``sandbox.workers=1``.

    Raises ``ConfigError``. A string needs no quotes in an override.
    """
    tree = read_toml(path) if path is not None else {}
    given = list(overrides)
    config = parse(tree, origin=str(path))
    for override in given:
        _set_dotted(tree, override)
    return parse(tree, origin="--set") if given else config


def parse(tree: Mapping[str, Any], *, origin: str) -> Config:
    """A nested mapping, as ``tomllib`` gives it, checked; ``origin`` names it in errors."""
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        complaints = [_complaint(dict(item)) for item in error.errors()]
        raise ConfigError(f"{origin}: " + "; ".join(complaints)) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables; ``ConfigError`` where it is absent or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); run `covet init`") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def as_toml(config: Config) -> str:
    """Every setting with its value, in the order of the models; ``load`` reads it back equal."""
    lines: list[str] = []
    for table, section in config:
        lines.append(f"[{table}]")
        lines += [f"{key} = {as_toml_value(value)}" for key, value in section]
        lines.append("")
    return "\n".join(lines)


def as_toml_value(value: object) -> str:
    """A setting's value as TOML: booleans, numbers, strings and tuples of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the one control character JSON leaves bare.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return "[" + ", ".join(as_toml_value(item) for item in items) + "]"
    return repr(value)


def _set_dotted(tree: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    parts = key.strip().split(".")
    if not equals or len(parts) != 2 or not all(parts):
        raise ConfigError(f"{override!r}: an override has the form section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # not TOML: a string without quotes
        value = text.strip()
    section = tree.setdefault(parts[0], {})
    if not isinstance(section, dict):
        raise ConfigError(f"{override!r}: {parts[0]} is not a table in the file")
    section[parts[1]] = value


def _complaint(error: dict[str, Any]) -> str:
    place = [str(part) for part in error["loc"]]
    name = ".".join(place)
    if error["type"] != "extra_forbidden":
        return f"{name}: {error['msg'].lower()} (found {error['input']!r})"
    table, dot, _ = name.partition(".")
    known = [key for key in known_keys() if not dot or key.startswith(f"{table}.")]
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known[:9])}"
    return f"{name}: no such setting; {hint}"


def known_keys() -> list[str]:
    """Every table, then every dotted key."""
    sections = {name: type(section) for name, section in Config()}
    keys = [f"{name}.{key}" for name, kind in sections.items() for key in kind.model_fields]
    return list(sections) + keys
