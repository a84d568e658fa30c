import difflib
import importlib
import inspect
import json.decoder
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covet.languages.python import PYTHON
from covet.languages.python.mutants import RULES, mutants, spread
from covet.languages.python.mutators import OPERATORS, Operator
from covet.records import Mutant, Span

ALL = 10**6


def of(source: str, *operators: str) -> list[Mutant]:
    span = Span(1, source.count("\n") + 1)
    found = mutants(source, span, limit=ALL)
    return [mutant for mutant in found if not operators or mutant.operator in operators]


def bodies(body: str, *operators: str) -> list[str]:
    """The mutants of a body, as bodies."""
    found = of("def f(a, b, c):\n" + textwrap.indent(body, "    ") + "\n", *operators)
    texts = [mutant.source.partition("\n")[2] for mutant in found]
    return [textwrap.dedent(text).rstrip("\n") for text in texts]


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_operator_does_what_its_example_shows(operator: Operator) -> None:
    assert operator.after in bodies(operator.before, operator.name)


def test_operators_have_their_own_names() -> None:
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS)


@pytest.mark.parametrize(
    ("body", "operator", "expected"),
    [
        ("return a is not b", "compare", ["return a is b"]),
        ("return a not in b", "compare", ["return a in b"]),
        ("return a < b <= c", "compare", ["return a >= b <= c", "return a < b > c"]),
        ("return (a)==(b)", "compare", ["return (a)!=(b)"]),
        ("a -= b", "arithmetic", ["a += b"]),
        ("a **= b", "arithmetic", ["a *= b"]),
        ("a >>= b", "bitwise", ["a <<= b"]),
        ("a += [b]", "arithmetic", []),
        ("a += [b]", "assign", ["a = [b]"]),
        ("a[b] //= (c)", "assign", ["a[b] = (c)"]),
        ("a = b", "assign", []),
        ("return a ** b ** c", "arithmetic", [
            "return ((a) * (b ** c))", "return a ** ((b) * (c))"]),
        ("return a & b == c", "bitwise", ["return ((a) | (b)) == c"]),
        ("return (a | b) & c", "bitwise", [
            "return (((a | b)) | (c))", "return (((a) & (b))) & c"]),
        ("return '%s' % a", "arithmetic", []),
        ("return a and b and c", "logic", ["return a or b or c"]),
        ("return a and (b or c)", "logic", ["return a or (b or c)", "return a and (b and c)"]),
        ("if a == b: return c", "negate", []),
        ("if not a: return c", "negate", []),
        ("if (a and b): return c", "negate", ["if (not (a and b)): return c"]),
        ("return [b for b in c if b]", "negate", ["return [b for b in c if not (b)]"]),
        ("return {b for b in c if b > 1}", "condition", [
            "return {b for b in c if True}", "return {b for b in c if False}"]),
        ("while a > b: a = c()", "condition", ["while False: a = c()"]),
        ("while True: a()", "condition", []),
        ("return not(a)", "not", ["return (a)"]),
        ("return a[1]", "number", ["return a[2]"]),
        ("return a * 1.5", "number", ["return a * 2.5"]),
        ("return a('')", "text", ['return a("covet")']),
        ("return a(b'x')", "text", ['return a(b"")']),
        ("return a('x' 'y')", "text", ['return a("")']),
        ("raise a('message')", "text", []),
        ("logger.info('message')", "text", []),
        ("warnings.warn('message %s' % a)", "text", []),
        ("a.log.debug('message')", "text", []),
        ("a.info('message')", "text", ['a.info("")']),
        ("assert a, b(1)", "number", []),
        ("assert a(1), b", "number", ["assert a(2), b"]),
        ("return a is None", "none", []),
        ("return a[b:c]", "bound", ["return a[(b) + 1:c]", "return a[b:(c) + 1]"]),
        ("return range(a, b)", "bound", ["return range(a, (b) + 1)"]),
        ("return-a", "sign", ["return a"]),
        ("return", "return", []),
        ("if a: return\nb()", "return", ["if a: pass\nb()"]),
        ("def g(d=1, *, e=b(c)): return d", "default", [
            "def g(d=1, *, e=None): return d"]),
        ("def g(d=-1): return d", "default", []),
        ("def g(d=1): return d", "number", ["def g(d=2): return d"]),
        ("@a.b(c, d=e, f=1)\ndef g(): return c", "decorator", [
            "@a.b(None, d=e, f=1)\ndef g(): return c", "@a.b(c, d=None, f=1)\ndef g(): return c"]),
        ("@a(1)(2)\nclass G: b = c", "number", ["@a(1)(3)\nclass G: b = c"]),
        ("@a\ndef g(): return c", "decorator", []),
        ("return a(b, 1, c)", "swap", ["return a(1, b, c)"]),
        ("return a((b), (c))", "swap", ["return a((c), (b))"]),
        ("return a(b, b)", "swap", []),
        ("return a(*b, c)", "swap", []),
        ("return max(b, c)", "swap", []),
        ("return isinstance(b, c)", "swap", []),
        ("raise a(b, c)", "swap", []),
        ("return a(b=b, c=c)", "keyword", ["return a(c=c)", "return a(b=b)"]),
        ("return a(b=(b) , **c)", "keyword", ["return a(**c)"]),
        ("return a(\n    b=b,  # ,\n    c=c,\n)", "keyword", [
            "return a(\n    # ,\n    c=c,\n)", "return a(\n    b=b,  # ,\n\n)"]),
        ("return a(c, b=b\n)", "keyword", ["return a(c\n)"]),
        ("return min(a), b.max(c)", "builtin", ["return max(a), b.max(c)"]),
        ("return None", "return", []),
        ("x = a(b)", "drop", []),
        ("a = b", "drop", ["pass"]),
        ("a.x = b", "drop", ["pass"]),
        ("a[b] = c", "drop", ["pass"]),
        ("del a[b]", "drop", ["pass"]),
        ("del a", "drop", []),
        ("yield a", "drop", ["pass"]),
        ("try: a()\nexcept b: pass", "swallow", []),
        ("try: a()\nexcept b: pass", "escape", ["try: a()\nexcept b: raise"]),
        ("try: a()\nexcept b: raise", "escape", []),
        ("try: a()\nexcept b:\n    a(\n        1)\n    raise", "swallow", [
            "try: a()\nexcept b:\n    pass"]),
        ("while a: break", "loop", []),
    ],
)  # fmt: skip
def test_operators_know_their_places(body: str, operator: str, expected: list[str]) -> None:
    assert bodies(body, operator) == expected


