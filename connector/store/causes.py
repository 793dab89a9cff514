"""Failed tasks by cause: the same fault in many keys is one group, with an id that stays the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connector.core.jsonio import Json, fingerprint
from connector.store.engine import Store
from connector.store.pack import unpack
from connector.store.tables import task

ID_LENGTH = 8
_QUOTED = re.compile(r"'[^']{0,300}'|\"[^\"]{0,300}\"|«[^»]{0,300}»|“[^”]{0,300}”")
_NUMBERED = re.compile(r"[\w.:/-]*\d[\w.:/-]*")
_INDEX = re.compile(r"\[\d+\]")


def cause_of(reason: Mapping[str, Json], key: str) -> tuple[str, str, str]:
    """Code, step or field, and the message without what differs from key to key: key, quoted values, numbers, ids."""
    message = str(reason.get("message", ""))
    message = message.replace(key, "…") if len(key) > 1 else message
    message = _NUMBERED.sub("…", _QUOTED.sub("'…'", message))
    where = str(reason.get("where", ""))
    step = _INDEX.sub("[…]", where) if "." in where or "step" in where else ""
    return (str(reason.get("code", "")), step, re.sub(r"…(?:[\s,]*…)+", "…", message))


def cause_id(cause: tuple[str, str, str]) -> str:
    """Eight letters and digits; the same in every run and on every machine."""
    return fingerprint(list(cause))[:ID_LENGTH]


def failures(
    store: Store,
    *,
    route: str | None = None,
    run: int | None = None,
    cause: str | None = None,
    since: datetime | None = None,
) -> list[dict[str, Json]]:
    """Failed tasks grouped by cause, the most frequent first: only ``cause``, only those failed ``since`` then."""
    groups = _grouped(store, route, run, since)
    found = [_group(one, members) for one, members in groups.items() if cause in (None, one)]
    return sorted(found, key=lambda group: -group["count"])


def task_ids(store: Store, cause: str, *, route: str | None = None) -> list[int]:
    """The failed tasks of a cause."""
    return [row.id for row, _ in _grouped(store, route, None).get(cause, [])]


def _grouped(store: Store, route: str | None, run: int | None, since: datetime | None = None) -> dict[str, list[Any]]:
    query = sa.select(task.c.id, task.c.key, task.c.reason, task.c.next_attempt_at).where(task.c.state == "failed")
    query = query if route is None else query.where(task.c.route == route)
    query = query if run is None else query.where(task.c.run_id == run)
    query = query if since is None else query.where(task.c.ended_at >= since)
    groups: dict[str, list[Any]] = defaultdict(list)
    with store.reading() as connection:
        for row in connection.execute(query.order_by(task.c.id)):
            reason = unpack(row.reason) or {}
            groups[cause_id(cause_of(reason, row.key))].append((row, reason))
    return groups


def _group(cause: str, members: list[Any]) -> dict[str, Json]:
    """``message`` is that of the first one; ``cause_message`` what all have in common."""
    first, reason = members[0]
    shown = {name: reason.get(name, "") for name in ("code", "message", "hint", "where")}
    return {
        "cause": cause,
        **shown,
        "cause_message": cause_of(reason, first.key)[2],
        "count": len(members),
        "retry_later": sum(row.next_attempt_at is not None for row, _ in members),
        "keys": [row.key for row, _ in members[:5]],
        "task_ids": [row.id for row, _ in members[:5]],
    }
