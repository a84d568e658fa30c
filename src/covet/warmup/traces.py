"""A teacher writes the reasoning for each reference: ``write_traces`` is the whole of it.

Tasks enter and the traces that keep the rules leave, with the reasons of those that are missing. An
answer that breaks a rule is asked for again with other randomness, ``warmup.attempts`` times at
most. What the journal holds is not asked for; the teacher is opened when there is something to ask.
A budget is kept by counting every request at its most before it is sent.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

from covet import config
from covet.errors import ModelError
from covet.policy.base import Draw, Policy
from covet.prompt import PromptTooLong
from covet.prompt.parse import without_thoughts
from covet.records import Completion, Prompt
from covet.warmup.journal import Answer, Journal, Spent, key
from covet.warmup.request import Request, Task
from covet.warmup.rules import broken_rule

CUT_OFF = "it was cut off"
TOO_LONG = "the request is too long for the teacher"
NO_BUDGET = "the budget was spent"


@runtime_checkable
class Closes(Protocol):
    """A policy that holds connections."""

    def close(self) -> None: ...


class Meter(Protocol):
    """Sums since a policy was made."""

    prompt_tokens: int
    completion_tokens: int
    unmetered: int
    """Completions that are in no sum."""


@runtime_checkable
class Metered(Protocol):
    """A policy that is told what it takes."""

    @property
    def usage(self) -> Meter: ...


@dataclass(slots=True)
class Traces:
    """What the teacher gave."""

    texts: dict[str, str] = field(default_factory=dict)
    """By example."""
    missing: dict[str, str] = field(default_factory=dict)
    """Examples without a trace, with why: of an answer, that of the last one."""
    rejected: Counter[str] = field(default_factory=Counter)
    """All answers that were not good, by reason."""
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True, slots=True)
class _Try:
    task: Task
    attempt: int


def write_traces(
    tasks: Sequence[Task],
    *,
    request: Request,
    open_teacher: Callable[[], Policy],
    journal: Journal,
    on_progress: Callable[[int, str], None],
) -> Traces:
    """A trace for each task that gets one.

    ``on_progress`` hears how many tasks are settled, and what was spent. A teacher that fails
    raises ``ModelError``; what it had answered is in the journal.
    """
    writer = _Writer(request, open_teacher, journal, request.settings)
    try:
        writer.write(tasks, on_progress)
    finally:
        writer.close()
    writer.traces.spent = journal.spent
    return writer.traces


def teacher_settings(settings: config.Config) -> config.Policy:
    """The teacher as a policy: what ``[warmup]`` says of it, and of ``[policy]`` what endpoints
    need.
    """
    warmup = settings.warmup
    own = {
        "model": warmup.teacher,
        "endpoint": warmup.endpoint,
        "api_key_env": warmup.api_key_env,
        "temperature": warmup.temperature,
        "max_new_tokens": warmup.max_new_tokens,
        "price_in": warmup.price_in,
        "price_out": warmup.price_out,
        "batch": warmup.batch,
        "concurrency": warmup.batch,
    }
    shared = {"api", "extra", "timeout_s", "retries", "threads", "dtype"}
    return config.Policy.model_validate(settings.policy.model_dump(include=shared) | own)


@dataclass(frozen=True, slots=True)
class _Room:
    """What may be spent."""

    tokens: float
    cost: float

    def less(self, other: "_Room") -> "_Room":
        return _Room(self.tokens - other.tokens, self.cost - other.cost)

    def fits(self, room: "_Room") -> bool:
        return self.tokens <= room.tokens and self.cost <= room.cost


@dataclass
class _Writer:
    request: Request
    open_teacher: Callable[[], Policy]
    journal: Journal
    settings: config.Warmup
    traces: Traces = field(default_factory=Traces)
    _metered: tuple[int, int, int] = (0, 0, 0)
    """What the teacher's meter showed last."""

    @cached_property
    def teacher(self) -> Policy:
        return self.open_teacher()

    def write(self, tasks: Sequence[Task], on_progress: Callable[[int, str], None]) -> None:
        queue = deque(_Try(task, 0) for task in tasks)
        while queue:
            on_progress(len(self.traces.texts) + len(self.traces.missing), self.told)
            batch: list[tuple[_Try, Prompt]] = []
            room = self.room
            while queue and len(batch) < self.settings.batch:
                this = queue.popleft()
                known = self.journal.find(key(this.task, this.attempt, request=self.request))
                if known is not None:
                    queue.extend(self.settle(this, known))
                    continue
                prompt = self.prompt(this.task)
                if prompt is None:
                    continue
                most = self.most(prompt)
                if not most.fits(room):
                    self.traces.missing[this.task.example.id] = NO_BUDGET
                    continue
                room = room.less(most)
                batch.append((this, prompt))
            for this, answer in self.ask(batch):
                queue.extend(self.settle(this, answer))

    @property
    def told(self) -> str:
        spent = self.journal.spent
        cost = spent.cost(self.settings)
        return f"{spent.tokens:,} tokens" + (f"  cost {cost:.2f}" if cost else "")

    @property
    def room(self) -> _Room:
        spent, settings = self.journal.spent, self.settings
        return _Room(
            (settings.budget_tokens or float("inf")) - spent.tokens,
            (settings.budget_cost or float("inf")) - spent.cost(settings),
        )

    def most(self, prompt: Prompt) -> _Room:
        """What one request can take."""
        tokens_in = self.teacher.count_tokens(prompt.text)
        most = Spent(1, tokens_in, self.settings.max_new_tokens)
        return _Room(most.tokens, most.cost(self.settings))

    def prompt(self, task: Task) -> Prompt | None:
        teacher = self.teacher
        try:
            return self.request.prompt(
                task, budget=teacher.prompt_tokens, count=teacher.count_tokens
            )
        except PromptTooLong:
            self.traces.missing[task.example.id] = TOO_LONG
            return None

    def ask(self, batch: Sequence[tuple[_Try, Prompt]]) -> Iterator[tuple[_Try, Answer]]:
        """The teacher's answers, each in the journal as soon as it is there."""
        draws = [
            Draw(prompt, 1, ("warmup", self.settings.seed, this.task.example.id, this.attempt))
            for this, prompt in batch
        ]
        try:
            for place, completion in self._completions(draws):
                this, prompt = batch[place]
                answer = self._answer(this, prompt, completion)
                self.journal.add(answer)
                yield this, answer
        except ModelError as error:
            raise ModelError(
                f"the teacher {self.settings.teacher} does not answer: {error}. The answers so far "
                f"are kept ({len(self.journal)}); --resume goes on with the others"
            ) from error

    def _completions(self, draws: Sequence[Draw]) -> Iterator[tuple[int, Completion]]:
        """With their places, as they come. Where one fails the others are waited for."""
        if not draws:
            return
        if not self.settings.endpoint:  # a model in this process is for one thread, and for many
            yield from enumerate(one for (one,) in self.teacher.sample(draws))
            return
        pool = ThreadPoolExecutor(len(draws))
        failed: list[ModelError] = []
        try:
            asked = {pool.submit(self.teacher.sample, [draw]): at for at, draw in enumerate(draws)}
            for done in as_completed(asked):
                try:
                    ((completion,),) = done.result()
                except ModelError as error:
                    failed.append(error)
                else:
                    yield asked[done], completion
        except BaseException:  # an interrupt, above all: what is under way is taken back
            self.close()
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()
        if failed:
            raise failed[0]

    def close(self) -> None:
        """Let go of the teacher, if it was ever needed."""
        if "teacher" in self.__dict__ and isinstance(self.teacher, Closes):
            self.teacher.close()

    def settle(self, this: _Try, answer: Answer) -> list[_Try]:
        """Take the trace or say what is wrong with it; the next try, if there is to be one."""
        name = this.task.example.id
        problem = self._problem(this.task, answer.text, answer.finish)
        if not problem:
            self.traces.texts[name] = _trace(answer.text)
            return []
        self.traces.rejected[problem] += 1
        if this.attempt + 1 < self.settings.attempts:
            return [_Try(this.task, this.attempt + 1)]
        self.traces.missing[name] = problem
        return []

    def _answer(self, this: _Try, prompt: Prompt, completion: Completion) -> Answer:
        tokens_in, tokens_out = self._taken(prompt, completion)
        return Answer(
            key(this.task, this.attempt, request=self.request),
            this.task.example.id,
            this.attempt,
            completion.text,
            completion.finish,
            tokens_in,
            tokens_out,
            problem=self._problem(this.task, completion.text, completion.finish),
        )

    def _taken(self, prompt: Prompt, completion: Completion) -> tuple[int, int]:
        """Tokens of the request and of the answer: as the teacher's meter counts them, where it has
        one; of answers that come at the same time one may be told what another took.
        """
        count = self.teacher.count_tokens
        written = sum(len(segment.token_ids) for segment in completion.segments)
        guess = count(prompt.text), written or count(completion.text)
        if not isinstance(self.teacher, Metered):
            return guess
        usage = self.teacher.usage
        now = usage.prompt_tokens, usage.completion_tokens, usage.unmetered
        tokens_in, tokens_out, unmetered = (a - b for a, b in zip(now, self._metered, strict=True))
        self._metered = now
        return tokens_in + unmetered * guess[0], tokens_out + unmetered * guess[1]

    def _problem(self, task: Task, text: str, finish: str) -> str:
        if finish == "length":
            return CUT_OFF
        return broken_rule(_trace(text), self.request.about(task))


def _trace(text: str) -> str:
    """The teacher's text without thoughts of its own."""
    return without_thoughts(text).strip()
