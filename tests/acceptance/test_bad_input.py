"""Bad input gets a clear error and loses nothing: the whole program, as a process, against the sandbox."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def report(project: ThingsProject, *arguments: str) -> tuple[int, Any, str]:
    done = project.run("run", "things", "--json", *arguments)
    return done.returncode, json.loads(done.stdout)[0] if done.stdout else None, done.stderr


def sound(sandbox: IbexaSandbox, count: int) -> None:
    book = sandbox.book.snapshot()
    assert len([one for one in book["items"].values() if one["status"] == "PUBLISHED"]) == count
    assert [one for one in book["items"].values() if one["creates"] != 1] == []
    assert book["leftover_drafts"] == []


def test_the_second_run_writes_nothing_not_even_with_the_run_log_deleted(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    code, first, _ = report(project)
    assert (code, first["counts"]["created"]) == (0, 30)
    sandbox.book.reset()
    code, second, _ = report(project)
    assert (code, second["counts"]["unchanged"]) == (0, 30)
    assert sandbox.book.snapshot()["requests"]["total"] == 0
    (project.root / "run.db").unlink()
    code, third, _ = report(project)
    assert (code, third["counts"]["skipped"]) == (0, 30)
    assert sandbox.book.snapshot()["writes"]["total"] == 0


def test_wrong_credentials_end_the_run_and_lose_nothing(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    project.env["IBEXA_PASSWORD"] = "canary-wrong"
    code, run, error = report(project)
    assert code == 3
    assert "was refused" in run["problem"]["message"]
    assert "canary-wrong" not in json.dumps(run) + error
    assert sandbox.book.snapshot()["refused_logins"] == 1
    project.env["IBEXA_PASSWORD"] = "publish"
    assert report(project)[0] == 0
    sound(sandbox, 30)


def test_an_ibexa_that_is_down_ends_the_run_and_lose_nothing(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    url = project.env["IBEXA_BASE_URL"]
    project.env["IBEXA_BASE_URL"] = "http://127.0.0.1:9"
    code, run, _ = report(project)
    assert code == 3
    assert "no connection" in run["problem"]["message"]
    assert run["counts"]["failed"] == 0
    project.env["IBEXA_BASE_URL"] = url
    assert report(project)[0] == 0
    sound(sandbox, 30)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"status": 502}])
def test_an_ibexa_that_comes_back_during_the_run_is_waited_for(
    project: ThingsProject, sandbox: IbexaSandbox, do: Any
) -> None:
    path = project.root / "configs/clients/ibexa.json"
    outage = {"first_probe": "50ms", "max_probe": "100ms", "give_up_after": "1h"}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"outage": outage}))
    for op in ("content.search", "content.find", "content.create", "content_version.publish"):
        sandbox.faults.add({"match": {"op": op}, "when": {"times": 30}, "do": do})
    code, run, _ = report(project)
    assert (code, run["state"], run["counts"]["failed"]) == (0, "finished", 0)
    assert json.loads(project.run("clients", "--json").stdout)[0]["state"] == "up"
    sound(sandbox, 30)


def test_tokens_that_expire_in_the_middle_are_renewed(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "when": {"every": 7}, "do": {"expire_tokens": True}})
    assert report(project)[0] == 0
    sound(sandbox, 30)


@pytest.mark.parametrize(
    "do",
    [{"cut": "after"}, {"cut": "before"}, {"status": 500, "body": "", "content_type": "text/html"}, {"status": 503}],
)
def test_every_fifth_write_going_wrong_ends_with_everything_there_once(
    project: ThingsProject, sandbox: IbexaSandbox, do: Any
) -> None:
    for op in ("content.create", "content_version.publish"):
        sandbox.faults.add({"match": {"op": op}, "when": {"every": 5}, "do": do})
    for _ in range(6):
        if report(project, "--retry")[0] == 0:
            break
    sandbox.faults.clear()
    assert report(project, "--retry")[0] == 0
    sound(sandbox, 30)


def test_a_source_that_breaks_off_is_said_and_what_it_gave_is_sent(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    whole = (project.root / "things.json").read_text()
    (project.root / "things.json").write_text(whole[:-100])
    code, run, _ = report(project)
    assert code == 1
    assert "damaged or cut off" in run["problem"]["message"]
    assert 20 <= run["counts"]["created"] < 30
    (project.root / "things.json").write_text(whole)
    assert report(project)[0] == 0
    sound(sandbox, 30)


def test_odd_records_become_failed_tasks_and_the_rest_goes_on(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    rows: list[Any] = [{"key": str(n), "value": f"v {n}"} for n in range(10)]
    rows += [
        {"value": "no key"},
        {"key": None, "value": "x"},
        {"key": {}, "value": "x"},
        "text",
        {"key": "0", "value": "again"},
    ]
    rows += [
        {"key": "nul", "value": "a\x00b"},
        {"key": "emoji", "value": "🌲"},
        {"key": "big", "value": "x" * 6_000_000},
    ]
    rows += [{"key": "long" * 30, "value": "too long a remote id"}]
    (project.root / "things.json").write_text(json.dumps(rows))
    code, run, _ = report(project)
    assert (code, run["state"]) == (1, "finished")
    assert (run["counts"]["created"], run["counts"]["failed"]) == (11, 8)
    sound(sandbox, 11)
    again = report(project)
    assert (again[0], again[1]["counts"]["failed"], again[1]["open_failures"]) == (0, 0, 8)


def test_a_second_process_on_the_same_route_is_refused(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 800
    first = project.start("run", "things")
    while not sandbox.book.snapshot()["writes"]["total"]:
        time.sleep(0.05)
    second = project.run("run", "things")
    assert second.returncode == 5
    assert "being run by process" in second.stderr
    sandbox.faults.latency_ms = 0
    first.communicate(timeout=60)
    assert first.returncode == 0
    sound(sandbox, 30)


@pytest.mark.parametrize(
    ("signals", "code"), [([signal.SIGINT], 130), ([signal.SIGTERM], 143), ([signal.SIGINT, signal.SIGINT], 130)]
)
def test_a_run_that_is_interrupted_once_or_twice_is_finished_by_the_next(
    project: ThingsProject, sandbox: IbexaSandbox, signals: list[int], code: int
) -> None:
    sandbox.faults.latency_ms = 250
    process = project.start("run", "things")
    while not sandbox.book.snapshot()["writes"]["total"]:
        time.sleep(0.02)
    for number in signals:
        process.send_signal(number)
        time.sleep(0.05)
    started = time.monotonic()
    process.communicate(timeout=40)
    assert process.returncode == code
    assert time.monotonic() - started < 10
    sandbox.faults.latency_ms = 0
    assert report(project)[0] == 0
    sound(sandbox, 30)


def test_a_full_disk_is_said_and_the_next_run_goes_on(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    import sqlite3

    report(project)
    project.things({str(n): f"changed {n} " + "æ" * 150 for n in range(300)})
    database = sqlite3.connect(project.root / "run.db")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.close()
    site = project.root / "site"
    site.mkdir()
    # Python reads this file at start: every connection gets a database that cannot grow, as on a full disk.
    limit = "import sqlite3\n_c = sqlite3.connect\n" + (
        f"def connect(*a, **k):\n    c = _c(*a, **k)\n    c.execute('PRAGMA max_page_count={pages + 1}')\n    return c\n"
        "sqlite3.connect = connect\nimport sqlite3.dbapi2\nsqlite3.dbapi2.connect = connect\n"
    )
    (site / "sitecustomize.py").write_text(limit)
    roomy = dict(project.env)
    project.env["PYTHONPATH"] = f"{site}:{Path(__file__).parents[2]}"
    done = project.run("run", "things")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "disk is full" in done.stderr + done.stdout
    project.env = roomy
    assert report(project)[0] == 0
    sound(sandbox, 300)


def test_a_mapping_that_fails_for_one_in_a_thousand_fails_one(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    steps = [
        {
            "type": "map",
            "to": {"payload": {"remote_id": "concat('t-', key)", "fields": {"name": "required(value, 'no value')"}}},
        }
    ]
    (project.root / "transformers/thing.json").write_text(json.dumps(steps))
    project.things({str(n): "" if n == 500 else f"v {n}" for n in range(1000)})
    code, run, _ = report(project)
    assert (code, run["counts"]["created"], run["counts"]["failed"]) == (1, 999, 1)
    assert run["failures"][0]["message"] == "no value"
