"""Python values as JSON, between processes that do not trust each other.

``encode`` runs nothing of the value's own: what a value is, its real type says, and a subclass of
a built-in type counts for what that type holds. ``decode`` makes built-in values alone. What is
neither (an iterator, an object of a class) is told by its type's name and equals nothing.

Numbers, texts, None, booleans and lists stand for themselves; anything else is an object with one
key: ``t`` tuple, ``s`` set, ``z`` frozenset, ``d`` dict, ``b`` bytes, ``c`` complex, ``i`` a large
integer, ``q`` a fraction or decimal, ``o`` all else.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

DEEPEST = 60
"""Nesting; deeper is ``Deep``."""
_LARGE = 1 << 63


class Deep(ValueError):
    """A value is nested too deeply, or holds itself."""


class Opaque:
    """A value that cannot be told: equal to nothing, itself included."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{self.kind}>"


_dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


def encode(value: object) -> str:
    return _dumps(_plain(value, 0))


def decode(text: str) -> Any:
    """``ValueError`` where it is not what ``encode`` writes."""
    return made(json.loads(text))


_NONE: dict[str, str] = {}
_KEYS, _ITEMS = type(_NONE.keys()), type(_NONE.items())
_ATOMS = frozenset({str, bool, float, type(None)})


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is int:
        return value if -_LARGE < value < _LARGE else {"i": hex(value)}
    if depth > DEEPEST:
        raise Deep
    for known, plain in _KINDS.items():
        if kind is known or known in kind.__mro__:
            return plain(value, depth + 1)
    return _other(value, kind)


def _sequence(key: str, each: Any) -> Any:
    def plain(value: Any, depth: int) -> Any:
        return {key: [_plain(item, depth) for item in each(value)]}

    return plain


def _list(value: Any, depth: int) -> Any:
    return [_plain(item, depth) for item in list.__iter__(value)]


def _dict(value: Any, depth: int) -> Any:
    pairs = dict.items(value)
    return {"d": [[_plain(key, depth), _plain(item, depth)] for key, item in pairs]}


_KINDS: dict[type, Any] = {
    list: _list,
    tuple: _sequence("t", tuple.__iter__),
    dict: _dict,
    set: _sequence("s", set.__iter__),
    frozenset: _sequence("z", frozenset.__iter__),
    str: lambda value, _: str.__str__(value),
    bool: lambda value, _: value,
    int: lambda value, depth: _plain(int.__int__(value), depth),
    float: lambda value, _: float.__float__(value),
    bytes: lambda value, _: {"b": bytes.__getitem__(value, slice(None)).hex()},
    complex: lambda value, _: {"c": [complex.real.__get__(value), complex.imag.__get__(value)]},  # type: ignore[attr-defined]
    _KEYS: _sequence("s", iter),
    _ITEMS: _sequence("s", iter),
}


def _other(value: Any, kind: type) -> Any:
    """Fractions and decimals, where the program has loaded them, compare as numbers."""
    for module, name in (("fractions", "Fraction"), ("decimal", "Decimal")):
        known = getattr(sys.modules.get(module), name, None)
        if kind is known and (name == "Fraction" or value.is_finite()):
            return {"q": [hex(part) for part in value.as_integer_ratio()]}
    return {"o": str(type.__dict__["__name__"].__get__(kind))[:100]}


# -------------------------------------------------------------------------------- decode


def made(plain: Any) -> Any:
    """The value that JSON stands for."""
    if isinstance(plain, list):
        return [made(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    ((key, inner),) = plain.items()
    return _MAKE[key](inner)


def _hashed(collect: Any) -> Any:
    def make(inner: Any) -> Any:
        items = [made(item) for item in inner]
        if any(isinstance(item, (list, dict, set)) for item in items):
            raise ValueError("not hashable")
        return collect(items)

    return make


_MAKE: dict[str, Any] = {
    "t": lambda inner: tuple(made(item) for item in inner),
    "s": _hashed(set),
    "z": _hashed(frozenset),
    "d": lambda inner: {made(key): made(item) for key, item in inner},
    "b": bytes.fromhex,
    "c": lambda inner: complex(*map(float, inner)),
    "i": lambda inner: int(inner, 16),
    "q": lambda inner: Fraction(int(inner[0], 16), int(inner[1], 16)),
    "o": lambda inner: Opaque(str(inner)),
}
