"""Takes batches in: maps records, compares with what is known, and commits new tasks together with the checkpoint.

It decides what becomes a task; it sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connector.core.errors import RecordError
from connector.core.jsonio import Json, JsonError, canonical, fingerprint, fingerprint_of
from connector.core.model import Batch, Message, Position, Record
from connector.core.problem import Problem
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute, Unusable
from connector.routes.withhold import NOT_KEPT, Withholding, not_kept, without
from connector.store import Store, leases, runs
from connector.store import intake as rows
from connector.store.pack import key_hash

_TWICE = "the key '{key}' occurs twice in this read, with different data ({first} was taken first)"
AT_ONCE = 1000
"""Records stored in one transaction: databases bound the number of parameters of a statement."""
_Items = dict[str, rows.KnownItem]

_TWICE_HINT = "Keys must be unique: correct the source, or choose another key in the incoming."


@dataclass(slots=True)
class _Mapped:
    """A record with what its mapping made of it; ``body`` is its data in the one byte form, made once."""

    record: Record
    key: str
    hash: str
    fingerprint: str
    body: bytes
    messages: list[tuple[str, Message, str]] = field(default_factory=list)  # item key, message, fingerprint
    problem: Problem | None = None
    twice: bool = False
    secrets: frozenset[str] = frozenset()
    unkept: bool = False


class Intake:
    """The taking side of one run of one route."""

    def __init__(self, route: LiveRoute, store: Store, counts: Counts, *, run_id: int, fence: int) -> None:
        self._route = route
        self._store = store
        self._counts = counts
        self._run_id = run_id
        self._fence = fence
        self._version = route.version
        self._version_body = canonical(self._version)
        self._withholding = Withholding(route.outgoing)
        self._replaced: frozenset[int] = frozenset()
        self._unprinted: dict[str, str] = {}
        self.all_have_keys = True

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
        candidates = [self._candidate(record) for record in records]
        stamp = rows.Stamp(self._route.name, self._run_id, now)
        with self._store.reading() as connection:
            known = rows.known_records(connection, stamp.route, [one.hash for one in candidates])
        for hashed, one_known in known.items():
            one_known.fingerprint = self._unprinted.get(hashed, one_known.fingerprint)
        fresh, unchanged = self._sort_out(candidates, known)
        for one in fresh:
            self._map(one, now)
        return self._commit(stamp, (fresh, unchanged), known, position)

    def take_again(self, entries: list[tuple[int, str, Json, str]], now: datetime) -> int:
        """Map stored records again, for tasks without a message: their mapping had failed, or they are replayed."""
        fresh = []
        for _, key, data, origin in entries:
            one = self._candidate(Record(data, key, origin))
            self._map(one, now)
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

    # -- one record -------------------------------------------------------------------------------------------------

    def _candidate(self, record: Record) -> _Mapped:
        problem = record.problem or not_kept(record.data)
        try:
            body = canonical(record.data)
            print_of_data = fingerprint_of(b"[%s,%s]" % (self._version_body, body))  # of [version, data]
        except JsonError as error:
            problem = problem or Problem("REC101", f"the record {error}", hint="Correct it at the source.")
            record, body = Record(None, record.key, record.origin, problem), canonical(None)
            print_of_data = fingerprint([self._version, record.origin, problem.message])
        if problem is not None:
            print_of_data = fingerprint([print_of_data, problem.code, problem.message])
        self.all_have_keys = self.all_have_keys and bool(record.key)  # one without might be any
        key = _clean(record.key) or f"(no key) {print_of_data[:12]}"
        return _Mapped(record, key, key_hash(record.key or key), print_of_data, body, problem=problem)

    def _sort_out(
        self, candidates: list[_Mapped], known: dict[str, rows.KnownRecord]
    ) -> tuple[list[_Mapped], list[_Mapped]]:
        fresh: dict[str, _Mapped] = {}
        unchanged: list[_Mapped] = []
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

    def _twice(self, one: _Mapped, earlier: _Mapped | None) -> _Mapped:
        if self._route.outgoing.messages == "event":
            return one
        first = earlier.record.origin if earlier else "another page"
        message = _TWICE.format(key=one.key, first=first)
        one.problem = Problem("REC102", message, hint=_TWICE_HINT, where=one.record.origin)
        one.twice = True
        one.key = f"{one.key} (again, {one.fingerprint[:8]})"
        one.hash = key_hash(one.key)  # an item of its own: the first one's is not at fault
        return one

    def _map(self, one: _Mapped, now: datetime) -> None:
        if one.problem is None:
            self._map_to_messages(one, now)
        one.unkept = not one.messages and self._withholding.may
        if one.secrets or one.unkept:
            # A fingerprint would let guesses be tried. So the record is mapped anew in each run; only in this one not.
            self._unprinted[one.hash] = one.fingerprint
            one.fingerprint = fingerprint([one.key, one.problem.code, one.problem.message]) if one.problem else ""

    def _map_to_messages(self, one: _Mapped, now: datetime) -> None:
        try:
            messages = self._route.messages(one.record, now)
            one.secrets = self._withholding.of(messages)
            for index, message in enumerate(messages):
                natural = self._route.outgoing.key(message)
                key = natural or (one.key if index == 0 else f"{one.key}#{index + 1}")
                one.messages.append(
                    (_clean(key), message, fingerprint([self._route.outgoing.action, message.as_json()]))
                )
        except Unusable as unusable:
            one.messages = []
            one.problem = unusable.problem
        except RecordError as error:  # of its key
            one.messages = []
            one.problem = error.problem(one.record.origin)
        except JsonError as error:
            one.messages = []
            one.problem = Problem("REC103", f"the message {error}", hint="Clean the value in the mapping.")

    # -- one transaction --------------------------------------------------------------------------------------------

    def _commit(
        self,
        stamp: rows.Stamp,
        sorted_out: tuple[list[_Mapped], list[_Mapped]],
        known: dict[str, rows.KnownRecord],
        position: tuple[str, Position] | None,
    ) -> int:
        """What replaces tasks is no news of the source: its records stay as they are, not even seen."""
        fresh, unchanged = sorted_out
        hashes = {key_hash(key) for one in fresh for key in _item_keys(one)}
        with self._store.writing() as connection:
            leases.guard(connection, stamp.route, self._fence)
            # A record is compared with the items as they are now: the sending side may have moved them meanwhile.
            items = rows.known_items(connection, stamp.route, hashes, [one.hash for one in fresh]) if fresh else {}
            tasks = list(self._tasks(fresh, items))
            kept = [one for one in fresh if not self._replaced and not one.twice]
            rows.save_records(connection, stamp, [_record_row(one) for one in kept], known)
            rows.mark_seen(
                connection, stamp, [known[one.hash].id for one in unchanged], [one.hash for one in unchanged]
            )
            rows.save_items(connection, stamp, tasks, items)
            rows.touch_items(connection, stamp, _touched(fresh, items))
            rows.save_tasks(connection, stamp, tasks, (items, known))
            rows.supersede(connection, stamp, list(self._replaced), _MAPPED)
            superseded = rows.supersede(connection, stamp, _never_sent(fresh, items), _DROPPED)
            if position is not None:
                runs.move_checkpoint(connection, (stamp.route, position[0]), position[1], (stamp.run_id, stamp.now))
        return self._count(tasks, unchanged, superseded)

    def _tasks(self, fresh: list[_Mapped], items: dict[str, rows.KnownItem]) -> Iterator[rows.TaskRow]:
        claimed: dict[str, str] = {}
        made_before = _by_record(items)
        for one in fresh:
            if one.problem is not None:
                yield from self._failed(one, (items, made_before), one.problem)
                continue
            for key, message, print_of_message in one.messages:
                hashed = key_hash(key)
                if claimed.setdefault(hashed, one.hash) != one.hash:
                    problem = Problem("REC104", f"two records of this read make the same key '{key}'", hint=_TWICE_HINT)
                    yield from self._failed(one, (items, made_before), problem)
                    continue
                yield from self._to_send(one, items.get(hashed), (key, message, print_of_message))
            yield from self._dropped(one, made_before.get(one.hash, {}))

    def _to_send(
        self, one: _Mapped, item: rows.KnownItem | None, made: tuple[str, Message, str]
    ) -> Iterator[rows.TaskRow]:
        key, message, print_of_message = made
        open_tasks = item.open_tasks if item else []
        if item and not open_tasks and item.fingerprint == print_of_message:
            self._counts.add("unchanged")
            return
        if open_tasks and open_tasks[-1].fingerprint == print_of_message and not one.secrets:
            # (What was withheld may be in another process's memory, which is gone: then the new task takes its place.)
            self._counts.add("pending")
            return
        row = self._row(one, key, self._route.outgoing.action, message.as_json(), print_of_message)
        row.supersedes = self._superseded(open_tasks)
        yield row

    def _superseded(self, open_tasks: list[rows.OpenTask]) -> list[rows.OpenTask]:
        """Events all stay, but for those that this very one takes the place of."""
        if self._route.outgoing.messages == "state":
            return open_tasks
        return [one for one in open_tasks if one.id in self._replaced]

    def _failed(
        self, one: _Mapped, known: tuple[_Items, dict[str, _Items]], problem: Problem
    ) -> Iterator[rows.TaskRow]:
        items, made_before = known
        own = list(made_before.get(one.hash, {}).values())
        item = own[0] if len(own) == 1 else items.get(key_hash(one.key))
        print_of_failure = fingerprint([one.fingerprint, problem.code])
        last = item.open_tasks[-1] if item and item.open_tasks else None
        if last and last.fingerprint == print_of_failure and last.state == "failed":
            self._counts.add("pending")
            return
        row = self._row(one, item.key if item else one.key, self._route.outgoing.action, None, print_of_failure)
        row.problem = problem
        row.supersedes = self._superseded(item.open_tasks if item else [])
        yield row

    def _dropped(self, one: _Mapped, before: _Items) -> Iterator[rows.TaskRow]:
        """Keys that this record made before and no longer makes."""
        made = {key_hash(key) for key, _, _ in one.messages}
        action = self._route.settings.when_dropped
        for hashed, item in before.items():
            if hashed in made or action == "keep" or item.dropped or not item.target_id:
                continue
            print_of_drop = fingerprint([action, item.key])
            if item.open_tasks and item.open_tasks[-1].fingerprint == print_of_drop:
                continue
            row = self._row(one, item.key, action, {}, print_of_drop)
            row.item_key_hash = hashed
            row.supersedes = item.open_tasks
            yield row

    def _row(self, one: _Mapped, key: str, action: str, message: Json, print_of_it: str) -> rows.TaskRow:
        lane = key_hash(self._route.outgoing.client, key)
        return rows.TaskRow(key_hash(key), key, one.hash, lane, action, message, print_of_it, one.record.origin)

    def _count(self, tasks: list[rows.TaskRow], unchanged: list[_Mapped], superseded: int) -> int:
        new = sum(row.problem is None for row in tasks)
        self._counts.add("unchanged", len(unchanged))
        self._counts.add("new", new)
        self._counts.add("failed", len(tasks) - new)
        self._counts.add("superseded", superseded + sum(len(row.supersedes) for row in tasks))
        return new


_DROPPED = {
    "code": "TSK004",
    "message": "replaced: the record is mapped to another key now, or to none; this was never sent",
}


_MAPPED = {"code": "TSK005", "message": "replaced: its stored record was mapped again, and has a task of its own now"}


def _item_keys(one: _Mapped) -> list[str]:
    return [one.key] if one.problem is not None else [key for key, _, _ in one.messages]


def _record_row(one: _Mapped) -> rows.RecordRow:
    body, print_of_data = one.body, one.fingerprint
    if one.unkept:
        body, print_of_data = canonical(NOT_KEPT), ""
    elif one.secrets:
        body = canonical(without(one.record.data, one.secrets))
    return rows.RecordRow(one.hash, one.key, print_of_data, body, one.record.origin)


def _touched(fresh: list[_Mapped], items: dict[str, rows.KnownItem]) -> dict[int, str]:
    return {items[h].id: one.hash for one in fresh for key, _, _ in one.messages if (h := key_hash(key)) in items}


def _never_sent(fresh: list[_Mapped], items: dict[str, rows.KnownItem]) -> list[int]:
    """Open tasks of keys that a record no longer makes and that never reached the target."""
    found: list[int] = []
    made_before = _by_record(items)
    for one in fresh:
        if one.problem is not None:
            continue
        made = {key_hash(key) for key, _, _ in one.messages}
        for hashed, item in made_before.get(one.hash, {}).items():
            if hashed not in made and not item.target_id:
                found += [task.id for task in item.open_tasks if not task.suspect]
    return found


def _by_record(items: _Items) -> dict[str, _Items]:
    """The items that each record made, by the record's key hash."""
    found: dict[str, _Items] = {}
    for hashed, item in items.items():
        found.setdefault(item.record_key_hash, {})[hashed] = item
    return found


def _clean(key: str) -> str:
    """A key as every database can keep it; the hash is made of the exact one."""
    return key.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
