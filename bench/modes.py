"""What is measured, as data: the kinds of work, their goals, and who does each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.sides import Side, reading, route, script, served, served_unchanged, unchanged

SCRIPT = "script"
ROUTE = "route"
SERVED = "route, in a `serve` that is up"


@dataclass(frozen=True, slots=True)
class Mode:
    """One kind of work.

    Attributes:
        title: what it is.
        records: how many, unless told otherwise.
        sides: who does it; the first is what the others are compared with.
        measure: "ratio" of the rates, side to script (more is better); "seconds" or "megabytes" (less is better).
        goal: what the route is to reach.
        beyond: what would be better still; None when nothing was said.
        latency_ms: of each answer of Ibexa.
        workers: of route and script alike.
        prepares: sides that run once before the rounds, and are not measured then.
        keeps_items: the target's content items stay from one side to the next.
        asks: how often each kind of request must have come for each record, from each of those that send; look-ups
            (find) at most so often: many may be looked up by one request.
        peers: whether the frameworks do it too.
        rounds: at most so many.
    """

    title: str
    records: int
    sides: Mapping[str, Side]
    goal: float
    beyond: float | None = None
    measure: str = "ratio"
    latency_ms: float = 0.0
    workers: int = 8
    prepares: tuple[Side, ...] = ()
    keeps_items: bool = False
    asks: Mapping[str, int] = field(default_factory=dict)
    peers: bool = False
    rounds: int = 100


_SEND = {"find": 1, "create": 1, "publish": 1}
_SYNC: Mapping[str, Side] = {SCRIPT: script("sync", "{workers}"), ROUTE: route()}
_SERVED: Mapping[str, Side] = {SERVED: served}
_DIGESTS = script("no_change", "digests", "{kept}/digests.json")

MODES: Mapping[str, Mode] = {
    "read": Mode(
        "Read: all records of pages of 100, nothing kept",
        100_000,
        {SCRIPT: script("pull"), ROUTE: reading},
        goal=0.8,
        beyond=1.2,
    ),
    "pull": Mode(
        "Pull: read all, pages of 100, send nothing",
        20_000,
        {
            SCRIPT: script("pull"),
            "script that keeps rows in SQLite": script("pull", "records.db"),
            ROUTE: route(sends=False),
        },
        goal=0.8,
        peers=True,
    ),
    "sync-0": Mode(
        "Sync: new items, 0 ms, one at a time", 1000, {**_SYNC, **_SERVED}, goal=1.3, beyond=1.6, workers=1, asks=_SEND
    ),
    "sync-8": Mode("Sync: new items, 10 ms, 8 at once", 2000, _SYNC, goal=1.0, beyond=1.1, latency_ms=10, asks=_SEND),
    "sync-32": Mode(
        "Sync: new items, 10 ms, 32 at once", 4000, _SYNC, goal=1.4, beyond=1.7, latency_ms=10, workers=32, asks=_SEND
    ),
    "no-change": Mode(
        "No change: all read, nothing to send",
        5000,
        {
            "script with digests": _DIGESTS,
            "script that looks up each": script("no_change", "look-up", "{workers}"),
            ROUTE: unchanged,
            SERVED: served_unchanged,
        },
        goal=0.8,
        beyond=1.2,
        prepares=(unchanged, script("no_change", "remember", "{kept}/digests.json")),
        keeps_items=True,
    ),
    "one": Mode(
        "One new item, start to finish",
        1,
        {
            SCRIPT: script("sync", "{workers}"),
            ROUTE: route(prepared=True),
            "route, its very first run": route(),
            **_SERVED,
        },
        goal=0.5,
        beyond=0.4,
        measure="seconds",
        asks=_SEND,
        peers=True,
    ),
    "memory": Mode(
        "Peak memory: new items, 0 ms, 8 at once",
        10_000,
        {SCRIPT: script("sync", "{workers}"), ROUTE: route()},
        goal=80,
        beyond=60,
        measure="megabytes",
        asks=_SEND,
        rounds=1,
    ),
}
