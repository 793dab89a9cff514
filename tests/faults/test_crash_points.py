"""A process that dies before or after each named point: nothing lost, nothing doubled, no draft left; none left out."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.databases import KINDS, empty_database
from tests.faults.crash import CODE, POINTS
from tests.faults.project import ThingsProject
from tests.faults.test_kill import _name

EARLY_AND_LATE = (1, 4)
"""Calls at which the process dies; what is called once a run dies at its first."""
ONCE = {
    *("lease taken", "run opened", "left tasks recovered", "waiting tasks released", "requests kept", "logged in"),
    *("run closed", "books closed", "lease given back"),
    *("searched", "looked up"),  # fifty ids at a time; one by one only what the death before left in doubt
}


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
def test_dying_at_every_named_point_loses_doubles_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    chance = random.Random(11)
    alive: list[str] = []
    with IbexaSandbox(login_seconds=0) as sandbox, empty_database(kind, tmp_path, "crash points") as url:
        project = ThingsProject(tmp_path, sandbox.url).on(url)
        values: dict[str, str] = {}
        deaths = [
            (point, when, nth)
            for point in POINTS
            for when in ("before", "after")
            for nth in EARLY_AND_LATE[: 1 if point in ONCE or kind != "sqlite" else 2]
        ]
        for number, (point, when, nth) in enumerate(deaths):
            values |= {f"{number}-{n}": f"new in {number}" for n in range(12)}
            for key in chance.sample(sorted(values), 8):
                values[key] = f"changed in {number}"
            project.things(values)
            program = [sys.executable, "-m", "tests.faults.crash", point, when, str(nth), "--"]
            arguments = ["-C", str(project.root), "-q", "run", "things"]
            done = subprocess.run([*program, *arguments], env=project.env, capture_output=True, timeout=60, check=False)
            if done.returncode != CODE:
                alive.append(f"{point} ({when}, call {nth}): {done.returncode} {(done.stdout + done.stderr)[-400:]!r}")
        last = project.run("run", "things")
        book = sandbox.book.snapshot()
        held = {
            name: _name(sandbox, one["content_ids"][-1]) for name, one in book["items"].items() if name.startswith("t-")
        }
        again = project.run("run", "things")
    print(f"\n{len(deaths)} deaths at {len(POINTS)} points on {kind}; {len(values)} entities")
    assert alive == [], "a death that did not happen shows nothing"
    assert last.returncode == 0, last.stdout + last.stderr
    assert held == {f"t-{key}": value for key, value in values.items()}, "an entity was lost, or holds an old value"
    assert {name: one["creates"] for name, one in book["items"].items() if one["creates"] != 1} == {}, "created twice"
    assert book["duplicates"] == []
    assert book["leftover_drafts"] == []
    assert "nothing had to be sent" in again.stdout
