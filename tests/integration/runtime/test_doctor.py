"""The doctor on a real run log: each thing that can be stuck is found, explained, and only mended where that is safe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.errors import LeaseLost
from connector.core.limits import Room
from connector.core.outcome import NotSent, Refused, Unknown
from connector.core.problem import Problem
from connector.core.process import identity
from connector.runtime import symptoms
from connector.runtime.doctor import examine, repair
from connector.runtime.symptoms import CHECKS, Patient, Symptom
from connector.store import Store, health, leases, reports, schedule
from connector.store.tables import lease, task
from connector.store.tables import run as run_table
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some

NOW = datetime.now(UTC)
ELSEWHERE = "otherhost|77|1|abcd"


def found(store: Store, routes: frozenset[str] = frozenset({"things"}), room: Room | None = None) -> list[Symptom]:
    patient = Patient(store, routes, room, datetime.now(UTC))
    return [one for check in CHECKS for one in check(patient)]


def checks(store: Store, **how: Any) -> list[str]:
    return [one.check for one in found(store, **how)]


def died(store: Store) -> None:
    """A run, as a process on another machine leaves it that lost its power two minutes ago."""
    run(route(Shelf(some(3)), Target()), store)
    with store.writing() as connection:
        connection.execute(task.update().where(task.c.key == "x-1").values(state="processing", fence=1))
        connection.execute(run_table.update().values(state="running", owner=ELSEWHERE, ended_at=None))
        connection.execute(lease.update().values(owner=ELSEWHERE, expires_at=NOW - timedelta(minutes=2)))


def test_after_runs_that_ended_well_or_with_failures_nothing_is_stuck(store: Store) -> None:
    target = Target()
    target.answers["x-0"] = [Refused(Problem("X1", "no"))]
    run(route(Shelf(some(3)), target), store)
    assert found(store) == []


def test_what_a_dead_process_leaves_is_told_and_mended_and_the_next_run_looks_it_up(store: Store) -> None:
    died(store)
    assert checks(store) == ["leases", "runs", "processing"]
    assert repair(store, NOW) == {"leases": ["things"], "runs": [1]}
    assert checks(store) == ["processing"]
    assert reports.runs(store)[0]["state"] == "stopped"
    target = Target()
    target.held = {"x-1": {"id": "x-1", **some(3)[1][1]}}
    ended = run(route(Shelf(some(3)), target), store)
    assert ended.counts["skipped"] == 1
    assert [one.suspect for one in target.calls] == [True]
    assert found(store) == []


def test_a_silent_process_whose_lease_was_freed_can_no_longer_write(store: Store) -> None:
    died(store)
    with store.reading() as connection:
        fence = connection.execute(sa.select(lease.c.fence)).scalar()
    repair(store, NOW)
    with pytest.raises(LeaseLost), store.writing() as connection:
        leases.guard(connection, "things", fence or 0)


def test_nothing_of_a_living_process_is_called_dead_or_mended(store: Store) -> None:
    died(store)
    owner = identity()
    with store.writing() as connection:
        connection.execute(lease.update().values(owner=owner, expires_at=datetime.now(UTC) + timedelta(seconds=20)))
        connection.execute(run_table.update().values(owner=owner))
    assert checks(store) == []
    assert repair(store, datetime.now(UTC)) == {"leases": [], "runs": []}


def test_suspect_tasks_that_wait_for_a_person(store: Store) -> None:
    target = Target()
    target.answers["x-0"] = [Unknown(Problem("X2", "the answer was lost"))]
    run(route(Shelf(some(2)), target, max_attempts=1), store)
    [one] = found(store)
    assert (one.check, one.what[:30]) == ("suspect", "1 failed tasks of things may h")
    assert one.since is not None


def test_attempts_that_are_far_off(store: Store) -> None:
    target = Target()
    target.answers["x-0"] = [NotSent(Problem("X2", "come back next month"), wait_seconds=3600.0 * 24 * 30)]
    run(route(Shelf(some(2)), target), store)
    assert checks(store) == ["far_off"]


def test_a_schedule_that_was_paused_and_forgotten(store: Store) -> None:
    schedule.pause(store, "things", "moving house", NOW - timedelta(days=20))
    schedule.pause(store, "others", "", NOW)
    [one] = found(store)
    assert (one.check, one.what) == ("paused", "the schedule of things is paused (moving house)")


def test_what_is_left_of_a_route_that_is_no_longer_in_the_project(store: Store) -> None:
    run(route(Shelf(some(3)), Target()), store)
    [one] = found(store, routes=frozenset({"renamed"}))
    assert one.what == "there is no route things in the project, but checkpoints, items, tasks of it are kept"
    assert "They do no harm." in one.means
    with store.writing() as connection:
        connection.execute(task.update().where(task.c.key == "x-1").values(state="new"))
    assert "1 of its tasks wait" in found(store, routes=frozenset())[0].means


def test_a_disk_with_too_little_room(store: Store, tmp_path: Path) -> None:
    [low] = found(store, room=Room(10**18, path=tmp_path))
    assert (low.check, "disk.min_free" in low.what) == ("disk", True)
    [missing] = found(store, room=Room(1, path=tmp_path / "no"))
    assert "disk.path" in missing.todo


def test_clocks_that_differ(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_time", lambda connection: datetime.now(UTC) - timedelta(minutes=5))
    [one] = found(store)
    assert (one.check, "300 s apart" in one.what) == ("clock", True)


@pytest.mark.parametrize(("mode", "kind", "told"), [("wal", "nfs4", "network"), ("delete", "ext4", "'delete'")])
def test_sqlite_where_it_should_not_be(
    mode: str, kind: str, told: str, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(health, "journal_mode", lambda store: mode)
    monkeypatch.setattr(symptoms, "_mounts", lambda: [("/", "ext4"), (str(tmp_path), kind)])
    if not store.is_sqlite:
        assert found(store) == []
        return
    [one] = found(store)
    assert told in one.what


@pytest.mark.parametrize(("version", "todo"), [("0003", "connector db upgrade"), ("9999", "Install the newer release")])
def test_tables_of_another_version(version: str, todo: str, store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    [one] = examine(store, None)
    assert (one.check, one.todo) == ("version", todo)
