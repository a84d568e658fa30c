import tempfile


def test_leaves_a_folder():
    assert tempfile.mkdtemp()
