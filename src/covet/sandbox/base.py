"""The Sandbox seam, and its threat model.

``Sandbox.open(spec) → Worker``: a worker is a warm, isolated interpreter of one codebase.
``Worker.submit(request) → cells``: a request is one candidate with the programs to run it
against; one ``Cell`` comes back for each program, in order, as soon as it is known.
``Worker.exchange(request) → cells``: the same for programs that differ inside one function, many
times as fast; what it cannot tell is left for ``submit``.
``Worker.trial(request) → answers``: whole programs with inputs, of which nothing is compared here.

Threat model. A candidate is any program that a model may write. While it runs it can

- read the codebase, its interpreter and its libraries, and nothing else of the machine;
- write to a temporary folder of its own, which is gone with its request, and nowhere else;
- reach no network, not even the machine's own loopback;
- use no more processor time, wall time, memory and disk than ``Limits`` says, and leave no process
  behind; what it prints is thrown away.

What this does not guard against is a fault of the kernel's. A candidate runs in one process with
the runner that reports on it; that it does not lie about itself is the coordinator's business
(``covet.execute.schedule``), for which nothing in a request says what a program is. Where the
kernel refuses the isolation, ``open`` raises ``IsolationUnavailable``; it never runs without,
unless ``isolation="none"`` was asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from covet.records import Coverage, Span, Verdict


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one cell: one test file against one program."""

    cpu_s: float
    wall_s: float
    memory_mb: int
    disk_mb: int
    steps: int = 0
    """Lines of the test and of the traced files that a traced run may take; 0: any number."""


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What a worker is a worker of."""

    command: tuple[str, ...]
    """Starts the language's worker program."""
    root: Path
    """The codebase; read-only for every candidate."""
    search_path: tuple[str, ...]
    """Folders, relative to ``root``, that imports are resolved from."""
    limits: Limits
    isolation: Literal["full", "none"] = "full"
    serves: Literal["tests", "programs"] = "tests"
    """``tests``: requests and exchanges. ``programs``: trials; the interpreter needs no pytest, and
    has loaded nothing that a program did not ask for."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program to run a candidate against: the codebase with at most one file changed."""

    id: str
    path: str = ""
    """The changed file, relative to the codebase's root; empty: none is."""
    source: str = ""
    """What stands in its place."""
    lines: Span | None = None
    """Where it differs: tests that did not run one of these lines on the original need not be
    run. None: all are."""
    thorough: bool = False
    """Run every test, whichever of them rejects it, also where a request stops at the first."""


