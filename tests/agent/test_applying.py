"""A diff of test files is one that git takes, whatever a model wrote into them."""

import pytest

from covet.agent.applying import unified
from tests.agent.conftest import git


@pytest.mark.parametrize("odd", ["\r", "\x0c", "\x1c", "\x85", "\u2028", "\r\n"])
def test_a_diff_with_odd_line_ends_is_taken_by_git(tmp_path, odd) -> None:
    before, after = "x = 1\n", f"x = 1\ny = '''a{odd}b'''\nz = 3"
    (tmp_path / "test_a.py").write_text(before)
    git(tmp_path, "init", "--quiet")
    patch = tmp_path / "a.patch"
    patch.write_text(unified("test_a.py", before, after), encoding="utf-8", newline="")
    git(tmp_path, "apply", str(patch))

    assert (tmp_path / "test_a.py").read_bytes() == after.encode()
