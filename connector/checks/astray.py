"""Transformers that find nothing of what they read, because of those before them; and what follows from such names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from connector.checks.mapping import Found
from connector.config.declaration import Declaration, TransformerSource
from connector.core.problem import Finding
from connector.transformers.rehearsal import Rehearsal

_SHOWN = 8
Spot = tuple[str, str, int]
"""File, pointer and offset of a name."""


class Astray(Struct, frozen=True):
    """One transformer of a route.

    Attributes:
        number: its place in the route.
        names: what it reads.
        there: what there is instead.
        spots: of the names.
    """

    route: Declaration
    number: int
    names: Sequence[str]
    there: Sequence[str]
    spots: Sequence[Spot]


def astray_in(route: Declaration, known: Sequence[TransformerSource], rehearsal: Rehearsal) -> Iterator[Astray]:
    """Those behind the first, all of whose names were missed."""
    for number, source in enumerate(known):
        tries = [one for one in rehearsal.expressions if one.file == number]
        sights = [(tried, sight) for tried in tries for sight in tried.traced.sights.values()]
        if not number or not sights or any(one.met or not one.missed for _, one in sights):
            continue
        spots = [(source.shown, tried.pointer, tried.start + max(0, one.name.offset)) for tried, one in sights]
        there = list(dict.fromkeys(name for _, one in sights for name in one.there))
        yield Astray(route, number, sorted({one.name.text for _, one in sights}), there, spots)


def of_astray(astray: Astray) -> Found:
    """Told at the route: the file is right where others use it."""
    names = astray.route.data["transformers"]
    this, before = names[astray.number], names[astray.number - 1]
    message = f"nothing that '{this}' reads here is there: {', '.join(astray.names[:_SHOWN])}"
    there = f" That has: {', '.join(astray.there[:_SHOWN])}." if astray.there else ""
    hint = f"It reads what '{before}' before it makes.{there} Leave one of the two out, or change their order."
    return astray.route, Finding(f"/transformers/{astray.number}", "CFG163", message, hint, "warning")


def is_within(source: TransformerSource, pointer: str, span: tuple[int, int]) -> bool:
    """Whether what stands at the end of a span still belongs to the member of an object that begins it."""
    text: object = source.current if not pointer else source.data
    for key in pointer.split("/")[1:]:
        text = text[int(key)] if isinstance(text, list) else text.get(key) if isinstance(text, dict) else None
    if not isinstance(text, str) or span[1] < span[0]:
        return False
    depth = 0
    for one in text[span[0] : span[1]]:
        depth += (one in "([{") - (one in ")]}")
        if depth < 0 or (one == "," and depth == 0):
            return False
    return True
