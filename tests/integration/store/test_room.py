"""The disk guard: reading stops in time, what was read is still sent, and the next run goes on."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest

from connector.core.clock import StopEvent, SystemClock
from connector.core.limits import Room
from connector.routes import guard
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, open_store, reports
from connector.store.room import measure
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some

HERE = Path(__file__).parent
MORE_THAN_ANY_DISK = 10**18


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LOOK_SECONDS", 0.0)


def guarded(live: Any, store: Store, room: Room) -> RunResult:
    return RouteRun(live, store, clock=SystemClock(), stop=StopEvent(), room=room).execute(Trigger(), lambda view: None)


def test_on_a_full_disk_nothing_is_read_and_what_waits_is_sent(store: Store) -> None:
    target, shelf = Target(), Shelf(some(5))
    stopped = guarded(route(shelf, target), store, Room(MORE_THAN_ANY_DISK, path=HERE))
    assert (stopped.state, stopped.exit_code, stopped.counts["read"]) == ("failed", 3, 0)
    assert stopped.problem is not None
    assert stopped.problem.code == "RUN010"
    assert "disk.min_free is 1000000000.0 GB" in stopped.problem.message
    assert "connector db prune" in stopped.problem.hint
    assert guarded(route(shelf, target), store, Room(1, path=HERE)).counts["created"] == 5


def test_a_run_log_that_grows_too_large_stops_reading_and_goes_on_there(store: Store) -> None:
    target, shelf = Target(), Shelf([(str(n), {"n": n, "noise": secrets.token_hex(100_000)}) for n in range(12)])
    stopped = guarded(route(shelf, target), store, Room(0, max_size=measure(store).size + 500_000))
    assert stopped.problem is not None
    assert "disk.max_size is" in stopped.problem.message
    assert stopped.state == "failed"
    assert 2 <= stopped.counts["read"] < 12
    assert stopped.counts["created"] == stopped.counts["read"]
    again = run(route(shelf, target), store)
    assert (again.counts["read"], len(target.held)) == (12 - stopped.counts["read"], 12)


def test_a_folder_that_is_not_there_is_said(store: Store, tmp_path: Path) -> None:
    ended = guarded(route(Shelf(some(1)), Target()), store, Room(1, path=tmp_path / "no"))
    assert ended.problem is not None
    assert "disk.path" in ended.problem.hint
    assert [one["state"] for one in reports.runs(store)] == ["failed"]


def test_pages_that_are_free_inside_the_file_are_room(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/run.db")
    before = measure(store)
    with store.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE heap (x BLOB)")
        connection.exec_driver_sql("INSERT INTO heap VALUES (zeroblob(3000000))")
    assert measure(store).size > before.size + 3_000_000
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE heap")
    assert measure(store).size == before.size
    assert before.folder == tmp_path
    store.close()
