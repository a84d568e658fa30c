KEPT = []


def test_leaves_memory():
    KEPT.append(bytearray(8 << 20))
