"""``connector serve`` as processes: who leads, what fires, what waits."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, leases, reports
from connector.store import schedule as rows
from connector.store.tables import schedule_event, schedule_state
from tests.faults.project import ThingsProject
from tests.polling import until


@pytest.fixture
def made(tmp_path: Path, sandbox: IbexaSandbox, database_url: str) -> Callable[..., ThingsProject]:
    def make(**route: Any) -> ThingsProject:
        project = ThingsProject(tmp_path / "project", sandbox.url, **route)
        project.env["CONNECTOR_DATABASE_URL"] = database_url
        project.things({"1": "one"})
        return project

    return make


@contextmanager
def serving(project: ThingsProject, count: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many processes, ended at the end in any case."""
    processes = [project.start("serve") for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)


def scheduled(store: Store, route: str = "things") -> list[dict[str, Any]]:
    return [one for one in reports.runs(store, route=route, limit=1000) if one["trigger"] == "schedule"]


def more_than(store: Store, count: int) -> bool:
    return len(scheduled(store)) > count


def leader(store: Store) -> str:
    return rows.held(store, [rows.LEADER], datetime.now(UTC)).get(rows.LEADER, "")


def leading(store: Store, processes: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    pid = until(lambda: leader(store)).split("|")[1]
    return next(one for one in processes if one.pid == int(pid))


def every_time_once(store: Store, step: timedelta) -> None:
    """Each due time has one verdict, each run a due time of its own, and none is left out."""
    told = [(row["scheduled_at"], row["times"]) for row in rows.history(store, limit=10_000) if row["scheduled_at"]]
    moments = sorted(moment for moment, _ in told)
    assert len(set(moments)) == len(moments)
    assert sum(times for _, times in told) == (moments[-1] - moments[0]) / step + min(told)[1]
    found = [row["run"] for row in rows.history(store, limit=10_000) if row["event"] == "fired"]
    assert None not in found
    assert len(set(found)) == len(found) == len(scheduled(store))


def test_one_of_three_leads_and_when_it_is_killed_another_takes_over_at_once(
    made: Callable[..., ThingsProject], store: Store
) -> None:
    project = made(schedule={"every": "1s"})
    with serving(project, 3) as processes:
        for _ in range(2):
            first = leading(store, [one for one in processes if one.poll() is None])
            until(lambda: scheduled(store))
            count = len(scheduled(store))
            first.kill()
            first.wait()
            killed = time.monotonic()
            until(partial(more_than, store, count + 1))
            assert time.monotonic() - killed < 10
            assert leader(store).split("|")[1] != str(first.pid)
        last = leading(store, [one for one in processes if one.poll() is None])
        last.send_signal(signal.SIGTERM)
        output, errors = last.communicate(timeout=30)
        assert last.returncode == 143, errors
        assert b"standing by" in output
        assert b"leading" in output
    every_time_once(store, timedelta(seconds=1))


def test_a_leader_that_is_stopped_is_replaced_and_fires_nothing_when_it_comes_back(
    made: Callable[..., ThingsProject], store: Store
) -> None:
    project = made(schedule={"every": "3s"})
    with serving(project, 2) as processes:
        first = leading(store, processes)
        until(lambda: [one for one in scheduled(store) if one["state"] == "finished"])
        time.sleep(1)  # while nothing is written: on SQLite a writer that is stopped stops all
        first.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        owner = leader(store)
        until(lambda: leader(store) not in ("", owner), leases.TTL.total_seconds() + 15)
        assert time.monotonic() - stopped <= leases.TTL.total_seconds() + 5
        count = len(scheduled(store))
        until(lambda: len(scheduled(store)) > count)
        back = datetime.now(UTC)
        first.send_signal(signal.SIGCONT)
        time.sleep(8)
        [second] = [one for one in processes if one is not first]
        owners = {row.split("|")[1] for row in owners_since(store, back)}
        assert owners == {str(second.pid)}
        for process in processes:
            process.send_signal(signal.SIGTERM)
        output, _ = first.communicate(timeout=30)
        assert b"no longer leading" in output
        second.communicate(timeout=30)
    every_time_once(store, timedelta(seconds=3))


def owners_since(store: Store, moment: datetime) -> list[str]:
    with store.reading() as connection:
        found = connection.execute(schedule_event.select().where(schedule_event.c.at > moment))
        return [row.owner for row in found]


def test_asked_to_stop_it_ends_soon_in_the_middle_of_a_run_and_another_leads_at_once(
    made: Callable[..., ThingsProject], store: Store, sandbox: IbexaSandbox
) -> None:
    project = made(schedule={"every": "2s"})
    project.things({str(n): f"thing {n}" for n in range(300)})
    sandbox.faults.latency_ms = 300
    with serving(project, 2) as processes:
        first = leading(store, processes)
        until(lambda: scheduled(store))
        time.sleep(1)
        first.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        [second] = [one for one in processes if one is not first]
        until(lambda: leader(store).split("|")[1:2] == [str(second.pid)], 8)
        first.communicate(timeout=30)
        assert time.monotonic() - asked < 30
        assert first.returncode == 143
        assert scheduled(store)[-1]["state"] == "stopped"
        until(partial(more_than, store, 1))


def test_times_that_were_missed_are_made_up_for_once(made: Callable[..., ThingsProject], store: Store) -> None:
    project = made(schedule={"every": "1h"})
    with serving(project) as [process]:
        until(lambda: rows.states(store).get("things"))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    past = datetime.now(UTC) - timedelta(days=3, minutes=20)
    with store.writing() as connection:
        connection.execute(schedule_state.update().values(anchor=past, settled_to=past))
    with serving(project):
        until(lambda: scheduled(store))
        time.sleep(2)
    assert len(scheduled(store)) == 1
    newest, missed = rows.history(store)
    assert (newest["event"], newest["scheduled_at"]) == ("fired", past + timedelta(days=3))
    assert newest["reason"].startswith("missed; made up for 20 minutes")
    assert (missed["event"], missed["times"], missed["first_at"]) == ("missed", 71, past + timedelta(hours=1))


def test_a_paused_route_fires_within_seconds_no_more_and_again_when_resumed(
    made: Callable[..., ThingsProject], store: Store
) -> None:
    project = made(schedule={"every": "1s"})
    with serving(project, 2):
        until(lambda: scheduled(store))
        said = project.run("schedule", "pause", "things", "--reason", "stocktaking")
        assert said.returncode == 0, said.stderr
        time.sleep(2)
        count = len(scheduled(store))
        [row] = json.loads(project.run("schedule", "list", "--json").stdout)
        assert row["paused"]["reason"] == "stocktaking"
        time.sleep(2)
        assert len(scheduled(store)) == count
        told = json.loads(project.run("schedule", "history", "things", "--json").stdout)
        assert told[0]["event"] == "skipped"
        assert told[0]["reason"] == "paused: stocktaking"
        assert project.run("schedule", "resume", "things").returncode == 0
        until(lambda: len(scheduled(store)) > count, 10)
    assert [one["event"] for one in rows.history(store, limit=100) if one["scheduled_at"] is None] == [
        "resumed",
        "paused",
    ]


@pytest.mark.parametrize("if_running", ["skip", "queue"])
def test_a_time_that_comes_while_the_route_runs_is_skipped_or_queued(
    made: Callable[..., ThingsProject], store: Store, sandbox: IbexaSandbox, if_running: str
) -> None:
    project = made(schedule={"every": "2s", "if_running": if_running})
    project.things({str(n): f"thing {n}" for n in range(20)})
    sandbox.faults.latency_ms = 300
    with serving(project):
        until(lambda: len([one for one in scheduled(store) if one["state"] == "finished"]) >= 2)
    first, second, *_ = reversed(scheduled(store))
    assert second["started_at"] >= first["ended_at"]
    assert first["seconds"] > 2
    told = list(reversed(rows.history(store, limit=100)))
    reasons = {row["reason"] for row in told}
    if if_running == "skip":
        assert "the last run was still going" in reasons
        assert not [one for one in reasons if "waited" in one]
    else:
        assert "waited for the end of the last run" in reasons
        assert "the last run was still going" not in reasons


def test_a_route_waits_for_those_it_comes_after(
    made: Callable[..., ThingsProject], store: Store, sandbox: IbexaSandbox
) -> None:
    project = made(schedule={"every": "3s"})
    project.things({str(n): f"thing {n}" for n in range(15)})
    later = {"incoming": "things", "transformers": ["thing"], "outgoing": "things", "after": ["things"]}
    path = project.root / "configs/routes/later.json"
    path.write_text(json.dumps({**later, "schedule": {"every": "3s"}}), encoding="utf-8")
    sandbox.faults.latency_ms = 150
    with serving(project):
        until(lambda: [one for one in scheduled(store, "later") if one["state"] == "finished"])
    first, second = scheduled(store)[-1], scheduled(store, "later")[-1]
    assert second["started_at"] >= first["ended_at"]
    [told] = [row for row in rows.history(store, route="later", limit=100) if row["run"] == second["id"]]
    assert told["reason"] == "waited for things"


def test_serve_without_any_schedule_says_what_to_do(made: Callable[..., ThingsProject]) -> None:
    done = made().run("serve")
    assert done.returncode == 2
    assert '"schedule": { "cron"' in done.stderr
    assert "connector run" in done.stderr


def test_the_list_says_when_in_the_zone_of_the_route(made: Callable[..., ThingsProject]) -> None:
    project = made(schedule={"cron": "30 2 * * *", "timezone": "Europe/Oslo"})
    [row] = json.loads(project.run("schedule", "list", "--json").stdout)
    assert (row["route"], row["timezone"], row["paused"]) == ("things", "Europe/Oslo", None)
    assert len(row["next"]) == 5
    assert all(moment[11:16] in ("02:30", "03:00") and moment[-6:] in ("+01:00", "+02:00") for moment in row["next"])
    shown = project.run("schedule", "list").stdout
    assert all(moment in shown for moment in (row["schedule"], *row["next"]))
    unknown = project.run("schedule", "pause", "thing")
    assert (unknown.returncode, "things" in unknown.stderr) == (2, True)
    assert "nothing yet" in project.run("schedule", "history").stdout
