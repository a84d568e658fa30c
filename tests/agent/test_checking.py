"""What the run of all tests together does to the codebase: nothing."""

from covet.agent.checking import _copy, _write


def test_new_tests_go_into_the_copy_also_where_links_lead_out_of_it(tmp_path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "codebase"
    (outside / "deep").mkdir(parents=True)
    root.mkdir()
    (outside / "test_a.py").write_text("old = 1\n")
    (root / "test_a.py").symlink_to(outside / "test_a.py")
    (root / "tests").symlink_to(outside)
    with _copy(root) as copy:
        for path in ("test_a.py", "tests/test_a.py", "tests/deep/test_b.py", "new/test_c.py"):
            _write(copy, path, "new = 1\n")
            assert (copy / path).read_text() == "new = 1\n"
            assert (copy / path).resolve().is_relative_to(copy.resolve())
        assert sorted(path.name for path in (copy / "tests").iterdir()) == ["deep", "test_a.py"]

    assert (outside / "test_a.py").read_text() == "old = 1\n"
    assert list((outside / "deep").iterdir()) == []
