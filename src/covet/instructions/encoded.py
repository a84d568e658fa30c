"""Test cases as LiveCodeBench stores them: base64 of zlib of a pickled string of JSON.

The string is read out of the pickle's opcodes. A pickle that holds anything but one string is
refused, so that nothing of it is ever built or called.
"""

import base64
import binascii
import pickletools
import zlib

LARGEST = 1 << 28
"""Bytes of what is unpacked."""
_STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"}
_HARMLESS = {"PROTO", "FRAME", "MEMOIZE", "BINPUT", "LONG_BINPUT", "STOP"}


def unpack(text: str) -> str:
    """The string; ``ValueError`` where it is something else."""
    try:
        packed = base64.b64decode(text, validate=True)
        inflate = zlib.decompressobj()
        data = inflate.decompress(packed, LARGEST)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"is no base64 of zlib: {error}") from error
    if inflate.unconsumed_tail:
        raise ValueError(f"unpacks to more than {LARGEST} bytes")
    found: list[str] = []
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name in _STRINGS and isinstance(argument, str):
            found.append(argument)
        elif opcode.name not in _HARMLESS:
            raise ValueError(f"its pickle has {opcode.name}; only one of a string is read")
    if len(found) != 1:
        raise ValueError(f"its pickle holds {len(found)} strings")
    return found[0]
