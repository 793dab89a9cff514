"""The figures as text: a table on the terminal, a page for the repository, or JSON."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from bench.modes import MODES, ROUTE, SERVED, Mode
from bench.peers import Installed
from bench.rounds import Row

PACKAGES = ("requests", "urllib3", "jmespath", "SQLAlchemy", "jsonschema")
_BY_HAND = "Written by `make bench`; what each figure means: [README.md](README.md). Do not edit."


@dataclass(frozen=True, slots=True)
class Found:
    """One mode with its rows."""

    name: str
    records: int
    rows: Sequence[Row]

    @property
    def mode(self) -> Mode:
        return MODES[self.name]

    @property
    def routes(self) -> list[Row]:
        """What is held against the goal: the route as a command, and in a process that is up, where that is measured."""
        return [row for side in (ROUTE, SERVED) for row in self.rows if row.side == side]

    def value(self, row: Row) -> tuple[float, float, float]:
        """What the goal is about, of a route: least, median, most."""
        if self.mode.measure == "ratio":
            return row.ratio()
        if self.mode.measure == "megabytes":
            return (row.peak_mb(),) * 3
        walls = sorted(run.wall for run in row.runs)
        return walls[0], row.seconds(), walls[-1]

    def verdict(self, row: Row) -> str:
        value = self.value(row)[1]
        better = value.__ge__ if self.mode.measure == "ratio" else value.__le__
        if self.mode.beyond is not None and better(self.mode.beyond):
            return "beyond"
        return "reached" if better(self.mode.goal) else "missed"


def about(load: float, command: str, database: str) -> dict[str, Any]:
    """What was measured with, without a name or path of this machine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "database": database,
        "sqlite": sqlite3.sqlite_version,
        "load_before": round(load, 1),
        "versions": {"connector": version("ibexa-connector"), **{name: version(name) for name in PACKAGES}},
    }


def as_json(facts: Mapping[str, Any], found: Sequence[Found], peers: Sequence[Installed]) -> dict[str, Any]:
    told = {one.peer.name: one.version or one.why for one in peers}
    return {**facts, "peers": told, "modes": [_mode_as_json(one) for one in found]}


def _mode_as_json(one: Found) -> dict[str, Any]:
    about = {"mode": one.name, "title": one.mode.title, "records": one.records, "measure": one.mode.measure}
    goals: dict[str, Any] = {"goal": one.mode.goal, "beyond": one.mode.beyond}
    for row in one.routes:
        name = "" if row.side == ROUTE else "_in_serve"
        goals |= {f"value{name}": one.value(row), f"verdict{name}": one.verdict(row)}
    return {**about, **goals, "sides": [_row_as_json(row) for row in one.rows]}


def _row_as_json(row: Row) -> dict[str, Any]:
    if row.failed:
        return {"side": row.side, "failed": row.failed}
    rates = {"seconds": [run.wall for run in row.runs], "ratio": row.ratio(), "cpu_ratio": row.cpu_ratio()}
    used = {"cpu_seconds": row.cpu(), "peak_mb": row.peak_mb(), "requests_per_record": row.requests}
    return {"side": row.side, **rates, **used}


def page(facts: Mapping[str, Any], found: Sequence[Found], peers: Sequence[Installed]) -> str:
    """The page, in Markdown; it is printed as well."""
    return (
        "\n\n".join(["# Results", _BY_HAND, _facts(facts, peers), *_few(found), _goals(found), *map(_mode, found)])
        + "\n"
    )


def _facts(facts: Mapping[str, Any], peers: Sequence[Installed]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    others = "; ".join(f"{one.peer.name} {one.version or one.why}" for one in peers) or "left out"
    return (
        f"{facts['date']}, `{facts['command']}`. {facts['cores']} cores, {facts['system']}, Python {facts['python']},"
        f" run log on {facts['database']}; load of the machine before: {facts['load_before']} (above 0.5:"
        f" something else ran beside it; ratios still say something, those of CPU seconds most).\n\n{versions}, SQLite {facts['sqlite']}."
        f" Peers: {others}."
    )


def _few(found: Sequence[Found]) -> list[str]:
    """A warning, when there was too little to do."""
    names = [f"`{one.name}`" for one in found if one.records < one.mode.records]
    said = "had fewer records than their modes ask for: the start of a process weighs too much in them."
    return [f"{', '.join(names)} {said}"] if names else []


def _goals(found: Sequence[Found]) -> str:
    """The route against what it is to reach."""
    unit = {"ratio": "", "seconds": " s", "megabytes": " MB"}
    lines = ["| | route: median (least to most) | goal | beyond | |", "|---|---:|---:|---:|---|"]
    for one, row in ((mode, row) for mode in found for row in mode.routes):
        least, median, most = one.value(row)
        form = "{:.0f}" if one.mode.measure == "megabytes" else "{:.2f}"
        spread = "" if least == most else f" ({form.format(least)} to {form.format(most)})"
        beyond = "" if one.mode.beyond is None else f"{one.mode.beyond:g}"
        value = f"**{form.format(median)}**{unit[one.mode.measure]}{spread}"
        title = one.mode.title + ("" if row.side == ROUTE else "; in a `serve` that is up")
        lines.append(f"| {title} | {value} | {one.mode.goal:g} | {beyond} | {one.verdict(row)} |")
    return "\n".join(lines)


def _mode(one: Found) -> str:
    rounds = len(one.rows[0].runs)
    lines = [
        f"## {one.mode.title} (`{one.name}`)",
        "",
        f"{one.records:,} record{'s' * (one.records != 1)}, {rounds} round{'s' * (rounds != 1)}.",
        "",
        "| | records/s | seconds | ratio: median (least to most) | CPU s | CPU ratio | peak MB | requests a record |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in one.rows:
        if row.failed:
            lines.append(f"| {row.side} | failed: {row.failed} | | | | | | |")
            continue
        least, median, most = row.ratio()
        seconds = row.seconds()
        rate = one.records / seconds
        lines.append(
            f"| {row.side} | {rate:,.{0 if rate >= 10 else 1}f} | {seconds:.2f} | {median:.2f} ({least:.2f} to {most:.2f})"
            f" | {row.cpu():.2f} | {row.cpu_ratio():.2f} | {row.peak_mb():.0f} | {row.requests:.2f} |"
        )
    return "\n".join(lines)
