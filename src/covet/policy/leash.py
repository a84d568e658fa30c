"""Runs a command that does not outlive whoever asked for it. Standard library only.

A program: ``python leash.py SECONDS COMMAND…``. The command is the first of a process group. When
our standard input ends, because its owner closed it or died, the group is asked to end, and is
ended ``SECONDS`` later. Where the command ends by itself, what it leaves behind in its group is
ended too. We exit as it did.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main(grace_s: float, command: list[str]) -> int:
    """The command's exit code; 128 and the signal's number where a signal ended it."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                child.wait(grace_s)
            os.killpg(child.pid, signal.SIGKILL)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        end()

    threading.Thread(target=watch, daemon=True).start()
    code = child.wait()
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