def test_docstrings_annotations_and_names_of_decorators_are_left_alone() -> None:
    source = '''
@cache(1)
@max(a, b=c).other
def f(a: "int" = 1, *b: x[2]) -> "None":
    """Doc."""
    c: "int" = a
    return a
'''
    found = [(mutant.id, mutant.source.split("\n")[1]) for mutant in of(source)]
    assert found[0] == ("2:number:0", "@cache(2)")
    assert [name for name, _ in found[1:]] == ["4:number:0", "7:return:0"]


def test_an_f_string_is_changed_whole_or_not_at_all() -> None:
    assert bodies("return f'{a + 1:>{b}} {c!r}'") == ["return None", 'return ""']


def test_positions_are_right_behind_letters_that_take_several_bytes() -> None:
    source = 'def f(ä, b):\n    é = "日本"; return ä + b, "😀" == b\n'
    (plus,) = of(source, "arithmetic")
    (equal,) = of(source, "compare")
    assert plus.source == source.replace("ä + b", "ä - b")
    assert equal.source == source.replace("==", "!=")


def test_line_numbers_stay_where_a_change_takes_lines_away() -> None:
    source = "def f(a):\n    a(\n        1,\n    )\n    return {\n        2: a,\n    }\n"
    for mutant in of(source, "drop", "return"):
        assert mutant.source.count("\n") == source.count("\n")
        compile(mutant.source, "f", "exec")


def test_every_other_byte_stays_with_windows_line_ends() -> None:
    source = "def f(a):\r\n    if a < 1:  # é\r\n        return a\r\n\r\n\r\nx = 1"
    (less,) = of(source, "boundary")
    assert less.source == source.replace("<", "<=")


def test_a_changed_operator_is_found_among_comments() -> None:
    source = "def f(a, b):\n    return (a  # not in, < and +\n            < b)\n"
    (mutant,) = of(source, "boundary")
    assert mutant.source == source.replace("            < b", "            <= b")


