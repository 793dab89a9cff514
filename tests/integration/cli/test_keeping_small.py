"""The run log stays small by itself, by command, and says so."""

from __future__ import annotations

import json
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
