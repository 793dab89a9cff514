"""The book: what was asked of the sandbox and what came of it, so that tests can judge a client by it.

It counts what arrives, before any fault or rule, and it notes every write with its outcome. It never takes a client's
word for anything.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any


class Arrival(Struct):
    """A request on its way: given out by ``arrive`` and handed back to ``leave``."""

    op: str
    is_write: bool
    at: float
    content_id: int | None = None
    remote_id: str | None = None
    version: int | None = None


class _Item(Struct):
    remote_id: str
    creates: int = 0
    content_ids: list[int] = field(default_factory=list)
    versions_published: list[int] = field(default_factory=list)


class Book:
    """Counts and events since the start or the last reset; all times are the sandbox clock's Unix seconds."""

    def __init__(self, repository: Repository, clock: Callable[[], float]) -> None:
        self._repository = repository
        self._clock = clock
        self._guard = threading.Lock()
        self._in_flight = 0
        self._clear()

    def _clear(self) -> None:
        self._requests: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._writes: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._plain: Counter[str] = Counter()
        self._arrived: list[float] = []
        self._events: list[Json] = []
        self._items: dict[str, _Item] = {}
        self._duplicates: list[Json] = []

    # -- written by the sandbox ---------------------------------------------------------------------------------

    def connected(self) -> None:
        """A client opened a connection."""
        with self._guard:
            self._plain["connections"] += 1

    def logged_in(self, *, granted: bool) -> None:
        """A login was tried."""
        with self._guard:
            self._plain["logins" if granted else "refused_logins"] += 1

    def fault(self, kind: str) -> None:
        """A fault was played."""
        with self._guard:
            self._faults[kind] += 1

    def arrive(self, op: str, *, is_write: bool) -> Arrival:
        """A request was read from the socket; call ``leave`` once it has been dealt with."""
        arrival = Arrival(op, is_write, self._clock())
        with self._guard:
            self._requests[op] += 1
            if is_write:
                self._writes[op] += 1
                self._arrived.append(arrival.at)
                self._in_flight += 1
        return arrival

    def leave(self, arrival: Arrival, status: int) -> None:
        """A request is done: its state is committed and its answer is about to be sent."""
        with self._guard:
            self._statuses[str(status)] += 1
            if arrival.is_write:
                self._in_flight -= 1

    def commit(self, arrival: Arrival, status: int) -> None:
        """Note the outcome of a write; called while the repository is locked, so events are in the order of commits."""
        if not arrival.is_write:
            return
        with self._guard:
            self._events.append(
                {
                    "n": len(self._events) + 1,
                    "t": arrival.at,
                    "op": arrival.op,
                    "content_id": arrival.content_id,
                    "remote_id": arrival.remote_id,
                    "version": arrival.version,
                    "status": status,
                }
            )
            if status < 300 and arrival.remote_id is not None:
                self._count(arrival, arrival.remote_id)

    def _count(self, arrival: Arrival, remote_id: str) -> None:
        item = self._items.setdefault(collate(remote_id), _Item(remote_id))
        if arrival.op == "content.create" and arrival.content_id is not None:
            alive = [each for each in item.content_ids if each in self._repository.contents]
            if alive:
                self._duplicates.append({"remote_id": remote_id, "content_ids": [*alive, arrival.content_id]})
            item.creates += 1
            item.content_ids.append(arrival.content_id)
        if arrival.op == "content_version.publish" and arrival.version is not None:
            item.versions_published.append(arrival.version)

    # -- read by tests ------------------------------------------------------------------------------------------

    @property
    def in_flight_writes(self) -> int:
        """Writes that have arrived and are not yet committed or refused."""
        with self._guard:
            return self._in_flight

    @property
    def arrived_writes(self) -> int:
        """Writes that have arrived since the start or the last reset."""
        with self._guard:
            return len(self._arrived)

    def reset(self) -> None:
        """Forget the counts and events; what is stored stays."""
        with self._guard:
            self._clear()

    def snapshot(self) -> dict[str, Json]:
        """Everything, JSON-able; ``items`` by remote id, the lists ``leftover_drafts`` and ``hidden`` as of now."""
        with self._repository.lock, self._guard:
            census = list(self._repository.contents.values())
            return {
                "requests": {"total": self._requests.total(), "by_op": dict(self._requests)},
                "statuses": dict(self._statuses),
                "writes": {"total": self._writes.total(), "by_op": dict(self._writes)},
                "arrived": list(self._arrived),
                "in_flight_writes": self._in_flight,
                "logins": self._plain["logins"],
                "refused_logins": self._plain["refused_logins"],
                "connections": self._plain["connections"],
                "faults": dict(self._faults),
                "events": list(self._events),
                "items": self._shown_items(),
                "duplicates": list(self._duplicates),
                "leftover_drafts": list(_drafts(census)),
                "hidden": [_short(each) for each in census if each.hidden],
                "trashed": [_short(each) for each in census if each.status == "TRASHED"],
            }

    def _shown_items(self) -> dict[str, Json]:
        shown = {}
        for item in self._items.values():
            now = self._repository.content_by_remote_id(item.remote_id)
            shown[item.remote_id] = {
                "creates": item.creates,
                "content_ids": list(item.content_ids),
                "versions_published": list(item.versions_published),
                "drafts": len(list(_drafts([now]))) if now else 0,
                "status": now.status if now else None,
                "hidden": bool(now and now.hidden),
            }
        return shown


def _short(content: Content) -> Json:
    return {"content_id": content.id, "remote_id": content.remote_id}


def _drafts(contents: Iterable[Content]) -> Iterable[Json]:
    for content in contents:
        for version in content.versions.values():
            if version.status == "DRAFT":
                yield {**_short(content), "version": version.number}
