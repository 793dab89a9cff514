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


def test_one_cause_is_told_once_with_its_places(project: ThingsProject) -> None:
    incoming = project.root / "configs/incoming/things.json"
    rows = "".join(f"{'' if number < 7 else number},thing {number}\n" for number in range(9))
    (project.root / "things.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
    incoming.write_text(json.dumps({"type": "file", "path": "things.csv", "key": "id"}), encoding="utf-8")
    told = project.run("run", "things", "--dry-run").stdout
    assert "7 × the key (`id`) is empty. Correct the source" in told
    assert told.count("the key (`id`) is empty") == 1
    assert "things.csv line 2; things.csv line 3; " in told
    assert "line 6, …" in told
    ran = project.run("run", "things", "--yes").stdout
    assert "7 × the key (`id`) is empty" in ran
    assert "things.csv line 2; things.csv line 3; " in ran
