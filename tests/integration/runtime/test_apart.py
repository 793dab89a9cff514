"""Runs side by side do not interfere: neither two processes on one route, nor two routes in one process."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.app import Application
from connector.core.clock import StopEvent
from connector.runtime.execution import RunReport, run_route
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, leases, open_store, reports, requests
from connector.store.tables import task
from tests.faults.project import ThingsProject


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox, database_url: str) -> ThingsProject:
    made = ThingsProject(tmp_path / "project", sandbox.url)
    made.env["CONNECTOR_DATABASE_URL"] = database_url
    made.things({f"a{n}": f"thing {n}" for n in range(12)})
    return made


def test_retry_changes_nothing_while_another_process_has_the_route(project: ThingsProject, store: Store) -> None:
    assert project.run("run", "things").returncode == 0
    with store.writing() as connection:
        connection.execute(task.update().values(state="failed", attempts=3))
    fence = leases.acquire(store, "things", "elsewhere|1|2|abc", datetime.now(UTC))
    refused = project.run("run", "things", "--retry")
    assert refused.returncode == 5, refused.stderr
    assert reports.count_failed(store, "things") == 12
    leases.release(store, "things", fence, datetime.now(UTC))
    done = project.run("run", "things", "--retry")
    assert done.returncode == 0, done.stderr
    assert reports.count_failed(store, "things") == 0


def test_each_of_two_runs_in_one_process_has_a_request_log_of_its_own(
    project: ThingsProject, store: Store, tmp_path: Path
) -> None:
    configs = project.root / "configs"
    client = json.loads((configs / "clients/ibexa.json").read_text())
    (configs / "clients/ibexa.json").write_text(json.dumps({**client, "request_log": "full"}))
    incoming = json.loads((configs / "incoming/things.json").read_text())
    (configs / "incoming/others.json").write_text(json.dumps({**incoming, "path": "others.json"}))
    route = json.loads((configs / "routes/things.json").read_text())
    (configs / "routes/others.json").write_text(json.dumps({**route, "incoming": "others"}))
    (project.root / "others.json").write_text(json.dumps([{"key": f"b{n}", "value": f"n {n}"} for n in range(12)]))
    logs = {"things": store, "others": open_store(f"sqlite:///{tmp_path}/others.db")}
    found: dict[str, RunReport] = {}
    together = threading.Barrier(2)

    def go(app: Application, name: str) -> None:
        together.wait()
        found[name] = run_route(app, logs[name], name, stop=StopEvent(), on_progress=lambda view: None)

    with Application.open(project.root, project.env) as app:
        threads = [threading.Thread(target=go, args=(app, name)) for name in logs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {name: report.counts["created"] for name, report in found.items()} == {"things": 12, "others": 12}
    for name, other in (("things", "t-b"), ("others", "t-a")):
        kept = requests.latest(logs[name], limit=1000)
        assert len([one for one in kept if one["operation"] == "content.create"]) == 12
        # A search for what is there already may ask for both at once: they share the client.
        assert other not in json.dumps([one for one in kept if one["operation"] != "content.search"])
    logs["others"].close()
