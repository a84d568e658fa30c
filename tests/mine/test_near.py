from itertools import combinations
from textwrap import dedent, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.languages.python.tokens import tokens
from covet.mine import near
from covet.mine.near import clusters, sides
from covet.records import Function, Span

ORIGINAL = '''
def collect(items, limit=10):
    """Every item that is worth it."""
    found = []
    total = 0
    for item in items:
        if item.price > limit and not item.sold:
            found.append((item.name, item.price * 2))
            total += item.price
        elif total >= 100:
            raise ValueError(f"too much: {total}")
    return sorted(found, key=lambda pair: pair[1]), total
'''

COPY = """
@staticmethod
def gather(goods: list[Good], most: int = 10) -> tuple[list, int]:
    # what a colleague made of it
    result: list = []

    amount = 0
    for good in goods:
        if (good.price > most
                and not good.sold):
            result.append((good.name, good.price * 2,))
            amount += good.price
        elif amount >= 100:
            raise ValueError(f'too much: {amount}')
    return sorted(result, key=lambda each: each[1]), amount
"""

OTHER = """
def render(page, titles):
    lines = ["<ul>"]
    while titles:
        title = titles.pop(0)
        lines += [f"<li>{title.strip()}</li>"]
        if len(lines) % 20 == 0:
            page.write("".join(lines))
            lines.clear()
    page.write("".join(lines) + "</ul>")
    return page.close() or None
"""


def function(source: str, *, path: str = "a.py", name: str = "f") -> Function:
    return Function(path, path[:-3], name, Span(1, source.count("\n")), source)


def near_copies(*sources: str, threshold: float = 0.8) -> list[list[int]]:
    functions = [function(source, name=str(at)) for at, source in enumerate(sources)]
    found = clusters(functions, threshold=threshold, tokens=tokens)
    return [[int(each.qualname) for each in cluster] for cluster in found]


# -------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a): return a + 1", "def g(b):  # why\n    return (b +\n        1)"),
        ("def f(a):\n    'Says.'\n    return 'x'", 'def f(a):\n    return "x"'),
        ("def f(a: int) -> int: return a", "def f(a): return a"),
        ("def f():\n    x: int = 1\n    return x", "def f():\n    y = 1\n    return y"),
        ("def f(a): return f(a - 1)", "def g(a): return g(a - 1)"),
        ("def f():\n    import a as b\n    b.c()", "def f():\n    import a as d\n    d.c()"),
        ("try: a()\nexcept E as e: b(e)", "try: a()\nexcept E as f: b(f)"),
        ("match a:\n    case [x, *y]: b(x, y)", "match a:\n    case [v, *w]: b(v, w)"),
    ],
)
def test_what_makes_a_copy_ones_own_leaves_no_token(one: str, other: str):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(a): return a + 1", "def f(a): return a + 2"),
        ("def f(a): return a + 1", "def f(a): return a - 1"),
        ("def f(a): return g(a)", "def f(a): return h(a)"),
        ("def f(a): return a.x", "def f(a): return a.y"),
        ("def f(a): return g(x=a)", "def f(a): return g(y=a)"),
        ("def f(a): return 1", "def f(a): return '1'"),
        ("def f(a): return 'a'", "def f(a): return b'a'"),
    ],
)
def test_what_code_does_leaves_tokens(one: str, other: str):
    assert tokens(one) != tokens(other)


def test_a_method_as_it_stands_in_its_class_has_the_tokens_of_a_function():
    text = indent(dedent(ORIGINAL).lstrip(), "    ")
    assert tokens(text) == tokens(ORIGINAL)
    assert tokens('    def f(self):\n        return """\nat the margin\n"""\n')


def test_what_cannot_be_parsed_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        tokens("def f(:")


def test_deep_nesting_is_no_recursion():
    assert len(tokens("x = " + "-" * 60 + "1\n" + "y = " + " + ".join("abcd" * 200))) > 800


# ------------------------------------------------------------------------------ clusters


def test_a_renamed_and_reformatted_copy_is_found():
    assert near_copies(ORIGINAL, OTHER, COPY) == [[0, 2]]


def test_functions_that_differ_are_no_cluster():
    assert near_copies(ORIGINAL, OTHER) == []


def test_the_threshold_decides():
    changed = ORIGINAL.replace("total >= 100", "total >= 7").replace("* 2", "// 3")
    assert near_copies(ORIGINAL, changed, threshold=1.0) == []
    assert near_copies(ORIGINAL, changed, threshold=0.6) == [[0, 1]]


def test_short_functions_are_never_near_copies():
    getter = "def name(self):\n    return self._name\n"
    assert near_copies(getter, getter, getter) == []


def test_clusters_and_their_members_come_in_the_order_given():
    assert near_copies(OTHER, ORIGINAL, COPY, OTHER, ORIGINAL) == [[0, 3], [1, 2, 4]]


def test_functions_that_are_alike_by_way_of_others_are_one_cluster():
    words = [f"w{at}" for at in range(60)]
    steps = [" ".join(words[at : at + 50]) for at in range(0, 10, 2)]
    functions = [function(text, name=str(at)) for at, text in enumerate(steps)]
    found = clusters(functions, threshold=0.8, tokens=str.split)
    assert [[each.qualname for each in cluster] for cluster in found] == [list("01234")]


_TEXTS = st.lists(
    st.lists(st.sampled_from("abcdefgh"), min_size=40, max_size=60), min_size=1, max_size=5
)


@given(_TEXTS, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 39)), max_size=8))
def test_the_pairs_are_those_of_comparing_all_with_all(
    texts: list[list[str]], edits: list[tuple[int, int]]
):
    for which, at in edits:
        copy = list(texts[which % len(texts)])
        copy[at] = "z"
        texts.append(copy)
    sets = [near._shingles(text) for text in texts]
    pairs = {
        (one, other)
        for one, other in combinations(range(len(sets)), 2)
        if near._jaccard(sets[one], sets[other]) >= 0.8
    }
    assert pairs <= set(near._candidates(sets, 0.8))


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_banding_misses_few_at_the_threshold(threshold: float):
    bands = near._bands(threshold)
    assert 128 % bands == 0
    assert (1 - threshold ** (128 // bands)) ** bands <= 0.002


# --------------------------------------------------------------------------------- sides


def test_files_that_share_a_cluster_are_on_one_side_through_others_too():
    together = [("b.py", "a.py"), ("c.py", "d.py", "b.py"), ("e.py",)]
    files = ["f.py", "e.py", "d.py", "c.py", "b.py", "a.py"]
    assert sides(files, together) == [
        ("a.py", "b.py", "c.py", "d.py"),
        ("e.py",),
        ("f.py",),
    ]


def test_a_file_that_is_not_split_still_ties_others():
    assert sides(["a.py", "b.py"], [("a.py", "gone.py"), ("gone.py", "b.py"), ()]) == [
        ("a.py", "b.py")
    ]


_PATHS = st.sampled_from([f"{letter}.py" for letter in "abcdefgh"])


@given(st.lists(_PATHS), st.lists(st.lists(_PATHS, max_size=3), max_size=6), st.randoms())
def test_sides_part_the_files_and_split_no_cluster_in_any_order(
    files: list[str], together: list[list[str]], random: object
):
    found = sides(files, together)
    assert sorted(path for group in found for path in group) == sorted(set(files))
    for paths in together:
        assert sum(not set(group).isdisjoint(paths) for group in found) <= 1
    shuffled = [paths[::-1] for paths in together]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found == sides(reversed(files), shuffled)
