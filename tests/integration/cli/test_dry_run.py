"""`connector run --dry-run` as a process: what it says, its exit code, and that nothing is written anywhere."""

from __future__ import annotations

import json

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def test_before_the_first_run_no_run_log_is_made(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    done = project.run("run", "things", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "5 would be sent for the first time: " in done.stdout
    assert not (project.root / "run.db").exists()
    assert sandbox.book.arrived_writes == 0


def test_what_changed_is_named_and_the_run_log_stays_as_it_is(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    assert project.run("run", "things").returncode == 0
    told, writes = project.run("runs", "--json").stdout, sandbox.book.arrived_writes
    project.things({**{str(n): f"thing {n}" for n in range(1, 5)}, "2": "other", "9": "new"})
    done = project.run("run", "--all", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    [found] = json.loads(done.stdout)
    assert (found["dry_run"], found["problem"]) == (True, None)
    assert {kind: len(keys) for kind, keys in found["keys"].items()} == {"changed": 1, "new": 1}
    assert found["counts"]["unchanged"] == 3
    assert (project.run("runs", "--json").stdout, sandbox.book.arrived_writes) == (told, writes)


def test_it_is_not_for_retrying(project: ThingsProject) -> None:
    done = project.run("run", "things", "--dry-run", "--retry")
    assert done.returncode == 2
    assert "connector tasks failures" in done.stderr
