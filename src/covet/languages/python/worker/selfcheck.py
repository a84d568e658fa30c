"""``zygote.py --selfcheck``: enter every wall once and print, as JSON, which ones stand.

One list of ``[layer, available, why not]``; a layer behind one that is refused is not tried.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Optional

from . import isolation, kernel

_STEPS = ("user namespace", "namespaces", "private root", "temporary folder", "seccomp", "landlock")


def main() -> int:
    refused, why = _in_child() or ("", "")
    rows: list[tuple[str, bool, str]] = []
    for step in _STEPS:
        if step == refused:
            rows.append((step, False, why))
            why = "not tried: the layer before it is refused"
        else:
            behind = bool(rows) and not rows[-1][1]
            rows.append((step, not behind, why if behind else ""))
    limit = isolation.ProcessGroupLimit()
    bounded = bool(limit.path) or os.getuid() != 0
    limit.leave()
    why = "" if bounded else "no writable control group: fork bombs end at the wall limit alone"
    rows.append(("process limit", bounded, why))
    sys.stdout.write(json.dumps(rows) + "\n")
    return 0


def _in_child() -> Optional[tuple[str, str]]:
    """The first layer that is refused, and why; None if none is."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            isolation.leave_the_machine()
            inner = os.fork()
            if inner == 0:
                scratch = isolation.enter_private_root("/usr", "/root")
                kernel.unshare(kernel.CLONE_NEWPID)
                inner = os.fork()
                if inner == 0:
                    isolation.enter_request(scratch, 16, kernel.seccomp_filter())
            if inner:
                os.waitpid(inner, 0)
        except isolation.Refused as refusal:
            os.write(writer, f"{refusal.layer}\0{refusal.why}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    os.waitpid(child, 0)
    if not text:
        return None
    layer, _, why = text.partition("\0")
    return layer, why
