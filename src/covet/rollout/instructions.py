"""Instructions → Groups: suites graded on programs, and programs graded on suites.

A ``Suites`` or a ``Solutions`` is all that ``loop.roll`` needs to know about its role. Both fill
the same matrix, cases × programs, by a ``ProgramGrader``. In a suite's ``Execution`` the outcomes
are those of its different cases against the reference, and the programs take the place of mutants;
in a program's they are those of the cases that it is graded on.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from covet import config
from covet.execute.programs import OnMatrix, ProgramGrader, ProgramJob
from covet.instructions.constraints import validation
from covet.prompt import PromptTooLong
from covet.prompt.roles import RoleTemplate, ask
from covet.prompt.solutions import Problem, parse_solution
from covet.prompt.suites import parse_suite
from covet.records import (
    Candidate,
    Case,
    Completion,
    Execution,
    InstructionExample,
    PassMatrix,
    Prompt,
    Reward,
    Solution,
    Status,
    Suite,
    Verdict,
)
from covet.reward.suites import Judgement, Label, code_reward, suite_reward
from covet.rollout.loop import Graded


@dataclass(frozen=True, slots=True)
class Pool:
    """Programs that the suites of one task are graded on."""

    solutions: tuple[Solution, ...]
    labels: tuple[Label, ...]
    """What is known of each."""


@dataclass(slots=True)
class Asker:
    """Instructions in the words of one role's template."""

    template: RoleTemplate
    settings: config.Suites
    budget: int
    """Most tokens of a prompt."""
    count: Callable[[str], int]
    _prompts: dict[str, Prompt | None] = field(default_factory=dict)

    def prompt(self, example: InstructionExample) -> Prompt | None:
        """None where it does not fit."""
        if example.id not in self._prompts:
            try:
                self._prompts[example.id] = ask(
                    example,
                    self.template,
                    tests=self.settings.tests,
                    suffix=self.settings.suffix,
                    budget=self.budget,
                    count=self.count,
                )
            except PromptTooLong:
                self._prompts[example.id] = None
        return self._prompts[example.id]

    def suite(self, completion: Completion, example: InstructionExample) -> Suite:
        """The suite in an answer to a prompt of this one's."""
        return parse_suite(
            completion.text,
            example,
            form=self.template.form,
            ended=completion.finish == "stop",
            writer=completion.policy,
        )


# --------------------------------------------------------------------------------- suites


@dataclass(frozen=True, slots=True)
class ReadSuite:
    """An answer of the test writer."""

    suite: Suite
    cases: tuple[Case, ...]
    """Its different cases."""
    text: str
    well_formed: bool


@dataclass(slots=True)
class Suites:
    """The test writer's work. Each example has a pool."""

    asker: Asker
    programs: ProgramGrader
    pools: Mapping[str, Pool]
    on_matrix: OnMatrix | None = None

    def prompt(self, example: InstructionExample) -> Prompt | None:
        return self.asker.prompt(example)

    def read(
        self,
        completion: Completion,
        example: InstructionExample,
        prompt: Prompt,  # noqa: ARG002 (another kind of example wants it)
    ) -> ReadSuite:
        suite = self.asker.suite(completion, example)
        formed = _suite_is_formed(completion.text, suite, self.asker.template)
        return ReadSuite(suite, distinct(suite.cases), completion.text, formed)

    def grade(self, jobs: Sequence[tuple[InstructionExample, ReadSuite]]) -> list[Graded]:
        """All suites by one call, so that what they share is run once."""
        read = [(example, suite.cases) for example, suite in jobs]
        pools = [self.pools[example.id] for example, _ in jobs]
        judged = judge_suites(self.programs, read, pools, on_matrix=self.on_matrix)
        return [
            self._graded(suite, judgement)
            for (_, suite), judgement in zip(jobs, judged, strict=True)
        ]

    def _graded(self, read: ReadSuite, judgement: Judgement) -> Graded:
        judgement = replace(judgement, well_formed=read.well_formed)
        reward = suite_reward(judgement, self.asker.settings)
        problem = "" if read.cases else "no_tests"
        candidate = Candidate("", read.text, read.text, problem, "; ".join(read.suite.refused))
        return Graded(candidate, _suite_execution(judgement), reward)


def judge_suites(
    programs: ProgramGrader,
    suites: Sequence[tuple[InstructionExample, tuple[Case, ...]]],
    pools: Sequence[Pool],
    *,
    on_matrix: OnMatrix | None = None,
) -> list[Judgement]:
    """Each suite against its task's reference and the programs of its pool."""
    jobs = [
        ProgramJob(example, (reference(example), *pool.solutions), cases)
        for (example, cases), pool in zip(suites, pools, strict=True)
    ]
    matrices = programs.matrices(jobs, on_done=on_matrix)
    allowed = admissible(programs, suites)
    return [
        Judgement(
            tuple(row[0] for row in matrix.cells),
            tuple(row[1:] for row in matrix.cells),
            pool.labels,
            fine,
        )
        for matrix, pool, fine in zip(matrices, pools, allowed, strict=True)
    ]


