from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from covet.config import Mine
from covet.mine.dataset import SPLITS
from covet.mine.splits import split_files
from covet.records import Function, Span


def cluster(*paths: str) -> tuple[Function, ...]:
    """Near copies, one in each of those files."""
    return tuple(Function(path, "m", "f", Span(1, 2), "def f():\n    return 1\n") for path in paths)


def splits(
    paths: list[str], clusters: list[tuple[Function, ...]] | None = None, **settings: object
) -> dict[str, str]:
    return split_files(paths, clusters or [], Mine.model_validate(settings))


def of(split: str, found: dict[str, str]) -> set[str]:
    return {path for path, each in found.items() if each == split}


@given(
    names=st.sets(st.text("abc/", min_size=1), min_size=1, max_size=30),
    seed=st.integers(),
    share=st.floats(0, 1),
)
def test_the_held_out_share_is_of_files_and_the_same_whatever_their_order(
    names: set[str], seed: int, share: float
):
    found = splits(sorted(names), seed=seed, heldout=share)
    assert found == splits(sorted(names, reverse=True), seed=seed, heldout=share)
    number = len(of("heldout", found))
    assert abs(number - share * len(names)) <= 1
    if 0 < share < 1 and len(names) > 1:
        assert 0 < number < len(names)


@given(
    names=st.lists(st.text("abc", min_size=1), min_size=2, max_size=30, unique=True),
    sizes=st.lists(st.integers(1, 4), max_size=6),
    share=st.floats(0.01, 0.99),
    seed=st.integers(0, 3),
)
def test_files_with_near_copies_come_to_one_side_and_the_share_is_never_exceeded(
    names: list[str], sizes: list[int], share: float, seed: int
):
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    groups = [names[at : at + size] for at, size in zip(starts, sizes, strict=True)]
    ties = [cluster(*pair) for group in groups for pair in pairwise(group)]
    found = splits(names, ties, heldout=share, seed=seed)
    assert found == splits(names[::-1], ties[::-1], heldout=share, seed=seed)
    assert all(len({found[path] for path in group}) == 1 for group in groups if group)
    units = [group for group in groups if group]
    units += [[name] for name in names[sum(sizes) :]]
    smallest = min(map(len, units))
    assert len(of("heldout", found)) <= max(round(share * len(names)), smallest)
    if len(units) > 1:
        assert of("heldout", found)
        assert of("train", found)


def test_a_tie_over_others_and_over_a_file_without_tasks_holds():
    paths = [f"{number}.py" for number in range(20)]
    ties = [cluster("0.py", "gone.py"), cluster("gone.py", "1.py"), cluster("1.py", "2.py")]
    for seed in range(30):
        found = splits(paths, ties, seed=seed, heldout=0.3)
        assert len({found["0.py"], found["1.py"], found["2.py"]}) == 1
        assert "gone.py" not in found


def test_a_group_that_is_greater_than_the_share_is_trained_on():
    paths = [f"{number}.py" for number in range(10)]
    for seed in range(10):
        found = splits(paths, [cluster(*paths[:5])], seed=seed, heldout=0.2)
        assert {found[path] for path in paths[:5]} == {"train"}
        assert len(of("heldout", found)) == 2


def test_another_seed_draws_other_files():
    paths = [f"{number}.py" for number in range(50)]
    assert splits(paths, seed=0) != splits(paths, seed=1)


def test_one_more_file_moves_few_others():
    paths = [f"{number}.py" for number in range(100)]
    before, after = splits(paths), splits([*paths, "new.py"])
    assert sum(before[path] != after[path] for path in paths) <= 1


def test_reserved_files_are_never_drawn():
    paths = [f"kept/{number}.py" for number in range(5)] + [f"{number}.py" for number in range(10)]
    found = splits(paths, reserved=("kept",), heldout=0.2)
    assert of("reserved", found) == set(paths[:5])
    assert len(of("heldout", found)) == 2
    assert set(found.values()) == set(SPLITS)


def test_what_is_tied_to_a_reserved_file_is_reserved():
    paths = [f"{number}.py" for number in range(10)]
    ties = [cluster("3.py", "gone.py"), cluster("gone.py", "7.py")]
    found = splits(paths, ties, reserved=("3.py",), heldout=0.25)
    assert of("reserved", found) == {"3.py", "7.py"}
    assert len(of("heldout", found)) == 2
