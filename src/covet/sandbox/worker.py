"""A worker over a channel; what the sandboxes differ in is how long a channel lives.

A worker that fails by itself is ended, its remaining cells are ``infrastructure``, and the next
request gets a new one.
"""

from collections.abc import Iterator, Sequence

from covet.errors import CovetError, SandboxError
from covet.sandbox.base import Cell, Request, WorkerSpec
from covet.sandbox.channel import Channel, infrastructure


class ChannelWorker:
    """Starts a channel at once, so that what keeps it from starting is known at once."""

    def __init__(self, spec: WorkerSpec, *, stays_warm: bool) -> None:
        self._spec = spec
        self._stays_warm = stays_warm
        self._channel = Channel(spec)
        self._closed = False

    @property
    def protections(self) -> Sequence[str]:
        """The layers in force, as the worker reports them."""
        return tuple(self._channel.ready["protections"])

    def submit(self, request: Request) -> Iterator[Cell]:
        if self._closed:
            raise SandboxError("this worker has been closed; open another")
        done = 0
        try:
            if not self._channel.is_open:
                self._channel = Channel(self._spec)
            for cell in self._channel.cells(request):
                done += 1
                yield cell
        except CovetError as error:
            yield from infrastructure(request, done=done, why=str(error))
        finally:
            if not self._stays_warm:
                self._channel.close()

    def close(self) -> None:
        self._closed = True
        self._channel.close()