def test_what_compiles_to_the_same_is_no_mutant() -> None:
    source = "def f(a):\n    if a:\n        return None\n    return\n"
    assert of(source, "return", "drop") == []


def test_an_id_tells_line_operator_and_ordinal_and_outlives_a_limit() -> None:
    source = "def f(a, b):\n    return a < b < 1 < 2\n"
    ids = [mutant.id for mutant in of(source, "boundary")]
    assert ids == ["2:boundary:0", "2:boundary:1", "2:boundary:2"]
    everything = {mutant.id: mutant.source for mutant in of(source)}
    for mutant in mutants(source, Span(1, 2), limit=3):
        assert everything[mutant.id] == mutant.source


def test_the_span_of_a_mutant_is_its_statement_or_header() -> None:
    source = (
        "def f(a,\n      b=1):\n    if (a and\n            1):\n        return a(2,\n          3)\n"
    )
    spans = {(mutant.id[0], mutant.span) for mutant in of(source, "number")}
    expected = {("2", Span(1, 2)), ("4", Span(3, 4)), ("5", Span(5, 6)), ("6", Span(5, 6))}
    assert spans == expected


def test_a_change_in_a_decorator_or_default_has_the_lines_that_run_at_import() -> None:
    source = (
        "@a(1)\n@b(\n    2,\n)\ndef f(\n    c=3,\n):\n    return [c, 4]\n"
        "@a(5)\nclass A(b, c=6):\n    pass\n"
    )
    assert {mutant.id: mutant.span for mutant in of(source, "number")} == {
        "1:number:0": Span(1, 1),
        "3:number:0": Span(2, 4),
        "6:number:0": Span(5, 7),
        "8:number:0": Span(8, 8),
        "9:number:0": Span(9, 9),
        "10:number:0": Span(10, 10),
    }


def test_a_change_of_a_handler_or_case_has_the_line_that_chooses_it() -> None:
    source = (
        "def f(a):\n    try:\n        a()\n    except b(1):\n        c()\n"
        "    match a:\n        case 2 if a:\n            c()\n"
    )
    found = of(source, "number", "swallow", "negate")
    assert {mutant.id: mutant.span for mutant in found} == {
        "4:number:0": Span(4, 4),
        "5:swallow:0": Span(4, 4),
        "7:number:0": Span(7, 7),
        "7:negate:0": Span(7, 7),
    }


def test_a_diff_shows_the_change_between_its_neighbours() -> None:
    source = "def f(a):\n    b = 1\n    c = a < b\n    d = 2\n    return c\n"
    (mutant,) = of(source, "boundary")
    assert mutant.diff == "     b = 1\n-    c = a < b\n+    c = a <= b\n     d = 2\n"


def test_private_names_of_methods_are_compared_as_their_class_mangles_them() -> None:
    source = "class A:\n    def f(self):\n        self.__x = 1\n        return super().f()\n"
    assert [mutant.id for mutant in of(source)] == ["3:drop:0", "3:number:0", "4:return:0"]


def test_a_class_body_has_mutants_too() -> None:
    source = "class A:\n    x = 1\n    class B: y = 2\n"
    assert {mutant.id for mutant in of(source)} >= {"2:number:0", "3:number:0"}


PLACES = st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc"))).map(sorted)


@given(PLACES, st.integers(0, 40))
def test_thinning_keeps_as_many_lines_as_it_can(places: list[tuple[int, str]], limit: int) -> None:
    chosen = spread(places, limit)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(limit, len(places))
    lines = {line for line, _ in places}
    assert len({places[index][0] for index in chosen}) == min(limit, len(lines))


def test_thinning_gives_a_rare_operator_its_turn() -> None:
    places = [(line, operator) for line in range(12) for operator in "aaaaabc"]
    uses = Counter(places[index][1] for index in spread(places, 12))
    assert uses == {"a": 4, "b": 4, "c": 4}


