import sys
from pathlib import Path

import pytest

from covet import config
from covet.errors import CodebaseError, EnvironmentNotReady
from covet.execute.codebase import Layout


def discover(root: Path, **settings: object) -> Layout:
    return Layout.discover(root, config.Codebase.model_validate(settings))


def test_src_is_searched_before_the_root(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert discover(tmp_path).search_path == ("src", ".")


def test_a_flat_codebase_is_searched_from_its_root(tmp_path: Path) -> None:
    assert discover(tmp_path).search_path == (".",)


def test_folders_that_are_named_are_searched_in_their_order(tmp_path: Path) -> None:
    for folder in ("src", "lib/python", "other"):
        (tmp_path / folder).mkdir(parents=True)
    assert discover(tmp_path, source=("other", "lib/python/")).search_path == (
        "other",
        "lib/python",
        ".",
    )


def test_a_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CodebaseError, match=r"set codebase\.source"):
        discover(tmp_path, source=("lib",))


@pytest.mark.parametrize(
    "told",
    [
        '[tool.pytest.ini_options]\npythonpath = ["lib", ".", "absent", ".."]',
        '[tool.pytest.ini_options]\npythonpath = "lib"',
        '[tool.setuptools.packages.find]\nwhere = ["lib"]',
    ],
)
def test_pyproject_tells_where_packages_are(tmp_path: Path, told: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").write_text(told)
    assert discover(tmp_path).search_path == ("lib", ".")


@pytest.mark.parametrize("text", ["not toml [", "tool = 1", "[tool.pytest]\nini_options = 1", ""])
def test_a_pyproject_that_tells_nothing_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert discover(tmp_path).search_path == (".",)


def test_the_codebase_s_own_environment_is_used_unresolved(tmp_path: Path) -> None:
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.symlink_to(sys.executable)
    assert discover(tmp_path).interpreter == own


def test_without_an_environment_covet_s_interpreter_is_used(tmp_path: Path) -> None:
    assert discover(tmp_path).interpreter == Path(sys.executable)


def test_an_interpreter_is_named_by_path_or_by_command(tmp_path: Path) -> None:
    assert discover(tmp_path, python=sys.executable).interpreter == Path(sys.executable)
    assert discover(tmp_path, python="python3").interpreter.is_absolute()


def test_an_interpreter_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotReady, match=r"set codebase\.python"):
        discover(tmp_path, python="bin/nothing")


def test_a_codebase_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CodebaseError, match="no such folder"):
        discover(tmp_path / "absent")


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("src/a/b.py", "a.b"),
        ("src/a/__init__.py", "a"),
        ("tools/c.py", "tools.c"),
        ("d.py", "d"),
        ("__init__.py", "__init__"),
    ],
)
def test_a_module_is_named_from_the_innermost_folder_searched(
    tmp_path: Path, path: str, module: str
) -> None:
    (tmp_path / "src").mkdir()
    assert discover(tmp_path).module_name(path) == module
