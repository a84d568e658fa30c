"""The fast sandbox: one warm worker that forks a child for every program."""

from covet.sandbox.base import WorkerSpec
from covet.sandbox.worker import ChannelWorker


class ForkServerSandbox:
    """Workers that stay warm between requests."""

    def open(self, spec: WorkerSpec) -> ChannelWorker:
        return ChannelWorker(spec, stays_warm=True)
