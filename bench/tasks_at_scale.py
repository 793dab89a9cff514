"""``python -m bench.tasks_at_scale --rows 1000000 --database postgresql://...``: pages and retention of a large run log.

How long the pages, the engine's own questions and retention take. A database of its own is made there, and dropped.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from connector.core.clock import StopEvent, SystemClock
from connector.core.limits import Retention
from connector.runtime.symptoms import CHECKS, Patient
from connector.store import Store, causes, claims, open_store, reports, tasks, upgrade
from connector.store.engine import make_engine
from connector.store.pack import key_hash, pack
from connector.store.retention import prune
from connector.store.tables import item, task

NAME = "connector_bench_tasks"
ROUTES = 5
PER_ITEM = 10
"""Tasks of one item: each was changed so often."""
GOAL_MS = 50.0

# One row in a thousand failed, one in a thousand skipped, the newest 2,000 of the first route new; over 60 days.
FILL = f"""
INSERT INTO run (route, state, trigger, started_at, ended_at, owner, config)
SELECT 'route-' || (n % {ROUTES}), 'finished', 'schedule', {{now}} - interval '60 days' * (1 - n / 2000.0),
       {{now}} - interval '60 days' * (1 - n / 2000.0), 'h|1||x', '' FROM generate_series(1, 2000) n;
INSERT INTO item (route, key_hash, key, record_key_hash, target_id, fingerprint, first_run, seen_run, updated_at)
SELECT 'route-' || (n % {ROUTES}), md5('k' || n), 'key-' || n, md5('r' || n), n::text, md5('f' || n), 1, 1, {{now}}
FROM generate_series(1, {{items}}) n;
INSERT INTO task (route, run_id, item_id, key, lane, action, state, message, fingerprint, attempts, reason, fence,
                  created_at, started_at, ended_at, next_attempt_at)
SELECT 'route-' || (i % {ROUTES}), 1 + n::bigint * 1999 / {{rows}}, i, 'key-' || i, md5('lane' || i), 'upsert', state,
       {{message}}, md5('m' || n), 1, CASE state WHEN 'failed' THEN {{reason}} END, 1, at, at,
       CASE state WHEN 'new' THEN NULL ELSE at + interval '1 second' END,
       CASE WHEN state = 'failed' AND n % 2 = 0 THEN {{now}} + interval '1 hour' END
FROM (SELECT n, 1 + n % {{items}} AS i, {{now}} - interval '60 days' * (1 - n::float / {{rows}}) AS at,
             CASE WHEN n > {{rows}} - 10000 AND (1 + n % {{items}}) % {ROUTES} = 0 THEN 'new'
                  WHEN n % 1000 = 1 THEN 'failed' WHEN n % 1000 = 2 THEN 'skipped' ELSE 'finished' END AS state
      FROM generate_series(1, {{rows}}) n) made;
