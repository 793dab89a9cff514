"""How JSON and keys are kept in the run log: compressed canonical bytes, and keys as a hash."""

from __future__ import annotations

import hashlib
import zlib

from connector.core.jsonio import Json, canonical, parse

_PLAIN, _ZLIB = b"\x00", b"\x01"
_WORTH_PACKING = 200


def pack(value: Json) -> bytes:
    """Canonical JSON, compressed when that pays.

    Raises:
        JsonError: the value is no strict JSON.
    """
    return packed(canonical(value))


def packed(body: bytes) -> bytes:
    """The same of what is canonical already."""
    return _ZLIB + zlib.compress(body, 1) if len(body) > _WORTH_PACKING else _PLAIN + body


def unpack(body: bytes | None) -> Json:
    """The value again; None for None."""
    if body is None:
        return None
    return parse(zlib.decompress(body[1:]) if body[:1] == _ZLIB else body[1:])


def key_hash(*parts: str) -> str:
    """32 hex characters for a key of any length and alphabet. Exact: no case or accent is folded."""
    raws = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.blake2b(b"".join([len(raw).to_bytes(4, "big") + raw for raw in raws]), digest_size=16).hexdigest()
