"""Forgets one key while nobody runs the routes that know it, and sees that the file holds no trace of it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

from connector.core.process import identity
from connector.store import Store, leases, room
from connector.store.forget import Known, forget, known


def forget_key(store: Store, key: str, route: str | None) -> tuple[Known, dict[str, int]]:
    """What was known of the key, and how much of it was removed, by word.

    Raises:
        RouteBusy: a route that knows the key is being run; nothing was changed.
        StoreError: it could not be removed, or the file could not be written anew.
    """
    before = known(store, key, route)
    with ExitStack() as stack:
        for name in sorted(before.routes):
            fence = leases.acquire(store, name, identity(), datetime.now(UTC))
            stack.callback(_release, store, name, fence)
        found = known(store, key, route)  # a run that ended meanwhile may have learned more
        counts = forget(store, found, datetime.now(UTC))
    room.compact(store)
    return found, counts


def _release(store: Store, name: str, fence: int) -> None:
    leases.release(store, name, fence, datetime.now(UTC))
