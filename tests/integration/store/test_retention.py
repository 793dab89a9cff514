"""Pruning: what has ended goes by age and by number; what decides whether something is sent again never does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from connector.core.clock import StopEvent, SystemClock
from connector.core.limits import Retention
from connector.core.outcome import Refused, Unknown
from connector.core.problem import Problem
from connector.routes.run import RouteRun, Trigger
from connector.store import Store, old_tasks, reports
from connector.store.retention import is_young, prune
from connector.store.schedule import Event, _keep
from connector.store.tables import attempt, config_snapshot, item, record, request_log, task
from connector.store.tables import run as run_table
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some

FOREVER = Retention(None, None, None, None, None, None, None, None)
DAY = timedelta(days=1)
AT_ONCE = 20
REFUSED = Refused(Problem("X1", "the target says no"))


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_tasks, "AT_ONCE", AT_ONCE)


class Later(SystemClock):
    """A clock that is so far ahead."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def pruned(store: Store, limits: Retention, ahead: timedelta = DAY, **how: Any) -> dict[str, int]:
    found = prune(store, limits, Later(ahead), stop=StopEvent(), **how)
    assert found.complete
    return {word: count for word, count in found.counts.items() if count}


def count(store: Store, table: sa.Table, *where: Any) -> int:
    with store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar() or 0)


def test_after_everything_finished_is_gone_nothing_is_sent_again(store: Store) -> None:
    target, shelf = Target(), Shelf(some(2 * AT_ONCE + 7))
    live = route(shelf, target, concurrency=8)
    run(live, store)
    sent, total = len(target.calls), len(shelf.rows)
    hour = timedelta(hours=1)
    removed = pruned(store, Retention(hour, hour, hour, hour, hour, hour, hour, 1))
    assert removed["finished"] == total - 1  # the newest task keeps its number from being given again
    assert (count(store, task), count(store, attempt)) == (1, 0)
    assert (count(store, item), count(store, record)) == (total, total)
    again = run(live, store)
    assert (again.counts["unchanged"], again.counts["new"], len(target.calls)) == (total, 0, sent)


def test_messages_go_first_and_the_task_still_tells_what_became_of_it(store: Store) -> None:
    target = Target()
    run(route(Shelf(some(3)), target), store)
    limits = replace(FOREVER, messages=DAY / 2, finished=30 * DAY)
    assert pruned(store, limits) == {"messages": 3}
    [newest, *_] = reports.tasks(store)
    shown = reports.task_by_id(store, newest["id"])
    assert shown is not None
    assert (shown["state"], shown["change"], shown["message"], shown["history"]) == ("finished", "created", None, [])
    assert shown["record"]["n"] == 2
    assert pruned(store, limits) == {}


def test_only_what_is_old_enough_goes(store: Store) -> None:
    run(route(Shelf(some(4)), Target()), store)
    limits = Retention(DAY, DAY, DAY, DAY, DAY, DAY, DAY, None)
    assert pruned(store, limits, ahead=DAY / 2) == {}
    assert count(store, task) == 4


def test_of_too_many_tasks_the_newest_stay_however_young(store: Store) -> None:
    run(route(Shelf(some(9)), Target()), store)
    newest = [row["id"] for row in reports.tasks(store, limit=4)]
    assert pruned(store, replace(FOREVER, max_tasks=4), ahead=timedelta(0)) == {"finished": 5}
    assert [row["id"] for row in reports.tasks(store)] == newest


def test_a_dry_run_counts_the_same_and_removes_nothing(store: Store) -> None:
    run(route(Shelf(some(2 * AT_ONCE)), Target(), concurrency=8), store)
    limits = replace(FOREVER, messages=timedelta(0), finished=timedelta(0))
    told = pruned(store, limits, dry_run=True)
    assert count(store, task) == 2 * AT_ONCE
    assert count(store, task, task.c.message.is_(None)) == 0
    assert pruned(store, limits) == told


@pytest.mark.parametrize("state", ["new", "processing"])
def test_what_is_still_on_its_way_is_never_touched(state: str, store: Store) -> None:
    run(route(Shelf(some(3)), Target()), store)
    with store.writing() as connection:
        connection.execute(task.update().values(state=state, created_at=datetime(2001, 1, 1, tzinfo=UTC)))
    zero = timedelta(0)
    assert pruned(store, Retention(zero, zero, zero, zero, zero, zero, zero, 1)) == {}
    assert count(store, task, task.c.message.is_not(None)) == 3


def test_the_failure_that_stands_for_an_undelivered_item_stays(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1))
    target.answers["x-0"] = [REFUSED]
    target.messages = "event"
    live = route(shelf, target)
    run(live, store)
    shelf.rows = [("0", {"n": 1, "boom": True}), ("1", {"n": 1})]
    run(live, store)
    assert count(store, task, task.c.state == "failed") == 2
    assert pruned(store, replace(FOREVER, failed=timedelta(0))) == {"failed": 1}
    [kept] = reports.tasks(store, state="failed")
    assert kept["problem"]["message"] == "it went boom"


