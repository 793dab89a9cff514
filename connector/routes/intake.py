"""Takes batches in: compares records with what is known, and commits new tasks together with the checkpoint.

What a record is mapped to is ``mapped``'s business, what becomes a task that of ``new_tasks``; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connector.core.jsonio import Json
from connector.core.model import Batch, Position, Record
from connector.core.problem import Problem
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute
from connector.routes.mapped import TWICE_HINT, Mapped, Mapper
from connector.routes.new_tasks import Items, NewTasks, known_items, never_sent
from connector.store import Store, leases, runs
from connector.store import intake as rows
from connector.store.pack import key_hash

_TWICE = "the key '{key}' occurs twice in this read, with different data ({first} was taken first)"
AT_ONCE = 1000
"""Records stored in one transaction: databases bound the number of parameters of a statement."""


class Intake:
    """The taking side of one run of one route."""

    def __init__(self, route: LiveRoute, store: Store, counts: Counts, *, run_id: int, fence: int) -> None:
        self._route = route
        self._store = store
        self._counts = counts
        self._run_id = run_id
        self._fence = fence
        self._mapper = Mapper(route)
        self._replaced: frozenset[int] = frozenset()

    @property
    def all_have_keys(self) -> bool:
        """Whether every record so far had a key."""
        return self._mapper.all_have_keys

    def take(self, batch: Batch, partition: str, now: datetime) -> int:
        """Store one batch and, with the last of it, move the checkpoint. Returns how many tasks became new.

        Raises:
            StoreError: the checkpoint has not moved; what is stored of the batch is unchanged when it is read again.
            LeaseLost: another process runs the route now.
        """
        records = batch.records
        starts = range(0, max(len(records), 1), AT_ONCE)
        new = 0
        for start in starts:
            position = (partition, batch.position) if start == starts[-1] else None
            new += self._take_part(records[start : start + AT_ONCE], position, now)
        return new

    def _take_part(self, records: Sequence[Record], position: tuple[str, Position] | None, now: datetime) -> int:
        candidates = [self._mapper.candidate(record) for record in records]
        stamp = rows.Stamp(self._route.name, self._run_id, now)
        known = self._known(stamp, candidates)
        fresh, unchanged = self._sort_out(candidates, known)
        for one in fresh:
            self._mapper.map(one, now)
        return self._commit(stamp, (fresh, unchanged), known, position)

    def _known(self, stamp: rows.Stamp, candidates: Sequence[Mapped]) -> dict[str, rows.KnownRecord]:
        with self._store.reading() as connection:
            known = rows.known_records(connection, stamp.route, [one.hash for one in candidates])
        for hashed, one_known in known.items() if self._mapper.unprinted else ():
            one_known.fingerprint = self._mapper.unprinted.get(hashed, one_known.fingerprint)
        return known

    def take_again(self, entries: list[tuple[int, str, Json, str]], now: datetime) -> int:
        """Map stored records again, for tasks without a message: their mapping had failed, or they are replayed."""
        fresh = []
        for _, key, data, origin in entries:
            one = self._mapper.candidate(Record(data, key, origin))
            self._mapper.map(one, now)
            fresh.append(one)
        self._replaced = frozenset(number for number, *_ in entries)
        stamp = rows.Stamp(self._route.name, self._run_id, now)
        with self._store.reading() as connection:
            known = rows.known_records(connection, stamp.route, [one.hash for one in fresh])
        # This run may still read a newer state of them.
        try:
            return self._commit(stamp, (fresh, []), known, None)
        finally:
            self._replaced = frozenset()

    # -- one batch --------------------------------------------------------------------------------------------------

    def _sort_out(
        self, candidates: list[Mapped], known: dict[str, rows.KnownRecord]
    ) -> tuple[list[Mapped], list[Mapped]]:
        fresh: dict[str, Mapped] = {}
        unchanged: list[Mapped] = []
        for one in candidates:
            stored = known.get(one.hash)
            earlier = fresh.get(one.hash)
            if (earlier and earlier.fingerprint == one.fingerprint) or (
                stored and stored.fingerprint == one.fingerprint and stored.seen_run == self._run_id
            ):
                self._counts.add("duplicates")
            elif stored and stored.fingerprint == one.fingerprint:
                unchanged.append(one)
                stored.seen_run = self._run_id
            elif earlier or (stored and stored.seen_run == self._run_id):
                fresh[f"{one.hash}#{one.fingerprint}"] = self._twice(one, earlier)
            else:
                fresh[one.hash] = one
        return list(fresh.values()), unchanged

    def _twice(self, one: Mapped, earlier: Mapped | None) -> Mapped:
        if self._route.outgoing.messages == "event":
            return one
        first = earlier.record.origin if earlier else "another page"
        message = _TWICE.format(key=one.key, first=first)
        one.problem = Problem("REC102", message, hint=TWICE_HINT, where=one.record.origin)
        one.twice = True
        one.key = f"{one.key} (again, {one.fingerprint[:8]})"
        one.hash = key_hash(one.key)  # an item of its own: the first one's is not at fault
        return one

    # -- one transaction --------------------------------------------------------------------------------------------

    def _commit(
        self,
        stamp: rows.Stamp,
        sorted_out: tuple[list[Mapped], list[Mapped]],
        known: dict[str, rows.KnownRecord],
        position: tuple[str, Position] | None,
    ) -> int:
        """What replaces tasks is no news of the source: its records stay as they are, not even seen."""
        fresh, unchanged = sorted_out
        with self._store.writing() as connection:
            leases.guard(connection, stamp.route, self._fence)
            # A record is compared with the items as they are now: the sending side may have moved them meanwhile.
            items = known_items(connection, stamp.route, fresh)
            tasks = list(NewTasks(self._route, self._counts, self._replaced).of(fresh, items))
            kept = [one for one in fresh if not self._replaced and not one.twice]
            rows.save_records(connection, stamp, [one.row() for one in kept], known)
            rows.mark_seen(
                connection, stamp, [known[one.hash].id for one in unchanged], [one.hash for one in unchanged]
            )
            rows.save_items(connection, stamp, tasks, items)
            rows.touch_items(connection, stamp, _touched(fresh, items))
            rows.save_tasks(connection, stamp, tasks, (items, known))
            rows.supersede(connection, stamp, list(self._replaced), _MAPPED)
            superseded = rows.supersede(connection, stamp, never_sent(fresh, items), _DROPPED)
            if position is not None:
                runs.move_checkpoint(connection, (stamp.route, position[0]), position[1], (stamp.run_id, stamp.now))
        return self._count(tasks, unchanged, superseded)

    def _count(self, tasks: list[rows.TaskRow], unchanged: list[Mapped], superseded: int) -> int:
        new = sum(row.problem is None for row in tasks)
        self._counts.add("unchanged", len(unchanged))
        self._counts.add("new", new)
        self._counts.add("failed", len(tasks) - new)
        if self._replaced:  # those with a message are counted once they are sent
            self._counts.add("earlier", len(tasks) - new)
        self._counts.add("superseded", superseded + sum(len(row.supersedes) for row in tasks))
        return new


_DROPPED = {
    "code": "TSK004",
    "message": "replaced: the record is mapped to another key now, or to none; this was never sent",
}


_MAPPED = {"code": "TSK005", "message": "replaced: its stored record was mapped again, and has a task of its own now"}


def _touched(fresh: list[Mapped], items: Items) -> dict[int, str]:
    return {items[h].id: one.hash for one in fresh for key, _, _ in one.messages if (h := key_hash(key)) in items}
