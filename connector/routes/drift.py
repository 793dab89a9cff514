"""Compares, now and then, what the target holds with what was last written: by tasks, through the one door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from connector.core.errors import RecordError
from connector.core.jsonio import JsonError, fingerprint
from connector.core.model import Message, Record
from connector.core.protocols import Clock, Stop
from connector.routes.counts import Counts
from connector.routes.deliver import Deliverer
from connector.routes.live import LiveRoute
from connector.store import Store, drift, leases
from connector.store import intake as rows
from connector.store.pack import key_hash

ACTIONS = {"repair": "repair", "report": "verify"}
"""What the route wants -> the action of the task."""
AT_ONCE = 200
_ORIGIN = "compared with what was last written"


class Drift:
    """The items of one route that nobody has looked at for long."""

    def __init__(self, route: LiveRoute, store: Store, counts: Counts, *, run_id: int, fence: int) -> None:
        self._route = route
        self._store = store
        self._counts = counts
        self._run_id = run_id
        self._fence = fence
        self._left = route.settings.max_verified

    @property
    def matters(self) -> bool:
        """Whether the route wants it, and its outgoing can."""
        return self._route.settings.verify_every > 0 and self._route.outgoing.can.compares

    def compare(self, deliverer: Deliverer, stop: Stop, clock: Clock) -> None:
        """After everything new: make tasks of what is due; max_verified bounds them."""
        while self.matters and deliverer.active and not stop and self.some(clock.now()):
            deliverer.wake()
        deliverer.wake()

    def some(self, now: datetime) -> bool:
        """Make tasks of the next few that are due; False when there are no more, or as many as a run may have.

        Raises:
            StoreError, LeaseLost: nothing more is changed.
        """
        before = now - timedelta(seconds=self._route.settings.verify_every)
        stamp = rows.Stamp(self._route.name, self._run_id, now)
        wanted = min(AT_ONCE, self._left)
        with self._store.writing() as connection:
            leases.guard(connection, stamp.route, self._fence)
            found = drift.due(connection, stamp.route, before, limit=wanted)
            drift.mark_verified(connection, [one.item_id for one in found], now)
            tasks = [row for one in found if (row := self._task(one, now)) is not None]
            items = rows.known_items(connection, stamp.route, [row.item_key_hash for row in tasks], [])
            known = rows.known_records(connection, stamp.route, [row.record_key_hash for row in tasks])
            rows.save_tasks(connection, stamp, tasks, (items, known))
        self._left -= len(found)
        self._counts.add("new", len(tasks))
        self._counts.add("verified", len(tasks))
        return len(found) == wanted and self._left > 0

    def _task(self, one: drift.Unverified, now: datetime) -> rows.TaskRow | None:
        """None when its record means something else by now, or nothing: then intake has to do with it, not we."""
        for key, message in self._messages(one, now):
            print_of_message = fingerprint([self._route.outgoing.action, message.as_json()])
            if key_hash(key) == one.key_hash and print_of_message == one.fingerprint:
                lane = key_hash(self._route.outgoing.client, key)
                place = (one.key_hash, key, one.record_key_hash, lane)
                action = ACTIONS[self._route.settings.when_drifted]
                return rows.TaskRow(*place, action, message.as_json(), one.fingerprint, _ORIGIN)
        return None

    def _messages(self, one: drift.Unverified, now: datetime) -> Sequence[tuple[str, Message]]:
        try:
            made = self._route.chain.messages(Record(one.data, one.record_key, one.origin), now)
            prepared = [self._route.outgoing.prepare(message) for message in made]
            keys = [self._route.outgoing.key(message) for message in prepared]
        except (RecordError, JsonError):
            return []
        return [(key, message) for key, message in zip(keys, prepared, strict=True) if key is not None]
