import os

KEPT = []


def test_leaves_a_descriptor():
    KEPT.append(os.open(os.devnull, os.O_RDONLY))
