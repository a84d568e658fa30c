"""Test writer against code writer: phases that alternate, each a stretch of its role's one run.

::

    round r   solutions.jsonl   the code writer samples programs for every task, as it stands
              tests/            the test writer learns: its suites are graded on those programs
              suites.jsonl      the test writer writes a suite for every task, the likeliest one
              code/             the code writer learns: its programs are graded on those suites

Lee et al. 2025 (arXiv:2508.21107), algorithm 1. Of a suite only what the reference passes counts,
in either phase. The phases of a role are stretches of one run: its steps are counted on, and data
order, schedule, optimizer and sampling weights go on from round to round, whatever lies between.
One model is in memory at a time; with ``policy.lora_rank`` the two are adapters on one base.

Every phase is passed over where its result is there, and gone on with where it was interrupted.
``phases.jsonl`` has a row for each that is done.
"""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from covet.config import Config, Policy, as_toml
from covet.errors import DataError
from covet.execute.programs import ProgramGrader, ProgramJob
from covet.policy.hf import HFPolicy
from covet.prompt.roles import Role
from covet.prompt.suites import write_suite
from covet.records import Case, Demonstration, InstructionExample, PassMatrix, Solution, Suite
from covet.reward.suites import Label
from covet.rollout.answers import (
    SuiteRow,
    Wanted,
    asker_for,
    read_solutions,
    read_suites,
    write_answers,
)
from covet.rollout.instructions import (
    Asker,
    Pool,
    Solutions,
    Suites,
    admissible,
    distinct,
    reference,
)
from covet.rollout.loop import Work, roll
from covet.runlog import RunLog, append_jsonl, read_jsonl
from covet.train import checkpoint, sft
from covet.train.grpo import Stretch, train
from covet.train.pipeline import Sampler
from covet.train.report import StepReport

T = TypeVar("T")
Tell = Callable[[str, int, int, str], None]
"""Hears of a phase: its name, what is done of how much, and how it does."""
PHASES = "phases.jsonl"


@dataclass(frozen=True, slots=True)
class Players:
    """Where both stand: model folders or names."""

    tests: str
    code: str


