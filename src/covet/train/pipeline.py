"""Rollouts ahead of the learner: those of step t are sampled from version t - lag, in threads of
their own, while the steps before it learn.

::

    version    0        1        2        3
    learn      .........[step 0 ][step 1 ][step 2 ]
    step 0     [sample][grade]
    step 1     .......[sample][grade]           (lag 1: of version 0)
    step 2     ................[sample][grade]  (of version 1)

What a step gives is a function of its number and the version that it is sampled from, whatever
runs beside it; so a run repeats to the bit as long as ``schedule`` is ``fixed``. One set of weights
samples at a time. At most ``lag`` steps are ahead, so that nothing piles up; at a lag of 0 one
thing comes after the other, and the learner's own weights sample.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import torch
from torch import Tensor

from covet import config
from covet.errors import ModelError
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Completion, Group, Prompt

Weights = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Batch:
    """The rollouts of one step."""

    groups: list[Group]
    refilled: int = 0
    """Groups that were asked for in the place of others that teach nothing."""


Roll = Callable[["Sampler", int], Batch]
"""Graded groups for a step, sampled from the policy that is given."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """A batch that is ready to be learned from, and what it took."""

    batch: Batch
    version: int
    sample_s: float = 0.0
    """Wall time of sampling."""
    roll_s: float = 0.0
    """From its beginning to its end: with grading, and with waiting for the weights that sample."""


class Pipeline:
    """A context manager; ``next`` gives one step's rollouts after the other."""

    def __init__(
        self,
        policy: HFPolicy,
        roll: Roll,
        *,
        settings: config.Train,
        threads: int,
        steps: range,
        older: Mapping[int, Weights] | None = None,
        ahead: Mapping[int, Batch] | None = None,
        served: "Served | None" = None,
    ) -> None:
        """``steps``: those to be rolled. ``older``: the weights of versions before the policy's own
        that the first of them are sampled from; ``ahead``: what an earlier process had ready.
        ``threads``: of one tensor operation. ``served``: who samples in the policy's place.
        """
        self._policy, self._roll, self._settings = policy, roll, settings
        self._steps, self._next = steps, steps.start
        self._ahead = dict(ahead or {})
        self._source = (
            _Here(policy, settings, older or {})
            if served is None
            else _There(policy, settings, older or {}, served)
        )
        self._running: dict[int, Future[Rolled]] = {}
        self._pool = ThreadPoolExecutor(
            settings.lag + 1,
            thread_name_prefix="covet-roll",
            initializer=torch.set_num_threads,  # it holds for the thread that asks
            initargs=(threads,),
        )

    def __enter__(self) -> Self:
        self.publish()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        self._source.close()

    def publish(self) -> None:
        """The policy has learned: let the steps begin that its version is for."""
        self._source.publish()
        while self._next in self._steps and self._next - self._settings.lag <= self._policy.version:
            self._running[self._next] = self._begin(self._next)
            self._next += 1

    def next(self, step: int) -> Rolled:
        """The rollouts of ``step``, which must be the first that was not yet asked for.

        ``ModelError`` where nothing comes for ``train.stall_s``, naming what hangs.
        """
        future = self._running.pop(step)
        done, _ = wait([future], timeout=self._settings.stall_s)
        if not done:
            raise ModelError(self._stalled(step))
        return future.result()

    @property
    def older(self) -> dict[int, Weights]:
        """What the steps to come are sampled from, beyond the policy's own weights."""
        return self._source.older

    @property
    def ready(self) -> dict[int, Batch]:
        """Steps to come whose rollouts are there."""
        return {
            step: future.result().batch
            for step, future in self._running.items()
            if future.done() and not future.cancelled() and future.exception() is None
        }

    def _begin(self, step: int) -> "Future[Rolled]":
        sampler = Sampler(self._source, step)
        if step not in self._ahead:
            return self._pool.submit(self._rolled, sampler)
        future: Future[Rolled] = Future()
        future.set_result(Rolled(self._ahead[step], sampler.version))
        return future

    def _rolled(self, sampler: "Sampler") -> Rolled:
        started = time.perf_counter()
        try:
            batch = self._roll(sampler, sampler.step)
        finally:
            self._source.doing.pop(sampler.step, None)
        return Rolled(batch, sampler.version, sampler.sample_s, time.perf_counter() - started)

    def _stalled(self, step: int) -> str:
        now = time.monotonic()
        doing = [
            f"step {one}: {what} for {now - since:.0f} s"
            for one, (what, since) in sorted(self._source.doing.items())
        ]
        return (
            f"step {step} has waited {self._settings.stall_s:.0f} s for its rollouts"
            f" (train.stall_s). {'; '.join(doing) or 'Nothing is being done for it'}."
            " What was learned is in the last checkpoint; --resume goes on from there"
        )