def test_a_failure_given_up_is_read_as_new_and_so_not_lost(store: Store) -> None:
    target, shelf = Target(), Shelf(some(2))
    target.answers["x-0"] = [REFUSED]
    live = route(shelf, target)
    assert run(live, store).counts["failed"] == 1
    assert pruned(store, replace(FOREVER, last_failed=timedelta(0))) == {"last_failed": 1}
    again = run(live, store)
    assert (again.counts["created"], again.counts["unchanged"]) == (1, 1)
    assert sorted(target.held) == ["x-0", "x-1"]


def test_what_a_suspect_task_is_compared_with_stays_until_that_is_settled(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1))
    lost = Unknown(Problem("X2", "the answer was lost"))
    target.answers["x-0"] = [lost]
    live = route(shelf, target, first_wait=3600.0)
    run(live, store)
    zero = timedelta(0)
    everything = Retention(zero, zero, zero, zero, zero, zero, zero, 1)
    assert pruned(store, everything) == {}  # failed, but it may have taken effect
    shelf.rows = [("0", {"n": 1})]
    target.answers["x-0"] = [lost]
    run(live, store)  # replaces the first, which is skipped now and still suspect
    assert count(store, task, task.c.state == "skipped") == 1
    assert pruned(store, everything) == {}
    shelf.rows = [("0", {"n": 2})]
    assert run(live, store).counts["created"] == 1
    assert len(target.calls[-1].earlier) == 2
    shelf.rows = some(2)
    run(live, store)  # a younger task, so that this one may go
    assert pruned(store, everything)["skipped"] == 2


def test_runs_stay_while_a_task_or_a_due_time_speaks_of_them(store: Store) -> None:
    shelf, target = Shelf(some(2)), Target()
    live = route(shelf, target)
    at = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    with store.writing() as connection:
        _keep(connection, "things", Event("fired", at), "me", at)
    scheduled = RouteRun(live, store, clock=SystemClock(), stop=StopEvent())
    scheduled.execute(Trigger("schedule", at), lambda view: None)
    with store.writing() as connection:
        connection.execute(task.delete())
    for n in range(3):
        shelf.rows = [("0", {"n": 10 + n}), ("1", {"n": 1})]
        if n < 2:
            run(live, store)
    with store.writing() as connection:
        connection.execute(task.delete().where(task.c.run_id == 2))
    run(live, store)
    run(live, store)
    assert count(store, run_table) == 5
    assert pruned(store, replace(FOREVER, runs=timedelta(0))) == {"runs": 1}
    with store.reading() as connection:
        assert list(connection.execute(sa.select(run_table.c.id).order_by(run_table.c.id)).scalars()) == [1, 3, 4, 5]
    assert count(store, config_snapshot) == 1


def test_the_request_log_goes_by_age(store: Store) -> None:
    old = datetime.now(UTC) - 8 * DAY
    with store.writing() as connection:
        for at in (old, old, datetime.now(UTC)):
            row = {"at": at, "client": "c", "operation": "o", "status": 200, "entry": b"\x00{}"}
            connection.execute(request_log.insert().values(**row))
    assert pruned(store, replace(FOREVER, requests=7 * DAY), ahead=timedelta(0)) == {"requests": 2}


def test_a_run_log_that_holds_nothing_old_and_not_too_much_is_young(store: Store) -> None:
    now, days = datetime.now(UTC), replace(FOREVER, messages=7 * DAY, runs=9 * DAY)
    assert is_young(store, days, now)
    run(route(Shelf(some(3)), Target()), store)
    assert is_young(store, days, now + 6 * DAY)
    assert not is_young(store, days, now + 8 * DAY)
    assert is_young(store, FOREVER, now + 999 * DAY)
    assert is_young(store, replace(days, max_tasks=3), now)
    assert not is_young(store, replace(days, max_tasks=2), now)
    row = {"at": now - 8 * DAY, "client": "c", "operation": "o", "status": 200, "entry": b"\x00{}"}
    with store.writing() as connection:
        connection.execute(request_log.insert().values(**row))
    assert not is_young(store, days, now)


def test_a_route_runs_while_another_process_prunes(store: Store) -> None:
    first = Shelf(some(3 * AT_ONCE))
    run(route(first, Target(), concurrency=8), store)
    limits = replace(FOREVER, messages=timedelta(0), finished=timedelta(0))
    pruning = threading.Thread(target=lambda: prune(store, limits, SystemClock(), stop=StopEvent()))
    pruning.start()
    target = Target()
    changed = Shelf([(key, {"n": -1}) for key, _ in first.rows])
    result = run(route(changed, target, concurrency=8), store)
    pruning.join()
    assert (result.state, len(target.held)) == ("finished", 3 * AT_ONCE)


def test_it_can_be_interrupted_and_goes_on_later(store: Store) -> None:
    run(route(Shelf(some(3 * AT_ONCE)), Target(), concurrency=8), store)
    limits, stop = replace(FOREVER, finished=timedelta(0)), StopEvent()
    found = prune(store, limits, SystemClock(), stop=stop, on_batch=stop.set)
    assert (found.complete, found.counts["finished"]) == (False, AT_ONCE)
    assert pruned(store, limits) == {"finished": 2 * AT_ONCE - 1}
