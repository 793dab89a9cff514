"""What comes after a route that did not end well, by hand and by schedule; and a first write that nobody agreed to."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, reports
from connector.store import schedule as rows
from tests.faults.project import ThingsProject
from tests.polling import until


class Chain:
    """``things``, ``second`` after it, ``third`` after that; ``break_it`` takes the first one's source away."""

    def __init__(self, project: ThingsProject, every: str | None) -> None:
        self.project = project
        self.schedule = {"schedule": {"every": every}} if every else {}
        project.things({"1": "one"})
        (project.root / "others.json").write_text('[{"key": "x", "value": "ten"}]')
        incoming = json.loads((project.root / "configs/incoming/things.json").read_text())
        project._write("configs/incoming/others.json", {**incoming, "path": "others.json"})
        self.route("things")
        self.route("second", incoming="others", after=["things"])
        self.route("third", incoming="others", after=["second"])

    def route(self, name: str, **more: Any) -> None:
        parts = {"incoming": "things", "transformers": ["thing"], "outgoing": "things"}
        self.project._write(f"configs/routes/{name}.json", {**parts, **self.schedule, **more})

    def break_it(self) -> None:
        (self.project.root / "things.json").unlink()


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox, database_url: str) -> ThingsProject:
    made = ThingsProject(tmp_path / "project", sandbox.url)
    made.env["CONNECTOR_DATABASE_URL"] = database_url
    return made


@contextmanager
def serving(project: ThingsProject) -> Iterator[subprocess.Popen[bytes]]:
    process = project.start("serve")
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)


def results(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return [(one["route"], one["state"]) for one in json.loads(done.stdout)]


def test_by_hand_they_run_in_their_order_and_none_after_one_that_failed(project: ThingsProject) -> None:
    chain = Chain(project, None)
    well = project.run("run", "third", "things", "second", "--json")
    assert results(well) == [("things", "finished"), ("second", "finished"), ("third", "finished")]
    chain.break_it()
    badly = project.run("run", "third", "things", "second", "--json")
    assert results(badly) == [("things", "failed"), ("second", "skipped"), ("third", "skipped")]
    assert badly.returncode == 1
    [_, second, third] = json.loads(badly.stdout)
    assert second["problem"]["message"].startswith("'second' comes after 'things' failed (run ")
    assert third["problem"]["message"] == "'third' comes after 'second' was not run"
    chain.route("second", incoming="others", after=["things"], after_failure="run")
    assert results(project.run("run", "--all", "--json"))[1:] == [("second", "finished"), ("third", "finished")]


def test_by_schedule_what_comes_after_a_failure_is_skipped_and_runs_the_next_time_that_goes_well(
    project: ThingsProject, store: Store
) -> None:
    chain = Chain(project, "2s")
    chain.break_it()
    with serving(project):
        until(lambda: [one for one in rows.history(store, route="third") if one["event"] == "skipped"])
        for name, reason in (("second", "'things' failed (run "), ("third", "'second' was not run")):
            told = rows.history(store, route=name)[-1]
            assert (told["event"], told["run"]) == ("skipped", None)
            assert told["reason"].startswith(f"not run: it comes after {reason}")
        assert reports.runs(store, route="third") == []
        project.things({"1": "one"})
        until(lambda: [one for one in reports.runs(store, route="third") if one["state"] == "finished"])
    assert [one for one in reports.runs(store, route="second") if one["state"] == "finished"]


def test_a_scheduled_route_does_not_write_where_nobody_agreed_to(
    tmp_path: Path, database_url: str, store: Store
) -> None:
    with IbexaSandbox("127.0.0.2", login_seconds=0) as elsewhere:
        project = ThingsProject(tmp_path / "project", elsewhere.url, schedule={"every": "2s"})
        project.env["CONNECTOR_DATABASE_URL"] = database_url
        project.things({"1": "one"})
        with serving(project) as process:
            [told] = until(lambda: [one for one in rows.history(store, limit=100) if one["event"] == "skipped"][-1:])
            assert "for the first time" in told["reason"]
            assert "connector run things --yes" in told["reason"]
            assert elsewhere.book.snapshot()["requests"]["total"] == 0
            assert project.run("run", "things", "--yes").returncode == 0
            until(lambda: [one for one in reports.runs(store) if one["trigger"] == "schedule"])
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
        assert b"things: will not run: 'things' writes to" in output


def test_serve_can_be_told_that_it_is_agreed(tmp_path: Path, store: Store, database_url: str) -> None:
    with IbexaSandbox("127.0.0.2", login_seconds=0) as elsewhere:
        project = ThingsProject(tmp_path / "project", elsewhere.url, schedule={"every": "1s"})
        project.env |= {"CONNECTOR_DATABASE_URL": database_url, "CONNECTOR_YES": "1"}
        project.things({"1": "one"})
        with serving(project):
            until(lambda: [one for one in reports.runs(store) if one["state"] == "finished"])
