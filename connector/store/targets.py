"""Which systems somebody has agreed to write to, as whom: asked once for each."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Store
from connector.store.tables import target


def is_agreed(store: Store, address: str, user: str) -> bool:
    """Whether writing to that address as that user was agreed to."""
    query = sa.select(target.c.address).where((target.c.address == address) & (target.c.user == user))
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def agree(store: Store, address: str, user: str, now: datetime) -> None:
    """Keep that it was; twice is as good as once."""
    if not is_agreed(store, address, user):
        with store.writing() as connection:
            connection.execute(target.insert().values(address=address, user=user, agreed_at=now))
