"""Who is on a scorecard: lines such as ``base=Qwen/Qwen2.5-Coder-1.5B``, or a TOML file → Entrants.

A line has a name and one word for what it is: a model (``nano``, a folder, a run, an adapter, a
name on Hugging Face), ``URL#MODEL`` at an OpenAI-compatible endpoint, a file of recorded candidates
(``FILE.jsonl?key=value``: of its rows those that say so), or ``pynguin``. In a file a line is a
table whose keys are those of ``[policy]``, and ``template``, ``candidates``, ``where``,
``pynguin``::

    [rows.rival]
    endpoint = "https://api.example.com/v1"
    model = "large"
    api_key_env = "EXAMPLE_KEY"
    template = "rivals/large.md"
    price_in = 2.5
    price_out = 10.0
"""

import glob
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from covet import config
from covet.errors import ConfigError, UsageError

Kind = Literal["model", "endpoint", "recorded", "pynguin"]
PYNGUIN_S = 10.0
"""Seconds of search for one function, where nothing says."""
EMBEDDED = "nano"
"""Whatever folder has that name, too."""
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,59}")
_RECORDED = re.compile(r"(?P<files>.+\.jsonl(?:\.gz)?)(?:\?(?P<where>.*))?")
_OWN = frozenset({"template", "candidates", "where", "pynguin"})
_HOW = ("concurrency", "timeout_s", "retries", "threads", "batch", "api_key_env")
"""Settings that say how a policy is asked, and not who it is."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One line of a scorecard."""

    name: str
    kind: Kind
    what: str
    """For people: a model's name, a file's; never a path or an address."""
    settings: config.Config
    candidates: tuple[Path, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    """Of recorded candidates those whose rows have these values."""
    seconds: float = 0.0
    """Of search for one function."""

    @property
    def identity(self) -> dict[str, Any]:
        """Equal where the same samples are to be expected."""
        policy = self.settings.policy.model_dump()
        named = {key: value for key, value in policy.items() if key not in _HOW}
        told: dict[str, Any] = {"kind": self.kind}
        if self.kind in ("model", "endpoint"):
            told |= {"policy": named, "prompt": self.settings.prompt.model_dump()}
        folder = Path(self.settings.policy.model)
        if self.kind == "model" and named["model"] != EMBEDDED and folder.is_dir():
            named["model"] = str(folder.resolve())
            told["weights"] = _stamps(folder)
        if self.kind == "recorded":
            digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in self.candidates]
            told |= {"files": digests, "where": dict(self.where)}
        if self.kind == "pynguin":
            told["seconds"] = self.seconds
        return told


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """Of a model folder's files."""
    files = ((path, path.stat()) for path in sorted(folder.iterdir()) if path.is_file())
    return [(path.name, told.st_size, told.st_mtime_ns) for path, told in files]


def read_entrants(
    specs: Sequence[str], file: Path | None, settings: config.Config
) -> tuple[Entrant, ...]:
    """``ConfigError`` or ``UsageError`` names what is wrong. What a line does not say is as the
    settings have it.
    """
    found = [_from_spec(spec, settings) for spec in specs]
    if file is not None:
        found += _from_file(file, settings)
    names = [entrant.name for entrant in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"two policies are called {twice}; each needs a name of its own")
    if not found:
        raise UsageError("no policy to try; name one with --policy NAME=MODEL")
    return tuple(found)


def _from_spec(spec: str, settings: config.Config) -> Entrant:
    name, equals, what = spec.partition("=")
    if not equals or not what or not _NAME.fullmatch(name):
        raise UsageError(
            f"--policy {spec}: it has the form NAME=SPEC, with letters, digits and . _ + - in the"
            " name; a SPEC is a model, URL#MODEL, FILE.jsonl or pynguin"
        )
    if what == "pynguin" or what.startswith("pynguin:"):
        return _pynguin(name, what.partition(":")[2] or PYNGUIN_S, settings, origin=spec)
    if (recorded := _RECORDED.fullmatch(what)) is not None:
        pairs = [pair.partition("=") for pair in (recorded["where"] or "").split("&") if pair]
        where = {key: value for key, _, value in pairs}
        return _recorded(name, [recorded["files"]], where, settings, origin=f"--policy {spec}")
    if what.startswith(("http://", "https://")):
        url, hash_sign, model = what.partition("#")
        if not hash_sign or not model:
            raise UsageError(f"--policy {spec}: an endpoint has the form URL#MODEL")
        table = {"endpoint": url, "model": model}
    else:
        table = {"model": what, "endpoint": ""}
    return _asked(name, table, settings, origin=f"--policy {spec}")


