import ast
import subprocess
import sys

import pytest

from covet.nano import codebase_path
from recipes.nano.__main__ import CODEBASE_SEED
from recipes.nano.check import files_that_differ, sources_on_disk
from recipes.nano.codebase import codebase_files, make_modules, write_codebase
from recipes.nano.families import HELD_OUT, TRAINING
from recipes.nano.functions import normal_form


@pytest.fixture(scope="module")
def modules():
    return make_modules(CODEBASE_SEED)


def test_bundled_codebase_is_byte_for_byte_what_its_seed_gives():
    assert files_that_differ(codebase_path(), CODEBASE_SEED) == []


def test_a_changed_missing_or_added_file_is_noticed(tmp_path):
    write_codebase(tmp_path, 3)
    assert files_that_differ(tmp_path, 3) == []
    first, second, *_ = sorted(codebase_files(3))
    (tmp_path / first).write_text("changed")
    (tmp_path / second).unlink()
    (tmp_path / "zzz.py").write_text("")
    assert files_that_differ(tmp_path, 3) == [first, second, "zzz.py"]


def test_bundled_suite_passes(tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command,
        cwd=codebase_path(),
        env={"PYTHONPYCACHEPREFIX": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_two_bundled_functions_are_the_same_up_to_their_names():
    forms = [normal_form(source) for source in sources_on_disk(codebase_path())]
    assert len(forms) > 1500
    assert len(set(forms)) == len(forms)


def test_names_are_distinct_within_a_module(modules):
    for module in modules:
        names = [function.name for function, _ in module.functions]
        assert len(set(names)) == len(names)
        assert not any(name.startswith("test") for name in names)


def test_held_out_families_live_in_modules_of_their_own(modules):
    for module in modules:
        families = {function.family for function, _ in module.functions}
        wanted = HELD_OUT if module.name.startswith("heldout.") else TRAINING
        assert families <= wanted.keys()


def test_most_functions_have_a_line_that_no_test_runs(modules):
    suites = [suite for module in modules for _, suite in module.functions]
    partial = sum(bool(suite.open_cases) for suite in suites)
    assert 0.9 < partial / len(suites) < 1
    assert {len(suite.tests) for suite in suites} == {0, 1, 2}


def test_a_test_file_imports_every_function_of_its_module():
    files = codebase_files(CODEBASE_SEED)
    for path, text in files.items():
        if not path.startswith("tests/"):
            continue
        imports = [node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
        (line,) = imports
        source = files[f"{(line.module or '').replace('.', '/')}.py"]
        defined = {node.name for node in ast.parse(source).body if hasattr(node, "name")}
        assert {alias.name for alias in line.names} == defined


def test_another_seed_gives_another_codebase():
    assert codebase_files(1) == codebase_files(1)
    assert codebase_files(1) != codebase_files(2)
