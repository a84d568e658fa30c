"""The families of generated functions: 27 that pre-training sees, 5 that it never sees.

A family draws a `Shape`: parameter names, body lines (relative indentation), and a sampler of
arguments that reaches its branches. Families know nothing of names, tests or files; `functions.py`
makes those. The two tables stand at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from recipes.nano.draw import Draw

Arguments = tuple[object, ...]

STEP = "    "


@dataclass(frozen=True, slots=True)
class Shape:
    """A function without its name."""

    params: tuple[str, ...]
    body: list[str]
    arguments: Callable[[Draw], Arguments]


Family = Callable[[Draw], Shape]


def quoted(text: str) -> str:
    return f'"{text}"'


def when(condition: str, result: str) -> list[str]:
    """A branch that returns."""
    return [f"if {condition}:", f"{STEP}return {result}"]


def give(result: str) -> list[str]:
    return [f"return {result}"]


# Numbers ---------------------------------------------------------------------------------------


def clamp(draw: Draw) -> Shape:
    """A number kept inside fixed bounds, or inside bounds that are passed."""
    if draw.chance(0.5):
        x = draw.parameter()
        low = draw.constant()
        high = low + draw.randint(2, 20)
        branches = [when(f"{x} < {low}", str(low)), when(f"{x} > {high}", str(high))]
        draw.shuffle(branches)
        return Shape((x,), [*branches[0], *branches[1], *give(x)], lambda d: (d.near((low, high)),))
    lo, hi = draw.choice((("lo", "hi"), ("low", "high"), ("a", "b"), ("least", "most")))
    x = draw.parameter(avoid=(lo, hi))
    body = [*when(f"{x} < {lo}", lo), *when(f"{x} > {hi}", hi), *give(x)]

    def arguments(d: Draw) -> Arguments:
        bottom = d.randint(0, 9)
        top = bottom + d.randint(1, 9)
        return d.near((bottom, top)), bottom, top

    return Shape((x, lo, hi), body, arguments)


def bucket(draw: Draw) -> Shape:
    """A label for each range of a number."""
    x = draw.parameter()
    bounds = sorted({draw.constant() for _ in range(draw.choice((1, 2, 2, 3)))})
    operator = draw.choice(("<", "<=", ">", ">="))
    ordered = bounds if operator.startswith("<") else bounds[::-1]
    *labels, last = draw.labels(len(bounds) + 1)
    chained = draw.chance(0.3)
    body: list[str] = []
    for bound, label in zip(ordered, labels, strict=True):
        test, result = when(f"{x} {operator} {bound}", quoted(label))
        body += [f"el{test}" if chained and body else test, result]
    if chained:
        body += ["else:", f"{STEP}return {quoted(last)}"]
    else:
        body += give(quoted(last))
    return Shape((x,), body, lambda d: (d.near(bounds),))


def sign(draw: Draw) -> Shape:
    """Three outcomes around one number."""
    x, middle = draw.parameter(), draw.choice((0, 0, draw.constant()))
    words = [quoted(label) for label in draw.labels(3)]
    below, above, equal = draw.choice((["-1", "1", "0"], words, ["1", "2", "0"]))
    second = draw.choice((">", "=="))
    branches = [when(f"{x} < {middle}", below), when(f"{x} {second} {middle}", above)]
    draw.shuffle(branches)
    body = [*branches[0], *branches[1], *give(equal)]
    return Shape((x,), body, lambda d: (d.near((middle,)) if d.chance(0.7) else middle,))


def guard(draw: Draw) -> Shape:
    """A number out of range raises; one inside passes."""
    x, low = draw.parameter(), draw.constant()
    high = low + draw.randint(5, 60)
    error = draw.choice(("ValueError", "ValueError", "KeyError"))
    first, second = draw.labels(2)
    body = [f"if {x} {draw.choice(('<', '<='))} {low}:", f"{STEP}raise {error}({quoted(first)})"]
    if draw.chance(0.6):
        body.append(f"if {x} {draw.choice(('>', '>='))} {high}:")
        body.append(f"{STEP}raise {error}({quoted(second)})")
    body += give(draw.choice((x, "True", f"{x} + 1", quoted(draw.label()), f"{x} - {low}")))
    return Shape((x,), body, lambda d: (d.near((low, high)),))


def step_arithmetic(draw: Draw) -> Shape:
    """One formula on each side of a number."""
    x, bound = draw.parameter(), draw.constant()

    def formula() -> str:
        plain = (x, str(draw.constant()), f"-{x}", f"{x} * 2", f"{x} * 10")
        moved = (f"{x} + {draw.randint(1, 9)}", f"{x} - {draw.randint(1, 9)}")
        return draw.choice(plain + moved)

    one, other = formula(), formula()
    if one == other:
        other = "0"
    operator = draw.choice((">", "<", ">=", "<=", "=="))
    body = [*when(f"{x} {operator} {bound}", one), *give(other)]
    return Shape((x,), body, lambda d: (d.near((bound,)),))


def divisible(draw: Draw) -> Shape:
    """A label for multiples of one or two numbers."""
    x = draw.parameter()
    divisors = draw.sample((2, 3, 4, 5, 10), draw.choice((1, 2)))
    *labels, last = draw.labels(3)
    body: list[str] = []
    for divisor, label in zip(divisors, labels, strict=False):
        body += when(f"{x} % {divisor} == 0", quoted(label))
    body += give(draw.choice((quoted(last), x)))

    def arguments(d: Draw) -> Arguments:
        return (d.choice((d.randint(0, 12), d.choice(divisors) * d.randint(1, 4), 1, 7)),)

    return Shape((x,), body, arguments)


def leap(draw: Draw) -> Shape:
    """A rule with an exception, and at times an exception to that."""
    year = draw.parameter(("year", "y"))
    often = draw.choice((2, 3, 4, 4, 4, 5, 6))
    rare = often * draw.choice((5, 10, 25, 25))
    body = [
        *when(f"{year} % {rare} == 0", "False"),
        *when(f"{year} % {often} == 0", "True"),
        *give("False"),
    ]
    if draw.chance(0.4):
        body = [*when(f"{year} % {rare * 4} == 0", "True"), *body]
    picks = (rare, often, rare * 4, rare * 2, often + 1, often * 2, 1, 1900, 2000, 2023, 2024)
    return Shape((year,), body, lambda d: (d.choice(picks),))


def tiers(draw: Draw) -> Shape:
    """A price that changes with a quantity."""
    price, quantity = draw.pair(("price", "qty"), ("cost", "n"), ("total", "days"))
    low = draw.randint(5, 20)
    high = low + draw.choice((5, 10, 20, 30))
    off = draw.sample(range(1, 10), 3)

    def formula(number: int) -> str:
        return draw.choice((f"{price} - {number}", f"{price} + {number}", str(number), price))

    body = when(f"{quantity} >= {high}", f"{price} - {off[0]}") if draw.chance(0.7) else []
    body += [*when(f"{quantity} >= {low}", formula(off[1])), *give(formula(off[2]))]

    def arguments(d: Draw) -> Arguments:
        return d.choice((10, 20, 50, 100, d.randint(1, 20))), max(0, d.near((low, high)))

    return Shape((price, quantity), body, arguments)


def gap(draw: Draw) -> Shape:
    """The difference of two numbers, with a rule for one order."""
    a, b = draw.pair(("a", "b"), ("start", "end"))
    other = draw.choice((f"{b} - {a}", "0", quoted(draw.label())))
    body = [*when(f"{a} {draw.choice(('>', '>='))} {b}", f"{a} - {b}"), *give(other)]

    def arguments(d: Draw) -> Arguments:
        number = d.randint(0, 12)
        return number, max(0, number + d.choice((0, 1, -1, 2, -2, 5, -5)))

    return Shape((a, b), body, arguments)


def between(draw: Draw) -> Shape:
    """Inside a range or not."""
    x, low = draw.parameter(), draw.constant()
    high = low + draw.randint(3, 40)
    inside = (f"{x} >= {low} and {x} <= {high}", f"{low} <= {x} < {high}")
    condition = draw.choice((*inside, f"{x} < {low} or {x} > {high}"))
    one, other = draw.labels(2)
    yes = draw.choice((quoted(one), "True"))
    no = draw.choice((quoted(other), "None", "False"))
    return Shape((x,), [*when(condition, yes), *give(no)], lambda d: (d.near((low, high)),))


def day_kind(draw: Draw) -> Shape:
    """A number in a fixed set, at times with a threshold after it."""
    day = draw.parameter(("day", "month", "hour"))
    members = draw.sample(range(13), draw.choice((2, 3)))
    one, two, last = (quoted(label) for label in draw.labels(3))
    body = when(f"{day} in ({', '.join(map(str, members))})", one)
    if draw.chance(0.5):
        body += when(f"{day} {draw.choice(('<', '>'))} {draw.randint(1, 12)}", two)
    body += give(last)
    return Shape((day,), body, lambda d: (d.choice((*members, d.randint(0, 13), 0, 13)),))


# Text ------------------------------------------------------------------------------------------


def strip_prefix(draw: Draw) -> Shape:
    """What a text's beginning decides."""
    text = draw.parameter(("s", "text", "name"))
    prefix = draw.choice((draw.label()[:3], draw.syllables()[:2], "#", "x-"))
    found = draw.choice((f"{text}[{len(prefix)}:]", quoted(draw.label()), "True"))
    missing = draw.choice((f"{quoted(prefix)} + {text}", text, quoted(draw.label()), "None"))
    body = [*when(f"{text}.startswith({quoted(prefix)})", found), *give(missing)]
    return Shape((text,), body, lambda d: ((prefix if d.chance(0.5) else "") + d.text(),))


