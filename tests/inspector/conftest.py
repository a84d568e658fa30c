"""Run directories to look at."""

import os
import shutil
import subprocess
import sys

import pytest

from covet.inspector.server import serving
from covet.inspector.source import open_source
from tests.inspector.runs import build_run, row


@pytest.fixture
def task_row():
    """``task_row(name, *samples, evaluation=, split=)`` → a row."""
    return row


@pytest.fixture
def make_run(tmp_path):
    """``make_run(name=, tasks=, steps=, …)`` → the run directory."""
    return lambda *, name="demo-001", **options: build_run(tmp_path / name, **options)


@pytest.fixture
def opened():
    """``opened(*folders)`` → what the inspector makes of them, read to the end."""
    sources = []

    def open_all(*folders):
        source = open_source(folders)
        source.index.catch_up()
        sources.append(source)
        return source

    yield open_all
    for source in sources:
        source.index.close()


@pytest.fixture(scope="session")
def real_run(tmp_path_factory):
    """What a very small demo leaves, of a part of the bundled codebase."""
    folder = tmp_path_factory.mktemp("real") / "demo-007"
    left_out = [f"{place}[d-z]*.py" for place in ("samplekit/", "samplekit/heldout/")]
    settings = (
        f"codebase.exclude={[*left_out, 'tests/test_[d-z]*.py', 'tests/heldout/test_[d-z]*.py']}",
        "train.steps=3",
        "train.examples=4",
        "train.group=4",
        "evaluate.tasks=12",
    )
    overrides = [part for setting in settings for part in ("--set", setting)]
    command = [sys.executable, "-m", "covet", "demo", "--small", *overrides, "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=800)
    return folder


def _chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("COVET_TEST_BROWSER") or next(filter(None, map(shutil.which, names)), "")


@pytest.fixture(scope="session")
def chromium():
    """A real browser, that can reach nothing but this machine."""
    path = _chromium()
    if not path:
        pytest.skip("no Chromium on this machine; install it, or name one in COVET_TEST_BROWSER")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra dev)")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium):
    """``browse(server, width=, dark=, script=)`` → a page that has gone nowhere yet, and what went
    wrong on it: messages of the console, errors, and requests to anywhere else.
    """
    contexts = []

    def new(own="file:", *, width=1280, dark=False, script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page, wrong = context.new_page(), []
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda one: one.url.startswith(own) or wrong.append(one.url))
        page.set_default_timeout(20_000)
        return page, wrong

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def served():
    """``served(*folders)`` → a server that has read them."""
    opened = []

    def serve(*folders):
        source = open_source(folders)
        source.index.catch_up()
        opened.append(serving(source))
        return opened[-1].__enter__()

    yield serve
    for one in opened:
        one.__exit__(None, None, None)
