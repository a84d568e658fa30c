"""Seeded choices: the names, labels, constants and argument values of generated functions.

A `Draw` is a `random.Random` that also knows the small vocabulary of the generated code. It is the
only source of randomness in the generator: the same seed and the same calls give the same text.
"""

import builtins
import keyword
import random
from collections.abc import Collection, Sequence

# Word lists are written as text, which reads better than a list of quoted words (SIM905).
NOUNS = tuple(
    """account age album alarm amount angle area asset badge bag balance band basket batch battery
    bed bill bin block board boat bonus book bottle branch bridge bucket budget buffer bus button
    cabin cable camera card cargo cart cell chain chair channel charge city claim client clock
    coach coin color column count course crate credit cup cycle deck degree delay depth desk device
    dish dock door dose draft drawer edge engine entry event factor farm fee field figure film fine
    flag fleet flight floor folder frame fuel game garden gate gauge gear goal grade grain grid
    group guest height hotel hour index invoice item job journey label lamp lane layer lease lens
    level light limit line link lock log loan machine map mark market match meal member menu meter
    mile minute mode month motor name node note number offer order oven owner pace pack page panel
    parcel park part patch path pen period phase phone photo piece pipe pitch plan plant plate
    player point pool port post power price prize pump queue quota rack rail rank rate ratio reading
    record region rent request ring road role room route row score screen season seat sector segment
    sensor shade shape shelf shift ship shop signal site size slot song space speed spot stage stamp
    station status step stock stop store street supply switch table tag tank task team temp term
    ticket tide tile time title token tone tool tower track train tray tree trip truck unit user
    valve value vault view visit voice volume wage wall watch water wave weight wheel width window
    wire word worker yard year zone""".split()  # noqa: SIM905
)
VERBS = tuple(
    """adjust apply build check choose clean compute count decide detect fetch find fix get grade
    join limit load make measure merge pack parse pick rank read reduce resolve round scale scan
    select set show sort split sum trim update use weigh""".split()  # noqa: SIM905
)
LABELS = tuple(
    """a b c d e f g h x y z up down left right top low mid high cold cool warm hot tiny small large
    huge short long thin wide bad fair good best poor rich slow fast early late new old young adult
    child senior free basic plus pro gold silver bronze iron red green blue white black gray none
    zero one two three few some many all empty full on off yes no ok bad open closed idle busy ready
    done sent paid due lost found draft final day night dawn noon north south east west even odd
    near far in out light heavy weak strong first last main extra""".split()  # noqa: SIM905
)
_SYLLABLES = (
    "ba be bi bo da de di do fa fe fi fo ga go ha he ho ja jo "  # codespell:ignore fo
    "ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro "
    "sa se si so ta te ti to va ve vi vo wa we za ze zi zo "  # codespell:ignore te
    "al an ar el en er il in ol on or um un"
)
SYLLABLES = tuple(_SYLLABLES.split())
SHORT = ("x", "n", "v", "value", "number", "amount", "count", "k", "s", "size")
ROUND = (100, 50, 12, 18, 65, 24, 60, 7, 30, 21, 16, 40)
RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Draw(random.Random):
    """A seeded stream of choices."""

    def chance(self, share: float) -> bool:
        """True in that share of calls."""
        return self.random() < share

    def syllables(self) -> str:
        """A made-up word: the policy must copy names, not know them."""
        return "".join(self.choice(SYLLABLES) for _ in range(self.choice((2, 2, 3))))

    def noun(self) -> str:
        return self.syllables() if self.chance(0.25) else self.choice(NOUNS)

    def label(self) -> str:
        return self.syllables() if self.chance(0.2) else self.choice(LABELS)

    def labels(self, count: int) -> list[str]:
        """That many labels, all different."""
        found: list[str] = []
        while len(found) < count:
            label = self.label()
            if label not in found:
                found.append(label)
        return found

    def function_name(self, taken: Collection[str] = ()) -> str:
        """A name that Python does not own, pytest would not collect, and `taken` lacks."""
        while True:
            name = self._any_function_name()
            if name not in RESERVED and name not in taken and not name.startswith("test"):
                return name

    def _any_function_name(self) -> str:
        kind = self.random()
        if kind < 0.45:
            return f"{self.choice(VERBS)}_{self.noun()}"
        if kind < 0.7:
            return f"{self.noun()}_{self.label()}"
        if kind < 0.85:
            return self.noun()
        return f"{self.choice(VERBS)}_{self.noun()}_{self.noun()}"

    def parameter(self, usual: Sequence[str] = (), avoid: Collection[str] = ()) -> str:
        """A parameter name: one of the usual ones for its family, or any."""
        while True:
            if usual and self.chance(0.75):
                name = self.choice(usual)
            else:
                name = self.choice(SHORT) if self.chance(0.5) else self.noun()
            if name not in RESERVED and name not in avoid:
                return name

    def pair(self, *usual: tuple[str, str]) -> tuple[str, str]:
        """Two different parameter names."""
        if usual and self.chance(0.6):
            return self.choice(usual)
        first = self.parameter()
        return first, self.parameter(avoid=(first,))

    def constant(self) -> int:
        """A threshold such as people write: small, or round."""
        kind = self.randrange(5)
        if kind < 2:
            return self.randint(0, 9)
        if kind == 2:
            return self.randint(1, 20)
        return 10 * self.randint(1, 9) if kind == 3 else self.choice(ROUND)

    def near(self, constants: Sequence[int]) -> int:
        """An argument at, beside, or some way from one of the constants."""
        constant, kind = self.choice(constants), self.random()
        if kind < 0.12:
            return constant
        if kind < 0.3:
            return constant + self.choice((-1, 1))
        if kind < 0.75:
            return constant + self.choice((-1, 1)) * self.choice((2, 3, 5, 10, 20))
        return self.choice((0, 1, 2, 5, 10, 100, -1, -5))

    def near_list(self, constants: Sequence[int]) -> list[int]:
        """Up to three such arguments."""
        return [self.near(constants) for _ in range(self.choice((0, 1, 1, 2, 2, 3)))]

    def text(self) -> str:
        """A short string argument, the empty one among them."""
        kind = self.randrange(6)
        if kind < 2:
            return self.label()
        if kind == 2:
            return self.syllables()
        return self.choice(("", "ab", "abc", "abcd", "abcdef", "a b", "hello", "x", "q", "foo"))