def suffix(draw: Draw) -> Shape:
    """What a text's ending decides."""
    text = draw.parameter(("s", "path", "file"))
    endings = draw.sample((".py", ".txt", ".md", ".csv", ".js", "/", "!", "s", "y"), 2)
    labels = draw.labels(2)
    body: list[str] = []
    for ending, label in list(zip(endings, labels, strict=True))[: draw.choice((1, 2))]:
        body += when(f"{text}.endswith({quoted(ending)})", quoted(label))
    body += give(draw.choice((text, quoted("other"), "None")))
    return Shape((text,), body, lambda d: (d.text() + d.choice((*endings, "")),))


def shorten(draw: Draw) -> Shape:
    """What a text's length decides."""
    text, size = draw.parameter(("s", "text", "title")), draw.randint(2, 5)
    label = quoted(draw.label())
    branch = draw.choice(
        (
            when(f"len({text}) > {size}", f"{text}[:{size}]"),
            when(f"len({text}) > {size}", f'{text}[:{size}] + "."'),
            when(f"len({text}) < {size}", label),
            when(f"len({text}) == {size}", draw.choice(("True", label))),
        )
    )
    body = [*branch, *give(draw.choice((text, quoted(draw.label()))))]

    def arguments(d: Draw) -> Arguments:
        whole = d.choice(("abcdefgh", "abcdef", "hello world"))
        return (whole[: d.choice((size, size + 1, size - 1, size + 2, 1, 0, 8))],)

    return Shape((text,), body, arguments)


