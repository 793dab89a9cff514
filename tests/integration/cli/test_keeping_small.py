"""The run log stays small by itself, by command, and says so."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def declare(project: ThingsProject, **settings: Any) -> None:
    (project.root / "configs/project.json").write_text(json.dumps(settings))


def test_a_run_prunes_and_the_next_one_sends_nothing(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    declare(project, retention={"messages": "0s", "finished": "0s"})
    assert project.run("run", "things").returncode == 0
    assert len(json.loads(project.run("tasks", "list", "--json").stdout)) == 1
    written = sandbox.book.snapshot()["writes"]["total"]
    again = json.loads(project.run("run", "things", "--json").stdout)
    assert again[0]["counts"]["unchanged"] == 5
    assert sandbox.book.snapshot()["writes"]["total"] == written


def test_by_command_it_tells_first_and_removes_then(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    declare(project, retention={"finished": "${KEPT}"})
    project.env["KEPT"] = "0s"
    told = json.loads(project.run("db", "prune", "--dry-run", "--json").stdout)
    assert (told["removed"]["finished"], len(json.loads(project.run("tasks", "list", "--json").stdout))) == (4, 5)
    assert "nothing was" in project.run("db", "prune", "--dry-run").stdout
    done = json.loads(project.run("db", "prune", "--json").stdout)
    assert (done["complete"], done["removed"]) == (True, told["removed"])
    assert "nothing is older" in project.run("db", "prune").stdout


def test_a_kept_age_that_is_none_is_told_with_its_place(project: ThingsProject) -> None:
    declare(project, retention={"finished": "soon"})
    done = project.run("db", "prune")
    assert done.returncode == 2
    assert "configs/project.json:1:" in done.stderr


def test_a_disk_with_too_little_room_ends_the_run_with_what_to_do(project: ThingsProject) -> None:
    declare(project, disk={"min_free": "900000GB"})
    done = project.run("run", "things")
    assert done.returncode == 3
    assert "nothing more is read" in done.stdout
    [run] = json.loads(project.run("runs", "--json").stdout)
    assert (run["state"], run["problem"]["code"]) == ("failed", "RUN010")
    declare(project, disk={"min_free": "1B"})
    assert project.run("run", "things").returncode == 0


def test_what_was_removed_gives_its_room_back(project: ThingsProject) -> None:
    assert project.run("db", "upgrade").returncode == 0
    file = project.root / "run.db"
    with closing(sqlite3.connect(file)) as database, database:
        row = "('2001-01-01 00:00:00.000000', 'c', 'o', zeroblob(1000000))"
        database.execute(f"INSERT INTO request_log (at, client, operation, entry) VALUES {row}")
    assert json.loads(project.run("db", "prune", "--json").stdout)["removed"]["requests"] == 1
    assert file.stat().st_size > 1_000_000
    assert project.run("db", "prune", "--compact").returncode == 0
    assert file.stat().st_size < 1_000_000