@dataclass(frozen=True, slots=True)
class Request:
    """One candidate with its programs.

    For each program, in a fresh child of the worker: the modules of ``imports`` are imported,
    then the tests are collected and run.
    """

    programs: tuple[Program, ...]
    test_path: str = ""
    """The test file or folder to run, relative to the root; empty: no tests, imports alone."""
    test_source: str | None = None
    """Stands in the place of ``test_path``, where nothing need be; None: what is there."""
    imports: tuple[str, ...] = ()
    traced: tuple[str, ...] = ()
    """The files, relative to the root, whose lines and branches are recorded."""
    focal: str = ""
    """The file under test: what the tests may not pry into."""
    stop_at_first_failure: bool = False
    """End a program's run at the first test that does not pass."""
    order: int = 0
    """0: tests run in the order of their file. Below 0: in the opposite order. Else the seed of a
    shuffle. It seeds random numbers, too."""
    by_test: bool = False
    """Tell what each test ran; for a file or folder that is there."""
    each_s: float = 0.0
    """Where it is not 0: a test that takes more CPU seconds than these, or too many steps, is given
    up, and the next one begins; what each takes is told. For the codebase's own tests: nobody
    watches what they pry into."""
    hash_seed: int = 0
    """``PYTHONHASHSEED`` or its like: the order of sets must not decide a verdict."""
    on_disk: bool = False
    """Where isolation allows, a changed file is found in its place by whoever opens it."""
    limits: Limits | None = None
    """In place of the worker's own, for a whole suite."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One candidate with many programs, to be run in one process by exchanging code.

    The modules of ``imports`` have been imported once, for many candidates. The tests run on the
    unchanged codebase; if all pass, each program is put in force in turn, and the tests that
    ran a line of its change are run on it. What a program says depends on nothing that ran
    before it, as long as the unchanged programs among them are found to pass: mix some in.
    """

    base: Program
    """The file in which the programs differ, unchanged."""
    pool: frozenset[str]
    """The texts of all programs that requests for this function may name, so that they are sent
    once."""
    place: int
    """The first line of the function."""
    programs: tuple[Program, ...]
    test_path: str
    test_source: str
    imports: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    """Modules that tests of this function are likely to import, imported beforehand too; those of
    the codebase itself, and what cannot be imported, are passed over."""
    stop_at_first_failure: bool = False
    order: int = 0
    hash_seed: int = 0
    plain: tuple[str, ...] = ()
    """The names of the tests in ``test_source``, where they are so plain that nothing has to be
    set up for them (``Language.plain_tests``)."""
    known: "Cell | None" = None
    """What the original showed before."""
    how: Literal["together", "apart", "check"] = "together"
    """``apart``: the original is not run, and each program gets a process of its own, in force
    before the tests are collected. ``check``: the programs come first, the original last, so
    that tests which remember the original have nothing to remember. Both need ``known``."""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class UsedFixture:
    """A fixture that a test uses."""

    name: str
    path: str
    """The file of its function, relative to the root; empty: not the codebase's."""
    line: int
    gave: str
    """``module:qualname`` of the class of what it gave; empty where that tells nothing."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one test ran, with all its parameters."""

    test: str
    """Its pytest id, the file's name included, without parameters; empty: what collecting ran."""
    path: str
    """Where its code stands, relative to the root; empty: not in the codebase. Of collecting: the
    test file."""
    line: int
    fixtures: tuple[UsedFixture, ...]
    covered: dict[str, Coverage]
    """By traced file, importing not included."""
    direct: frozenset[tuple[str, int]]
    """Functions of traced files, by file and first line, entered with no other of the codebase's
    in between."""
    indirect: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Cell:
    """How one program fared with the candidate's tests."""

    program: str
    end: Literal["done", "timeout", "out_of_memory", "crash", "forged", "infrastructure"]
    """``done``: the runner reported to the end. ``forged``: the candidate looked at or changed
    what is not its own, as ``detail`` says. Anything else: the runner did not come to its end,
    and ``outcomes`` holds what was known by then."""
    collected: tuple[str, ...] = ()
    """The tests found: pytest ids relative to the root, with a single file's own name left out
    (``test_a[1]``, ``TestB::test_c``)."""
    outcomes: tuple[tuple[str, Verdict], ...] = ()
    """In the order in which they ran. A failed assertion is ``fail``; anything else that a test
    or its fixtures raise is ``error``; skipped and expected failures are ``not_run``."""
    error: str = ""
    """Why a module could not be imported or a file not be collected; empty where all were."""
    covered: dict[str, Coverage] = field(default_factory=dict)
    """By traced file, importing included; of a candidate, the lines of its own file that ran go by
    the name ``""``."""
    lines: dict[str, frozenset[int]] = field(default_factory=dict)
    """By passing test of an exchange: the lines of the file under test that it ran."""
    collected_lines: frozenset[int] = frozenset()
    """The lines of it that ran while the tests of an exchange were collected."""
    ran: tuple[Ran, ...] = ()
    """Where a request asks for it."""
    detail: str = ""
    """The end of the first failure's report."""
    steps: int = 0
    """Deterministic: lines of a traced run; entries and loop turns of an exchanged
    function."""
    test_steps: dict[str, int] = field(default_factory=dict)
    """By test: the second kind of steps, on the original."""
    took: dict[str, float] = field(default_factory=dict)
    """By test, where a request bounds each: CPU seconds."""
    needs_disk: bool = False
    """The tests read the file under test, or started a process that may."""
    cpu_s: float = 0.0
    wall_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The answer to an ``Exchange``."""

    original: Cell | None
    """None where the module cannot be loaded beforehand, or the original was not asked for."""
    cells: dict[str, Cell]
    """By program; those that cannot be expressed by exchanging code are missing, and all are
    where the original does not pass."""
    stateful: bool = False
    """The tests did not pass a second time in one process: ask for the programs ``apart``."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Whole programs, each to be run on each input from its own beginning.

    What a program answers to an input depends on nothing that ran before: neither on other
    programs nor on itself with other inputs. What is expected of it is nowhere in here.
    """

    kind: Literal["stdio", "call", "test"]
    """See ``covet.records.Case``."""
    programs: tuple[str, ...]
    """Their texts."""
    inputs: tuple[str, ...]
    """What ``covet.records.Case.given`` says."""
    entry_point: str = ""
    """The function that calls and tests are of."""
    limits: Limits | None = None
    """Of one program on one input, in place of the worker's own; ``steps`` counts turns of loops
    and entries of functions."""
    output_bytes: int = 1 << 20
    """The most that may be written to standard output, or a result take to tell."""
    timeouts: int = 0
    """After so many inputs on which a program ran out of time it is not run on the others; 0: it
    is."""
    apart: bool = False
    """A process for every input, also where a program is so plain that fresh names suffice."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one program did with one input."""

    end: Literal["done", "error", "timeout", "out_of_memory", "crash", "not_run", "infrastructure"]
    """``done``: it ended by itself and well. ``error``: it raised, could not be compiled, gave an
    exit status other than 0, or wrote more than it may."""
    text: str = ""
    """Standard output, what is no UTF-8 as lone surrogates; or a call's result, as
    ``covet.execute.programs_values`` reads it."""
    detail: str = ""
    """Why it did not end well, for people."""


class Worker(Protocol):
    """A warm interpreter; one request at a time, from one thread."""

    def submit(self, request: Request) -> Iterator[Cell]:
        """One cell for each program, in order.

        Whatever a candidate does, this ends, within ``len(programs) * wall_s`` and a little.
        An infrastructure failure is a cell of that name, and the worker is started anew for
        the next request. Closing the iterator early abandons the remaining programs.
        """
        ...

    def exchange(self, request: Exchange) -> Exchanged:
        """The programs that can be run by exchanging code.

        An infrastructure failure raises ``SandboxError``; the worker is started anew for the
        next request.
        """
        ...

    def trial(self, request: Trial) -> Iterator[tuple[Answer, ...]]:
        """For each program, in order, its answers to the inputs, in order.

        Whatever a program does, this ends. An infrastructure failure is an answer of that name, and
        the worker is started anew for the next request.
        """
        ...

    def close(self) -> None:
        """End the worker and everything it started; safe to call twice."""
        ...


class Sandbox(Protocol):
    """The contract; ``tests/contract/test_sandbox.py`` runs over every implementation."""

    def open(self, spec: WorkerSpec) -> Worker:
        """A worker, ready for requests. ``IsolationUnavailable`` where the kernel refuses,
        ``EnvironmentNotReady`` where the interpreter or its pytest does not serve.
        """
        ...
