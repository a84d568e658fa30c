"""Whether anything was written to a namespace, told without looking at what it holds.

To look at a thing is to count a reference to it, and that copies a page of a forked process's
memory. CPython keeps a version in every dictionary that each write changes (PEP 509), up to 3.11;
where there is none, everything counts as written to.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

_POINTER = ctypes.sizeof(ctypes.c_void_p)
_BEHIND_PROXY = 2 * _POINTER  # of a mappingproxy: references, type, mapping
_VERSION = 3 * _POINTER  # of a dictionary: references, type, size, version


def watch(namespace: Mapping[str, Any]) -> Callable[[], bool]:
    """``namespace``: the dictionary of a module, or what ``vars`` shows of a class, which must live
    on. What is returned tells whether anything has been written to it since.
    """
    if not _KEPT:
        return lambda: True
    version = _version_of(namespace)
    before = version.value
    return lambda: version.value != before


def _version_of(namespace: Mapping[str, Any]) -> ctypes.c_uint64:
    place = id(namespace)
    if isinstance(namespace, MappingProxyType):
        place = ctypes.c_void_p.from_address(place + _BEHIND_PROXY).value or 0
    return ctypes.c_uint64.from_address(place + _VERSION)


def _is_kept() -> bool:
    """Whether versions are where they are looked for."""
    is_usual = sys.implementation.name == "cpython" and not hasattr(sys, "getobjects")
    if not is_usual or sys.version_info >= (3, 12):
        return False
    thing = type("Thing", (), {"name": 1})
    version = _version_of(vars(thing))
    first = version.value
    is_read = thing.name == 1 and version.value != first  # type: ignore[attr-defined]
    thing.name = 2  # type: ignore[attr-defined]
    return not is_read and version.value != first


_KEPT = _is_kept()
