"""Product pictures drawn in pure Python, so that none is shipped: a silhouette a family, in the product's colour.

No drawing library: filled polygons on a plain ground with a shadow, in a palette of four, is all it can do.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache

SIZE = 256
Rgb = tuple[int, int, int]
Points = tuple[tuple[float, float], ...]
_INK, _ACCENT, _SHADOW = 1, 2, 3

# By colour: the ground, the thing itself, and what stands out from it.
_COLOURS: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "black": ((226, 224, 220), (44, 44, 48), (92, 92, 98)),
    "white": ((196, 208, 214), (250, 248, 243), (222, 218, 208)),
    "oak": ((240, 232, 218), (190, 148, 96), (142, 104, 62)),
    "blue": ((224, 233, 240), (58, 98, 146), (34, 62, 98)),
    "green": ((228, 237, 228), (80, 122, 90), (50, 82, 60)),
    "red": ((244, 228, 222), (178, 66, 56), (124, 40, 36)),
    "grey": ((236, 236, 234), (128, 132, 138), (88, 92, 98)),
    "sand": ((228, 234, 232), (208, 186, 150), (166, 144, 108)),
}
_OTHER: tuple[Rgb, Rgb, Rgb] = ((232, 232, 232), (120, 120, 120), (80, 80, 80))


def _box(left: float, top: float, right: float, bottom: float) -> Points:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _oval(x: float, y: float, across: float, down: float) -> Points:
    turns = (math.tau * step / 40 for step in range(40))
    return tuple((x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns)


# By family: polygons in hundredths of the picture, the later over the earlier. The floor is at 84.
_SHAPES: dict[str, tuple[tuple[int, Points], ...]] = {
    "chair": (
        (_INK, ((32, 16), (37, 16), (42, 56), (36, 56))),
        (_INK, ((34, 52), (70, 52), (70, 58), (34, 58))),
        (_ACCENT, ((37, 58), (41, 58), (36, 84), (33, 84))),
        (_ACCENT, ((63, 58), (67, 58), (72, 84), (69, 84))),
        (_ACCENT, ((33, 22), (38, 22), (40, 36), (35, 36))),
    ),
    "table": (
        (_ACCENT, ((20, 48), (26, 48), (22, 84), (18, 84))),
        (_ACCENT, ((74, 48), (80, 48), (82, 84), (78, 84))),
        (_INK, ((11, 41), (89, 41), (87, 48), (13, 48))),
    ),
    "sofa": (
        (_ACCENT, ((20, 78), (24, 78), (23, 84), (20, 84))),
        (_ACCENT, ((76, 78), (80, 78), (80, 84), (77, 84))),
        (_INK, ((20, 38), (24, 34), (76, 34), (80, 38), (80, 62), (20, 62))),
        (_ACCENT, _box(49.4, 36, 50.6, 60)),
        (_INK, _box(12, 60, 88, 78)),
        (_ACCENT, _box(20, 60, 80, 61.2)),
        (_INK, ((10, 50), (13, 46), (20, 46), (22, 50), (22, 78), (10, 78))),
        (_INK, ((78, 50), (80, 46), (87, 46), (90, 50), (90, 78), (78, 78))),
    ),
    "shelf": (
        (_ACCENT, _box(31, 27, 40, 33)),
        (_ACCENT, _box(52, 40, 55, 52)),
        (_ACCENT, _box(56, 42, 60, 52)),
        (_ACCENT, _box(34, 60, 48, 70)),
        (_INK, _box(26, 14, 30, 84)),
        (_INK, _box(70, 14, 74, 84)),
        *((_INK, _box(26, top, 74, top + 3)) for top in (14, 33, 52, 70)),
    ),
    "lamp": (
        (_ACCENT, _box(49.2, 0, 50.8, 34)),
        (_ACCENT, _box(46, 32, 54, 38)),
        (_INK, ((44, 38), (56, 38), (74, 60), (26, 60))),
        (_ACCENT, _oval(50, 60, 24, 2.5)),
    ),
    "mug": (
        (_INK, _oval(65, 54, 13, 14)),
        (0, _oval(65, 54, 8, 9)),
        (_INK, ((30, 34), (66, 34), (64, 80), (60, 84), (36, 84), (32, 80))),
        (_ACCENT, _oval(48, 34, 18, 3)),
    ),
    "knife": (
        (_ACCENT, ((10, 56), (58, 42), (60, 48), (52, 56), (24, 60))),
        (_INK, ((58, 41), (88, 33), (91, 37), (89, 42), (61, 50))),
        (_ACCENT, _oval(82, 38.5, 1.6, 1.6)),
    ),
    "bowl": (
        (_INK, ((16, 48), (84, 48), (78, 66), (66, 77), (60, 80), (60, 84), (40, 84), (40, 80), (34, 77), (22, 66))),
        (_ACCENT, _oval(50, 48, 34, 5)),
    ),
    "rug": (
        (_INK, ((26, 36), (74, 36), (90, 82), (10, 82))),
        (_ACCENT, ((30, 41), (70, 41), (81.5, 76), (18.5, 76))),
        (_INK, ((32.5, 44.5), (67.5, 44.5), (77, 72), (23, 72))),
        (_ACCENT, ((50, 49), (61, 58), (50, 68), (39, 58))),
    ),
    "throw": (
        (_INK, ((26, 24), (74, 20), (76, 76), (28, 80))),
        (_ACCENT, ((26.4, 34), (74.4, 30), (74.6, 34), (26.6, 38))),
        (_ACCENT, ((27.6, 64), (75.4, 60), (75.6, 64), (27.8, 68))),
        *((_INK, _box(28.5 + 4 * step, 78 - 0.33 * step, 30 + 4 * step, 84 - 0.33 * step)) for step in range(12)),
    ),
    "tent": (
        (_INK, ((50, 22), (92, 84), (8, 84))),
        (_ACCENT, ((50, 22), (64, 84), (36, 84))),
        (_INK, ((50, 40), (50.8, 84), (49.2, 84))),
        (_ACCENT, ((49, 23), (46, 17), (47.5, 17), (50, 21), (52.5, 17), (54, 17), (51, 23))),
    ),
    "backpack": (
        (_ACCENT, _oval(50, 24, 10, 8)),
        (0, _oval(50, 24, 7, 5)),
        (_INK, ((32, 36), (38, 24), (62, 24), (68, 36), (70, 78), (64, 84), (36, 84), (30, 78))),
        (_ACCENT, ((32, 36), (38, 24), (62, 24), (68, 36), (66, 42), (34, 42))),
        (_ACCENT, _box(36, 56, 64, 76)),
        (_INK, _box(36, 60, 64, 61.5)),
    ),
    "sleeping-bag": (
        (_INK, ((40, 14), (60, 14), (68, 28), (70, 44), (62, 82), (56, 84), (44, 84), (38, 82), (30, 44), (32, 28))),
        (_ACCENT, _oval(50, 27, 11, 9)),
        (_ACCENT, ((49, 36), (51, 36), (51, 72), (49, 72))),
        *((_ACCENT, _box(31 + step, 44 + 12 * step, 69 - step, 45 + 12 * step)) for step in range(2)),
    ),
}
_WITHOUT_SHADOW = {"lamp", "rug", "knife"}
_PLAIN: tuple[tuple[int, Points], ...] = ((_INK, _box(30, 30, 70, 84)),)


@lru_cache(maxsize=600)
def picture(family: str, colour: str, seed: str) -> bytes:
    """A PNG of 256 by 256 with a palette of four colours, under 4 kB; the seed decides the tone of the ground."""
    canvas = bytearray(SIZE * SIZE)
    if family not in _WITHOUT_SHADOW:
        _fill(canvas, _oval(50, 84, 38, 3), _SHADOW)
    for tone, points in _SHAPES.get(family, _PLAIN):
        _fill(canvas, points, tone)
    lines = b"".join(b"\x00" + canvas[start : start + SIZE] for start in range(0, SIZE * SIZE, SIZE))
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", _palette(colour, seed)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _palette(colour: str, seed: str) -> bytes:
    ground, ink, accent = _COLOURS.get(colour, _OTHER)
    mixed = zlib.crc32(seed.encode())
    toned = [channel - (mixed >> 4 * place) % 14 for place, channel in enumerate(ground)]
    shadow = [channel - 26 for channel in toned]
    return bytes((*toned, *ink, *accent, *shadow))


def _fill(canvas: bytearray, points: Points, tone: int) -> None:
    """Colour the inside of a polygon, line by line: between the odd and the even crossing of its edges."""
    corners = [(x * SIZE / 100, y * SIZE / 100) for x, y in points]
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    for row in range(max(0, int(top)), min(SIZE, math.ceil(bottom))):
        crossings = sorted(_crossings(corners, row + 0.5))
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            start, end = max(0, round(left)), min(SIZE, round(right))
            canvas[row * SIZE + start : row * SIZE + end] = bytes([tone]) * max(0, end - start)


def _crossings(corners: list[tuple[float, float]], height: float) -> Iterator[float]:
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 <= height) != (y2 <= height):
            yield x1 + (height - y1) * (x2 - x1) / (y2 - y1)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
