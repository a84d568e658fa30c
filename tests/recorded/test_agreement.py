"""Test files that another model wrote for published packages, graded as their own runs found.

The material is not ours: ``COVET_TEST_DATA`` names its folder.
"""

import os
from pathlib import Path

import pytest

from bench.recorded import PACKAGES, environment, measure

DATA = Path(os.environ.get("COVET_TEST_DATA", "")) / "recorded"
REASON = "COVET_TEST_DATA does not name a folder with recorded/gpt4o_<package>.jsonl.gz"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not DATA.is_dir(), reason=REASON),
]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("recorded") / "venv")


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_at_least_99_percent_of_recorded_verdicts_are_found_again(
    package: str, python: Path, tmp_path: Path
) -> None:
    result = measure(package, python=python, out=tmp_path, mutants=False)

    assert result.compared > 50
    assert result.share >= 0.99, result.disagreements
