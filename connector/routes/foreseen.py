"""What a rehearsal found, and who judges the messages that it would send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.core.problem import Problem

NAMED = 20
"""Keys that are named of each kind."""
Judge = Callable[[Json], Problem | None]
"""Why a message can surely not be sent; None: it may be."""


def sure(_message: Json) -> Problem | None:
    """Nothing is known against it."""
    return None


class Foreseen(Struct):
    """What a run would do.

    Attributes:
        counts: new (to be sent for the first time), changed, unchanged, failed, dropped and missing (to be put away
            because the mapping leaves them out, or because the source has them no more), read, duplicates, pending,
            woken (failed tasks that wait for what would be sent, and would be sent after it), stuck (failed tasks that
            the run would leave as they are).
        keys: the first of each of these.
        failures: the first of these problems, each with its key.
        moved: the first of the records that would get another key than they were sent with, each in a sentence.
        whole: everything that the source has was read.
        left: tasks of earlier runs that would be worked on first: new, processing, retry_later.
        notes: what speaks for a mistake in the incoming's declaration.
        problem: what would end the run early; None: nothing known.
        exit_code: 0; 1 when something would fail; else the problem's.
    """

    route: str
    counts: Counter[str] = field(default_factory=Counter)
    keys: dict[str, list[str]] = field(default_factory=dict)
    failures: list[tuple[str, Problem]] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    whole: bool = False
    left: dict[str, int] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    problem: Problem | None = None
    exit_code: int = 0

    def add(self, kind: str, key: str) -> None:
        """Count, and name the first."""
        self.counts[kind] += 1
        named = self.keys.setdefault(kind, [])
        if len(named) < NAMED:
            named.append(key)