def blank_default(draw: Draw) -> Shape:
    """A default for the empty text, a string method for the rest."""
    text = draw.parameter(("s", "text", "name"))
    method = draw.choice(("upper", "lower", "strip", "title"))
    default = draw.choice((quoted(draw.label()), "None", quoted("")))
    body = [*when(f"not {text}", default), *give(f"{text}.{method}()")]

    def arguments(d: Draw) -> Arguments:
        word = d.label()
        shown = {"strip": f" {word}", "lower": word.upper()}.get(method, word)
        return (d.choice((d.text(), shown, "")),)

    return Shape((text,), body, arguments)


def key_value(draw: Draw) -> Shape:
    """A text split at a separator, with a rule for texts that lack it."""
    text = draw.parameter(("line", "pair", "text"))
    key, value = draw.choice((("k", "v"), ("a", "b"), ("left", "right")))
    while text in (key, value):
        text = draw.parameter(("line", "pair", "text"))
    mark = draw.choice("=:;,|")
    result = draw.choice(
        (f"({key}, {value})", key, value, f"[{key}, {value}]", f"{{{key}: {value}}}")
    )
    missing = draw.choice(("return None", f"return {text}", 'raise ValueError("bad")'))
    body = [
        f"if {quoted(mark)} not in {text}:",
        f"{STEP}{missing}",
        f"{key}, {value} = {text}.split({quoted(mark)}, 1)",
        *give(result),
    ]

    def arguments(d: Draw) -> Arguments:
        return (f"{d.label()}{mark}{d.label()}" if d.chance(0.5) else d.label(),)

    return Shape((text,), body, arguments)


