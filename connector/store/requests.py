"""Keeps request log entries: collected in memory, written in batches, pruned to the newest."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

import sqlalchemy as sa

from connector.core.errors import StoreError
from connector.core.jsonio import Json, JsonError
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import request_log

KEPT = 10_000
"""Entries kept: the request log is for finding a fault, not for the record."""
BATCH = 200


class RequestLog:
    """A context manager; ``add`` may be called from any thread and never raises."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: list[dict[str, object]] = []
        self.lost = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._write()
        self._prune()

    def add(self, entry: Mapping[str, Json]) -> None:
        """Keep one redacted entry."""
        try:
            body = pack(dict(entry))
        except JsonError:
            self.lost += 1
            return
        row = {
            "at": datetime.now(UTC),
            "client": str(entry.get("client", "")),
            "operation": str(entry.get("operation", "")),
            "status": entry.get("status"),
            "entry": body,
        }
        with self._lock:
            self._waiting.append(row)
            full = len(self._waiting) >= BATCH
        if full:
            self._write()

    def _write(self) -> None:
        with self._lock:
            rows, self._waiting = self._waiting, []
        if not rows:
            return
        try:
            with self._store.writing() as connection:
                connection.execute(request_log.insert(), rows)
        except StoreError:
            self.lost += len(rows)  # a log that cannot be written must not stop the work it describes

    def _prune(self) -> None:
        try:
            with self._store.writing() as connection:
                newest = connection.execute(sa.select(sa.func.max(request_log.c.id))).scalar() or 0
                connection.execute(request_log.delete().where(request_log.c.id <= newest - KEPT))
        except StoreError:
            self.lost += 1


def latest(store: Store, *, client: str | None = None, limit: int = 50) -> list[dict[str, Json]]:
    """The newest entries first."""
    query = sa.select(request_log.c.entry).order_by(request_log.c.id.desc()).limit(limit)
    query = query if client is None else query.where(request_log.c.client == client)
    with store.reading() as connection:
        return [unpack(row[0]) for row in connection.execute(query)]
