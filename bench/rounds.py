"""Measures a mode: its sides in turn, round after round, each compared with the script of the same round."""

from __future__ import annotations

import re
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.databases import Databases
from bench.modes import Mode
from bench.peers import Installed
from bench.sides import Place, Side, peer
from bench.work import Measured, asked, target


@dataclass(slots=True)
class Row:
    """What one side did, a value a round. Ratios are rates: above 1 is faster than the mode's first side."""

    side: str
    runs: list[Measured] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    cpu_ratios: list[float] = field(default_factory=list)
    """The same of processor seconds a record: less exact about waiting, but hardly moved by what else the machine does."""
    requests: float = 0.0
    """Of every kind, for each record."""
    failed: str = ""
    """Why a framework could not do it; then there are no figures of it."""

    def ratio(self) -> tuple[float, float, float]:
        """The least, the median, the most."""
        return min(self.ratios), statistics.median(self.ratios), max(self.ratios)

    def cpu_ratio(self) -> float:
        return statistics.median(self.cpu_ratios)

    def seconds(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    def peak_mb(self) -> float:
        return max(run.peak_mb for run in self.runs)


def measured(
    mode: Mode,
    records: int,
    rounds: int,
    *,
    installed: Sequence[Installed],
    databases: Databases,
    tell: Callable[[str], None],
) -> list[Row]:
    """All rounds of a mode. In each round another side begins. A framework that fails is left out from there on.

    Raises:
        RuntimeError, AssertionError: a script or the route failed, or did not do the work.
    """
    sides: Mapping[str, Side] = dict(mode.sides)
    if mode.peers:
        sides = {**sides, **{one.peer.name: peer(one) for one in installed if one.python}}
    names = list(sides)
    rows = {name: Row(name) for name in names}
    with target(records, mode.latency_ms) as url, tempfile.TemporaryDirectory() as kept:

        def run(side: Side) -> tuple[Measured, dict[str, int]]:
            try:
                with tempfile.TemporaryDirectory() as root:
                    found = side(Place(url, Path(root), Path(kept), records, mode.workers, databases))
            finally:
                requests = asked(url, forget=not mode.keeps_items)
            return found, requests

        _warm(mode, databases)
        for prepare in mode.prepares:
            run(prepare)
        for number in range(min(rounds, mode.rounds)):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                if not rows[name].failed:
                    said = _turn(mode, records, rows[name], partial(run, sides[name]))
                    tell(f"round {number + 1}  {name:34} {said}")
            first = rows[names[0]].runs[-1]
            for row in (one for one in rows.values() if not one.failed):
                row.ratios.append(first.wall / row.runs[-1].wall)
                row.cpu_ratios.append(first.cpu / row.runs[-1].cpu)
    return list(rows.values())


def _turn(mode: Mode, records: int, row: Row, run: Callable[[], tuple[Measured, dict[str, int]]]) -> str:
    """One side's turn, kept in its row; what to tell of it."""
    try:
        found, requests = run()
    except (RuntimeError, AssertionError) as error:
        if row.side in mode.sides:
            raise
        row.failed = _why(error)
        return f"failed: {row.failed}"
    row.runs.append(found)
    row.requests = sum(requests.values()) / records
    if row.side in mode.sides:
        _check(mode, records, requests, row.side)
    return f"{found.wall:7.2f} s {records / found.wall:9,.0f} records/s"


def _why(error: Exception) -> str:
    """The last line of what was said, without paths of this machine."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return re.sub(r"/\S+", "…", lines[-1]).replace("|", "/")[-160:] if lines else type(error).__name__


def _warm(mode: Mode, databases: Databases) -> None:
    """Each side once on one record, not counted: programs are compiled and in memory, as on a machine in use."""
    with target(1, 0) as url, tempfile.TemporaryDirectory() as kept:
        for side in (*mode.prepares, *mode.sides.values()):
            with tempfile.TemporaryDirectory() as root:
                side(Place(url, Path(root), Path(kept), 1, mode.workers, databases))
            asked(url, forget=not mode.keeps_items)


def _check(mode: Mode, records: int, requests: Mapping[str, int], name: str) -> None:
    """Both sides did the same work: each kind of request came as often; but one look-up may do for many."""
    for kind, times in mode.asks.items():
        came, wanted = requests.get(kind, 0), times * records
        enough = came <= wanted if kind == "find" else came == wanted
        assert enough, f"{name}: {kind} came {requests} times for {records} records"
