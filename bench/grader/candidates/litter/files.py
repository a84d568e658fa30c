def test_leaves_files(tmp_path):
    (tmp_path / "left").write_bytes(b"x" * 65536)