def _from_file(file: Path, settings: config.Config) -> Iterable[Entrant]:
    tree = config.read_toml(file)
    rows = tree.get("rows")
    if not isinstance(rows, dict) or set(tree) - {"rows"}:
        raise ConfigError(f"{file}: it holds tables [rows.NAME] and nothing else")
    for name, table in rows.items():
        origin = f"{file}: rows.{name}"
        if not isinstance(table, dict) or not _NAME.fullmatch(name):
            raise ConfigError(f"{origin}: a row is a table, its name of letters, digits, . _ + -")
        yield _from_table(name, table, settings, origin=origin, folder=file.parent)


def _from_table(
    name: str, table: Mapping[str, Any], settings: config.Config, *, origin: str, folder: Path
) -> Entrant:
    own = {key: table[key] for key in table if key in _OWN}
    policy = {key: table[key] for key in table if key not in _OWN}
    if "pynguin" in own:
        _alone(own, policy, "pynguin", origin=origin)
        return _pynguin(name, own["pynguin"], settings, origin=origin)
    if "candidates" in own:
        _alone(
            {key: own[key] for key in own if key != "where"}, policy, "candidates", origin=origin
        )
        given = own["candidates"]
        globs = [given] if isinstance(given, str) else given
        if not isinstance(globs, list) or not all(isinstance(one, str) for one in globs):
            raise ConfigError(f"{origin}: candidates is a file's name or a list of such")
        where = own.get("where", {})
        if not isinstance(where, dict):
            raise ConfigError(f"{origin}: where is a table of values")
        told = {key: str(value) for key, value in where.items()}
        return _recorded(name, [str(folder / one) for one in globs], told, settings, origin=origin)
    if "where" in own:
        raise ConfigError(f"{origin}: where is for candidates, and none are named")
    template = own.get("template", "")
    if not isinstance(template, str):
        raise ConfigError(f"{origin}: template is a name or a path")
    if template.endswith(".md") and (folder / template).is_file():
        template = str(folder / template)
    if "model" not in policy:
        raise ConfigError(f"{origin}: it names neither model, candidates nor pynguin")
    return _asked(name, {"endpoint": "", **policy}, settings, origin=origin, template=template)


def _alone(own: Mapping[str, Any], policy: Mapping[str, Any], key: str, *, origin: str) -> None:
    others = [*policy, *(other for other in own if other != key)]
    if others:
        raise ConfigError(f"{origin}: {others[0]} says nothing where there is {key}")


def _asked(
    name: str,
    table: Mapping[str, Any],
    settings: config.Config,
    *,
    origin: str,
    template: str = "",
) -> Entrant:
    told = {**settings.policy.model_dump(), **table}
    endpoint = told["endpoint"]
    if not endpoint:
        told["model"] = _model_of(str(told["model"]))
    policy = config.parse({"policy": told}, origin=origin).policy
    prompt = settings.prompt
    if template:
        prompt = prompt.model_copy(update={"template": template})
    own = settings.model_copy(update={"policy": policy, "prompt": prompt})
    if endpoint:
        return Entrant(name, "endpoint", f"{policy.model}, behind an endpoint", own)
    return Entrant(name, "model", _called(policy.model), own)


def _called(model: str) -> str:
    """A folder by its own name, or its run's."""
    folder = Path(model)
    if model == EMBEDDED or not folder.is_dir():
        return model
    return folder.resolve().parent.name if folder.name == "model" else folder.resolve().name


def _model_of(name: str) -> str:
    """Of a run's directory, the model that the run left."""
    model = Path(name) / "model"
    is_run = name != EMBEDDED and (Path(name) / "manifest.json").is_file() and model.is_dir()
    return str(model) if is_run else name


def _recorded(
    name: str,
    globs: Sequence[str],
    where: Mapping[str, str],
    settings: config.Config,
    *,
    origin: str,
) -> Entrant:
    files: list[Path] = []
    for pattern in globs:
        found = sorted(Path(one) for one in glob.glob(pattern))  # noqa: PTH207 (may be absolute)
        if not found:
            raise UsageError(f"{origin}: {pattern}: no such file")
        files += found
    what = ", ".join(path.name for path in files)
    if where:
        what += " where " + ", ".join(f"{key} is {value}" for key, value in where.items())
    return Entrant(name, "recorded", what, settings, tuple(files), dict(where))


def _pynguin(name: str, seconds: object, settings: config.Config, *, origin: str) -> Entrant:
    try:
        budget = float(str(seconds))
    except ValueError as error:
        raise UsageError(f"{origin}: {seconds!r} is no number of seconds") from error
    if not 1 <= budget <= 3600:
        raise UsageError(f"{origin}: between 1 and 3600 seconds for a function")
    return Entrant(name, "pynguin", f"Pynguin, {budget:g} s a function", settings, seconds=budget)