@dataclass(slots=True)
class Adversaries:
    """One run in the folder of ``log``."""

    config: Config
    examples: Sequence[InstructionExample]
    """To train on."""
    programs: ProgramGrader
    log: RunLog
    tell: Tell = lambda *_: None

    def run(self) -> Players:
        """All that the settings ask for, from where the run stands.

        ``DataError`` where no task can be learned from.
        """
        chosen = self.config.adversarial
        model = self.config.policy.model
        players = Players(chosen.tests_model or model, chosen.code_model or model)
        match chosen.mode:
            case "tests_from_cases" | "tests_from_answers":
                return replace(players, tests=self._imitate(players.tests))
            case "code_from_cases":
                cases = {one.id: distinct(one.cases) for one in self.examples}
                for number in range(1, chosen.rounds + 1):
                    players = replace(players, code=self._learn_code(number, players.code, cases))
                return players
            case "rounds":
                for number in range(1, chosen.rounds + 1):
                    players = self._round(number, players)
                return players

    # ------------------------------------------------------------------------- one round

    def _round(self, number: int, players: Players) -> Players:
        self._sample(number, players.code)
        tests = self._learn_tests(number, players.tests)
        self._write(number, tests)
        cases = self.valid_cases(read_suites(self.folder(number) / "suites.jsonl"))
        code = self._learn_code(number, players.code, cases)
        return Players(tests, code)

    def folder(self, number: int) -> Path:
        return self.log.root / f"round-{number}"

    def _sample(self, number: int, model: str) -> None:
        """Programs for every task, at the temperature of the settings."""
        path = self.folder(number) / "solutions.jsonl"
        samples = self.config.adversarial.solutions
        self._answers(f"round {number}: programs", path, model, role="solutions", samples=samples)

    def _write(self, number: int, model: str) -> None:
        """One suite for every task, the likeliest one where the settings say so."""
        path = self.folder(number) / "suites.jsonl"
        greedy = self.config.adversarial.greedy
        self._answers(
            f"round {number}: suites", path, model, role="tests", samples=1, greedy=greedy
        )

    def _answers(
        self, name: str, path: Path, model: str, *, role: Role, samples: int, greedy: bool = False
    ) -> None:
        if self._is_done(name):
            return
        policy = self._open(model, temperature=0.0 if greedy else None)
        together = max(1, self.config.policy.batch // samples)
        key = ("adversarial", self.config.train.seed, role, path.parent.name)
        wanted = Wanted(policy, self._asker(policy, role), samples, key, together)
        total = len(self.examples)
        write_answers(
            path, self.examples, wanted, on_progress=lambda done: self.tell(name, done, total, "")
        )
        self._done(name, model)

    # ------------------------------------------------------------------------- learning

    def _learn_tests(self, number: int, model: str) -> str:
        pools = self.pools(number)

        def work(asker: Asker) -> Suites:
            return Suites(asker, self.programs, pools)

        able = [one for one in self.examples if pools[one.id].solutions]
        return self._learn("tests", number, model, work, able)

    def _learn_code(self, number: int, model: str, cases: Mapping[str, tuple[Case, ...]]) -> str:
        def work(asker: Asker) -> Solutions:
            return Solutions(asker, self.programs, cases)

        able = [one for one in self.examples if cases.get(one.id)]
        return self._learn("code", number, model, work, able)

    def _learn(
        self,
        player: Literal["tests", "code"],
        number: int,
        model: str,
        work: Callable[[Asker], Work[InstructionExample, Any]],
        examples: Sequence[InstructionExample],
    ) -> str:
        """The player's model after a stretch of reinforcement learning."""
        name, root = f"round {number}: {player}", self.folder(number) / player
        stretch, before = self._stretch(player, number), self._ends(player, number - 1)
        if self._is_done(name):
            return str(root / "model")
        if stretch.until == before:
            self._done(name, model)
            return model
        config = self._settings(player, number, model)
        role: Role = "tests" if player == "tests" else "solutions"
        policy = self._open(model)
        does = work(self._asker(policy, role))
        fitting = [one for one in examples if does.prompt(one) is not None]
        if not fitting:
            raise DataError(
                f"{name}: of {len(self.examples)} tasks none can be learned from; {len(examples)}"
                " have what suites and programs are graded on, and no prompt of theirs fits"
                " (prompt.tokens)"
            )

        def on_step(report: StepReport) -> None:
            seen = report.outcome
            note = f"reward {seen.reward:.2f}  passing {seen.passes:.0%}"
            self.tell(name, report.step + 1 - before, stretch.until - before, note)

        def rolled(sampler: Sampler, chosen: Sequence[InstructionExample], step: int) -> Any:
            key = ("adversarial", config.train.seed, player, step)
            samples = config.train.group
            return roll(does, sampler, chosen, samples=samples, key=key).groups

        with closing(_open_log(root, config)) as log:
            train(
                policy=policy,
                examples=fitting,
                roll=rolled,
                config=config,
                log=log,
                on_step=on_step,
                stretch=stretch,
            )
            model = str(checkpoint.keep(policy, root))
        self._done(name, model, tasks=len(fitting), version=policy.version)
        return model

    def _stretch(self, player: Literal["tests", "code"], number: int) -> Stretch:
        whole = self._ends(player, self.config.adversarial.rounds)
        after = None
        for earlier in range(1, number):
            path = self.folder(earlier) / player / "checkpoints"
            after = checkpoint.latest(path) or after
        return Stretch(self._ends(player, number), whole, after)

    def _ends(self, player: Literal["tests", "code"], number: int) -> int:
        """The step before which a round's stretch of a player's run ends."""
        chosen = self.config.adversarial
        steps = chosen.tests_steps if player == "tests" else chosen.code_steps
        return sum(_of_round(steps, one) for one in range(1, number + 1))

    def _settings(self, player: Literal["tests", "code"], number: int, model: str) -> Config:
        chosen, trained = self.config.adversarial, self.config.train
        is_tests = player == "tests"
        rates = chosen.tests_learning_rates if is_tests else chosen.code_learning_rates
        groups = chosen.tests_groups if is_tests else chosen.code_groups
        changed = {
            "learning_rate": _of_round(rates, number) if rates else trained.learning_rate,
            "group": _of_round(groups, number) if groups else trained.group,
        }
        policy = self.config.policy.model_copy(update={"model": model})
        train_settings = trained.model_copy(update=changed)
        return self.config.model_copy(update={"policy": policy, "train": train_settings})

    # ------------------------------------------------------------------------- the matrix

    def pools(self, number: int) -> dict[str, Pool]:
        """By task, the programs of the last rounds, with what is known of each. Answers without a
        program are no programs.
        """
        rounds = range(max(1, number - self.config.adversarial.pools + 1), number + 1)
        found: dict[str, list[Solution]] = {one.id: [] for one in self.examples}
        for one in rounds:
            for name, solutions in read_solutions(self.folder(one) / "solutions.jsonl").items():
                if name in found:
                    found[name] += [solution for solution in solutions if solution.text]
        labels = self._labels(found)
        return {name: Pool(tuple(given), labels[name]) for name, given in found.items()}

    def _labels(self, found: Mapping[str, Sequence[Solution]]) -> dict[str, tuple[Label, ...]]:
        if self.config.adversarial.known == "reference":
            return {name: ("unknown",) * len(given) for name, given in found.items()}
        jobs = [ProgramJob(one, tuple(found[one.id]), one.cases) for one in self.examples]
        matrices = self.programs.matrices(jobs)
        pairs = zip(self.examples, matrices, strict=True)
        return {one.id: label_programs(matrix) for one, matrix in pairs}

    def valid_cases(self, suites: Mapping[str, Sequence[Suite]]) -> dict[str, tuple[Case, ...]]:
        """By task, what the reference passes of its suites, and is admissible."""
        known = {one.id: one for one in self.examples}
        read = [
            (known[name], distinct([case for suite in given for case in suite.cases]))
            for name, given in suites.items()
            if name in known
        ]
        jobs = [ProgramJob(one, (reference(one),), cases) for one, cases in read]
        matrices = self.programs.matrices(jobs)
        allowed = admissible(self.programs, read)
        return {
            one.id: tuple(
                case
                for case, row, fine in zip(cases, matrix.cells, allowances, strict=True)
                if fine and row[0] == "pass"
            )
            for (one, cases), matrix, allowances in zip(read, matrices, allowed, strict=True)
        }

    # ------------------------------------------------------------------------- imitation

    def _imitate(self, model: str) -> str:
        """Fine-tune the test writer, as ``[warmup]`` says, on cases or a teacher's answers."""
        name, root = "imitation", self.log.root / "imitation"
        if self._is_done(name):
            return str(root / "model")
        policy = self._open(model)
        shown = self._demonstrations(self._asker(policy, "tests"))
        encoded = sft.encode(policy, shown)
        settings = self.config.warmup
        total = settings.epochs * -(-len(encoded.samples) // settings.examples)

        def on_row(row: "sft.SftStep | sft.SftEpoch") -> None:
            if isinstance(row, sft.SftStep):
                self.tell(name, row.step + 1, total, f"loss {row.loss:.3f}")

        with closing(_open_log(root, self.config)) as log:
            sft.train(
                policy=policy,
                samples=encoded.samples,
                heldout=[],
                settings=settings,
                log=log,
                on_row=on_row,
            )
            model = str(checkpoint.keep(policy, root))
        self._done(name, model, shown=len(encoded.samples), left_out=len(encoded.left_out))
        return model

    def _demonstrations(self, asker: Asker) -> list[Demonstration]:
        """Of the tasks' own cases as many as a suite is asked for, or a teacher's answers."""
        found: list[Demonstration] = []
        if self.config.adversarial.mode == "tests_from_cases":
            answers = {one.id: [self._own_suite(one, asker)] for one in self.examples if one.cases}
        else:
            answers = self._good_answers(Path(self.config.adversarial.answers))
        for one in self.examples:
            prompt = asker.prompt(one)
            if prompt is not None:
                found += [Demonstration(prompt, "train", text) for text in answers.get(one.id, ())]
        return found

    def _own_suite(self, example: InstructionExample, asker: Asker) -> str:
        hidden = [case for case in example.cases if not case.shown and case.kind != "test"]
        chosen = hidden[: self.config.suites.tests]
        return write_suite(chosen, form=asker.template.form)

    def _good_answers(self, path: Path) -> dict[str, list[str]]:
        """Those with cases, all of which the reference passes."""
        rows = [row for row in read_jsonl(path, SuiteRow) if row.cases]
        known = {one.id: one for one in self.examples}
        rows = [row for row in rows if row.example_id in known]
        jobs = [
            ProgramJob(known[row.example_id], (reference(known[row.example_id]),), row.cases)
            for row in rows
        ]
        found: dict[str, list[str]] = {}
        for row, matrix in zip(rows, self.programs.matrices(jobs), strict=True):
            if all(cells[0] == "pass" for cells in matrix.cells):
                found.setdefault(row.example_id, []).append(row.response)
        return found

    # ------------------------------------------------------------------------- the rest

    def _open(self, model: str, *, temperature: float | None = None) -> HFPolicy:
        gc.collect()  # of the one before, which may be as large
        settings: Policy = self.config.policy.model_copy(
            update={"model": model} | ({} if temperature is None else {"temperature": temperature})
        )
        return HFPolicy(settings, seed=self.config.train.seed)

    def _asker(self, policy: HFPolicy, role: Role) -> Asker:
        return asker_for(policy, self.config, role)

    def _is_done(self, name: str) -> bool:
        path = self.log.root / PHASES
        rows: Iterable[dict[str, Any]] = read_jsonl(path, dict) if path.exists() else ()
        return any(row["phase"] == name for row in rows)

    def _done(self, name: str, model: str, **told: object) -> None:
        append_jsonl(self.log.root / PHASES, {"phase": name, "model": model, **told})


def label_programs(matrix: PassMatrix) -> tuple[Label, ...]:
    """Right where a program passes all cases, wrong where it fails one, else unknown."""
    found: list[Label] = []
    for column in range(len(matrix.programs)):
        verdicts = [row[column] for row in matrix.cells]
        if any(one not in ("pass", "infrastructure") for one in verdicts):
            found.append("wrong")
        else:
            found.append("right" if verdicts and "infrastructure" not in verdicts else "unknown")
    return tuple(found)


def _of_round(values: Sequence[T], number: int) -> T:
    """The value of a round, from 1; the last holds for all behind it."""
    return values[min(number, len(values)) - 1]


def _open_log(root: Path, config: Config) -> RunLog:
    if (root / "manifest.json").exists():
        return RunLog.reopen(root)
    return RunLog.create(root, as_toml(config), extra={"verb": "adversarial"})
