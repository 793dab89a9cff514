"""Sessions of processes that were stopped inside a transaction: PostgreSQL keeps their locks until somebody ends them.

Its own time-out (engine.FROZEN_MILLISECONDS) does not see all of them: the driver sends a batch with a Flush after its
Sync, and with that message PostgreSQL (15 to 18) takes the session for one that is talking. One that was stopped
before the end of a batch is to PostgreSQL at work, and waits for the client.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa

from connector.core.errors import StoreError
from connector.store import engine
from connector.store.engine import Store

log = logging.getLogger("connector.store")

_FROZEN = sa.text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    " AND application_name = current_setting('application_name')"
    " AND (state = 'idle in transaction' OR state = 'active' AND wait_event = 'ClientRead')"
    " AND state_change < clock_timestamp() - make_interval(secs => :silent)"
)


def end(store: Store) -> int:
    """End the sessions of this user's connectors that have said nothing inside a transaction for too long.

    Their processes, should they go on, find their connection gone and what they had not committed undone. Does nothing
    on SQLite, where who is stopped while writing stops all others.

    Returns:
        How many were ended; none where the database does not let us, which is logged.
    """
    if store.is_sqlite:
        return 0
    try:
        with store.reading() as connection:
            return int(connection.execute(_FROZEN, {"silent": engine.FROZEN_MILLISECONDS / 1000}).scalar() or 0)
    except StoreError as error:
        log.debug("sessions of stopped processes cannot be ended: %s", error.message)
        return 0
