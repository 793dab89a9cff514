"""A route that leaves drafts, on the command line: what a task says, and that nothing is asked while nothing changes."""

from __future__ import annotations

import json
from typing import Any

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def leaving_drafts(project: ThingsProject) -> None:
    path = project.root / "configs/outgoing/things.json"
    declared = json.loads(path.read_text())
    declared["payload"]["publish"] = False
    path.write_text(json.dumps(declared))


def run(project: ThingsProject) -> dict[str, Any]:
    done = project.run("run", "things", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = json.loads(done.stdout)
    counts: dict[str, Any] = found["counts"]
    return counts


def test_drafts_are_left_and_told_of(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    leaving_drafts(project)
    checked = project.run("validate")
    assert checked.returncode == 0, checked.stdout
    assert run(project)["drafted"] == 5
    assert len(sandbox.book.snapshot()["leftover_drafts"]) == 5
    sandbox.book.reset()
    assert run(project)["unchanged"] == 5
    assert sandbox.book.snapshot()["requests"]["total"] == 0
    project.things({str(n): f"thing {n}" for n in range(4)} | {"4": "another"})
    assert run(project)["drafted"] == 1
    [task] = json.loads(project.run("tasks", "list", "--state", "finished", "--limit", "1", "--json").stdout)
    shown = project.run("tasks", "show", str(task["id"])).stdout
    assert "version 1 is a draft: an editor is to publish it" in shown
    assert "drafted" in shown
    sandbox_item = sandbox.repository.content_by_remote_id("t-4")
    assert sandbox_item is not None
    assert sandbox_item.version.fields["eng-GB"]["name"] == "another"
    assert sandbox_item.status == "DRAFT"
    sandbox_item = sandbox.repository.content_by_remote_id("t-3")
    assert sandbox_item is not None
    assert len(sandbox_item.versions) == 1
