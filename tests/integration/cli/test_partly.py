"""An error in one file refuses what is made of that file; everything else still runs."""

from __future__ import annotations

import json
import signal
import time

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def _write(project: ThingsProject, name: str, text: str) -> None:
    (project.root / name).write_text(text, encoding="utf-8")


def _second_route(project: ThingsProject, **more: object) -> None:
    """``others``, made of an incoming and a transformer of its own."""
    root = project.root
    _write(project, "configs/incoming/others.json", (root / "configs/incoming/things.json").read_text())
    _write(project, "transformers/other.json", (root / "transformers/thing.json").read_text())
    route = {"incoming": "others", "transformers": ["other"], "outgoing": "things", **more}
    _write(project, "configs/routes/others.json", json.dumps(route))


@pytest.mark.parametrize("text", ['{"type": "file", "pth": "x.json", "key": "key"}', "{ no json", "[]"])
def test_an_error_in_what_nothing_uses_keeps_no_route_from_running(project: ThingsProject, text: str) -> None:
    _write(project, "configs/incoming/unused.json", text)
    dry = project.run("run", "things", "--dry-run")
    assert (dry.returncode, "note: the project has" in dry.stderr) == (0, True), dry.stderr
    shown = project.run("preview", "incoming:things")
    assert (shown.returncode, "note: the project has" in shown.stderr) == (0, True), shown.stderr
    done = project.run("run", "things")
    assert done.returncode == 0, done.stderr
    assert "5 created" in done.stdout
    assert "in files that are not used here: `connector validate`" in done.stderr
    assert project.run("validate").returncode == 2


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("configs/routes/others.json", '{"incoming": "others", "transfomers": ["other"], "outgoing": "things"}'),
        ("configs/routes/others.json", '{"incoming": "gone", "transformers": ["other"], "outgoing": "things"}'),
        ("configs/routes/others.json", '["things"]'),
        ("configs/incoming/others.json", '{"type": "file", "path": "things.json"}'),
        ("configs/incoming/others.json", "{"),
        ("transformers/other.json", '[{"type": "map", "to": {"payload": {"remote_id": "concat("}}}]'),
        ("transformers/other.json", "[{]"),
    ],
)
def test_a_route_with_an_error_in_what_it_is_made_of_is_refused_and_the_other_runs(
    project: ThingsProject, file: str, text: str
) -> None:
    _second_route(project)
    _write(project, file, text)
    done = project.run("run", "others", "things")
    assert done.returncode == 2, done.stdout
    assert "others: not run" in done.stdout
    assert f"{file}:" in done.stderr, done.stderr
    assert "things: finished" in done.stdout
    assert "5 created" in done.stdout
    assert project.run("run", "others").returncode == 2


@pytest.mark.parametrize("file", ["configs/clients/ibexa.json", "configs/outgoing/things.json"])
def test_nothing_is_sent_through_a_client_or_an_outgoing_with_an_error(
    project: ThingsProject, sandbox: IbexaSandbox, file: str
) -> None:
    declared = json.loads((project.root / file).read_text())
    _write(project, file, json.dumps({**declared, "mistake": 1}))
    _second_route(project)
    done = project.run("run", "--all", "--json")
    assert done.returncode == 2
    assert [row["state"] for row in json.loads(done.stdout)] == ["failed", "failed"]
    assert sandbox.book.arrived_writes == 0
    assert project.run("preview", "things").returncode == 2
    assert project.run("preview", "incoming:things").returncode == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("configs/project.json", '{"mistake": 1}'),
        ("configs/routes/others.json", "{"),
        ("transformers/thing.jmespath", "@"),
        ("configs/incoming/No Name.json", "{}"),
    ],
)
def test_an_error_of_the_project_as_a_whole_stops_all(
    project: ThingsProject, sandbox: IbexaSandbox, file: str, text: str
) -> None:
    _write(project, file, text)
    done = project.run("run", "things")
    assert done.returncode == 2
    assert "the project has 1 error" in done.stderr
    assert sandbox.book.arrived_writes == 0


def test_what_comes_after_a_route_with_an_error_is_not_run(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    _second_route(project, after=["things"])
    _write(project, "transformers/thing.json", '[{"type": "mapp"}]')
    done = project.run("run", "--all", "--json")
    assert done.returncode == 2
    assert {row["route"]: row["state"] for row in json.loads(done.stdout)} == {"things": "failed", "others": "skipped"}
    assert sandbox.book.arrived_writes == 0


def test_an_alert_with_an_error_is_told_of_and_the_others_are_judged(project: ThingsProject) -> None:
    (project.root / "configs/alerts").mkdir()
    _write(project, "configs/alerts/bad.json", '{"type": "webhook"}')
    _write(project, "configs/incoming/unused.json", "{")
    done = project.run("run", "things")
    assert done.returncode == 0, done.stderr
    assert "a fault while looking" not in done.stderr


def test_serve_runs_the_good_ones_and_says_of_the_bad_one_why_it_does_not_run(
    project: ThingsProject,
) -> None:
    _second_route(project, schedule={"every": "1s"})
    route = json.loads((project.root / "configs/routes/things.json").read_text())
    _write(project, "configs/routes/things.json", json.dumps({**route, "schedule": {"every": "1s"}}))
    _write(project, "transformers/other.json", '[{"type": "mapp"}]')
    serving = project.start("serve")
    try:
        for _ in range(100):
            time.sleep(0.2)
            events = json.loads(project.run("schedule", "history", "--json").stdout or "[]")
            if {("others", "failed"), ("things", "fired")} <= {(row["route"], row["event"]) for row in events}:
                break
    finally:
        serving.send_signal(signal.SIGTERM)
        told = serving.communicate(timeout=60)[0].decode()
    assert "others: will not run: the route 'others' cannot be used: 1 error in transformers/other.json" in told
    assert "things: run 1 " in told
    failed = next(row for row in events if row["event"] == "failed")
    assert (failed["route"], "transformers/other.json" in failed["reason"]) == ("others", True)
    assert {row["route"] for row in json.loads(project.run("runs", "--json").stdout)} == {"things"}


def test_serve_does_not_start_when_no_scheduled_route_can_be_used(project: ThingsProject) -> None:
    route = json.loads((project.root / "configs/routes/things.json").read_text())
    _write(project, "configs/routes/things.json", json.dumps({**route, "schedule": {"every": "1s"}}))
    _write(project, "transformers/thing.json", '[{"type": "mapp"}]')
    done = project.run("serve")
    assert done.returncode == 2
    assert "none of the routes with a schedule can be used: things" in done.stderr
