"""Which of those that wait for each other go first, so that nobody waits in a circle any more. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping

Waiting = Mapping[str, Collection[str]]
"""Who waits -> for whom; whoever is no key of it waits for nobody."""


def openers(waiting: Waiting, *, fixed: Collection[str] = ()) -> list[str]:
    """Few of them without whom nobody waits in a circle: of each knot those first that stand in most of its circles.

    The fewest of all cannot be found in a time that one would wait for; this takes time by the number of edges.

    Args:
        waiting: who waits for whom, the oldest first.
        fixed: those that cannot go first; a circle of such alone stays closed.
    """
    age = {one: number for number, one in enumerate(waiting)}
    return [one for knot in knots(waiting) for one in _Knot(knot, waiting, age, frozenset(fixed)).solve()]


def knots(waiting: Waiting) -> list[list[str]]:
    """The groups in which each waits, by whatever way, for each other; whoever waits for itself is one too."""
    search = _Search(waiting)
    for one in waiting:
        search.start(one)
    return search.found


class _Search:
    """Tarjan's, without recursion: every wait is followed once.

    ``_low`` is the earliest that can be reached from each, ``_open`` those whose knot is not complete yet.
    """

    def __init__(self, waiting: Waiting) -> None:
        self.found: list[list[str]] = []
        self._waiting = waiting
        self._number: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: dict[str, None] = {}
        self._way: list[tuple[str, Iterator[str]]] = []

    def start(self, first: str) -> None:
        """Follow all ways that begin there and have not been gone yet."""
        if first in self._number:
            return
        self._enter(first)
        while self._way:
            here, others = self._way[-1]
            if (new := self._next(here, others)) is not None:
                self._enter(new)
            else:
                self._leave(here)

    def _enter(self, one: str) -> None:
        self._number[one] = self._low[one] = len(self._number)
        self._open[one] = None
        self._way.append((one, iter(self._waiting[one])))

    def _next(self, here: str, others: Iterator[str]) -> str | None:
        for other in others:
            if other in self._open:
                self._low[here] = min(self._low[here], self._number[other])
            elif other in self._waiting and other not in self._number:
                return other
        return None

    def _leave(self, here: str) -> None:
        self._way.pop()
        if self._way:
            before = self._way[-1][0]
            self._low[before] = min(self._low[before], self._low[here])
        if self._low[here] < self._number[here]:
            return
        knot: list[str] = []
        while not knot or knot[-1] != here:
            knot.append(self._open.popitem()[0])
        if len(knot) > 1 or here in self._waiting[here]:
            self.found.append(knot)


class _Knot:
    """One knot, made smaller step by step; ``opened`` are those that go first."""

    def __init__(self, knot: list[str], waiting: Waiting, age: Mapping[str, int], fixed: frozenset[str]) -> None:
        members = set(knot)
        self.opened: list[str] = []
        self._age = age
        self._fixed = fixed
        self._ahead = {one: {other for other in waiting[one] if other in members} for one in knot}
        self._behind: dict[str, set[str]] = {one: set() for one in knot}
        for one, others in self._ahead.items():
            for other in others:
                self._behind[other].add(one)
        self._changed = sorted(knot, key=lambda one: age[one])
        self._heap: list[tuple[int, int, str]] = []

    def solve(self) -> list[str]:
        """Make it smaller; where that leads no further, open one that stands in many circles, and go on."""
        self._shrink()
        self._heap = [self._weight(one) for one in self._ahead if one not in self._fixed]
        heapq.heapify(self._heap)
        while self._heap:
            entry = heapq.heappop(self._heap)
            one = entry[2]
            if one not in self._ahead:
                continue
            if entry != (now := self._weight(one)):
                heapq.heappush(self._heap, now)
                continue
            self._open(one)
            self._shrink()
        return self.opened

    def _weight(self, one: str) -> tuple[int, int, str]:
        return -len(self._ahead[one]) * len(self._behind[one]), self._age[one], one

    def _shrink(self) -> None:
        """Until each of those left waits for several, and is waited for by several."""
        while self._changed:
            one = self._changed.pop()  # of equals the youngest goes, the oldest is left to be opened
            if one not in self._ahead:
                continue
            if not self._ahead[one] or not self._behind[one]:
                self._take_out(one)  # it stands in no circle
            elif one in self._ahead[one]:
                self._open(one)  # by now it waits for itself
            elif self._can_be_bridged(one):
                self._bridge(one)

    def _open(self, one: str) -> None:
        if one not in self._fixed:
            self.opened.append(one)
        self._take_out(one)

    def _can_be_bridged(self, one: str) -> bool:
        """Each of its circles leads through one neighbour, which may as well go first in its stead."""
        for side in (self._ahead[one], self._behind[one]):
            if len(side) == 1 and (one in self._fixed or not side <= self._fixed):
                return True
        return False

    def _bridge(self, one: str) -> None:
        """Who waits for it now waits for whom it waits for."""
        before, after = self._behind[one], self._ahead[one]
        self._take_out(one)
        for other in before:
            self._ahead[other] |= after
        for other in after:
            self._behind[other] |= before
        for other in before | after:
            if self._heap and other not in self._fixed:
                heapq.heappush(self._heap, self._weight(other))

    def _take_out(self, one: str) -> None:
        before, after = self._behind.pop(one), self._ahead.pop(one)
        for other in before - {one}:
            self._ahead[other].discard(one)
        for other in after - {one}:
            self._behind[other].discard(one)
        self._changed += sorted((before | after) - {one}, key=lambda other: self._age[other])
