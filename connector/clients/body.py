"""Reads an answer's body up to a limit, whatever it pretends to be; counts what comes out of the decoder."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

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
    decode = _decoder(coding.strip().lower())
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        for part in decode(chunk, limit + 1 - size):
            size += len(part)
            if size > limit:
                raise AnswerTooLarge(
                    f"the answer is larger than {limit} bytes", hint="Ask for smaller pages, or raise max_body."
                )
            parts.append(part)
    return b"".join(parts)


_Decode = Callable[[bytes, int], Iterator[bytes]]


def _decoder(coding: str) -> _Decode:
    if coding in ("", "identity"):
        return lambda chunk, _room: iter((chunk,))
    windows = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
    if coding not in windows:
        raise BadAnswer(f"the answer is encoded as '{coding[:40]}', which was not asked for")
    inflate = zlib.decompressobj(windows[coding])

    def decode(chunk: bytes, room: int) -> Iterator[bytes]:
        # Asking for a bounded piece at a time is what keeps a bomb of a few kilobytes from filling the memory.
        left = room
        while chunk and left > 0:
            try:
                part = inflate.decompress(chunk, min(left, CHUNK))
            except zlib.error:
                raise BadAnswer("the compressed answer is damaged") from None
            chunk = inflate.unconsumed_tail
            left -= len(part)
            yield part

    return decode
