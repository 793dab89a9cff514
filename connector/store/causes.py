"""Failed tasks by cause: the same fault in many keys is one group, with an id that stays the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from connector.core.jsonio import Json, fingerprint
from connector.store.engine import Store
from connector.store.pack import unpack
from connector.store.tables import task

ID_LENGTH = 8
_SHOWN = 5
_QUOTED = re.compile(r"'[^']{0,300}'|\"[^\"]{0,300}\"|«[^»]{0,300}»|“[^”]{0,300}”")
_NAMED = re.compile(r"\$?[A-Za-z_]{2,40}")
"""A quoted word that says what kind of thing is at fault, as in: could not find 'Language' with identifier 'xx'."""
_NUMBERED = re.compile(r"[\w.:/-]*\d[\w.:/-]*")
_INDEX = re.compile(r"\[\d+\]")
_LINE = re.compile(r"\bline \d+\b")


def cause_of(reason: Mapping[str, Json], key: str) -> tuple[str, str, str]:
    """Code, step or field, and the message without what differs from key to key: key, quoted values, numbers, ids."""
    message = str(reason.get("message", ""))
    message = message.replace(key, "…") if len(key) > 1 else message
    message = _NUMBERED.sub("…", _QUOTED.sub(_without_value, message))
    where = str(reason.get("where", ""))
    step = _LINE.sub("line …", _INDEX.sub("[…]", where)) if "." in where or "step" in where else ""
    return (str(reason.get("code", "")), step, re.sub(r"…(?:[\s,]*…)+", "…", message))


def _without_value(quoted: re.Match[str]) -> str:
    word, before = quoted[0][1:-1], quoted.string[: quoted.start()]
    names_a_kind = _NAMED.fullmatch(word) and (word.startswith("$") or before.lower().endswith("find "))
    return quoted[0] if names_a_kind else "'…'"


def cause_id(cause: tuple[str, str, str]) -> str:
    """Eight letters and digits; the same in every run and on every machine."""
    return fingerprint(list(cause))[:ID_LENGTH]


def id_of_cause(reason: Mapping[str, Json], key: str) -> str:
    """The id of a stored problem's cause."""
    return cause_id(cause_of(reason, key))


def failures(
    store: Store,
    *,
    route: str | None = None,
    run: int | None = None,
    cause: str | None = None,
    since: datetime | None = None,
) -> list[dict[str, Json]]:
    """Failed tasks grouped by cause, the most frequent first: only ``cause``, only those failed ``since`` then."""
    chosen = _chosen(route, run, since)
    chosen = chosen if cause is None else chosen & (task.c.cause == cause)
    count, first = sa.func.count(), sa.func.min(task.c.id)
    later = sa.func.count(task.c.next_attempt_at)
    query = sa.select(task.c.cause, count, later).where(chosen).group_by(task.c.cause).order_by(count.desc(), first)
    with store.reading() as connection:
        groups = connection.execute(query).all()
        return [_group(connection, chosen, (row[0], row[1], row[2])) for row in groups]


def task_ids(store: Store, cause: str, *, route: str | None = None) -> list[int]:
    """The failed tasks of a cause."""
    chosen = _chosen(route, None, None) & (task.c.cause == cause)
    with store.reading() as connection:
        return list(connection.execute(sa.select(task.c.id).where(chosen).order_by(task.c.id)).scalars())


def _chosen(route: str | None, run: int | None, since: datetime | None) -> sa.ColumnElement[bool]:
    chosen: sa.ColumnElement[bool] = task.c.state == "failed"
    chosen = chosen if route is None else chosen & (task.c.route == route)
    chosen = chosen if run is None else chosen & (task.c.run_id == run)
    return chosen if since is None else chosen & (task.c.ended_at >= since)


def _group(connection: sa.Connection, chosen: sa.ColumnElement[bool], group: tuple[str, int, int]) -> dict[str, Json]:
    """``message`` and ``place`` are those of the first one; ``cause_message`` is what all have in common.

    ``wheres`` are the places of the first few, where they differ, such as the lines of a file.
    """
    cause, count, later = group
    some = sa.select(task.c.id, task.c.key, task.c.reason).where(chosen & (task.c.cause == cause))
    members = connection.execute(some.order_by(task.c.id).limit(_SHOWN)).all()
    reasons = [unpack(row.reason) or {} for row in members]
    reason, wheres = reasons[0], list(dict.fromkeys(str(one.get("where", "")) for one in reasons))
    shown = {name: reason.get(name, "") for name in ("code", "message", "hint", "where")}
    return {
        "cause": cause,
        **shown,
        "place": reason.get("place"),
        "cause_message": cause_of(reason, members[0].key)[2],
        "count": count,
        "retry_later": later,
        "keys": [row.key for row in members],
        "wheres": wheres if len(wheres) > 1 else [],
        "task_ids": [row.id for row in members],
    }
