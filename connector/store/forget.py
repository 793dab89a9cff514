"""Removes what the run log holds about one key, and keeps what is needed so that nothing is published twice.

Of an item and its record stay the hash of the key, the target's id (unless it names the key) and the fingerprints: from
them follows that the record is unchanged, or which content a changed one belongs to. What people can read of them goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.store.engine import Store
from connector.store.pack import key_hash, pack, unpack
from connector.store.tables import attempt, item, record, request_log, run, task

MASK: Final = "(forgotten)"
DROPPED: Final = "forgotten"
"""What ``item.dropped`` says then: nothing is put away at the target for it, for its key is not known any more."""
AT_ONCE: Final = 500
TELLING: Final = 6
"""A text of the record of so many characters or more tells whom a request was about."""
_OPEN: Final = ("new", "processing", "failed")
_REASON: Final = pack({"code": "TSK006", "message": "what it held was removed by `connector forget`"})


class Known(Struct):
    """What a run log holds about a key.

    Attributes:
        at_target: the target's ids of items that were written and not put away.
        unsure: open tasks that may have taken effect.
    """

    items: dict[int, str] = field(default_factory=dict)
    records: dict[int, str] = field(default_factory=dict)
    tasks: list[int] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    targets: dict[int, str] = field(default_factory=dict)
    at_target: list[str] = field(default_factory=list)
    unsure: int = 0
    names: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.items or self.records)


def known(store: Store, key: str, route: str | None = None) -> Known:
    """What there is: the record of that key, or from which the item of that key was made, and all that it made.

    Raises:
        StoreError: the run log cannot be read.
    """
    found = Known(names={key})
    with store.reading() as connection:
        for row in connection.execute(_items(key, route)).all():
            found.routes.add(row.route)
            found.items[row.id] = row.key_hash
            found.names.add(row.key)
            if row.target_id:
                found.targets[row.id] = row.target_id
                found.at_target += [] if row.dropped else [row.target_id]
        for row in connection.execute(_records(key, found, route)).all():
            found.routes.add(row.route)
            found.records[row.id] = row.key_hash
            found.names.add(row.key)
            found.values |= {text for text in _texts(unpack(row.body)) if len(text) >= TELLING}
        query = sa.select(task.c.id, task.c.state, task.c.suspect, task.c.message)
        for row in connection.execute(query.where(task.c.item_id.in_(list(found.items)))):
            found.tasks.append(row.id)
            found.unsure += row.state in _OPEN and (row.suspect or row.state == "processing")
            found.values |= {text for text in _texts(unpack(row.message)) if len(text) >= TELLING}
    return found


def forget(store: Store, found: Known, now: datetime) -> dict[str, int]:
    """Remove it. Nobody must be running these routes. Returns how much, by word.

    Afterwards the file may hold traces of it still: see ``connector.store.room.compact``.

    Raises:
        StoreError: nothing was changed.
    """
    named = _pattern(found.names)
    with store.reading() as connection:
        requests = list(_requests_naming(connection, _pattern({*found.names, *found.values, *found.targets.values()})))
        told = {one: list(_naming(connection, one, named)) for one in _TOLD}
    with store.writing() as connection:
        for at, hashed in found.items.items():
            values: dict[str, Any] = {"key": _label(hashed)}
            values["dropped"] = sa.case((item.c.dropped == "", DROPPED), else_=item.c.dropped)
            if any(name in found.targets.get(at, "") for name in found.names):
                values["target_id"] = ""
            connection.execute(item.update().where(item.c.id == at).values(**values))
        for at, hashed in found.records.items():
            values = {"key": _label(hashed), "body": pack(None), "origin": ""}
            connection.execute(record.update().where(record.c.id == at).values(**values))
        for column, rows in told.items():
            for at, body in rows:
                row = column.table.update().where(column.table.c.id == at)
                connection.execute(row.values({column: pack(_masked(unpack(body), named))}))
        attempts = sum(_forget_tasks(connection, ids, found, now) for ids in _parts(found.tasks))
        for ids in _parts(requests):
            connection.execute(request_log.delete().where(request_log.c.id.in_(ids)))
    counts = {"items": len(found.items), "records": len(found.records), "tasks": len(found.tasks)}
    return {**counts, "attempts": attempts, "requests": len(requests), "reasons": sum(map(len, told.values()))}


def _items(key: str, route: str | None) -> sa.Select[Any]:
    hashed = key_hash(key)
    itself = item.alias("itself")
    made_from = sa.select(itself.c.route, itself.c.record_key_hash).where(itself.c.key_hash == hashed)
    again = item.c.key.startswith(f"{key} (again, ", autoescape=True)
    same_record = sa.tuple_(item.c.route, item.c.record_key_hash).in_(made_from)
    query = sa.select(item).where(
        (item.c.key_hash == hashed) | (item.c.record_key_hash == hashed) | same_record | again
    )
    return query if route is None else query.where(item.c.route == route)


def _records(key: str, found: Known, route: str | None) -> sa.Select[Any]:
    own = item.c.id.in_(list(found.items)) & (item.c.route == record.c.route)
    of_items = sa.exists().where(own & (item.c.record_key_hash == record.c.key_hash))
    query = sa.select(record).where((record.c.key_hash == key_hash(key)) | of_items)
    return query if route is None else query.where(record.c.route == route)


def _forget_tasks(connection: sa.Connection, ids: Sequence[int], found: Known, now: datetime) -> int:
    chosen = task.c.id.in_(ids)
    unsure = task.c.suspect | (task.c.state == "processing")
    ended: dict[str, Any] = {"state": "skipped", "next_attempt_at": None, "ended_at": now, "suspect": unsure}
    connection.execute(task.update().where(chosen & task.c.state.in_(_OPEN)).values(**ended))
    connection.execute(
        task.update().where(chosen, task.c.reason.is_not(None) | (task.c.ended_at == now)).values(reason=_REASON)
    )
    rows = connection.execute(sa.select(task.c.id, task.c.item_id).where(chosen)).all()
    gone = {"message": None, "detail": None, "origin": ""}
    labels = [{"b_id": row.id, "key": _label(found.items[row.item_id]), **gone} for row in rows]
    connection.execute(task.update().where(task.c.id == sa.bindparam("b_id")), labels)
    tries = attempt.update().where(attempt.c.task_id.in_(ids))
    connection.execute(tries.where(attempt.c.problem.is_not(None)).values(problem=_REASON))
    query = sa.select(sa.func.count()).select_from(attempt).where(attempt.c.task_id.in_(ids))
    return int(connection.execute(query).scalar() or 0)


def _label(hashed: str) -> str:
    """What stands in place of a key; the same for the same key."""
    return f"{MASK} {hashed[:8]}"


# -- texts that name it -----------------------------------------------------------------------------------------------

_TOLD: Final = (task.c.reason, attempt.c.problem, run.c.problem)
"""Where problems of others may name the key."""


def _naming(connection: sa.Connection, column: sa.Column[Any], named: re.Pattern[str]) -> Iterator[tuple[int, bytes]]:
    for at, body in _all(connection, column):
        if any(named.search(text) for text in _texts(unpack(body))):
            yield at, body


def _requests_naming(connection: sa.Connection, named: re.Pattern[str]) -> Iterator[int]:
    for at, body in _all(connection, request_log.c.entry):
        if any(named.search(text) for text in _texts(unpack(body))):
            yield at


def _all(connection: sa.Connection, column: sa.Column[Any]) -> Iterator[tuple[int, bytes]]:
    """Every value of a column, part by part."""
    ids = column.table.c.id
    after = 0
    while True:
        query = sa.select(ids, column).where(column.is_not(None), ids > after).order_by(ids).limit(AT_ONCE)
        rows = connection.execute(query).all()
        yield from ((row[0], row[1]) for row in rows)
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, not as a part of a longer one; also as it stands in JSON or a URL inside a text."""
    forms = {form for word in words if word for form in (word, *_written(word))}
    either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _written(word: str) -> tuple[str, str, str]:
    return json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1], quote(word, safe="", errors="replace")


def _texts(value: Json) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _masked(value: Json, named: re.Pattern[str]) -> Json:
    if isinstance(value, str):
        return named.sub(MASK, value)
    if isinstance(value, dict):
        return {key: _masked(one, named) for key, one in value.items()}
    return [_masked(one, named) for one in value] if isinstance(value, list) else value


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