RULE_CASES = {
    "never read": [
        ("d = 1\nreturn a", "d = 2\nreturn a", "d = 1\nreturn d", "d = 2\nreturn d"),
        ("d = 1\nreturn a", "d = 2\nreturn a", "d = 1\nreturn locals()", "d = 2\nreturn locals()"),
        ("d = 1\nreturn a", "d = 2\nreturn a", "global d\nd = 1", "global d\nd = 2"),
        (
            "d = 1\nreturn a",
            "d = 2\nreturn a",
            "d = 1\nreturn lambda: d",
            "d = 2\nreturn lambda: d",
        ),
        ("d = 1\nd = a\nreturn d", "d = 2\nd = a\nreturn d", "d = 1\nd += a", "d = 2\nd += a"),
        ("d = 1\nd = a\nreturn d", "pass\nd = a\nreturn d", "d = 1\nd = d(a)", "pass\nd = d(a)"),
        (
            "d = 1\nif a: d = b\nelse: d = c\nreturn d",
            "d = 2\nif a: d = b\nelse: d = c\nreturn d",
            "d = 1\nif a: d = b\nreturn d",
            "d = 2\nif a: d = b\nreturn d",
        ),
        (
            "for d in a:\n    e = 1\n    e = b\n    c(e)",
            "for d in a:\n    e = 2\n    e = b\n    c(e)",
            "e = b\nfor d in a:\n    c(e)\n    e = 1",
            "e = b\nfor d in a:\n    c(e)\n    e = 2",
        ),
        (
            "d = 1\nd = a()\nreturn d",
            "d = 2\nd = a()\nreturn d",
            "try:\n    d = 1\n    d = a()\nexcept b: pass\nreturn d",
            "try:\n    d = 2\n    d = a()\nexcept b: pass\nreturn d",
        ),
        (
            "d = 1\nd = a()\nreturn d",
            "d = 2\nd = a()\nreturn d",
            "with b:\n    d = 1\n    d = a()\nreturn d",
            "with b:\n    d = 2\n    d = a()\nreturn d",
        ),
        (
            "d = 1\nd = a()\nreturn d",
            "d = 2\nd = a()\nreturn d",
            "while a:\n    d = 1\n    if b: break\n    d = c\nreturn d",
            "while a:\n    d = 2\n    if b: break\n    d = c\nreturn d",
        ),
    ],
    "length": [
        ("return len(a) > -1", "return len(a) > -2", "return len(a) > 1", "return len(a) > 2"),
        ("return len(a) < -1", "return len(a) <= -1", "return len(a) < 0", "return len(a) <= 0"),
        ("return len(a) >= -1", "return len(a) > -1", "return len(a) >= 0", "return len(a) > 0"),
        (
            "return len(a) != -2",
            "return len(a) != -3",
            "return abs(a) != -2",
            "return abs(a) != -3",
        ),
        (
            "if len(a) == 1: b()\nelif len(a) > 1: c()",
            "if len(a) == 1: b()\nelif len(a) >= 1: c()",
            "if len(b) == 1: b()\nelif len(a) > 1: c()",
            "if len(b) == 1: b()\nelif len(a) >= 1: c()",
        ),
        (
            "if len(a) == 1: b()\nelif len(a) > 1: c()",
            "if len(a) == 1: b()\nelif len(a) >= 1: c()",
            "if len(a) == 1: b()\nif len(a) > 1: c()",
            "if len(a) == 1: b()\nif len(a) >= 1: c()",
        ),
        (
            "if len(a) < 2: b()\nelif len(a) > 1: c()",
            "if len(a) < 2: b()\nelif len(a) >= 1: c()",
            "if len(a) < 2: b()\nelif c(a.pop()) and len(a) > 1: c()",
            "if len(a) < 2: b()\nelif c(a.pop()) and len(a) >= 1: c()",
        ),
    ],
    "past the end": [
        (
            "d = [a]\nreturn d[b:len(d)]",
            "d = [a]\nreturn d[b:(len(d)) + 1]",
            "d = [a]\nreturn d[b:len(a)]",
            "d = [a]\nreturn d[b:(len(a)) + 1]",
        ),
        (
            "d = sorted(a)\nd[len(d):] = b",
            "d = sorted(a)\nd[(len(d)) + 1:] = b",
            "d = reversed(a)\nd[len(d):] = b",
            "d = reversed(a)\nd[(len(d)) + 1:] = b",
        ),
        (
            "d = (a, b)\nreturn d[:len(d)]",
            "d = (a, b)\nreturn d[:(len(d)) + 1]",
            "d = (a, b)\nd = c\nreturn d[:len(d)]",
            "d = (a, b)\nd = c\nreturn d[:(len(d)) + 1]",
        ),
        (
            "d = (a, b)\nreturn d[:len(d)]",
            "d = (a, b)\nreturn d[:(len(d)) + 1]",
            "d = (a, b)\nreturn d[len(d)::-1]",
            "d = (a, b)\nreturn d[(len(d)) + 1::-1]",
        ),
        (
            "d = [a]\nreturn d[len(d):]",
            "d = [a]\nreturn d[(len(d)) + 1:]",
            "d = [a]\nreturn d[len(d):b(d)]",
            "d = [a]\nreturn d[(len(d)) + 1:b(d)]",
        ),
        (
            "d = [a]\nreturn d[len(d):]",
            "d = [a]\nreturn d[(len(d)) + 1:]",
            "d = [a]\nimport b as d\nreturn d[len(d):]",
            "d = [a]\nimport b as d\nreturn d[(len(d)) + 1:]",
        ),
    ],
    "default restated": [
        (
            "return sorted(a, reverse=False)",
            "return sorted(a)",
            "return sorted(a, reverse=True)",
            "return sorted(a)",
        ),
        (
            "return zip(a, b, strict=False)",
            "return zip(a, b)",
            "return a.zip(b, strict=False)",
            "return a.zip(b)",
        ),
        ("return sum(a, start=0)", "return sum(a)", "return sum(a, start=0.0)", "return sum(a)"),
    ],
}
"""For each rule: a body and a change of it that goes, and near twins that stay."""


