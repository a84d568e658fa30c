"""Messages on the channel: four bytes of length, most significant first, then JSON."""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Optional


def receive(fd: int) -> Optional[dict[str, Any]]:
    """The next message; None where the other side has closed."""
    header = exactly(fd, 4)
    if header is None:
        return None
    body = exactly(fd, struct.unpack(">I", header)[0])
    return None if body is None else dict(json.loads(body))


def exactly(fd: int, size: int) -> Optional[bytes]:
    parts: list[bytes] = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def send(fd: int, message: dict[str, Any]) -> None:
    body = json.dumps(message).encode("ascii")
    write_all(fd, struct.pack(">I", len(body)) + body)


_write = os.write  # bound early: a candidate may replace what it can name


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[_write(fd, view) :]
