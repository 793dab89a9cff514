"""The run log's file goes away, or another takes its place, under a process that has it open (case 29)."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.polling import until

SAID = "removed or replaced while it was in use"


def remove(project: ThingsProject) -> None:
    for path in project.root.glob("run.db*"):
        path.unlink()


def replace(project: ThingsProject) -> None:
    """As a backup is put back by moving it, or a fresh file made by somebody else."""
    remove(project)
    assert project.run("db", "upgrade").returncode == 0


@pytest.mark.parametrize("lose", [remove, replace])
def test_a_run_whose_run_log_goes_away_ends_and_the_next_doubles_nothing(
    project: ThingsProject, sandbox: IbexaSandbox, lose: Callable[[ThingsProject], None]
) -> None:
    sandbox.faults.latency_ms = 150
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 3)
    lose(project)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert SAID in told.decode()
    assert "Traceback" not in told.decode()
    written = len(sandbox.book.snapshot()["items"])
    assert written < 30, "it ended at once"
    sandbox.faults.clear()
    sandbox.faults.latency_ms = 0
    assert project.run("run", "things").returncode == 0
    book = sandbox.book.snapshot()
    assert len(book["items"]) == 30
    assert (book["duplicates"], book["leftover_drafts"]) == ([], [])


@pytest.mark.parametrize("lose", [remove, replace])
def test_a_scheduler_whose_run_log_goes_away_ends_and_says_why(
    project: ThingsProject, lose: Callable[[ThingsProject], None]
) -> None:
    route = project.root / "configs/routes/things.json"
    route.write_text(json.dumps({**json.loads(route.read_text()), "schedule": {"every": "1s"}}))
    process = project.start("serve")
    try:
        until(lambda: json.loads(project.run("runs", "--json").stdout or "[]"))
        lose(project)
        _, told = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == 3
    assert SAID in told.decode()
    assert "Traceback" not in told.decode()
    assert project.run("run", "things").returncode == 0
