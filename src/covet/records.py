"""Every record that passes between stages, in pipeline order: the glossary.

Frozen, slotted dataclasses without behaviour beyond small derivations of their own fields, so
that each can be written as one JSON line and read back equal (``covet.runlog`` does both).
Lines are 1-based and spans include both ends. Nothing here imports anything of Covet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

# ---------------------------------------------------------------------------------- mine


@dataclass(frozen=True, slots=True)
class Span:
    """Lines ``first_line`` to ``last_line`` of a file, both included."""

    first_line: int
    last_line: int

    def __contains__(self, line: int) -> bool:
        return self.first_line <= line <= self.last_line


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which lines and branches of one file ran; a set algebra."""

    lines: frozenset[int] = frozenset()
    branches: frozenset[tuple[int, int]] = frozenset()
    """Jumps (from, to) out of a deciding line (if, while, for, match case, except); a jump out
    of the function is (from, -1)."""

    def __or__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.lines | other.lines, self.branches | other.branches)

    def __and__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.lines & other.lines, self.branches & other.branches)

    def joined(self, others: Iterable["Coverage"]) -> "Coverage":
        """With all of them."""
        lines, branches = set(self.lines), set(self.branches)
        for other in others:
            lines |= other.lines
            branches |= other.branches
        return Coverage(frozenset(lines), frozenset(branches))

    def __sub__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.lines - other.lines, self.branches - other.branches)

    def within(self, span: Span) -> "Coverage":
        """The part whose lines (for a branch: whose deciding line) lie in ``span``."""
        first, last = span.first_line, span.last_line
        return Coverage(
            frozenset([line for line in self.lines if first <= line <= last]),
            frozenset([branch for branch in self.branches if first <= branch[0] <= last]),
        )


@dataclass(frozen=True, slots=True)
class Function:
    """A focal function: the code under test."""

    path: str
    """Its file, relative to the codebase's root, with forward slashes."""
    module: str
    """The dotted name under which tests import that file."""
    qualname: str
    span: Span
    """From the first decorator to the last line of the body."""
    source: str
    """Those lines, as they stand in the file, ending in a newline."""


Evidence = Literal["name", "import", "reference", "direct", "indirect"]
"""Why a test is believed to test a function. ``name``: it is called after it; ``import``: it names
it through its file's imports; ``reference``: a language server finds it there, in a helper or in a
fixture that the test uses; ``direct``: it was seen to call it, with nothing of the codebase's in
between; ``indirect``: it was seen to run it by way of something else."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """One existing test (a function, or a method of a test class)."""

    __test__ = False  # pytest would otherwise take the record itself for a test class

    path: str
    qualname: str
    span: Span
    source: str
    evidence: tuple[Evidence, ...] = ()
    """Why it is believed to test the focal function; empty where it is linked to none."""


Split = Literal["train", "heldout", "reserved"]
"""``heldout``: by file, drawn at random. ``reserved``: held out by name in the settings, and
reported apart."""


@dataclass(frozen=True, slots=True)
class FunctionExample:
    """A task: write tests for one focal function of a codebase."""

    id: str
    """``path::qualname``, and ``#n`` behind it where tests were removed in several ways; unique in
    a dataset."""
    function: Function
    source_file: str
    """The whole text of the function's file."""
    test_path: str
    """The test file that a new test belongs in; it need not exist."""
    test_file: str
    """The whole text of that file, without the tests that were removed to make the task; empty
    where there is none."""
    tests: tuple[TestCase, ...]
    """The existing tests linked to the function that were not removed, in file order."""
    executable: Coverage
    """Every line of the function that can run (``branches`` stays empty: they are found by
    running); of a task made from a change, those that it touches."""
    baseline: Coverage
    """What importing the module and running the existing suite, without the removed tests, already
    cover of it."""
    split: Split
    similar: tuple[TestCase, ...] = ()
    """Tests of other functions that a new one may be like, the likest first."""
    diff: str = ""
    """Of a task made from a change: the unified diff of the function's file."""
    kind: Literal["function"] = "function"


@dataclass(frozen=True, slots=True)
class Reference:
    """What the people of the codebase wrote where an example asks for tests.

    For warm-up and evaluation only; it is no part of an example, so that what learns from rewards
    never has it.
    """

    example: str
    """The id of the example."""
    tests: tuple[TestCase, ...]
    """The tests that were removed, as they stood."""
    answer: str
    """Their text, as it would be added to the end of the example's test file."""
    test_file: str
    """The test file with them in their places."""