def transition(draw: Draw) -> Shape:
    """The next state of a small machine."""
    state = draw.parameter(("state", "status", "s"))
    states = draw.labels(draw.choice((3, 3, 4)))
    body: list[str] = []
    for one, following in pairwise(states):
        body += when(f"{state} == {quoted(one)}", quoted(following))
    body.append(draw.choice((f"return {state}", "return None", f"raise ValueError({state})")))
    return Shape((state,), body, lambda d: (d.choice(states) if d.chance(0.8) else d.label(),))


def character_class(draw: Draw) -> Shape:
    """What kind of characters a text has."""
    text = draw.parameter(("s", "text", "code"))
    method = draw.choice(("isdigit", "isalpha", "isupper"))
    one, other = (quoted(label) for label in draw.labels(2))
    yes = draw.choice((f"int({text})" if method == "isdigit" else "True", one))
    no = draw.choice((other, "None", "False", "-1"))
    body = [*when(f"{text}.{method}()", yes), *give(no)]

    def arguments(d: Draw) -> Arguments:
        return (d.choice((str(d.randint(0, 99)), d.label(), d.label().upper(), "a1", "")),)

    return Shape((text,), body, arguments)


# Lists and tables ------------------------------------------------------------------------------


def _list_and_item(draw: Draw, *avoid: str) -> tuple[str, str]:
    """A list's name and its loop variable, both unlike `avoid`."""
    item = draw.choice(("i", "item", "each"))
    return draw.parameter(("xs", "items", "values"), avoid=(item, *avoid)), item


def keep(draw: Draw) -> Shape:
    """The items beyond a number, with a rule for no items."""
    xs, item = _list_and_item(draw)
    bound, operator = draw.constant(), draw.choice((">", "<", ">=", "=="))
    kept = f"[{item} for {item} in {xs} if {item} {operator} {bound}]"
    body = [*when(f"not {xs}", draw.choice(("None", "[]", "0", "-1"))), *give(kept)]
    return Shape((xs,), body, lambda d: (d.near_list((bound,))[:2],))


def tally(draw: Draw) -> Shape:
    """How many items, or how much of them, lies beyond a number."""
    total = draw.choice(("n", "total", "out"))
    xs, item = _list_and_item(draw, total)
    bound, operator = draw.constant(), draw.choice((">", "<", "=="))
    body = [
        f"{total} = 0",
        f"for {item} in {xs}:",
        f"{STEP}if {item} {operator} {bound}:",
        f"{STEP}{STEP}{total} += {draw.choice(('1', '1', '2', item))}",
        *give(total),
    ]

    def arguments(d: Draw) -> Arguments:
        return ([x if d.chance(0.6) else bound for x in d.near_list((bound,))],)

    return Shape((xs,), body, arguments)


