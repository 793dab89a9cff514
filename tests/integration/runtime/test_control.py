"""People control runs of another process: cancel, pause, resume; and the deadline that a route sets."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, commands, reports
from connector.store.tables import task
from tests.faults.project import ThingsProject
from tests.polling import until

COUNT = 120


def by_state(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(task.c.state, sa.func.count()).group_by(task.c.state)).all()
    return {row[0]: row[1] for row in rows}


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox, database_url: str) -> ThingsProject:
    made = ThingsProject(tmp_path / "project", sandbox.url)
    made.env["CONNECTOR_DATABASE_URL"] = database_url
    made.things({str(n): f"thing {n}" for n in range(COUNT)})
    sandbox.faults.latency_ms = 50
    return made


@contextmanager
def under_way(project: ThingsProject, store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """A run that has sent some of its tasks, in a process that is ended in any case."""
    process = project.start("run", "things", "--json")
    try:
        until(lambda: by_state(store).get("finished", 0) > 4)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)


def held(sandbox: IbexaSandbox, store: Store) -> None:
    """Wait until the newest run took notice of what was asked, and what was under way has ended."""
    [newest] = reports.runs(store, limit=1)
    until(lambda: commands.of_run(store, newest["id"])[-1].seen_at)
    until(lambda: by_state(store).get("processing", 0) == 0)


def nothing_lost_nothing_doubled(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 0
    done = project.run("run", "things")
    assert done.returncode == 0, done.stdout + done.stderr
    book = sandbox.book.snapshot()
    assert {name: one["creates"] for name, one in book["items"].items()} == {f"t-{n}": 1 for n in range(COUNT)}
    assert book["leftover_drafts"] == []


def test_a_cancelled_run_ends_what_is_under_way_says_who_and_why_and_the_next_goes_on(
    project: ThingsProject, sandbox: IbexaSandbox, store: Store
) -> None:
    with under_way(project, store) as process:
        asked = project.run("runs", "cancel", "things", "--reason", "wrong mapping")
        assert asked.returncode == 0, asked.stderr
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 6, errors
    [report] = json.loads(output)
    counts = by_state(store)
    assert (report["state"], report["problem"]["code"]) == ("stopped", "RUN007")
    assert "cancelled by" in report["problem"]["message"]
    assert report["problem"]["message"].endswith("UTC: wrong mapping")
    assert 0 < counts["finished"] < COUNT
    assert report["left"] == {"new": counts["new"], "processing": 0, "retry_later": 0}
    assert f"{counts['new']} tasks to send" in report["problem"]["hint"]
    shown = project.run("runs", "show", str(report["run"])).stdout
    assert "wrong mapping" in shown
    again = project.run("runs", "cancel", str(report["run"]))
    assert (again.returncode, "ended already: stopped" in again.stderr) == (2, True)
    nothing_lost_nothing_doubled(project, sandbox)


def test_a_paused_run_keeps_the_route_and_is_silent_until_it_is_resumed(
    project: ThingsProject, sandbox: IbexaSandbox, store: Store
) -> None:
    with under_way(project, store) as process:
        assert project.run("runs", "pause", "things", "--reason", "the shop is slow").returncode == 0
        held(sandbox, store)
        before = sandbox.book.snapshot()["requests"]["total"]
        twice = project.run("runs", "pause", "things")
        assert (twice.returncode, "is paused already" in twice.stdout) == (0, True)
        assert project.run("run", "things").returncode == 5
        [newest] = reports.runs(store, limit=1)
        shown = json.loads(project.run("runs", "show", str(newest["id"]), "--json").stdout)
        assert (shown["state"], shown["paused"]["reason"]) == ("running", "the shop is slow")
        assert "paused" in project.run("runs", "show", str(newest["id"])).stdout
        assert sandbox.book.snapshot()["requests"]["total"] == before
        sandbox.faults.latency_ms = 0
        assert project.run("runs", "resume", "things").returncode == 0
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert [one.command for one in commands.of_run(store, newest["id"])] == ["pause", "resume"]
    nothing_lost_nothing_doubled(project, sandbox)


def test_a_scheduled_run_is_cancelled_while_serve_goes_on(
    project: ThingsProject, sandbox: IbexaSandbox, store: Store
) -> None:
    path = project.root / "configs/routes/things.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schedule": {"every": "1s"}}))
    process = project.start("serve")
    try:
        until(lambda: by_state(store).get("finished", 0) > 4)
        [first] = reports.runs(store, limit=1)
        assert project.run("runs", "cancel", str(first["id"])).returncode == 0
        until(lambda: [one for one in reports.runs(store) if one["id"] > first["id"] and one["state"] == "finished"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=40)
    ended = reports.run_by_id(store, first["id"])
    assert ended is not None
    assert (ended["state"], ended["problem"]["code"]) == ("stopped", "RUN007")
    nothing_lost_nothing_doubled(project, sandbox)


def test_a_paused_run_that_is_killed_is_gone_on_with(
    project: ThingsProject, sandbox: IbexaSandbox, store: Store
) -> None:
    with under_way(project, store) as process:
        assert project.run("runs", "pause", "things").returncode == 0
        held(sandbox, store)
        process.kill()
        process.wait()
        late = project.run("runs", "resume", "things")
        assert (late.returncode, "has lost its process" in late.stderr) == (2, True)
    nothing_lost_nothing_doubled(project, sandbox)


def test_a_paused_run_obeys_a_signal(project: ThingsProject, sandbox: IbexaSandbox, store: Store) -> None:
    with under_way(project, store) as process:
        assert project.run("runs", "pause", "things").returncode == 0
        held(sandbox, store)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 143
    [report] = json.loads(output)
    assert (report["state"], report["left"]["processing"]) == ("stopped", 0)
    nothing_lost_nothing_doubled(project, sandbox)


def test_a_run_beyond_its_deadline_stops_and_the_next_ones_go_on_from_there(
    tmp_path: Path, sandbox: IbexaSandbox, database_url: str, store: Store
) -> None:
    project = ThingsProject(tmp_path / "project", sandbox.url, deadline="2s")
    project.env["CONNECTOR_DATABASE_URL"] = database_url
    project.things({str(n): f"thing {n}" for n in range(COUNT)})
    sandbox.faults.latency_ms = 50
    ended = project.run("run", "things", "--json")
    assert ended.returncode == 6, ended.stderr
    [report] = json.loads(ended.stdout)
    assert (report["state"], report["problem"]["code"]) == ("stopped", "RUN008")
    assert "deadline of 2s" in report["problem"]["message"]
    assert report["left"]["new"] == by_state(store)["new"] > 0
    assert f"{report['left']['new']} tasks to send" in report["problem"]["hint"]
    nothing_lost_nothing_doubled(project, sandbox)


def test_what_is_not_there_cannot_be_controlled(project: ThingsProject) -> None:
    for wanted in ("17", "things", "nothing"):
        refused = project.run("runs", "pause", wanted)
        assert (refused.returncode, "there is no run of" in refused.stderr) == (2, True)


def test_the_config_of_a_run_is_kept_and_compared_with_today(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 0
    assert project.run("run", "things").returncode == 0
    same = project.run("runs", "show", "1", "--config")
    assert "the same is written today" in same.stdout
    assert '"concurrency": 4' in same.stdout
    path = project.root / "configs/routes/things.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "concurrency": 7}))
    differs = project.run("runs", "show", "1", "--config")
    assert "route.things.concurrency: 4 -> 7" in differs.stdout
    assert project.run("run", "things").returncode == 0
    second = json.loads(project.run("runs", "show", "2", "--config", "--json").stdout)
    assert (second["same_as_today"], second["config"]["route"]["things"]["concurrency"]) == (True, 7)
    path.unlink()
    assert "not in this project today" in project.run("runs", "show", "1", "--config").stdout
    assert "IBEXA_PASSWORD" in same.stdout
    assert '"publish"' not in same.stdout