@dataclass(frozen=True, slots=True)
class Case:
    """One check of a program from outside: what goes in and what must come out."""

    kind: Literal["stdio", "call", "test"]
    """``test``: a test program of people's, where no list of inputs and outputs says it."""
    given: str
    """The standard input; the call's argument list as Python source, literals alone
    (``1, [2, 3], key="x"``); or the source of a test program that calls ``candidate``."""
    expected: str
    """The standard output; the result as a Python literal; empty for a test program, which a
    program passes that lets it end without raising."""
    shown: bool = False
    """It stands in the instruction, so that who repeats it earns nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """When what came out counts as what was expected.

    Of calls, results are compared as Python compares them (``1 == 1.0``, ``[1] != (1,)``) and the
    modes for white space change nothing.
    """

    mode: Literal["exact", "ends", "whitespace", "tolerance", "checker"] = "ends"
    """``exact``: every character. ``ends``: white space at both ends aside. ``whitespace``: the
    same words. ``tolerance``: the same words, numbers within ``absolute`` or ``relative``.
    ``checker``: a program says so."""
    absolute: float = 0.0
    relative: float = 0.0
    """Of the expected number's size."""
    checker: str = ""
    """Python source of ``check(given, expected, output) -> bool``, three strings as they stand in
    the case and as the program answered; a call's result comes as its ``repr``."""


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What one program may use on one input; 0: what the settings say."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_mb: int = 0
    steps: int = 0
    """Turns of loops and entries of functions."""


@dataclass(frozen=True, slots=True)
class InstructionExample:
    """A task: write tests for any program that follows an instruction."""

    id: str
    instruction: str
    entry_point: str
    """The function to call; empty for a program that reads standard input."""
    reference: str
    """A solution known to be right."""
    cases: tuple[Case, ...]
    split: Split
    kind: Literal["instruction"] = "instruction"
    language: str = "python"
    """Of the reference, as its dataset declares it."""
    comparison: Comparison = Comparison()
    limits: ProgramLimits = ProgramLimits()
    validator: str = ""
    """Python source of ``valid(given) -> bool``: whether an input keeps to the instruction's
    constraints; empty where none is known."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A program that is to follow an instruction, right or wrong."""

    text: str
    """Run as it is: nothing is put before it or added to it. Empty: nothing was found that could
    be run."""
    language: str = "python"
    """As who wrote or asked for it declares; never guessed."""
    writer: str = ""
    """The policy or dataset that it is of."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases that somebody wrote for one instruction."""

    example_id: str
    cases: tuple[Case, ...]
    """As written: in order, repetitions among them, none known to be right."""
    refused: tuple[str, ...] = ()
    """Why other parts of what was written are no cases, one reason each."""
    writer: str = ""


Example = FunctionExample | InstructionExample

# -------------------------------------------------------------------------------- prompt


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a policy is asked."""

    example_id: str
    text: str
    template: str
    answer: Literal["append", "file"]
    """Whether the completion continues the existing test file or is a test file of its own."""


# -------------------------------------------------------------------------------- policy


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a completion with one writer; only the policy's own are learned from."""

    owner: Literal["policy", "environment"]
    text: str
    token_ids: tuple[int, ...] = ()
    """The end-of-sequence token included, where the policy wrote one."""
    logprobs: tuple[float, ...] = ()
    """Natural log of each token's probability under the policy that sampled it, at its
    temperature; as long as ``token_ids``, or empty where the policy does not tell."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a policy answered."""

    segments: tuple[Segment, ...]
    finish: Literal["stop", "length"]
    """``length``: cut off at the token limit."""
    policy: str
    version: int
    """How many optimizer steps had been taken when this was sampled."""
    thought_tokens: int = 0
    """How many of the policy's tokens are a thought (``<think>``), its end included; where that
    never came, all of them."""

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A prompt with the answer that a model is shown for it: what fine-tuning learns from."""

    prompt: Prompt
    split: Split
    text: str
    """What a policy would answer, up to its end-of-sequence token."""


# ------------------------------------------------------------------------------- execute


@dataclass(frozen=True, slots=True)
class Candidate:
    """A test file that somebody proposes, ready to run."""

    path: str
    """Where it would stand in the codebase."""
    source: str
    written: str
    """The part of ``source`` that the policy wrote."""
    problem: Literal["", "no_tests", "syntax"] = ""
    """Known without running it; such a candidate is never run."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong program: the focal function with one small change."""

    id: str
    """``line:operator:ordinal``; stable for a given source text."""
    operator: str
    span: Span
    source: str
    """The whole text of the changed file."""
    diff: str
    """The change as a unified diff without headers."""


