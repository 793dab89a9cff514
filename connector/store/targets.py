"""Which systems somebody has agreed to write to, as whom, asked once for each; and which of them holds whose items."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Store
from connector.store.insert import insert_if_new
from connector.store.missing import count_held
from connector.store.tables import place, target


def is_agreed(store: Store, address: str, user: str) -> bool:
    """Whether writing to that address as that user was agreed to."""
    query = sa.select(target.c.address).where((target.c.address == address) & (target.c.user == user))
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def agree(store: Store, address: str, user: str, now: datetime) -> None:
    """Keep that it was; twice is as good as once."""
    if not is_agreed(store, address, user):
        with store.writing() as connection:
            insert_if_new(connection, target, {"address": address, "user": user, "agreed_at": now})


def place_of(store: Store, route: str) -> tuple[str, int]:
    """The system that a route has written to, empty when it is not known; and how many items it holds there."""
    with store.reading() as connection:
        known = connection.execute(sa.select(place.c.address).where(place.c.route == route)).scalar()
        return str(known or ""), count_held(connection, route)


def keep_place(store: Store, route: str, address: str, now: datetime) -> None:
    """What the route has written is there. Several processes may start at once and say so."""
    with store.writing() as connection:
        insert_if_new(connection, place, {"route": route, "address": address, "since": now})
        moved = (place.c.route == route) & (place.c.address != address)
        connection.execute(place.update().where(moved).values(address=address, since=now))
