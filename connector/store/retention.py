"""Removes what has ended long ago, oldest first, in transactions so small that nobody who writes has to wait.

Never touched: items, records and checkpoints (from them follows what is unchanged), tasks that are new or processing,
and what a suspect task may still be compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa
from msgspec import Struct, field

from connector.core.limits import Retention
from connector.core.protocols import Clock, Stop
from connector.store import old_tasks as old
from connector.store.engine import Store
from connector.store.tables import config_snapshot, request_log, run, schedule_event, task

PAUSE_SECONDS: Final = 0.02
"""Between two transactions: on SQLite this is when others may write."""

WORDS: Final = ("messages", "requests", "finished", "skipped", "failed", "last_failed", "runs")
"""What is removed, in this order: payloads first, and runs when their tasks are gone."""


class Pruned(Struct):
    """What was removed, by word; complete: there is nothing more to remove."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WORDS, 0))
    complete: bool = False


_Find = Callable[[sa.Connection, int], old.Part]
_Remove = Callable[[sa.Connection, list[int]], int]


def prune(
    store: Store,
    limits: Retention,
    clock: Clock,
    *,
    stop: Stop,
    on_batch: Callable[[], None] = lambda: None,
    seconds: float = float("inf"),
    dry_run: bool = False,
) -> Pruned:
    """Remove what is older than the limits say.

    Args:
        store: the run log.
        limits: how long things are kept.
        clock: tells what is old.
        stop: looked at between batches.
        on_batch: called after each batch.
        seconds: no new batch is begun after so long; the rest is for another time.
        dry_run: only count.

    Raises:
        StoreError: what was removed before stays removed.
    """
    found, until = Pruned(), clock.monotonic() + seconds
    for word, find, remove in _steps(store, limits, clock.now()):
        after: int | None = 0
        while after is not None:
            with store.reading() as connection:
                part = find(connection, after)
            after = part.after
            if part.ids and dry_run:
                found.counts[word] += len(part.ids)
            elif part.ids:
                with store.writing() as connection:
                    found.counts[word] += remove(connection, part.ids)
                on_batch()
                stop.wait(PAUSE_SECONDS)
            if stop or clock.monotonic() > until:
                return found
    if not dry_run:
        _remove_configurations(store, limits.runs, clock.now())
    found.complete = True
    return found


def is_young(store: Store, limits: Retention, now: datetime) -> bool:
    """Whether nothing in the run log can be old enough, or too much, to be removed: one question instead of a dozen.

    Raises:
        StoreError: the database cannot be read.
    """
    ages = (getattr(limits, word) for word in WORDS)
    before = max((_ago(now, age) for age in ages if age is not None), default=_NEVER)
    first_run = sa.select(run.c.started_at).order_by(run.c.id).limit(1).scalar_subquery()
    first_request = sa.select(request_log.c.at).order_by(request_log.c.id).limit(1).scalar_subquery()
    last_task = sa.select(sa.func.max(task.c.id)).scalar_subquery()
    with store.reading() as connection:
        *firsts, tasks = connection.execute(sa.select(first_run, first_request, last_task)).one()
    few = limits.max_tasks is None or (tasks or 0) <= limits.max_tasks
    return few and all(one is None or one >= before for one in firsts)


def _steps(store: Store, limits: Retention, now: datetime) -> list[tuple[str, _Find, _Remove]]:
    """What is removed, and how."""
    ages: Mapping[str, timedelta | None] = {
        "messages": limits.messages,
        "requests": limits.requests,
        "finished": limits.finished,
        "skipped": limits.skipped,
        "failed": limits.failed,
        "last_failed": limits.last_failed,
        "runs": limits.runs,
    }
    before = {word: _NEVER if age is None else _ago(now, age) for word, age in ages.items()}
    steps: list[tuple[str, _Find, _Remove]] = [
        ("messages", partial(old.old_messages, before["messages"]), old.empty),
        ("requests", partial(_old_requests, before["requests"]), _remove_requests),
    ]
    for state in ("finished", "skipped"):
        find = partial(old.old_tasks, state, before[state], old.surplus_of(store, state, limits.max_tasks))
        steps.append((state, find, partial(old.remove_tasks, state)))
    for word, condition in (("failed", old.HAS_NEWER), ("last_failed", ~old.HAS_NEWER)):
        find = partial(old.old_failed, condition, before[word])
        steps.append((word, find, old.remove_failed))
    return [*steps, ("runs", partial(_old_runs, before["runs"]), _remove_runs)]


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _ago(now: datetime, age: timedelta) -> datetime:
    try:
        return max(now - age, _NEVER)
    except OverflowError:
        return _NEVER


# -- requests, runs, configurations -----------------------------------------------------------------------------------


def _old_requests(before: datetime, connection: sa.Connection, after: int) -> old.Part:
    query = sa.select(request_log.c.id).where(request_log.c.at < before, request_log.c.id > after)
    ids = [row[0] for row in connection.execute(query.order_by(request_log.c.id).limit(old.AT_ONCE))]
    return old.Part(ids, ids[-1] if len(ids) == old.AT_ONCE else None)


def _remove_requests(connection: sa.Connection, ids: list[int]) -> int:
    return connection.execute(request_log.delete().where(request_log.c.id.in_(ids))).rowcount


def _old_runs(before: datetime, connection: sa.Connection, after: int) -> old.Part:
    """Not the newest of a route; none that a task or an event of its schedule speaks of."""
    later = run.alias("later")
    newer = sa.exists().where((later.c.route == run.c.route) & (later.c.id > run.c.id))
    named = sa.exists().where(
        (schedule_event.c.route == run.c.route) & (schedule_event.c.scheduled_at == run.c.scheduled_at)
    )
    has_task = sa.exists().where(task.c.run_id == run.c.id)
    due = (run.c.ended_at < before) & newer & ~named & ~has_task
    query = sa.select(run.c.id, run.c.started_at, due).where(run.c.id > after).order_by(run.c.id).limit(old.AT_ONCE)
    return old.part_of(connection, query, before)


def _remove_runs(connection: sa.Connection, ids: list[int]) -> int:
    return connection.execute(run.delete().where(run.c.id.in_(ids))).rowcount


def _remove_configurations(store: Store, age: timedelta | None, now: datetime) -> None:
    """Those that no run started with."""
    if age is None:
        return
    used = sa.exists().where(run.c.config == config_snapshot.c.fingerprint)
    with store.writing() as connection:
        connection.execute(config_snapshot.delete().where((config_snapshot.c.created_at < _ago(now, age)) & ~used))
