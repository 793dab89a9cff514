"""Who does the work of a mode: a script by hand, a route, a peer; each is one process that is measured to its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.databases import Databases
from bench.peers import QUIET, Installed
from bench.serving import serve
from bench.work import NONE, ROOT, Measured, compiled, make_project, measure


@dataclass(slots=True)
class Place:
    """Where one measurement happens: the target, a fresh folder, and one that lasts as long as its mode."""

    url: str
    root: Path
    kept: Path
    records: int
    workers: int
    databases: Databases

    @property
    def env(self) -> dict[str, str]:
        given = {"IBEXA_BASE_URL": self.url, "SOURCE_BASE_URL": self.url, "IBEXA_PASSWORD": "publish"}
        return {**given, **compiled(), "PYTHONPATH": str(ROOT)}


Side = Callable[[Place], Measured]
CONNECTOR = [sys.executable, "-m", "connector"]
SOON = "3s"
"""Long enough for `serve` to have started."""
UPGRADE = [*CONNECTOR, "-q", "db", "upgrade"]


def script(module: str, *arguments: str) -> Side:
    """A script by hand; ``{workers}`` and ``{kept}`` in its arguments are filled."""

    def run(place: Place) -> Measured:
        given = [each.format(workers=place.workers, kept=place.kept) for each in arguments]
        found = measure([sys.executable, "-m", f"bench.scripts.{module}", *given], place.env, place.root)
        return _counted(found, place.records)

    return run


def route(*, sends: bool = True, prepared: bool = False) -> Side:
    """A route on a run log of its own.

    Args:
        sends: or its mapping drops every record.
        prepared: the run log's tables are there already, as in every run but the first.
    """

    def run(place: Place) -> Measured:
        make_project(place.root, place.workers, only="" if sends else NONE)
        env = {**place.env, "CONNECTOR_DATABASE_URL": place.databases.new(place.root)}
        if prepared or place.databases.on_server:
            measure(UPGRADE, env, place.root)
        return _reported(_run(place.root, env), place.records, "created" if sends else "read")

    return run


def served(place: Place) -> Measured:
    """New items, by a ``connector serve`` that is up."""
    make_project(place.root, place.workers, every=SOON)
    env = {**place.env, "CONNECTOR_DATABASE_URL": place.databases.new(place.root)}
    measure(UPGRADE, env, place.root)
    return _reported(serve(CONNECTOR, env, place.root, runs=1), place.records, "created")


def served_unchanged(place: Place) -> Measured:
    """All of it sent before, by a ``connector serve`` that has run it once already; see ``unchanged``."""
    make_project(place.kept, place.workers, every=SOON)
    env = {**place.env, "CONNECTOR_DATABASE_URL": place.databases.lasting(place.kept)}
    return _reported(serve(CONNECTOR, env, place.kept, runs=2), place.records, "unchanged")


def reading(place: Place) -> Measured:
    """The route's incoming by itself: its records are counted, and dropped."""
    make_project(place.root, place.workers)
    return _counted(measure([sys.executable, "-m", "bench.reading"], place.env, place.root), place.records)


def unchanged(place: Place) -> Measured:
    """A route that has sent all of it before; the first call sends it."""
    env = {**place.env, "CONNECTOR_DATABASE_URL": place.databases.lasting(place.kept)}
    if not (place.kept / "configs").exists():
        make_project(place.kept, place.workers)
        measure(UPGRADE, env, place.kept)
        return _reported(_run(place.kept, env), place.records, "created")
    return _reported(_run(place.kept, env), place.records, "unchanged")


def peer(installed: Installed) -> Side:
    def run(place: Place) -> Measured:
        command = installed.peer.command(installed.python, place.root)
        env = {name: value for name, value in place.env.items() if not name.startswith("PYTHON")}
        return _counted(measure(command, {**env, **QUIET}, place.root), place.records)

    return run


def _run(root: Path, env: dict[str, str]) -> Measured:
    return measure([*CONNECTOR, "-q", "run", "products", "--json"], env, root)


def _counted(found: Measured, records: int) -> Measured:
    """What scripts and peers print last is how many they did."""
    last = found.output.strip().rpartition("\n")[2]
    assert last.startswith(f"{records} "), found.output[-500:]
    return found


def _reported(found: Measured, records: int, count: str) -> Measured:
    [report] = json.loads(found.output)
    assert report["counts"][count] == records, report
    return found
