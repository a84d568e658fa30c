"""A worker over a channel; what the sandboxes differ in is how long a channel lives.

A worker that fails by itself is ended, its remaining cells are ``infrastructure``, and the next
request gets a new one.
"""

from collections.abc import Iterator, Sequence

from covet.errors import CovetError, SandboxError
from covet.sandbox.base import Answer, Cell, Exchange, Exchanged, Request, Trial, WorkerSpec
from covet.sandbox.channel import Channel, infrastructure


class ChannelWorker:
    """Starts a channel at once, so that what keeps it from starting is known at once; one for
    each further hash seed when it is first asked for.
    """

    def __init__(self, spec: WorkerSpec, *, stays_warm: bool) -> None:
        self._spec = spec
        self._stays_warm = stays_warm
        self._channels = {0: Channel(spec)}
        self._closed = False

    @property
    def protections(self) -> Sequence[str]:
        """The layers in force, as the worker reports them."""
        return tuple(self._channels[0].ready["protections"])

    def submit(self, request: Request) -> Iterator[Cell]:
        self._check()
        done = 0
        try:
            for cell in self._channel(request.hash_seed).cells(request):
                done += 1
                yield cell
        except CovetError as error:
            yield from infrastructure(request, done=done, why=str(error))
        finally:
            self._cool()

    def exchange(self, request: Exchange) -> Exchanged:
        self._check()
        try:
            return self._channel(request.hash_seed).exchange(request)
        finally:
            self._cool()

    def trial(self, request: Trial) -> Iterator[tuple[Answer, ...]]:
        self._check()
        if not request.inputs:
            yield from [()] * len(request.programs)
            return
        row: list[Answer] = []
        told = 0
        try:
            for answer in self._channel(0).answers(request):
                row.append(answer)
                if len(row) == len(request.inputs):
                    told += 1
                    yield tuple(row)
                    row = []
        except CovetError as error:
            lost = Answer("infrastructure", detail=str(error))
            for _ in range(told, len(request.programs)):
                yield (*row, *(lost,) * (len(request.inputs) - len(row)))
                row = []
        finally:
            self._cool()

    def close(self) -> None:
        self._closed = True
        for channel in list(self._channels.values()):
            channel.close()

    def _check(self) -> None:
        if self._closed:
            raise SandboxError("this worker has been closed; open another")

    def _channel(self, hash_seed: int) -> Channel:
        known = self._channels.get(hash_seed)
        if known is None or not known.is_open:
            known = self._channels[hash_seed] = Channel(self._spec, hash_seed=hash_seed)
        if self._closed:
            known.close()
        return known

    def _cool(self) -> None:
        if not self._stays_warm:
            for channel in self._channels.values():
                channel.close()