def first_match(draw: Draw) -> Shape:
    """The first item beyond a number."""
    xs, item = _list_and_item(draw)
    bound, operator = draw.constant(), draw.choice((">", "<", ">=", "<="))
    body = [
        f"for {item} in {xs}:",
        f"{STEP}if {item} {operator} {bound}:",
        f"{STEP}{STEP}return {draw.choice((item, item, 'True'))}",
        *give(draw.choice(("None", "-1", "0", "False"))),
    ]
    return Shape((xs,), body, lambda d: (d.near_list((bound,))[:2],))


def capped_sum(draw: Draw) -> Shape:
    """A sum with a rule beyond a cap."""
    total = draw.choice(("total", "t", "out"))
    xs, item = _list_and_item(draw, total)
    cap = draw.choice((10, 20, 50, 100))
    over = draw.choice((str(cap), quoted(draw.label()), "None"))
    body = [
        f"{total} = 0",
        f"for {item} in {xs}:",
        f"{STEP}{total} += {item}",
        *when(f"{total} > {cap}", over),
        *give(total),
    ]

    def arguments(d: Draw) -> Arguments:
        return ([d.choice((1, 2, 3, 5, 10, cap, cap + 1)) for _ in range(d.randrange(3))],)

    return Shape((xs,), body, arguments)


def join_parts(draw: Draw) -> Shape:
    """Words joined, with rules for none and for one."""
    parts = draw.parameter(("parts", "words", "names"))
    nothing = draw.choice((quoted(""), "None", quoted(draw.label())))
    body = when(f"len({parts}) == 0", nothing)
    if draw.chance(0.5):
        body += when(f"len({parts}) == 1", draw.choice((f"{parts}[0]", f'{parts}[0] + "!"')))
    body += give(f"{quoted(draw.choice('-_,/ '))}.join({parts})")
    return Shape((parts,), body, lambda d: ([d.label() for _ in range(d.choice((0, 1, 2, 2, 3)))],))


def rate_table(draw: Draw) -> Shape:
    """A fixed table, with a rule for keys that it lacks."""
    table = draw.choice(("table", "rates", "known"))
    key = draw.parameter(("key", "name", "code"), avoid=(table,))
    labels = draw.labels(draw.choice((2, 3)))
    entries = ", ".join(f"{quoted(label)}: {draw.constant()}" for label in labels)
    missing = draw.choice(("return 0", "return None", "return -1", f"raise KeyError({key})"))
    body = [f"{table} = {{{entries}}}", *when(f"{key} in {table}", f"{table}[{key}]"), missing]
    return Shape((key,), body, lambda d: (d.choice(labels) if d.chance(0.5) else d.label(),))


def lookup(draw: Draw) -> Shape:
    """A passed table, with a default."""
    table = draw.choice(("d", "conf", "data"))
    key = draw.parameter(("key", "k"), avoid=(table,))
    found = draw.choice((f"{table}[{key}]", f"{table}[{key}] + 1"))
    default = draw.choice(("None", "0", quoted(draw.label())))
    body = [*when(f"{key} in {table}", found), *give(default)]

    def arguments(d: Draw) -> Arguments:
        labels = d.labels(2)
        entries = {label: d.randint(0, 9) for label in labels[: d.choice((0, 1, 1, 2))]}
        return entries, d.choice(labels)

    return Shape((table, key), body, arguments)


# Truth and types -------------------------------------------------------------------------------


def flags(draw: Draw) -> Shape:
    """What two truth values decide."""
    a, b = draw.pair(("a", "b"))
    one, two, last = (quoted(label) for label in draw.labels(3))
    operator = draw.choice(("and", "or"))
    body = when(f"{a} {operator} {b}", one)
    if operator == "and" and draw.chance(0.8):  # after "or", neither is true: nothing to decide
        body += when(draw.choice((a, b, f"not {a}")), two)
    body += give(last)
    return Shape((a, b), body, lambda d: (d.chance(0.5), d.chance(0.5)))


