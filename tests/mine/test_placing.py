"""In which file new tests go."""

import pytest

from covet.config import Codebase
from covet.execute.codebase import Layout
from covet.languages.python import PYTHON
from covet.mine.baseline import Baseline, SuiteReport
from covet.mine.functions import read_files
from covet.mine.links import combine
from covet.mine.placing import Homes

CODE = "def total(prices):\n    return sum(prices)\n"


@pytest.fixture
def home(tmp_path):
    """Where tests of ``pkg/a.py`` go, in a codebase of those files; tests are linked to nothing."""

    def find(**files: str) -> str:
        for name, text in {"pkg/__init__.py": "", "pkg/a.py": CODE, **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        layout = Layout.discover(tmp_path, Codebase())
        found = read_files(layout, Codebase(), language=PYTHON)
        links = combine(found.sources, found.tests, [], Baseline({}, {}, {}, SuiteReport()), {})
        source = next(source for source in found.sources if source.path == "pkg/a.py")
        return Homes(found, links, test_folders=()).of(source.functions[0])

    return find


def test_a_file_that_is_called_after_the_module_is_its_own_also_without_tests(home) -> None:
    assert home(**{"checks/test_a.py": "import pkg.a\n"}) == "checks/test_a.py"


def test_a_file_that_is_called_after_two_modules_is_neither_ones(home) -> None:
    files = {"pkg/b/__init__.py": "", "pkg/b/a.py": CODE, "tests/deep/test_a.py": "x = 1\n"}

    assert home(**files) == "tests/test_a.py"


def test_tests_within_a_package_stay_in_their_folder(home) -> None:
    files = {"pkg/tests/__init__.py": "", "pkg/tests/test_other.py": "def test_it():\n    pass\n"}

    assert home(**files) == "pkg/tests/test_a.py"


def test_tests_beside_the_code_stay_beside_it(home) -> None:
    assert home(**{"pkg/test_other.py": "def test_it():\n    pass\n"}) == "pkg/test_a.py"