INSERT INTO attempt (task_id, run_id, number, started_at, ended_at, outcome)
SELECT id, run_id, 1, created_at, created_at, 'Done' FROM task WHERE state <> 'new';
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.tasks_at_scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", required=True, help="a server: postgresql://user@host/database")
    parser.add_argument("--seconds", type=float, default=20.0, help="of retention with a writer beside it")
    options = parser.parse_args()
    admin = sa.create_engine(make_engine(options.database).url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {NAME}")
        connection.exec_driver_sql(f"CREATE DATABASE {NAME}")
    url = admin.url.set(database=NAME).render_as_string(hide_password=False)
    upgrade(url)
    store = open_store(url)
    try:
        fill(store, options.rows)
        pages(store, options.rows)
        retention(store, options.seconds)
    finally:
        store.close()
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {NAME} WITH (FORCE)")
        admin.dispose()


def fill(store: Store, rows: int) -> None:
    begun = time.perf_counter()
    literal = {
        "message": f"'\\x{pack({'payload': {'remote_id': 'pim-1', 'fields': {'name': 'A name', 'text': 'x' * 150}}}).hex()}'::bytea",
        "reason": f"'\\x{pack({'code': 'IBX001', 'message': 'the field name is required', 'hint': 'Give it.'}).hex()}'::bytea",
        "now": f"timestamp '{datetime.now(UTC):%Y-%m-%d %H:%M:%S}'",
    }
    text = FILL.format(rows=rows, items=max(rows // PER_ITEM, 1), **literal)
    with store.engine.begin() as connection:
        for statement in filter(str.strip, text.split(";\n")):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        connection.exec_driver_sql("UPDATE item SET key_hash = %s WHERE key = 'key-7'", (key_hash("key-7"),))
    store.outside("VACUUM ANALYZE")
    print(f"{rows:,} tasks made in {time.perf_counter() - begun:.0f} s\n")


def pages(store: Store, rows: int) -> None:
    """Each question as the commands and the engine ask it, its time in the database alone."""
    now = datetime.now(UTC)
    patient = Patient(store, frozenset(), None, now)
    spent: list[float] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *_: spent.append(-time.perf_counter()))
    sa.event.listen(store.engine, "after_cursor_execute", lambda *_: spent.append(spent.pop() + time.perf_counter()))
    asked: dict[str, Callable[[], object]] = {
        "tasks list": lambda: reports.tasks(store),
        "tasks list --route": lambda: reports.tasks(store, route="route-3"),
        "tasks list --route (unknown)": lambda: reports.tasks(store, route="nowhere"),
        "tasks list --state failed": lambda: reports.tasks(store, state="failed"),
        "tasks list --state processing": lambda: reports.tasks(store, state="processing"),
        "tasks list --state finished": lambda: reports.tasks(store, state="finished"),
        "tasks list --route --state skipped": lambda: reports.tasks(store, route="route-3", state="skipped"),
        "tasks list --run": lambda: reports.tasks(store, run=1000),
        "tasks list --run --state failed": lambda: reports.tasks(store, run=1000, state="failed"),
        "tasks list --key": lambda: reports.tasks(store, key="key-7"),
        "tasks list --key (unknown)": lambda: reports.tasks(store, key="nobody"),
        "tasks list --limit 1000": lambda: reports.tasks(store, limit=1000),
        "tasks show": lambda: reports.task_by_id(store, rows // 2),
        "tasks failures": lambda: causes.failures(store),
        "tasks failures --route": lambda: causes.failures(store, route="route-2"),
        "tasks failures --run": lambda: causes.failures(store, run=1000),
        "items show": lambda: reports.item_by_key(store, "key-7"),
        "runs": lambda: reports.runs(store),
        "runs --route": lambda: reports.runs(store, route="route-3"),
        "end of run: failed so far": lambda: reports.count_failed(store, "route-2"),
        "engine: claim": lambda: in_vain(store, lambda c: claims.claim(c, "route-0", now, limit=8, fence=1)),
        "engine: claim (nothing due)": lambda: in_vain(
            store, lambda c: claims.claim(c, "route-2", now, limit=8, fence=1)
        ),
        "engine: waiting": lambda: in_vain(store, lambda c: claims.waiting(c, "route-0", now)),
        "engine: recover": lambda: in_vain(store, lambda c: tasks.recover(c, "route-0")),
        "doctor": lambda: [list(check(patient)) for check in CHECKS],
        "engine: to map again": lambda: in_vain(store, lambda c: tasks.to_map_again(c, "route-0", 200)),
    }
    print(f"{'':36} median ms   worst ms")
    for name, ask in asked.items():
        times = []
        for _ in range(5):
            spent.clear()
            ask()
            times.append(sum(spent) * 1000)
        slow = "   SLOW" if statistics.median(times) > GOAL_MS else ""
        print(f"{name:36} {statistics.median(times):9.1f}  {max(times):9.1f}{slow}")


class InVain(Exception):
    """Ends a transaction without a trace."""


def in_vain(store: Store, work: Callable[[sa.Connection], object]) -> None:
    try:
        with store.writing() as connection:
            work(connection)
            raise InVain
    except InVain:
        pass


def retention(store: Store, seconds: float) -> None:
    """Prune while one thread writes as the engine does; what each of its transactions then took, beside it and alone."""
    alone = writing(store, StopEvent(), seconds / 4)
    stop = StopEvent()
    beside: list[float] = []
    writer = threading.Thread(target=lambda: beside.extend(writing(store, stop, float("inf"))))
    writer.start()
    week = timedelta(days=7)
    limits = Retention(week, 4 * week, week, week, None, week, 52 * week, None)
    begun = time.perf_counter()
    found = prune(store, limits, SystemClock(), stop=StopEvent(), seconds=seconds)
    took = time.perf_counter() - begun
    stop.set()
    writer.join()
    removed = sum(found.counts.values())
    print(f"\nretention: {removed:,} in {took:.1f} s, {removed / took:,.0f} a second, complete: {found.complete}")
    for name, times in (("alone", alone), ("beside it", beside)):
        ordered = sorted(times)
        print(
            f"a writer {name:10} {len(times) / sum(times):6.0f} transactions a second,"
            f" median {ordered[len(ordered) // 2] * 1000:.1f} ms, 99 % under {ordered[int(len(ordered) * 0.99)] * 1000:.1f} ms,"
            f" worst {ordered[-1] * 1000:.1f} ms"
        )


def writing(store: Store, stop: StopEvent, seconds: float) -> list[float]:
    """Transactions of 100 tasks that end, with their items."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    with store.reading() as connection:
        newest = int(connection.execute(sa.select(sa.func.max(task.c.id))).scalar() or 0)
    while not stop and time.perf_counter() < until:
        begun = time.perf_counter()
        at = newest - 100 * (len(times) % 100)
        with store.writing() as connection:
            mine = task.c.id.between(at - 99, at)
            connection.execute(task.update().where(mine).values(attempts=task.c.attempts + 1))
            owners = sa.select(task.c.item_id).where(mine)
            connection.execute(item.update().where(item.c.id.in_(owners)).values(last_change="updated"))
        times.append(time.perf_counter() - begun)
    return times


if __name__ == "__main__":
    main()
