"""Reads an answer's body up to a limit, whatever it pretends to be; counts what comes out of the decoder."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from connector.core.errors import AnswerTooLarge, BadAnswer

CHUNK = 65536


def decoded(chunks: Iterator[bytes], coding: str, limit: int) -> bytes:
    """The whole body, decoded.

    Args:
        chunks: as they come off the wire.
        coding: the Content-Encoding header; identity, gzip and deflate are known, one at a time.
        limit: bytes after decoding.

    Raises:
        AnswerTooLarge: more than ``limit``; what has been read is dropped.
        BadAnswer: unknown or stacked codings, or damaged data.
    """
    inflate = _inflater(coding.strip().lower())
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        for part in _pieces(inflate, chunk, limit + 1 - size) if inflate else (chunk,):
            size += len(part)
            if size > limit:
                raise AnswerTooLarge(
                    f"the answer is larger than {limit} bytes", hint="Ask for smaller pages, or raise max_body."
                )
            parts.append(part)
    if inflate and parts and not inflate.eof:
        raise BadAnswer("the compressed answer ends too early")
    return b"".join(parts)


def _inflater(coding: str) -> Any:
    """A decompressor; None for a body that is as it is."""
    if coding in ("", "identity"):
        return None
    windows = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
    if coding not in windows:
        raise BadAnswer(f"the answer is encoded as '{coding[:40]}', which was not asked for")
    return zlib.decompressobj(windows[coding])


def _pieces(inflate: Any, chunk: bytes, room: int) -> Iterator[bytes]:
    # Asking for a bounded piece at a time is what keeps a bomb of a few kilobytes from filling the memory.
    while chunk and room > 0:
        try:
            part = inflate.decompress(chunk, min(room, CHUNK))
        except zlib.error:
            raise BadAnswer("the compressed answer is damaged") from None
        chunk = inflate.unconsumed_tail
        room -= len(part)
        yield part