class Sampler:
    """The policy at the version that a step is for: a ``Policy`` like any other."""

    def __init__(self, source: "_Here | _There", step: int) -> None:
        self._source = source
        self.step = step
        self.sample_s = 0.0
        self.name, self.template = source.asked.name, source.policy.template
        self.prompt_tokens = min(source.asked.prompt_tokens, source.policy.prompt_tokens)
        self._version: int | None = None
        """None: not decided yet."""

    @property
    def version(self) -> int:
        return self._source.version_for(self.step) if self._version is None else self._version

    def count_tokens(self, text: str) -> int:
        return self._source.asked.count_tokens(text)

    def encode(self, prompt: Prompt) -> tuple[int, ...]:
        return self._source.asked.encode(prompt)

    def sample(self, draws: Sequence[Draw]) -> list[list[Completion]]:
        """See ``Policy``. Whoever samples here for another step is waited for."""
        self._source.tell(self.step, "waiting for the weights that sample")
        with self._source.turn:
            self._version = self.version
            self._source.tell(self.step, f"sampling at version {self._version}")
            started = time.perf_counter()
            answers = self._source.sample(draws, version=self._version)
            self.sample_s += time.perf_counter() - started
        self._source.tell(self.step, "grading")
        return answers


class Served(Protocol):
    """A server of the policy that takes adapters as versions, such as ``policy.vllm``'s."""

    name: str
    prompt_tokens: int

    def count_tokens(self, text: str) -> int: ...

    def encode(self, prompt: Prompt) -> tuple[int, ...]: ...

    def sample(
        self, draws: Sequence[Draw], *, version: int | None = None
    ) -> list[list[Completion]]: ...

    def publish(self, version: int, folder: Path) -> None: ...


class _Source:
    """The weights of the versions that steps to come are sampled from; and what is being done for
    each step.
    """

    def __init__(
        self, policy: HFPolicy, settings: config.Train, older: Mapping[int, Weights]
    ) -> None:
        self.policy, self.settings = policy, settings
        self.doing: dict[int, tuple[str, float]] = {}
        self.weights = dict(older)
        self.apart = bool(settings.lag) or policy.is_parted
        """Whether others than the learner's own weights sample."""

    def keep(self) -> None:
        """The weights as they are now, as long as a step can want them."""
        if not self.apart:
            return
        newest = self.policy.version
        kept = {v: w for v, w in self.weights.items() if v >= newest - self.settings.lag}
        self.weights = {**kept, newest: self.policy.weights()}

    @property
    def older(self) -> dict[int, Weights]:
        return {v: w for v, w in self.weights.items() if v != self.policy.version}

    def version_for(self, step: int) -> int:
        lag = self.settings.lag
        newest = max(self.weights) if self.apart else self.policy.version
        return newest if self.settings.schedule == "free" else max(0, step - lag)

    def tell(self, step: int, what: str) -> None:
        self.doing[step] = what, time.monotonic()


class _Here(_Source):
    """In this process: one set of weights, which takes turns."""

    def __init__(
        self, policy: HFPolicy, settings: config.Train, older: Mapping[int, Weights]
    ) -> None:
        super().__init__(policy, settings, older)
        self.turn = threading.Lock()
        self.asked = policy.twin() if self.apart else policy

    def publish(self) -> None:
        self.keep()

    def close(self) -> None:
        """There is nothing to let go."""

    def sample(self, draws: Sequence[Draw], *, version: int) -> list[list[Completion]]:
        if self.asked.version != version:
            self.asked.take(self.weights[version], version)
        return self.asked.sample(draws)


class _There(_Source):
    """On a server, which samples from several versions at a time. They travel as folders."""

    def __init__(
        self,
        policy: HFPolicy,
        settings: config.Train,
        older: Mapping[int, Weights],
        served: Served,
    ) -> None:
        super().__init__(policy, settings, older)
        self.turn = nullcontext()
        self.asked = served
        self._folder = tempfile.TemporaryDirectory(prefix="covet-adapters-")
        if older:
            twin = policy.twin()
            for version, weights in sorted(older.items()):
                twin.take(weights, version)
                self._send(twin)

    def publish(self) -> None:
        self.keep()
        self._send(self.policy)

    def sample(self, draws: Sequence[Draw], *, version: int) -> list[list[Completion]]:
        return self.asked.sample(draws, version=version)

    def close(self) -> None:
        self._folder.cleanup()

    def _send(self, policy: HFPolicy) -> None:
        folder = Path(self._folder.name, f"v{policy.version}")
        policy.united(self.weights.get(policy.version, {})).save(folder)
        self.asked.publish(policy.version, folder)
        oldest = policy.version - self.settings.lag - 1
        shutil.rmtree(Path(self._folder.name, f"v{oldest}"), ignore_errors=True)
