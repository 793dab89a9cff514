"""Leases: at most one process runs a route; the fence makes a former owner's late writes impossible."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

import sqlalchemy as sa

from connector.core.errors import LeaseLost, RouteBusy
from connector.core.process import is_gone
from connector.store import frozen
from connector.store.engine import Store
from connector.store.failures import Locked
from connector.store.insert import insert_if_new
from connector.store.tables import lease

TTL = timedelta(seconds=30)
"""How long an owner may be silent before another takes over; an owner that died on this host is noticed at once."""

LOCKED_SECONDS = 60.0
"""How long to wait for a transaction that has the lease's row: one of a stopped process is ended before."""
_LOCK_BRIEFLY = sa.text("SET LOCAL lock_timeout = '1s'")


def acquire(store: Store, name: str, owner: str, now: datetime) -> int:
    """Take the lease. Returns the fence.

    Raises:
        RouteBusy: a living owner holds it.
        StoreError: somebody else's transaction keeps it locked.
    """
    patience = monotonic() + LOCKED_SECONDS
    while True:
        try:
            return _acquire(store, name, owner, now)
        except Locked:
            if not frozen.end(store) and monotonic() > patience:
                raise


def _acquire(store: Store, name: str, owner: str, now: datetime) -> int:
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(_LOCK_BRIEFLY)
        held = sa.select(lease).where(lease.c.name == name).with_for_update()
        row = connection.execute(held).one_or_none()
        if row is None:
            _make(connection, name, now)
            row = connection.execute(held).one()
        if row.owner and row.expires_at > now and not is_gone(row.owner):
            raise RouteBusy(f"the route '{name}' is being run by {_shown(row.owner)}", hint=_busy_hint(row.expires_at))
        fence = int(row.fence) + 1
        values = {"owner": owner, "fence": fence, "expires_at": now + TTL}
        connection.execute(lease.update().where(lease.c.name == name).values(**values))
        return fence


def _make(connection: sa.Connection, name: str, now: datetime) -> None:
    """The row of a lease that nobody ever had; another process may be making it at this very moment."""
    insert_if_new(connection, lease, {"name": name, "owner": "", "fence": 0, "expires_at": now})


def renew(store: Store, name: str, fence: int, now: datetime) -> None:
    """Say that the owner lives.

    Raises:
        LeaseLost: another owner has it.
    """
    with store.writing() as connection:
        held = (lease.c.name == name) & (lease.c.fence == fence)
        done = connection.execute(lease.update().where(held).values(expires_at=now + TTL))
        if done.rowcount != 1:
            raise _lost(name)


def guard(connection: sa.Connection, name: str, fence: int) -> None:
    """At the beginning of a writing transaction: stop a former owner, and wait for the run's other transactions.

    Raises:
        LeaseLost: another owner has the lease.
    """
    held = _FENCE if connection.dialect.name == "sqlite" else _FENCE_HELD
    if connection.execute(held, {"of_name": name}).scalar() != fence:
        raise _lost(name)


_FENCE = sa.select(lease.c.fence).where(lease.c.name == sa.bindparam("of_name"))
_FENCE_HELD = _FENCE.with_for_update()  # one at a time, as on SQLite: what reads and what sends never wait in a circle


def release(store: Store, name: str, fence: int, now: datetime) -> None:
    """Give it back; does nothing when it is no longer ours."""
    with store.writing() as connection:
        held = (lease.c.name == name) & (lease.c.fence == fence)
        connection.execute(lease.update().where(held).values(owner="", expires_at=now))


def expires_at(store: Store, name: str) -> datetime | None:
    """Until when it is held, or when it was given back; None: nobody ever had it."""
    with store.reading() as connection:
        return connection.execute(sa.select(lease.c.expires_at).where(lease.c.name == name)).scalar()


def moved_on(name: str) -> RouteBusy:
    """For who wanted to change what a run has changed meanwhile."""
    return RouteBusy(f"the route '{name}' has run meanwhile, and its checkpoint moved", hint="Look again.")


def _lost(name: str) -> LeaseLost:
    return LeaseLost(f"another process has taken over the route '{name}'", hint="This one stops; nothing is lost.")


def _shown(owner: str) -> str:
    host, pid, *_ = [*owner.split("|"), "", ""]
    return f"process {pid} on {host}"


def _busy_hint(expires_at: datetime) -> str:
    return f"Wait until it ends. Should it be dead, its claim ends at {expires_at:%H:%M:%S} UTC."
