import random

from toolz import merge_sorted


def test_random_sequences():
    rng = random.Random(0)
    for count in range(2, 7):
        seqs = [sorted(rng.randrange(20) for _ in range(rng.randrange(8))) for _ in range(count)]
        assert list(merge_sorted(*seqs)) == sorted(x for seq in seqs for x in seq)


def test_merge_is_stable():
    class Item:
        def __init__(self, key, tag):
            self.key = key
            self.tag = tag

        def __lt__(self, other):
            return self.key < other.key

    merged = merge_sorted([Item(1, "a"), Item(2, "a")], [Item(1, "b"), Item(2, "b")])
    assert [item.tag for item in merged] == ["a", "b", "a", "b"]