@dataclass(frozen=True, slots=True)
class Decoy:
    """A program of which it is known how every honest test fares on it."""

    source: str
    """The whole text of the changed file; for one, the unchanged text."""
    span: Span
    """A test that runs none of these lines never meets it."""
    survives: bool
    """Whether it computes the same; else it raises what nothing catches when one of the lines of
    ``span`` is reached."""


Verdict = Literal[
    "pass", "fail", "error", "timeout", "out_of_memory", "crash", "not_run", "infrastructure"
]
"""How one test fared against one program. Only ``pass`` is a pass; ``infrastructure`` means
that nothing is known."""

Status = Literal[
    "ok",
    "failed",
    "error",
    "no_tests",
    "syntax",
    "timeout",
    "out_of_memory",
    "crashed",
    "unstable",
    "forged",
    "infrastructure",
]
"""How a candidate fared against the original program. ``failed``: a test's own assertion did
not hold; ``error``: it could not be imported or set up, or raised something else.
``unstable``: it passed, and on a second run did not. ``forged``: it meddled with its own
grading, so that nothing it seems to show counts."""


@dataclass(frozen=True, slots=True)
class PassMatrix:
    """Tests × programs; every measure of a test's worth is a reduction of it."""

    tests: tuple[str, ...]
    programs: tuple[str, ...]
    cells: tuple[tuple[Verdict, ...], ...]
    """``cells[t][p]``: the verdict of test ``t`` against program ``p``."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What running a candidate showed."""

    status: Status
    outcomes: dict[str, Verdict] = field(default_factory=dict)
    """Each of its tests against the original, by the name after the file's in its pytest id."""
    covered: Coverage = field(default_factory=Coverage)
    """Of the focal function, by this candidate alone, importing the module included."""
    gained: Coverage = field(default_factory=Coverage)
    """``covered`` beyond the example's baseline; empty unless ``status`` is ``ok``."""
    mutants: PassMatrix | None = None
    """Against the mutants of the focal function; None where they were not asked for or the
    candidate does not pass."""
    ran: frozenset[int] = frozenset()
    """Lines of the candidate's own file that ran against the original."""
    killed: tuple[str, ...] = ()
    """Ids of the mutants that at least one test rejects."""
    killed_before: tuple[str, ...] | None = None
    """Ids of the mutants that the existing tests of the example's test file reject; None where
    there were no mutants, or those tests do not pass by themselves."""
    steps: int = 0
    """Lines of the tests and of the function's file that one run on the original takes; the same
    on every machine."""
    cpu_s: float = 0.0
    wall_s: float = 0.0
    detail: str = ""
    """The end of what went wrong, for people."""


# -------------------------------------------------------------------------------- reward

CheckKind = Literal[
    "value",
    "state",
    "raises",
    "raises_type",
    "helper",
    "relation",
    "member",
    "order",
    "size",
    "truth",
    "called",
    "differs",
    "any",
    "exists",
    "type",
    "broad",
    "constant",
    "same",
    "own",
    "source",
]
"""What an assertion asks, the most telling first. ``value``: exactly this result; ``state``: this
of something that was there before; ``raises``: this error with this message; ``raises_type``: this
error; ``helper``: what a function of that purpose asks; ``relation``: two results of the function
compared with each other; ``member``: part of something; ``order``: more or less than; ``size``: so
many; ``truth``: anything but false; ``called``: what a stand-in was called with; ``differs``:
anything but this; ``any``: what nearly everything would do for; ``exists``: anything but None;
``type``: an instance of; ``broad``: any error at all; ``constant``: what holds without asking;
``same``: a thing compared with itself; ``own``: what the test itself made; ``source``: the text of
the code."""


@dataclass(frozen=True, slots=True)
class Check:
    """An assertion of a test file, as its text tells it."""

    test: str
    """The function that holds it: a test, by the name after the file's in its id, or a helper."""
    span: Span
    """Lines of which one runs when it is asked."""
    kind: CheckKind
    tied: bool
    """Whether what it asks about comes from the codebase, as far as the text tells."""


TrickName = Literal["replaces_target", "swallows", "skips", "reads_source", "copies_target"]


