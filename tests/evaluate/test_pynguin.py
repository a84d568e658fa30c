"""What is asked of Pynguin, with a program in its place that takes the same arguments."""

import sys
import time

import pytest

from covet.config import Config
from covet.errors import EnvironmentNotReady
from covet.evaluate import pynguin
from covet.execute.codebase import Layout
from tests.shop import SHOP

CLI = """\
import pathlib, subprocess, sys, time

def main(arguments):
    given = dict(zip(arguments[1::2], arguments[2::2]))
    project = pathlib.Path(given["--project-path"])
    sys.path.insert(0, str(project))
    __import__(given["--module-name"])
    log = pathlib.Path({log!r})
    with log.open("a") as file:
        file.write(given["--seed"] + " " + given["--only-cover-line-ranges"] + "\\n")
    (project / "left.txt").write_text("x")
    if given["--seed"] == "2":
        raise SystemExit("no statement could be made")
    if given["--seed"] == "3":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        time.sleep(600)
    name = "test_" + given["--module-name"].replace(".", "_") + ".py"
    (pathlib.Path(given["--output-path"]) / name).write_text("def test_0(): pass\\n")
    return 0
"""


@pytest.fixture
def python(tmp_path):
    """Of an environment in which ``pynguin`` is that program."""
    package = tmp_path / "site" / "pynguin"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(CLI.format(log=str(tmp_path / "log")))
    path = tmp_path / "python"
    path.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path / "site"} exec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def search(python, examples, tmp_path):
    def run(seeds, **options):
        return pynguin.search(
            "p",
            examples[:1],
            python=pynguin.ready(python, make=False, say=print),
            layout=Layout.discover(SHOP, Config().codebase),
            within="",
            seconds=1,
            seeds=seeds,
            run=tmp_path,
            on_done=lambda *_: None,
            **options,
        )

    return run


def test_each_function_is_searched_with_each_seed_once_on_a_copy(search, examples, tmp_path):
    held, _ = search(2)
    span = examples[0].function.span
    lines = f"{span.first_line}-{span.last_line}"
    assert (tmp_path / "log").read_text().split("\n")[:-1] == [f"0 {lines}", f"1 {lines}"]
    assert held.texts == {examples[0].id: ("def test_0(): pass\n",) * 2}
    assert held.are_files
    assert held.seconds[examples[0].id] > 0
    assert not (SHOP / "left.txt").exists()
    assert search(2)[0] == held
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_a_search_that_writes_nothing_counts_and_says_why(search, examples):
    held, searches = search(3)
    assert held.texts[examples[0].id][2] == ""
    assert searches[2].problem == "no statement could be made"


def test_a_search_that_does_not_end_is_ended_with_all_that_it_started(search, monkeypatch):
    monkeypatch.setattr(pynguin, "GRACE_S", 2.0)
    started = time.monotonic()
    _, searches = search(4)
    assert searches[3].problem == "it did not end within 3 s"
    assert time.monotonic() - started < 60


def test_the_module_is_imported_as_people_would(search, examples, python):
    cli = python.parent / "site/pynguin/cli.py"
    own = 'import shop.price\\n\\nprice_ = sys.modules[\\"shop.price\\"]\\n'
    cli.write_text(cli.read_text().replace("def test_0(): pass\\n", own))
    held, searches = search(1)
    assert held.texts[examples[0].id] == ("import shop.price\n\nimport shop.price as price_\n",)
    assert "sys.modules" in searches[0].text


def test_without_an_environment_it_is_said_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(EnvironmentNotReady, match="--make-pynguin makes one"):
        pynguin.ready(None, make=False, say=print)


def test_an_environment_without_pynguin_is_named(tmp_path):
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    with pytest.raises(EnvironmentNotReady, match="No module named 'pynguin'"):
        pynguin.ready(bare, make=False, say=print)
