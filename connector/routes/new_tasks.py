"""What becomes a task: of each fresh record, against the items that are known and their open tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from connector.core.jsonio import Json, fingerprint
from connector.core.model import Message
from connector.core.problem import Problem
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute
from connector.routes.mapped import SAME_HINT, Mapped
from connector.routes.moves import move_of
from connector.store import intake as rows
from connector.store.pack import key_hash

Items = dict[str, rows.KnownItem]


class NewTasks:
    """The tasks of one batch of one route.

    Args:
        route: the route.
        counts: told of messages that need no task.
        replaced: ids of tasks whose records are mapped again.
    """

    def __init__(self, route: LiveRoute, counts: Counts, replaced: frozenset[int]) -> None:
        self._route = route
        self._counts = counts
        self._replaced = replaced

    def of(self, fresh: Sequence[Mapped], items: Items) -> Iterator[rows.TaskRow]:
        """Rows to insert: messages to send, failures, and what becomes of keys that are no longer made."""
        claimed: dict[str, Mapped] = {}
        made_before = _by_record(items)
        made = {key_hash(key) for one in fresh for key, _, _ in one.messages}
        for one in fresh:
            if one.problem is not None:
                yield from self._failed(one, (items, made_before), one.problem)
                continue
            moved = move_of(one, made_before.get(one.hash, {}), (items, made), self._route)
            for row in self._of_mapped(one, (items, made_before), (claimed, made)):
                row.kept_back = moved if row.problem is None and not row.puts_away else None
                yield row

    def _of_mapped(
        self, one: Mapped, known: tuple[Items, dict[str, Items]], books: tuple[dict[str, Mapped], set[str]]
    ) -> Iterator[rows.TaskRow]:
        (items, made_before), (claimed, made) = known, books
        for key, message, print_of_message in one.messages:
            hashed = key_hash(key)
            first = claimed.setdefault(hashed, one)
            if first.hash != one.hash:
                what = f"two records of this read make the same key '{key}': '{first.key}' and '{one.key}'"
                problem = Problem("REC104", what, hint=SAME_HINT)
                yield from self._failed(one, (items, made_before), problem)
                continue
            yield from self._to_send(one, items.get(hashed), (key, message, print_of_message))
        yield from self._dropped(made, one, made_before.get(one.hash, {}))

    def _to_send(
        self, one: Mapped, item: rows.KnownItem | None, made: tuple[str, Message, str]
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

    def _failed(self, one: Mapped, known: tuple[Items, dict[str, Items]], problem: Problem) -> Iterator[rows.TaskRow]:
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

    def _dropped(self, made: set[str], one: Mapped, before: Items) -> Iterator[rows.TaskRow]:
        """Keys that this record made before, and no record makes now: ``made`` by those beside it.

        One that a later record makes takes the place of the task, which waits until all is read.
        """
        action = self._route.settings.when_dropped
        for hashed, item in before.items():
            if hashed in made or action == "keep" or item.dropped or not item.may_be_there:
                continue
            print_of_drop = fingerprint([action, item.key])
            if item.open_tasks and item.open_tasks[-1].fingerprint == print_of_drop:
                continue
            row = self._row(one, item.key, action, {}, print_of_drop)
            row.item_key_hash = hashed
            row.puts_away = True
            row.supersedes = item.open_tasks
            yield row

    def _row(self, one: Mapped, key: str, action: str, message: Json, print_of_it: str) -> rows.TaskRow:
        lane = key_hash(self._route.outgoing.client, key)
        return rows.TaskRow(key_hash(key), key, one.hash, lane, action, message, print_of_it, one.record.origin)


def known_items(connection: sa.Connection, route: str, fresh: Sequence[Mapped]) -> Items:
    """The items that these records make, or made before."""
    hashes = {key_hash(key) for one in fresh for key in one.item_keys}
    return rows.known_items(connection, route, hashes, [one.hash for one in fresh]) if fresh else {}


def never_sent(fresh: Sequence[Mapped], items: Items) -> list[int]:
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


def _by_record(items: Items) -> dict[str, Items]:
    """The items that each record made, by the record's key hash."""
    found: dict[str, Items] = {}
    for hashed, item in items.items():
        found.setdefault(item.record_key_hash, {})[hashed] = item
    return found
