"""The action's step, with the variables that a runner sets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from covet.agent import workflow
from tests.agent.conftest import GOOD, QUICK, TESTS, git

ACTION = Path(__file__).resolve().parents[2] / "action.yml"


@pytest.fixture
def step(shop, answers, tmp_path, monkeypatch):
    def run(texts, **inputs):
        environment = {
            "COVET_CODEBASE": str(shop),
            "COVET_BASE_REF": "main",
            "COVET_POLICY": str(answers(clamp=texts)),
            "COVET_SETTINGS": "\n".join(QUICK),
            "COVET_RUN": str(tmp_path / "left"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        }
        monkeypatch.chdir(tmp_path)
        return workflow.main(environment | inputs)

    git(shop, "update-ref", "refs/remotes/origin/main", "HEAD")
    source = shop / "shop" / "price.py"
    source.write_text(source.read_text().replace("if value > high:", "if value >= high:"))
    return run


def test_it_leaves_a_report_and_touches_nothing(step, shop, tmp_path, capfd) -> None:
    code = step([GOOD])
    said = capfd.readouterr().out
    left = {path.name for path in (tmp_path / "left").iterdir()}
    word = re.match(r"::stop-commands::(\w+)\n", said)

    assert code == 0
    assert left == {"proposal.json", "proposal.md", "tests.patch", "junit.xml"}
    assert git(shop, "status", "--porcelain") == " M shop/price.py\n"
    assert (tmp_path / "summary.md").read_text().count("### Covet: 1 new test") == 1
    assert (tmp_path / "output").read_text() == "tests=1\nbugs=0\n"
    assert word is not None
    assert said.endswith(f"::{word[1]}::\n")
    git(shop, "apply", str(tmp_path / "left" / "tests.patch"))
    assert "def test_clamp_high" in (shop / TESTS).read_text()


@pytest.mark.parametrize(("blocking", "code"), [("false", 0), ("true", 1)])
def test_it_blocks_only_where_it_is_told_to(step, blocking, code) -> None:
    assert step(["def test_clamp(:\n"], COVET_BLOCKING=blocking) == code


def test_an_input_is_never_an_option(tmp_path) -> None:
    inputs = {"COVET_BASE": "--help", "COVET_CODEBASE": "--version", "COVET_POLICY": "--all-gaps"}
    words = list(workflow.arguments(inputs, tmp_path / "w", tmp_path / "r"))

    assert words[:3] == ["write", "--base=--help", "--policy=--all-gaps"]
    assert words[-2:] == ["--", "--version"]


def test_the_action_puts_nothing_from_outside_into_a_script() -> None:
    text = ACTION.read_text()
    scripts = re.findall(r"run: \|\n((?: {8}.*\n)+)", text)

    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)
    assert text.count("${{ inputs.token }}") == 1


def test_a_module_of_the_codebase_is_not_taken_for_one_of_covets(tmp_path) -> None:
    for name in ("covet", "msgspec", "secrets"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('of the codebase')\n")
    [script] = re.findall(r"bin/python\" (.*) covet\.agent\.workflow", ACTION.read_text())
    done = subprocess.run(
        [sys.executable, *script.split(), "covet.agent.workflow"],
        cwd=tmp_path,
        env=os.environ | {"COVET_SETTINGS": "no.such=1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "no such setting" in done.stderr
