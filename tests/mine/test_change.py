import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from covet.errors import CodebaseError, EnvironmentNotReady, UsageError
from covet.languages.python import PYTHON
from covet.mine.change import Change, read_change, touched

BASE = """import math


def first(n):
    return n + 1


def second(n):
    if n > 18:
        return 18

    # the usual case
    n = abs(n)
    return n


def third(n):
    return n - 1
"""

Git = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "repository"


@pytest.fixture
def git(root: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository in which nothing of whoever runs the tests counts."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(root), *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    root.mkdir()
    run("init", "--quiet", "--initial-branch=main")
    run("config", "user.name", "Somebody")
    run("config", "user.email", "somebody@example.org")
    return run


@pytest.fixture
def commit(root: Path, git: Git) -> Callable[..., str]:
    """Write files and commit all there is; gives the commit's name."""

    def write(files: dict[str, str | bytes] | None = None) -> str:
        for name, text in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", "another")
        return git("rev-parse", "HEAD")

    return write


Commit = Callable[..., str]


def touched_in(change: Change, source: str, *, path: str = "a.py") -> dict[str, set[int]]:
    """Function → the lines that are touched, for those that are."""
    found = {
        function.qualname: set(touched(change, function))
        for function in PYTHON.functions(source, path=path, module="a")
    }
    return {name: lines for name, lines in found.items() if lines}


# --------------------------------------------------------------------------- the lines


def test_the_lines_are_those_of_the_new_text(root: Path, commit: Commit):
    base = commit({"a.py": BASE})
    new = BASE.replace("import math\n", "import math\nimport sys\n")
    new = new.replace("return n + 1", "return n + 2").replace(
        "n = abs(n)\n", "n = abs(n)\n    n += 1\n"
    )
    commit({"a.py": new})
    change = read_change(root, f"{base}..HEAD")
    assert change.files["a.py"].added == {2, 6, 15}
    assert [new.split("\n")[line - 1] for line in (2, 6, 15)] == [
        "import sys",
        "    return n + 2",
        "    n += 1",
    ]
    assert touched_in(change, new) == {"first": {6}, "second": {15}}


def test_the_diff_of_a_file_is_its_own_and_begins_with_its_names(root: Path, commit: Commit):
    base = commit({"a.py": BASE, "b.py": "x = 1\n"})
    commit({"a.py": BASE.replace("n + 1", "n + 2"), "b.py": "x = 2\n"})
    change = read_change(root, f"{base}..HEAD")
    assert change.files["b.py"].diff == "--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    assert change.files["a.py"].diff.startswith("--- a/a.py\n+++ b/a.py\n@@ -2,7 +2,7 @@")


def test_a_removal_inside_a_function_touches_the_line_after_it(root: Path, commit: Commit):
    base = commit({"a.py": BASE})
    new = BASE.replace("    n = abs(n)\n", "")
    commit({"a.py": new})
    change = read_change(root, base)
    assert change.files["a.py"].added == frozenset()
    assert touched_in(change, new) == {"second": {13}}
    assert new.split("\n")[12] == "    return n"


def test_a_removal_before_a_blank_line_touches_what_follows_that(root: Path, commit: Commit):
    base = commit({"a.py": BASE.replace("return 18\n", "return 18\n    n += 1\n")})
    commit({"a.py": BASE})
    change = read_change(root, base)
    assert change.files["a.py"].closed == {11}
    assert touched_in(change, BASE) == {"second": {12}}


SECOND = BASE[BASE.index("def second") : BASE.index("def third")]


@pytest.mark.parametrize(
    "gone", [SECOND, "import math\n\n\n", "\n\ndef third(n):\n    return n - 1\n"]
)
def test_a_removal_between_functions_touches_none(root: Path, commit: Commit, gone: str):
    base = commit({"a.py": BASE})
    new = BASE.replace(gone, "")
    commit({"a.py": new})
    change = read_change(root, base)
    assert "a.py" in change.files
    assert touched_in(change, new) == {}


def test_a_new_file_is_touched_everywhere(root: Path, commit: Commit):
    base = commit()
    commit({"a.py": BASE})
    change = read_change(root, f"{base}..")
    assert change.files["a.py"].added == set(range(1, BASE.count("\n") + 1))
    assert touched_in(change, BASE)["second"] == set(range(8, 15))
    assert change.files["a.py"].diff.startswith("--- /dev/null\n+++ b/a.py\n")


def test_a_file_that_the_change_leaves_alone_is_not_touched(root: Path, commit: Commit):
    base = commit({"a.py": BASE})
    commit({"b.py": BASE})
    assert touched_in(read_change(root, base), BASE) == {}


def test_a_file_without_a_newline_at_its_end_has_its_lines(root: Path, commit: Commit):
    base = commit({"a.py": "x = 1\ny = 2"})
    commit({"a.py": "x = 1\ny = 3"})
    file = read_change(root, base).files["a.py"]
    assert file.added == {2}
    assert file.diff.count("\\ No newline at end of file\n") == 2


# --------------------------------------------------------------------------- the files


def test_a_renamed_file_is_touched_only_where_it_was_rewritten(
    root: Path, git: Git, commit: Commit
):
    base = commit({"a.py": BASE})
    (root / "pkg").mkdir()
    git("mv", "a.py", "pkg/b.py")
    commit({"pkg/b.py": BASE.replace("n - 1", "n - 2")})
    change = read_change(root, base)
    assert set(change.files) == {"pkg/b.py"}
    assert change.files["pkg/b.py"].added == {18}
    assert change.files["pkg/b.py"].diff.startswith("--- a/a.py\n+++ b/pkg/b.py\n")


def test_what_has_no_lines_left_to_touch_is_no_part_of_a_change(
    root: Path, git: Git, commit: Commit
):
    binary = b"\0\1\2"
    base = commit({"gone.py": BASE, "moved.py": BASE + "a = 1\n", "bin.py": binary, "run.py": "1"})
    git("rm", "--quiet", "gone.py")
    git("mv", "moved.py", "here.py")
    (root / "run.py").chmod(0o755)
    commit({"bin.py": binary + b"\3", "empty.py": ""})
    assert read_change(root, base).files == {}


def test_only_the_codebase_folder_counts_and_paths_start_there(
    root: Path, git: Git, commit: Commit
):
    files = {"one/src/a.py": BASE, "two/b.py": BASE, "two/c.py": "c = 1\n"}
    base = commit(files)
    git("mv", "two/c.py", "one/c.py")
    commit({name: BASE.replace("n + 1", "n") for name in ("one/src/a.py", "two/b.py")})
    change = read_change(root / "one", base)
    assert set(change.files) == {"src/a.py", "c.py"}
    assert change.files["src/a.py"].added == {5}
    assert "+++ b/src/a.py\n" in change.files["src/a.py"].diff
    assert change.files["c.py"].added == {1}


def test_lines_that_end_in_crlf_are_lines(root: Path, commit: Commit):
    base = commit({"a.py": BASE.replace("\n", "\r\n").encode()})
    commit({"a.py": BASE.replace("n - 1", "n - 2").replace("\n", "\r\n").encode()})
    file = read_change(root, base).files["a.py"]
    assert file.added == {18}
    assert "\r" not in file.diff
    assert file.diff.endswith(" def third(n):\n-    return n - 1\n+    return n - 2\n")


def test_form_feeds_and_unicode_separators_end_no_line(root: Path, commit: Commit):
    odd = "a = 'x\u2028y\x85'\n\x0c\nb = 1\n"
    base = commit({"a.py": odd})
    commit({"a.py": odd.replace("b = 1", "b = 2")})
    assert read_change(root, base).files["a.py"].added == {3}


def test_text_of_another_encoding_has_its_lines(root: Path, commit: Commit):
    latin = "# coding: latin-1\nname = 'é'\nx = 1\n"
    base = commit({"a.py": latin.encode("latin-1")})
    commit({"a.py": latin.replace("x = 1", "x = 2").encode("latin-1")})
    assert read_change(root, base).files["a.py"].added == {3}


@pytest.mark.parametrize(
    "name", ["naïve.py", "日本/コード.py", "two words.py", "f b/a.py", "-x.py"]
)
def test_any_name_that_a_file_may_have_is_found(root: Path, commit: Commit, name: str):
    base = commit({name: "x = 1\n"})
    commit({name: "x = 2\n"})
    assert read_change(root, base).files[name].added == {1}


def test_lines_that_look_like_a_diff_are_lines(root: Path, commit: Commit):
    base = commit({"a.py": "x = '''\n-- a/b\n'''\n", "z.py": "z = 1\n"})
    looks = "x = '''\n++ b/c\n-- a/c\n@@ -1 +1 @@\ndiff --git a/c b/c\n'''\n"
    commit({"a.py": looks, "z.py": "z = 2\n"})
    files = read_change(root, base).files
    assert files["a.py"].added == {2, 3, 4, 5}
    assert files["z.py"].added == {1}


def test_settings_of_whoever_runs_git_change_nothing(
    root: Path, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch
):
    base = commit({"pkg/a.py": BASE})
    commit({"pkg/a.py": BASE.replace("n + 1", "n")})
    plain = read_change(root, base)
    for name, value in {
        "color.ui": "always",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.context": "0",
        "diff.external": "false",
        "diff.suppressBlankEmpty": "true",
        "diff.renames": "copies",
        "core.quotePath": "true",
    }.items():
        git("config", name, value)
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=0")
    monkeypatch.setenv("GIT_DIR", str(root / "nowhere"))
    assert read_change(root, base) == plain


# ----------------------------------------------------------------------- the revisions


def test_a_base_alone_takes_what_is_on_the_disk(root: Path, commit: Commit):
    base = commit({"a.py": BASE})
    commit({"a.py": BASE.replace("n + 1", "n + 2")})
    (root / "a.py").write_text(BASE.replace("n - 1", "n - 2"))
    (root / "untracked.py").write_text(BASE)
    change = read_change(root, base)
    assert {path: file.added for path, file in change.files.items()} == {"a.py": {18}}


def test_two_dots_compare_the_ends_and_three_where_they_parted(
    root: Path, git: Git, commit: Commit
):
    commit({"a.py": BASE, "b.py": "b = 1\n"})
    git("checkout", "--quiet", "-b", "feature")
    commit({"a.py": BASE.replace("n + 1", "n + 2")})
    git("checkout", "--quiet", "main")
    commit({"b.py": "b = 2\n"})
    git("checkout", "--quiet", "feature")
    assert set(read_change(root, "main..feature").files) == {"a.py", "b.py"}
    assert set(read_change(root, "main...HEAD").files) == {"a.py"}
    assert set(read_change(root, "main...").files) == {"a.py"}


def test_a_change_that_ends_elsewhere_says_to_check_it_out(root: Path, git: Git, commit: Commit):
    base = commit({"a.py": BASE})
    git("checkout", "--quiet", "-b", "feature")
    commit({"a.py": ""})
    git("checkout", "--quiet", "main")
    with pytest.raises(UsageError, match=r"ends at feature, .* so check out feature first"):
        read_change(root, f"{base}..feature")


def test_a_file_edited_after_the_change_is_told(root: Path, commit: Commit):
    base = commit({"a.py": BASE, "b.py": "b = 1\n"})
    commit({"a.py": BASE.replace("n + 1", "n + 2")})
    (root / "b.py").write_text("b = 2\n")
    assert set(read_change(root, f"{base}..HEAD").files) == {"a.py"}
    (root / "a.py").write_text(BASE)
    with pytest.raises(UsageError, match=r"a.py: edited since .* give the base alone"):
        read_change(root, f"{base}..HEAD")


@pytest.mark.parametrize("revisions", ["nothing..HEAD", "nothing", "HEAD..nothing", "--output=x"])
def test_an_unknown_revision_is_named(root: Path, commit: Commit, revisions: str):
    commit({"a.py": BASE})
    with pytest.raises(UsageError, match=r"(nothing|--output=x): .* no such commit"):
        read_change(root, revisions)
    assert not (root / "x").exists()


def test_commits_that_never_were_one_have_no_change_between_them(
    root: Path, git: Git, commit: Commit
):
    commit({"a.py": BASE})
    git("checkout", "--quiet", "--orphan", "other")
    commit({"b.py": BASE})
    with pytest.raises(UsageError, match="no commit in common"):
        read_change(root, "main...HEAD")


def test_a_repository_without_a_commit_has_none(root: Path, git: Git):
    git("status")
    with pytest.raises(UsageError, match="no such commit"):
        read_change(root, "HEAD")


@pytest.mark.usefixtures("git")
def test_a_folder_in_no_repository_is_told(tmp_path: Path):
    with pytest.raises(CodebaseError, match=r"not in a git repository .*not a git repository"):
        read_change(tmp_path, "HEAD")


def test_a_machine_without_git_is_told(
    root: Path, commit: Commit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    commit({"a.py": BASE})
    assert shutil.which("git")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentNotReady, match="git: cannot be run"):
        read_change(root, "HEAD")
