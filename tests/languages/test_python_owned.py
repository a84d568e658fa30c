import sys
from pathlib import Path

import pytest

from covet.languages.python.worker.ahead import import_libraries
from covet.languages.python.worker.owned import is_own


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/code/shop/cart.py", True),
        ("/code/.venv/lib/python3.11/site-packages/requests/api.py", False),
        ("/code/.venv/lib/python3.11/site-packages/shop/cart.py", False),
        ("/codes/shop/cart.py", False),
        ("/usr/lib/python3.11/json/decoder.py", False),
    ],
)
def test_an_environment_in_the_codebases_folder_is_not_its_own(path: str, *, own: bool) -> None:
    assert is_own(path, "/code") is own
    assert is_own(path, "/code/") is own


def test_a_codebase_that_is_installed_itself_owns_its_files() -> None:
    root = "/usr/lib/python3.11/site-packages/shop"
    assert is_own(root + "/cart.py", root)


def test_libraries_of_an_environment_in_the_codebases_folder_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    site.mkdir(parents=True)
    (site / "covet_test_lib.py").write_text("")
    (tmp_path / "covet_test_own.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(site), *sys.path])
    names = ["covet_test_lib", "covet_test_own", "covet_test_absent"]
    import_libraries(names, str(tmp_path))
    assert [name in sys.modules for name in names] == [True, False, False]
    del sys.modules["covet_test_lib"]
