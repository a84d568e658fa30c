"""Whose code a file holds."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)  # asked for every call while a package is imported
def is_own(path: str, root: str) -> bool:
    """Whether it is the codebase's: below its root, and not of an environment that lies there."""
    inside = root.rstrip("/") + "/"
    return path.startswith(inside) and "/site-packages/" not in path[len(inside) - 1 :]
