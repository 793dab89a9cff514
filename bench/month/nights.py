"""The nights: a feed in bad weather, then runs in good weather until all is through; and the whole story."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.month.days import Days
from bench.month.judge import Judge, wanted_differences
from bench.month.model import Ledger
from bench.month.project import Project
from bench.month.source import Pim
from connector.sandbox.ibexa import IbexaSandbox

Json = Any
STORMS: dict[str, Json] = {
    "errors": {"do": {"status": 500}, "when": {"probability": 0.1, "times": 25}},
    "cuts": {"do": {"cut": "after"}, "when": {"probability": 0.1, "times": 25}},
    "tokens": {"do": {"expire_tokens": True}, "when": {"probability": 0.1, "times": 25}},
    "away": {"do": {"status": 503}, "when": {"times": 40}},
}
"""What goes wrong with the shop; beside it the connector is killed, and the PIM fails."""
_SURE = 2
_MORNINGS = 6
"""How often it may take to get through in good weather."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it.

    Attributes:
        nights: feeds; between two of them there is a day.
        categories: how many the PIM has; products: how many it has at first.
        acts: what an editor does in a day.
        seed: decides everything but the moments at which threads meet.
    """

    nights: int
    categories: int
    products: int
    acts: int
    seed: int


@dataclass
class Verdict:
    """What came of it; ``unexpected`` is empty when every difference is one that the configuration wanted."""

    unexpected: list[str] = field(default_factory=list)
    wanted: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    faults: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    runs: int = 0
    items: int = 0
    versions: int = 0
    seconds: float = 0.0


class Story:
    """A catalogue and its shop; ``night`` after ``night``.

    Args:
        root: an empty folder for the project and its run log.
        ibexa: a sandbox, serving.
        seed: decides everything but the moments at which threads meet.
        changes: files of the project to be other than usual, for a control that must fail.
    """

    def __init__(
        self, root: Path, ibexa: IbexaSandbox, pim: Pim, luck: random.Random, changes: Mapping[str, Json]
    ) -> None:
        self._ibexa, self._pim, self._luck = ibexa, pim, luck
        self.ledger = Ledger()
        self.days = Days(luck, pim, self.ledger, ibexa.url)
        self.project = Project(root, ibexa, pim.url, changes)
        self._judge = Judge(ibexa.url, self.days.places)
        self.unsettled: list[str] = []

    def night(self, storms: list[str]) -> None:
        """One feed: in this weather, and then until it is through."""
        self._pim.order += 1
        for name in storms:
            if name in STORMS:
                rule = STORMS[name]
                seeded = {**rule["when"], "seed": self._luck.randrange(10**6)}
                self._ibexa.faults.add({**rule, "when": seeded})
                # Once for sure: a night may have too few requests for its luck.
                self._ibexa.faults.add({**rule, "when": {"nth": _SURE}})
        self._pim.fails = 3 if "pim" in storms else 0
        if storms:
            self.project.run(kill_after=self._luck.randrange(1, 9) if "kill" in storms else 0)
        self._ibexa.faults.clear()
        self._pim.fails = 0
        if storms and self.ledger.items and self._luck.random() < 0.7:
            self.days.in_between()
        self._settle()
        if storms:
            # What goes on where a killed read stopped is no complete read: it puts nothing away, and the next one does.
            self._settle()
        self.ledger.fed(self._pim.snapshot())

    def _settle(self) -> None:
        told = ""
        for _ in range(_MORNINGS):
            code, told = self.project.run()
            if code == 0 or (code == 1 and self._only_reported()):
                return
        self.unsettled.append(f"night {self._pim.order} never came to an end: {told[-1500:]}")

    def _only_reported(self) -> bool:
        """Whether nothing failed but what an editor trashed, which is reported as declared."""
        trashed = {name for name, one in self.ledger.items.items() if one.status == "trashed by an editor"}
        return {f"p-{key.removeprefix('p-')}" for key in self.project.failed()} <= trashed

    def judged(self) -> list[str]:
        """Every difference that nobody wanted, at this moment."""
        if self.unsettled:
            return self.unsettled
        return self._judge.unexpected(self.ledger, self._ibexa.book.snapshot())

    def run_once_more(self) -> list[str]:
        """A run without any change must write nothing."""
        before = self._ibexa.book.arrived_writes
        self.project.run()
        wrote = self._ibexa.book.arrived_writes - before
        return [f"a run without changes sent {wrote} writes"] if wrote else []

    def close(self) -> None:
        """Let go of the connections."""
        self.days.close()
        self._judge.close()

    def verdict(self, unexpected: list[str], started: float) -> Verdict:
        """The figures."""
        book = self._ibexa.book.snapshot()
        return Verdict(
            unexpected=unexpected,
            wanted=wanted_differences(self.ledger, self._pim.snapshot()),
            events=self.days.events + Counter({"pim failed": self._pim.failed}),
            faults=book["faults"],
            kills=self.project.kills,
            runs=self.project.runs,
            items=len(self.ledger.items),
            versions=sum(len(one["versions_published"]) for one in book["items"].values()),
            seconds=time.monotonic() - started,
        )


def weather(nights: int, luck: random.Random) -> list[list[str]]:
    """What goes wrong in each night: each kind at least once in six nights, one night in six is calm."""
    kinds = [*STORMS, "kill", "pim"]
    found = []
    for number in range(nights):
        if number % 6 == 0:
            luck.shuffle(kinds)
        found.append([] if number % 6 == 5 else [kinds[number % 6]])
        if number % 6 == 4:
            found[-1].append(kinds[5])
        if found[-1] in (["errors"], ["cuts"], ["tokens"]) and luck.random() < 0.5:
            found[-1].append("kill")
    return found


def month(
    root: Path, size: Size, *, judge_every: int = 1, calm: bool = False,
    changes: Mapping[str, Json] | None = None, at_the_end: Callable[[Story], None] | None = None,
) -> Verdict:  # fmt: skip
    """Tell the whole story in ``root``, an empty folder; the sandbox lies in memory.

    Args:
        root: for the project and its run log.
        size: how much of it.
        judge_every: so many nights.
        calm: nothing goes wrong.
        changes: files of the project to be other than usual, for a control that must fail.
        at_the_end: gets the story while the sandbox is still there.
    """
    started, luck = time.monotonic(), random.Random(size.seed)
    with IbexaSandbox(login_seconds=0) as ibexa, Pim(luck, size.categories, size.products) as pim:
        story = Story(root, ibexa, pim, luck, changes or {})
        unexpected: list[str] = []
        for number, storms in enumerate([[]] * size.nights if calm else weather(size.nights, luck), 1):
            story.night(storms)
            if number % judge_every == 0 or number == size.nights or story.unsettled:
                unexpected = [f"night {number} {storms}: {told}" for told in story.judged()]
            if unexpected:
                break
            if number < size.nights:
                story.days.at_the_source(0.1)
                story.days.in_the_shop(size.acts)
        unexpected = unexpected or story.run_once_more()
        if at_the_end:
            at_the_end(story)
        story.close()
        return story.verdict(unexpected, started)
