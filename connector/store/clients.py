"""Clients that are down: since when, why, and who may ask next; shared by all processes on one run log."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import client_state


class Down(Struct, frozen=True):
    """A client that is down.

    Attributes:
        problem: what the last probe met.
        probes: how many there were.
        next_probe_at: nobody of a run under way probes before.
        asked_until: the system itself asked not to be asked before; None if it did not.
    """

    client: str
    since: datetime
    problem: Problem
    probes: int
    next_probe_at: datetime
    asked_until: datetime | None = None

    def as_json(self) -> dict[str, Json]:
        """For ``--json``; times in ISO 8601."""
        asked = self.asked_until.isoformat(timespec="seconds") if self.asked_until else None
        return {
            "client": self.client,
            "since": self.since.isoformat(timespec="seconds"),
            "problem": self.problem.as_json(),
            "probes": self.probes,
            "next_probe_at": self.next_probe_at.isoformat(timespec="seconds"),
            "asked_until": asked,
        }


def down(store: Store) -> dict[str, Down]:
    """All that are down, by name."""
    with store.reading() as connection:
        return {row.client: _down(row) for row in connection.execute(sa.select(client_state))}


def mark_down(store: Store, one: Down, now: datetime) -> None:
    """Write down that a client is down; the time since when stays if it is known to be down already."""
    values = {"problem": pack(one.problem.as_json()), "probes": one.probes, "updated_at": now}
    values |= {"next_probe_at": one.next_probe_at, "asked_until": one.asked_until}
    with store.writing() as connection:
        found = client_state.update().where(client_state.c.client == one.client).values(**values)
        if connection.execute(found).rowcount == 0:
            connection.execute(client_state.insert().values(client=one.client, since=one.since, **values))


def mark_up(store: Store, client: str) -> bool:
    """It answers. Returns whether it was down."""
    with store.writing() as connection:
        return connection.execute(client_state.delete().where(client_state.c.client == client)).rowcount > 0


def may_probe(store: Store, client: str, now: datetime, again_at: datetime) -> bool:
    """Whether the caller may send the one probe of this window; nobody else may before ``again_at``."""
    due = (client_state.c.client == client) & (client_state.c.next_probe_at <= now)
    with store.writing() as connection:
        return connection.execute(client_state.update().where(due).values(next_probe_at=again_at)).rowcount > 0


def _down(row: sa.Row[tuple[object, ...]]) -> Down:
    found = unpack(row.problem) or {}
    code, message, hint, where = (str(found.get(name, "")) for name in ("code", "message", "hint", "where"))
    problem = Problem(code, message, hint, where)
    return Down(row.client, row.since, problem, row.probes, row.next_probe_at, row.asked_until)
