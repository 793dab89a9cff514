"""A signal ends a process in an orderly way and soon, whatever it waits for; a second one ends it at once."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connector.app import Application
from connector.core.clock import StopEvent
from connector.runtime.execution import RunView, run_route
from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, open_store, reports
from tests.faults.project import ThingsProject
from tests.integration.clients.scripted import Scripted, js
from tests.polling import until

SOON = 15.0
DRAIN = 31.0
BUSY: dict[str, Any] = {"status": 503, "headers": {"Retry-After": "100"}}


class Pages:
    """A source with two pages; the second one comes when it is let go."""

    def __init__(self) -> None:
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, request: Request) -> Response:
        if dict(request.query).get("page") == "2":
            self.hangs.set()
            self.let_go.wait(90)
            return js([{"key": "late", "value": "late"}])
        return js([{"key": str(n), "value": f"thing {n}"} for n in range(8)])


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    yield made
    made.let_go.set()


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox) -> ThingsProject:
    made = ThingsProject(tmp_path, sandbox.url)
    made.things({str(n): f"thing {n}" for n in range(30)})
    return made


@pytest.fixture
def log(project: ThingsProject) -> Iterator[Store]:
    opened = open_store(project.env["CONNECTOR_DATABASE_URL"])
    yield opened
    opened.close()


@contextmanager
def started(project: ThingsProject, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = project.start(*arguments)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=30)


def all_there(project: ThingsProject, sandbox: IbexaSandbox, keys: set[str]) -> None:
    sandbox.faults.clear()
    done = project.run("run", "things", "--retry")
    assert done.returncode == 0, done.stdout + done.stderr
    book = sandbox.book.snapshot()
    assert {name for name in book["items"] if name.startswith("t-")} == {f"t-{key}" for key in keys}
    assert book["duplicates"] == []
    assert book["leftover_drafts"] == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("op", ["content.search", "content_version.publish"])
def test_a_wait_that_the_target_asked_for_is_broken_off_and_nothing_more_is_sent(
    project: ThingsProject, sandbox: IbexaSandbox, log: Store, op: str, number: int, code: int
) -> None:
    sandbox.faults.add({"match": {"op": op}, "do": BUSY})
    with started(project, "run", "things", "--json") as process:
        until(lambda: sandbox.faults.rules()[0]["fired"])
        until(lambda: sandbox.book.in_flight_writes == 0)
        process.send_signal(number)
        output, errors = process.communicate(timeout=SOON)
    assert process.returncode == code, errors
    [report] = json.loads(output)
    assert (report["state"], report["left"]["processing"]) == ("stopped", 0)
    assert report["problem"]["code"] == "RUN003"
    assert reports.runs(log)[0]["state"] == "stopped"
    all_there(project, sandbox, {str(n) for n in range(30)})


def test_an_update_that_is_broken_off_before_it_is_published_leaves_no_draft(
    project: ThingsProject, sandbox: IbexaSandbox, log: Store
) -> None:
    assert project.run("run", "things").returncode == 0
    project.things({str(n): f"changed {n}" for n in range(30)})
    sandbox.faults.add({"match": {"op": "content_version.publish"}, "do": BUSY})
    with started(project, "run", "things") as process:
        until(lambda: sandbox.faults.rules()[0]["fired"])
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SOON)
    assert sandbox.book.snapshot()["leftover_drafts"]
    assert [one for one in reports.tasks(log, state="new", limit=100) if one["suspect"]]
    all_there(project, sandbox, {str(n) for n in range(30)})


def test_what_outlives_its_run_in_a_process_that_goes_on_sends_nothing_more(
    project: ThingsProject, sandbox: IbexaSandbox, log: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.routes.deliver.STOP_SECONDS", 0.3)
    sandbox.faults.add({"match": {"op": "content.create"}, "do": {"hang_seconds": 3}})
    stop = StopEvent()

    def when_it_hangs(_view: RunView) -> None:
        if sandbox.faults.rules()[0]["fired"] == 4:
            stop.set()

    with Application.open(project.root, project.env) as app:
        report = run_route(app, log, "things", stop=stop, on_progress=when_it_hangs)
        assert (report.state, report.left["processing"]) == ("stopped", 4)
        until(lambda: not [one for one in threading.enumerate() if one.name.startswith("send-things")])
        asked = sandbox.book.snapshot()["requests"]["by_op"]
    assert (asked["content.create"], asked.get("content_version.publish")) == (4, None)
    all_there(project, sandbox, {str(n) for n in range(30)})


def test_serve_breaks_off_such_a_wait_too(project: ThingsProject, sandbox: IbexaSandbox, log: Store) -> None:
    path = project.root / "configs/routes/things.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schedule": {"every": "1s"}}))
    sandbox.faults.add({"match": {"op": "content.search"}, "do": BUSY})
    with started(project, "serve") as process:
        until(lambda: sandbox.faults.rules()[0]["fired"])
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SOON)
    assert process.returncode == 143
    assert reports.runs(log)[0]["state"] == "stopped"


def hanging(project: ThingsProject, url: str) -> None:
    """Page 2 of the source hangs."""
    paging = {"type": "page", "size": 8, "page_param": "page", "size_param": "limit"}
    incoming = {"type": "http", "client": "source", "endpoint": "/things", "key": "key", "pagination": paging}
    project._write("configs/clients/source.json", {"type": "http", "base_url": url})
    project._write("configs/incoming/things.json", incoming)


def test_systems_that_hang_hold_a_signal_up_no_longer_than_thirty_seconds(
    project: ThingsProject, sandbox: IbexaSandbox, log: Store, pages: Pages
) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "do": {"hang_seconds": 50}})
    with Scripted(pages) as server:
        hanging(project, server.url)
        with started(project, "run", "things", "--json") as process:
            until(pages.hangs.is_set)
            until(lambda: sandbox.faults.rules()[0]["fired"] >= 4)
            asked = len(server.asked)
            process.send_signal(signal.SIGTERM)
            output, errors = process.communicate(timeout=DRAIN)
            assert process.returncode == 143, errors
            assert (len(server.asked), sandbox.faults.rules()[0]["fired"]) == (asked, 4), "nothing more was begun"
        [report] = json.loads(output)
        assert (report["state"], report["left"]["processing"], report["left"]["new"]) == ("stopped", 4, 4)
        assert "was not read to its end" in report["problem"]["hint"]
        pages.let_go.set()
        all_there(project, sandbox, {*map(str, range(8)), "late"})


def test_the_second_signal_ends_it_at_once(
    project: ThingsProject, sandbox: IbexaSandbox, log: Store, pages: Pages
) -> None:
    with Scripted(pages) as server:
        hanging(project, server.url)
        with started(project, "run", "things") as process:
            until(pages.hangs.is_set)
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            while b"once more" not in process.stderr.readline():
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=SOON)
        assert process.returncode == 143
        assert reports.runs(log)[0]["state"] == "running", "nothing was written any more"
        pages.let_go.set()
        all_there(project, sandbox, {*map(str, range(8)), "late"})