def kind_of(draw: Draw) -> Shape:
    """What the type of a value decides."""
    x = draw.parameter()
    *labels, last = draw.labels(3)
    types = draw.sample(("str", "int", "list", "dict"), draw.choice((1, 2, 2)))
    body: list[str] = []
    for kind, label in zip(types, labels, strict=False):
        body += when(f"isinstance({x}, {kind})", quoted(label))
    body += give(draw.choice((quoted(last), x, "None")))

    def arguments(d: Draw) -> Arguments:
        values: Sequence[object] = (d.label(), d.randint(0, 9), [], {}, None, [1])
        return (d.choice(values),)

    return Shape((x,), body, arguments)


# Held out --------------------------------------------------------------------------------------


def safe_division(draw: Draw) -> Shape:
    """A quotient, with a rule for division by zero."""
    a, b = draw.pair(("a", "b"), ("total", "n"))
    zero = draw.choice(("None", "0", quoted(draw.label())))
    body = [*when(f"{b} == 0", zero), *give(f"{a} // {b}")]
    return Shape(
        (a, b), body, lambda d: (d.choice((0, 4, 6, 8, 10, 12)), d.choice((0, 0, 1, 2, 3)))
    )


def nth_item(draw: Draw) -> Shape:
    """An item by position, with a rule beyond the end."""
    xs, n = draw.pair(("xs", "n"), ("items", "i"))
    beyond = draw.choice(("None", quoted(draw.label()), "-1"))
    body = [*when(f"{n} >= len({xs})", beyond), *give(f"{xs}[{n}]")]

    def arguments(d: Draw) -> Arguments:
        return [d.randint(0, 9) for _ in range(d.randrange(4))], d.choice((0, 0, 1, 2))

    return Shape((xs, n), body, arguments)


def none_default(draw: Draw) -> Shape:
    """A default in place of None."""
    x = draw.parameter()
    number, label = str(draw.constant()), quoted(draw.label())
    default, result = draw.choice(((number, x), (number, f"{x} + 1"), (label, x)))
    body = [*when(f"{x} is None", default), *give(result)]
    return Shape((x,), body, lambda d: (None if d.chance(0.4) else d.randint(0, 9),))


def parse_bool(draw: Draw) -> Shape:
    """A truth value from words."""
    text = draw.parameter(("s", "text", "flag"))
    words = draw.labels(4)
    yes, yes_too, no, no_too = (quoted(word) for word in words)
    body = [
        *when(f"{text} in ({yes}, {yes_too})", "True"),
        *when(f"{text} in ({no}, {no_too})", "False"),
        draw.choice((f"raise ValueError({text})", "return None")),
    ]
    return Shape((text,), body, lambda d: (d.choice((*words, d.label())),))


def larger_of(draw: Draw) -> Shape:
    """The larger or the smaller of two numbers, or a label."""
    a, b = draw.pair(("a", "b"))
    body = [
        *when(f"{a} {draw.choice(('<', '>'))} {b}", draw.choice((a, b))),
        *give(draw.choice((b, a, quoted(draw.label())))),
    ]
    return Shape((a, b), body, lambda d: (d.randint(0, 12), d.randint(0, 12)))


def _table(*families: Family) -> dict[str, Family]:
    return {family.__name__: family for family in families}


TRAINING: Final = _table(
    *(clamp, bucket, sign, guard, step_arithmetic, divisible, leap, tiers, gap, between, day_kind),
    *(strip_prefix, suffix, shorten, blank_default, key_value, transition, character_class),
    *(keep, tally, first_match, capped_sum, join_parts, rate_table, lookup),
    *(flags, kind_of),
)
HELD_OUT: Final = _table(safe_division, nth_item, none_default, parse_bool, larger_of)
