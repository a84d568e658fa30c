"""The slow sandbox, and the reference: a worker process of its own for every request."""

from covet.sandbox.base import WorkerSpec
from covet.sandbox.worker import ChannelWorker


class ProcessSandbox:
    """Workers that share nothing between requests, not even an interpreter."""

    def open(self, spec: WorkerSpec) -> ChannelWorker:
        return ChannelWorker(spec, stays_warm=False)
