"""The package as a whole: what it says of itself, what it loads, what it ships."""

import re
import subprocess
import sys
from pathlib import Path

import covet

ROOT = Path(covet.__file__).resolve().parent
SUPPORT = {"cli", "languages", "sandbox", "nano"}


def folders() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")}


def test_the_docstring_names_every_stage_and_no_other() -> None:
    stages = re.findall(r"^- ``(\w+)``", covet.__doc__ or "", re.MULTILINE)

    assert set(stages) == folders() - SUPPORT


def test_every_module_opens_by_saying_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in ROOT.rglob("*.py")
        if "codebase" not in path.relative_to(ROOT).parts
        and not path.read_text(encoding="utf-8").startswith('"""')
    ]

    assert not silent


def test_mining_grading_and_reporting_load_no_torch() -> None:
    modules = "covet.mine, covet.execute.grader, covet.evaluate.score, covet.inspector"
    program = f"import sys, {modules}; raise SystemExit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_trainer_that_is_not_installed_is_named_with_what_to_do() -> None:
    program = (
        "import sys, covet.errors; sys.modules['torch'] = None\n"
        "try:\n    import covet.policy.hf\n"
        "except covet.errors.EnvironmentNotReady as error:\n"
        "    raise SystemExit(0 if 'covet[train]' in str(error) else 2)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