@dataclass(frozen=True, slots=True)
class Trick:
    """A place where a test file avoids being a test; the names are those of the guards."""

    name: TrickName
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """A mock."""

    line: int
    target: str
    """What it replaces, as it is written; empty: it is handed over."""
    faithful: bool
    """Whether it refuses what the thing it stands for would refuse (``autospec``, ``spec``)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text of a candidate tells of how it tests the focal function."""

    checks: tuple[Check, ...] = ()
    tricks: tuple[Trick, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    distinct_tests: dict[str, str] = field(default_factory=dict)
    """By test: what it does, names and layout aside; equal for copies."""


@dataclass(frozen=True, slots=True)
class Reward:
    """What a candidate earned, and for what."""

    value: float
    terms: dict[str, float]
    """Each term before its weight; all are 0 behind a closed gate."""
    refused: tuple[str, ...] = ()
    """Why it is worth nothing although it passes: ``guard: reason`` of each guard that found
    something."""


# ------------------------------------------------------------------------- rollout, algo


@dataclass(frozen=True, slots=True)
class Rollout:
    """One completion with everything that followed from it."""

    completion: Completion
    candidate: Candidate
    execution: Execution
    reward: Reward


@dataclass(frozen=True, slots=True)
class Canary:
    """A test known to ask nothing, graded along with a group to see that it earns nothing."""

    name: str
    status: Status
    value: float
    """What it earned."""


@dataclass(frozen=True, slots=True)
class Group:
    """All rollouts of one prompt at one policy version; advantages compare them."""

    example_id: str
    prompt: Prompt
    prompt_token_ids: tuple[int, ...]
    rollouts: tuple[Rollout, ...]
    canaries: tuple[Canary, ...] = ()
    """Nothing is learned from them."""


@dataclass(frozen=True, slots=True)
class TrainingSample:
    """One token sequence to learn from; the trainer knows nothing else."""

    token_ids: tuple[int, ...]
    """Prompt and completion."""
    loss_mask: tuple[bool, ...]
    """True on tokens that the policy wrote; as long as ``token_ids``."""
    logprobs: tuple[float, ...]
    """Of the sampling policy; 0.0 where masked; as long as ``token_ids``."""
    advantage: float


# ------------------------------------------------------------------------------ evaluate


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over tasks with the range of a bootstrap over tasks."""

    value: float
    low: float
    high: float
    n: int
    """How many tasks."""


# --------------------------------------------------------------------------------- agent


@dataclass(frozen=True, slots=True)
class Kill:
    """A wrong program that a test rejects."""

    mutant: str
    """Its id."""
    diff: str


@dataclass(frozen=True, slots=True)
class ProvenTest:
    """A test that was written and kept, and what it proves."""

    example_id: str
    path: str
    """The test file that it stands in."""
    name: str
    """Its qualified name there."""
    source: str
    policy: str
    lines: tuple[int, ...]
    """Of the function's file: those that no test reached before and it does, alone."""
    kills: tuple[Kill, ...]
    """Those that the existing tests of the function let live; beside the other new tests."""


@dataclass(frozen=True, slots=True)
class PossibleBug:
    """A test that looks right and fails: shown to people, never merged."""

    example_id: str
    test: str
    """Its source."""
    shown: str
    """What was expected and what came, as the runner says it."""
    agreeing: int
    """How many of the test files that were asked for expect the same."""
    asked: int
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenFunction:
    """What came of one function that tests were asked for."""

    example_id: str
    function: Function
    wanted: tuple[int, ...]
    """The lines that tests should reach."""
    missed_before: tuple[int, ...]
    missed_after: tuple[int, ...]
    mutants: int
    killed_before: int | None
    """None: the existing tests do not pass by themselves, so that nothing is known."""
    killed_after: int
    killed_unminimised: int
    """By all candidates together, and by the existing tests."""
    funnel: dict[str, int]
    """How many candidates, or tests, came how far."""
    why_none: str = ""
    """Where no test was kept."""


@dataclass(frozen=True, slots=True)
class TestFileChange:
    """A test file before and after; line ends are line feeds."""

    __test__ = False

    path: str
    before: str
    """Empty where there was none."""
    after: str
    diff: str
    complaints: tuple[str, ...] = ()
    """What the linter of the codebase says of the new lines."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that the agent has to say about a change."""

    asked: str
    """What tests were asked for."""
    functions: tuple[WrittenFunction, ...]
    tests: tuple[ProvenTest, ...]
    bugs: tuple[PossibleBug, ...]
    files: tuple[TestFileChange, ...]
    suite: str
    """How all tests together fared with the new ones among them."""
    notes: tuple[str, ...] = ()
    """What went wrong on the way."""
    tokens: int = 0
    seconds: float = 0.0
