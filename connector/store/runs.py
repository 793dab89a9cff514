"""Runs and checkpoints: opening, closing, and how far a route has read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.model import Position
from connector.core.problem import Problem
from connector.core.secrets import redactor
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import checkpoint, config_snapshot, run


class NewRun(Struct, frozen=True):
    """What is known when a run starts."""

    route: str
    trigger: str
    owner: str
    config_fingerprint: str
    config: Json
    scheduled_at: datetime | None = None


def open_run(store: Store, new: NewRun, now: datetime) -> int:
    """Insert the run and, if not kept yet, the configuration it starts with. Runs left open are closed as stopped."""
    with store.writing() as connection:
        known = sa.select(config_snapshot.c.fingerprint).where(config_snapshot.c.fingerprint == new.config_fingerprint)
        if connection.execute(known).first() is None:
            snapshot = {"fingerprint": new.config_fingerprint, "body": pack(new.config), "created_at": now}
            connection.execute(config_snapshot.insert().values(**snapshot))
        left_open = (run.c.route == new.route) & (run.c.state == "running")
        connection.execute(run.update().where(left_open).values(state="stopped", ended_at=now, problem=INTERRUPTED))
        values = {"route": new.route, "state": "running", "trigger": new.trigger, "started_at": now, "owner": new.owner}
        values |= {"config": new.config_fingerprint, "scheduled_at": new.scheduled_at}
        done = connection.execute(run.insert().values(**values))
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])


def config_of(store: Store, run_id: int) -> Json:
    """The declarations that a run started with; None when there is no such run."""
    query = sa.select(config_snapshot.c.body).join(run, run.c.config == config_snapshot.c.fingerprint)
    with store.reading() as connection:
        return unpack(connection.execute(query.where(run.c.id == run_id)).scalar())


def keep_requests(store: Store, run_id: int, requests: Json) -> None:
    """Keep what the incoming asks in this run, without the secrets that a query may hold."""
    with store.writing() as connection:
        connection.execute(run.update().where(run.c.id == run_id).values(requests=pack(redactor.clean_json(requests))))


def close_run(
    store: Store, run_id: int, state: str, counts: Mapping[str, int], problem: Problem | None, now: datetime
) -> None:
    """Write how the run ended."""
    body = pack(problem.as_json()) if problem else None
    with store.writing() as connection:
        values = {"state": state, "ended_at": now, "counts": pack(dict(counts)), "problem": body}
        connection.execute(run.update().where(run.c.id == run_id).values(**values))


def checkpoints(store: Store, route: str) -> dict[str, Position]:
    """The positions of a route by partition."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(checkpoint).where(checkpoint.c.route == route))
        return {row.partition: unpack(row.position) for row in rows}


def move_checkpoint(
    connection: sa.Connection, key: tuple[str, str], position: Position, seen: tuple[int, datetime]
) -> None:
    """Set the position of (route, partition), inside the transaction that stores what was read up to it."""
    route, partition = key
    run_id, now = seen
    values = {"position": pack(position), "run_id": run_id, "updated_at": now}
    if connection.execute(_MOVE, {"of_route": route, "of_partition": partition, **values}).rowcount == 0:
        connection.execute(checkpoint.insert().values(route=route, partition=partition, **values))


_MOVE = (
    checkpoint.update()
    .where(checkpoint.c.route == sa.bindparam("of_route"), checkpoint.c.partition == sa.bindparam("of_partition"))
    .values({name: sa.bindparam(name) for name in ("position", "run_id", "updated_at")})
)
"""Made once, as making a statement costs more than executing it."""
INTERRUPTED = pack({"code": "RUN004", "message": "the process ended before the run did; the next run goes on"})
