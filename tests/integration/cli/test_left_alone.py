"""What a run left alone, because an editor had changed it, can be read on the command line."""

from __future__ import annotations

import json

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def test_an_editors_title_stays_and_every_command_says_so(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    place = project.root / "configs/outgoing/things.json"
    declared = json.loads(place.read_text(encoding="utf-8"))
    declared["payload"]["owners"] = {"name": "initial"}
    place.write_text(json.dumps(declared), encoding="utf-8")
    assert project.run("run", "things").returncode == 0
    edited = next(one for one in sandbox.repository.contents.values() if one.remote_id == "t-0")
    edited.version.fields["eng-GB"]["name"] = "The editor's"
    project.things({"0": "newer", "1": "newer", "2": "thing 2"})
    told = project.run("run", "things")
    assert "1 updated, 2 unchanged" in told.stdout
    assert "1 left alone: `connector tasks list --left --run 2`" in told.stdout
    assert edited.version.fields["eng-GB"]["name"] == "The editor's"
    assert "left: name (eng-GB): an editor changed it" in project.run("tasks", "list", "--left").stdout
    (task,) = json.loads(project.run("tasks", "list", "--left", "--json").stdout)
    shown = project.run("tasks", "show", str(task["id"])).stdout
    assert "name (eng-GB): an editor changed it" in shown
    assert "left: name (eng-GB): an editor changed it" in project.run("items", "show", "t-0").stdout
    assert "left_alone" in project.run("runs", "show", "2").stdout
