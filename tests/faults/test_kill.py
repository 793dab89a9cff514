"""``kill -9`` at random moments: nothing lost, nothing created twice, no draft left over; the sandbox's book judges."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.databases import empty_database
from tests.faults.project import ThingsProject

CYCLES = int(os.environ.get("CONNECTOR_CHAOS_CYCLES", "50"))
ON_SERVER = CYCLES if "CONNECTOR_CHAOS_CYCLES" in os.environ else 15
"""Cycles on PostgreSQL: fewer in the suite, as they show the same."""
WORKERS = 4
SEED = int(os.environ.get("CONNECTOR_CHAOS_SEED", "4711"))


class Killer:
    """Kills a run at a random moment in which a write is under way; knows by the book what it hit."""

    def __init__(self, sandbox: IbexaSandbox, chance: random.Random) -> None:
        self.sandbox = sandbox
        self.chance = chance
        self.in_flight = 0
        self.between = 0
        self.too_late = 0

    def kill(self, process: Any) -> None:
        book = self.sandbox.book
        wanted = len(book._arrived) + self.chance.randrange(1, 40)
        aims_between = self.chance.random() < 0.6
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end:
            enough = len(book._arrived) >= wanted
            if enough and book.in_flight_writes and (not aims_between or self._newest_is_draft()):
                break
            time.sleep(0.0005)
        hit = book.in_flight_writes > 0 and process.poll() is None
        process.kill()
        process.communicate()
        self.in_flight += hit
        self.too_late += not hit
        time.sleep(0.05)  # what the server was doing when the client died, it finishes
        self.between += hit and any(one.status == "DRAFT" for one in list(self.sandbox.repository.contents.values()))

    def _newest_is_draft(self) -> bool:
        return list(self.sandbox.repository.contents.values())[-1].status == "DRAFT"


@pytest.mark.chaos
@pytest.mark.timeout(60 + CYCLES * 12)
@pytest.mark.parametrize(("kind", "cycles"), [("sqlite", CYCLES), ("postgresql", ON_SERVER)])
def test_killed_at_random_moments_nothing_is_lost_doubled_or_left_over(tmp_path: Path, kind: str, cycles: int) -> None:
    chance = random.Random(SEED)
    with IbexaSandbox(login_seconds=0) as sandbox, empty_database(kind, tmp_path, "killed at random") as url:
        sandbox.faults.latency_ms = 12
        project = ThingsProject(tmp_path, sandbox.url).on(url)
        killer = Killer(sandbox, chance)
        values: dict[str, str] = {}
        for cycle in range(cycles):
            values |= {f"{cycle}-{n}": f"new in {cycle}" for n in range(25)}
            for key in chance.sample(sorted(values), 15):
                values[key] = f"changed in {cycle}"
            project.things(values)
            killer.kill(project.start("run", "things"))
        sandbox.faults.latency_ms = 0
        last = project.run("run", "things")
        assert last.returncode == 0, last.stdout + last.stderr
        book = sandbox.book.snapshot()
        held = {
            name: _name(sandbox, one["content_ids"][-1]) for name, one in book["items"].items() if name.startswith("t-")
        }
        arrived = sandbox.book.arrived_writes
        again = project.run("run", "things")

    versions = [len(one["versions_published"]) for name, one in book["items"].items() if name.startswith("t-")]
    repeated = arrived - sum(2 + 3 * (count - 1) for count in versions)  # create, publish; draft, fields, publish
    report = f"{cycles} kills on {kind} (seed {SEED}): {killer.in_flight} with a write in flight, {killer.between} between create and publish"
    print("\n" + report + f", {killer.too_late} too late; {len(values)} entities")
    print(f"{arrived} writes, {repeated} of them again or undone: {repeated / cycles:.1f} a kill")
    assert held == {f"t-{key}": value for key, value in values.items()}, "an entity was lost, or holds an old value"
    assert {name: one["creates"] for name, one in book["items"].items() if one["creates"] != 1} == {}, "created twice"
    assert book["duplicates"] == []
    assert book["leftover_drafts"] == []
    assert repeated <= cycles * WORKERS * 3, "more was repeated than was in flight"
    assert killer.in_flight >= cycles * 0.9, report
    assert killer.between >= cycles * 0.2, report
    assert "nothing had to be sent" in again.stdout


def _name(sandbox: IbexaSandbox, content_id: int) -> str:
    content = sandbox.repository.contents[content_id]
    published = [version for version in content.versions.values() if version.status == "PUBLISHED"]
    return str(published[0].fields["eng-GB"]["name"]) if published else "(not published)"