@pytest.mark.parametrize(
    ("rule", "cases"), [(name, case) for name, cases in RULE_CASES.items() for case in cases]
)
def test_a_rule_takes_what_cannot_show_and_leaves_its_near_twin(
    rule: str, cases: tuple[str, str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body, change, twin_body, twin_change = cases
    assert change not in bodies(body)
    assert twin_change in bodies(twin_body)
    others = tuple(other for other in RULES if other.name != rule)
    monkeypatch.setattr(importlib.import_module(mutants.__module__), "RULES", others)
    mutants.cache_clear()
    try:
        assert change in bodies(body)
    finally:
        mutants.cache_clear()


def _flat(parts: list[list[str]]) -> list[str]:
    return [line for part in parts for line in part]


def _block(depth: int, *, in_loop: bool) -> st.SearchStrategy[list[str]]:
    """Statements about two variables, of which some read, some set and some jump."""
    simple = ["d = 1", "e = 2", "d = e", "seen.append(d)", "e += 1", "ask()", "return d", "pass"]
    jumps = ["break", "continue"] if in_loop else []
    line = st.sampled_from(simple + jumps).map(lambda text: [text])
    if not depth:
        return st.lists(line, min_size=1, max_size=3).map(_flat)

    def compound(template: tuple[str, ...], *, loop: bool) -> st.SearchStrategy[list[str]]:
        inner = _block(depth - 1, in_loop=in_loop or loop)
        blocks = st.tuples(*[inner] * len(template))
        return blocks.map(
            lambda found: [
                text
                for header, block in zip(template, found, strict=True)
                for text in (header, *("    " + other for other in block))
            ]
        )

    choices = [
        line,
        compound(("if ask():",), loop=False),
        compound(("if ask():", "else:"), loop=False),
        compound(("try:", "except KeyError:"), loop=False),
        compound(("for x in range(2):",), loop=True),
        compound(("while ask():",), loop=True),
    ]
    return st.lists(st.one_of(choices), min_size=1, max_size=4).map(_flat)


def _run(source: str, answers: int) -> object:
    """What a program does where the questions that it asks are answered by bits; the last ones
    raise, and so does what goes on too long.
    """
    turn = iter(range(12))
    seen: list[object] = []

    def ask() -> bool:
        bit = next(turn, None)
        if bit is None or (bit > 6 and answers >> bit & 1):
            raise KeyError if bit is not None else TimeoutError
        return bool(answers >> bit & 1)

    space: dict[str, object] = {"ask": ask, "seen": seen}
    exec(source, space)
    try:
        return space["f"](), seen  # type: ignore[operator]
    except (KeyError, TimeoutError) as error:
        return type(error), seen


@settings(max_examples=100, deadline=None)
@given(_block(2, in_loop=False), st.lists(st.integers(0, 2**12 - 1), min_size=12, max_size=12))
def test_no_run_of_a_random_program_shows_what_the_rules_take(
    body: list[str], answers: list[int]
) -> None:
    source = "def f(d=7, e=8):\n" + "".join(f"    {line}\n" for line in [*body, "return e"])
    module = importlib.import_module(mutants.__module__)
    kept = {mutant.source for mutant in of(source)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "RULES", ())
        mutants.cache_clear()
        taken = {mutant.source for mutant in of(source)} - kept
    mutants.cache_clear()
    for change in taken:
        for bits in answers:
            assert _run(change, bits) == _run(source, bits), (source, change)


def test_every_rule_has_cases() -> None:
    assert [rule.name for rule in RULES] == list(RULE_CASES)


def test_a_builtin_under_another_meaning_is_not_trusted() -> None:
    source = "def f(a):\n    return sorted(a, reverse=False)\n"
    assert of(source, "keyword") == []
    for other in ("from a import sorted\n", "from a import *\n", "sorted = 1\n"):
        assert len(of(source + other, "keyword")) == 1


@pytest.mark.parametrize(
    ("body", "twin"),
    [
        ("return a\nb(7)", "if a: return a\nb(7)"),
        (
            "if a: return 1\nelse: raise b\nreturn c(7)",
            "if a: return 1\nelse: b()\nreturn c(7)",
        ),
        ("while True: a()\nreturn 7", "while True:\n    if a: break\nreturn 7"),
        ("if 0: a(7)", "if b: a(7)"),
        ("if 1: a()\nelse: b(7)", "if 0: a()\nelse: b(7)"),
        ("if a: b()\nreturn\n", "if a: return\nb()"),
    ],
)
def test_what_the_compiler_finds_to_be_the_same_is_no_mutant(body: str, twin: str) -> None:
    change = {text: text.replace("7", "8").replace("return\n", "pass\n") for text in (body, twin)}
    assert change[body] not in bodies(body)
    assert change[twin] in bodies(twin)


def test_code_that_never_runs_may_make_a_generator_and_that_stays() -> None:
    assert "return a\npass" in bodies("return a\nyield b")


def test_what_is_the_same_in_a_default_or_a_decorator_is_no_mutant() -> None:
    assert of("def f(a=-0): pass\n", "sign") == []
    assert of("@a(-0)\ndef f(): pass\n", "sign") == []
    assert len(of("@a(-1)\ndef f(b=-1): pass\n", "sign")) == 2


DOCS = Path(__file__).parents[2] / "docs" / "mutants.md"


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_the_docs_list_every_operator_as_it_is(operator: Operator) -> None:
    before, after = (
        "<br>".join(f"`{line}`" for line in text.replace("|", "\\|").split("\n"))
        for text in (operator.before, operator.after)
    )
    row = f"| `{operator.name}` | {operator.mistake} | {before} | {after} |"
    assert row in DOCS.read_text(encoding="utf-8").split("\n")


def test_the_docs_list_no_operator_or_rule_that_is_not_there() -> None:
    text = DOCS.read_text(encoding="utf-8")
    operators, rules = text.partition("\n## Left out")[::2]
    assert re.findall(r"^\| `(\w+)` \|", operators, re.MULTILINE) == [o.name for o in OPERATORS]
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", rules, re.MULTILINE) == [rule.name for rule in RULES]


@pytest.mark.parametrize("module", [textwrap, shlex, json.decoder, difflib])
def test_all_mutants_of_real_code_compile_and_differ_in_one_region(module: ModuleType) -> None:
    source = inspect.getsource(module)
    for function in PYTHON.functions(source, path="a.py", module="a")[:6]:
        found = PYTHON.mutants(source, function.span, limit=ALL)
        assert len({mutant.id for mutant in found}) == len(found)
        for mutant in found:
            assert _changed_lines(source, mutant.source, function.span)
        for mutant in found[:: max(1, len(found) // 5)]:
            compile(mutant.source, "a.py", "exec")


def _changed_lines(old: str, new: str, span: Span) -> Sequence[str]:
    """The old lines from the first that differs to the last; they must lie in ``span``."""
    before, after = old.split("\n"), new.split("\n")
    start = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    pairs = zip(reversed(before), reversed(after), strict=False)
    tail = next(i for i, (a, b) in enumerate(pairs) if a != b)
    end = len(before) - tail
    assert start + 1 in span
    assert max(end, start + 1) in span
    return before[start:end]