def admissible(
    programs: ProgramGrader, suites: Sequence[tuple[InstructionExample, tuple[Case, ...]]]
) -> list[tuple[bool, ...]]:
    """Of each case: the instruction does not show it, and its input keeps to the constraints as
    far as the task has a validator.
    """
    asked = [validation(example, cases) for example, cases in suites if example.validator]
    answers = iter(programs.matrices(asked) if asked else [])
    found: list[tuple[bool, ...]] = []
    for example, cases in suites:
        known = (
            [row[0] for row in next(answers).cells] if example.validator else ["pass"] * len(cases)
        )
        pairs = zip(cases, known, strict=True)
        found.append(tuple(not case.shown and verdict == "pass" for case, verdict in pairs))
    return found


def reference(example: InstructionExample) -> Solution:
    """The solution that is known to be right."""
    return Solution(example.reference, example.language, "reference")


def distinct(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Each once, where it first stands."""
    return tuple(dict.fromkeys(cases))


def _suite_is_formed(text: str, suite: Suite, template: RoleTemplate) -> bool:
    """``lines``: every line is a case. ``blocks``: a reasoning for each case, and nothing after the
    last block, as UTRL's code has it.
    """
    if template.form == "lines":
        return bool(suite.cases) and not suite.refused
    return text.count("<reasoning>") == len(suite.cases) and text.strip().endswith("```")


def _suite_execution(judgement: Judgement) -> Execution:
    names = [str(place) for place in range(len(judgement.reference))]
    programs = [str(place) for place in range(len(judgement.labels))]
    status: Status = "ok" if any(judgement.valid) else "failed"
    if not names:
        status = "no_tests"
    elif not judgement.known:
        status = "infrastructure"
    matrix = PassMatrix(tuple(names), tuple(programs), judgement.cells)
    return Execution(
        status,
        dict(zip(names, judgement.reference, strict=True)),
        mutants=matrix,
        killed=tuple(programs[place] for place in judgement.killed),
    )


# ------------------------------------------------------------------------------ solutions


@dataclass(frozen=True, slots=True)
class ReadSolution:
    """An answer of the code writer."""

    solution: Solution
    problem: Problem
    text: str


@dataclass(slots=True)
class Solutions:
    """The code writer's work. Each example has cases that are valid."""

    asker: Asker
    programs: ProgramGrader
    cases: Mapping[str, tuple[Case, ...]]
    on_matrix: OnMatrix | None = None

    def prompt(self, example: InstructionExample) -> Prompt | None:
        return self.asker.prompt(example)

    def read(
        self,
        completion: Completion,
        example: InstructionExample,
        prompt: Prompt,  # noqa: ARG002 (another kind of example wants it)
    ) -> ReadSolution:
        solution, problem = parse_solution(completion, example)
        return ReadSolution(solution, problem, completion.text)

    def grade(self, jobs: Sequence[tuple[InstructionExample, ReadSolution]]) -> list[Graded]:
        """An answer without a program fails every case, and none is run."""
        asked = [
            ProgramJob(example, (read.solution,), self.cases[example.id])
            for example, read in jobs
            if not read.problem
        ]
        matrices = iter(self.programs.matrices(asked, on_done=self.on_matrix) if asked else [])
        return [
            self._graded(
                read,
                [row[0] for row in next(matrices).cells]
                if not read.problem
                else ["not_run"] * len(self.cases[example.id]),
            )
            for example, read in jobs
        ]

    def _graded(self, read: ReadSolution, verdicts: Sequence[Verdict]) -> Graded:
        settings = self.asker.settings
        formed = not read.problem and (
            self.asker.template.form == "lines" or _reasons_first(read.text)
        )
        reward: Reward = code_reward(verdicts, rule=settings.code_reward, well_formed=formed)
        status = _status(verdicts, read.problem)
        outcomes = {str(place): verdict for place, verdict in enumerate(verdicts)}
        problem = "syntax" if read.problem else ""
        candidate = Candidate("", read.solution.text, read.text, problem, read.problem)
        return Graded(candidate, Execution(status, outcomes, detail=read.problem), reward)


def _reasons_first(text: str) -> bool:
    """A reasoning that is not empty, and behind its end a block of Python, as UTRL's code asks."""
    before, end, after = text.partition("</reasoning>")
    thought = before.partition("<reasoning>")[2]
    return bool(end and thought.strip()) and "```python\n" in after


_WORST: tuple[tuple[Verdict, Status], ...] = (
    ("crash", "crashed"),
    ("out_of_memory", "out_of_memory"),
    ("timeout", "timeout"),
    ("error", "error"),
    ("fail", "failed"),
    ("not_run", "failed"),
)


def _status(verdicts: Sequence[Verdict], problem: Problem) -> Status:
    if problem:
        return "syntax"
    found = Counter(verdicts)
    if found["infrastructure"]:
        return "infrastructure"
    return next((status for verdict, status in _WORST if found[verdict]), "ok")
