"""Positions in words, and moved by hand: what an operator may know and change of a checkpoint."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from connector.core.jsonio import Json, fingerprint, written
from connector.core.model import Position
from connector.core.numbers import Number, exactly
from connector.core.secrets import redactor
from connector.incoming.cursor import AHEAD, has_zone, moment_of, moved_back
from connector.incoming.paging.base import PageRequest

_LISTING = (
    "client",
    "method",
    "endpoint",
    "query",
    "body",
    "headers",
    "records",
    "key",
    "pagination",
    "request_transformer",
)
START: Position = {}
"""From here everything is read."""


class NotMovable(ValueError):
    """A cursor that cannot be moved in that way; the text says why, and what can be done."""


def listing_of(config: Mapping[str, Json]) -> str:
    """A fingerprint of the listing that an incoming reads: only in the same one a read can go on where it was left.

    Secrets are no part of it: it is kept in the run log.
    """
    return declared_in(config, _LISTING)


def declared_in(config: Mapping[str, Json], keys: Sequence[str]) -> str:
    """A fingerprint of what a declaration says under these keys, secrets masked."""
    return fingerprint(redactor.clean(written({name: config.get(name) for name in keys})))


def beginning(cursor: Json) -> Position:
    """From where everything since the cursor is read."""
    return {} if cursor is None else {"cursor": cursor}


def left(ahead: tuple[PageRequest | None, Json], since: Json, highest: Json, paged: str) -> Position:
    """Where a read is left: before that request, with what the guard knows by then; without one, at the end.

    Args:
        ahead: the request, and the guard.
        since: what the read asks by.
        highest: the cursor, once it is whole.
        paged: fingerprint of its paging, which alone can go on from there.
    """
    follows, guard = ahead
    if follows is None:
        return beginning(highest)
    return {"next": follows.as_json(), "cursor": since, "highest": highest, "guard": guard, "declared": paged}


def in_words(position: Position) -> str:
    """Where the next read begins."""
    since = position.get("cursor")
    what = "everything" if since is None else f"what changed since {since}"
    if "next" in position or "offset" in position:
        pages = (position.get("guard") or {}).get("pages")
        behind = f", behind page {pages}" if pages else ""
        return f"inside a listing of {what}{behind}: the next read goes on there"
    if "index" in position:
        return f"inside a file, behind {position['index']} records: the next read goes on there, if it is the same file"
    return f"at the end: the next read asks for {what}"


def at_value(position: Position, text: str, now: datetime) -> Position:
    """The position from which a read takes what changed since a value, given as text.

    Raises:
        NotMovable: the value is not of the cursor's kind.
    """
    before = position.get("cursor")
    if isinstance(before, Number) or (before is None and _number(text) is not None):
        number = _number(text)
        if number is None:
            raise NotMovable(f"the cursor is a number ({before}), and '{text}' is none")
        return {"cursor": number}
    moment = moment_of(text)
    if moment is None:
        raise NotMovable(f"'{text}' is no time such as {before or '2026-01-31T12:00:00+00:00'}")
    if before is not None and has_zone(str(before)) != has_zone(text):
        raise NotMovable(f"the source writes its times as {before}: write '{text}' in that form")
    if moment > now + AHEAD:
        raise NotMovable(f"'{text}' is in the future: what changes until then would never be read")
    return {"cursor": text}


def rewound(position: Position, length: timedelta) -> Position:
    """The position so much earlier.

    Raises:
        NotMovable: there is no cursor yet, or it is no time.
    """
    before: Json = position.get("cursor")
    if before is None:
        raise NotMovable("there is no cursor yet: the next read takes everything anyway")
    if not isinstance(before, str) or moment_of(before) is None:
        raise NotMovable(f"the cursor ({before}) is no time: name the value with `connector checkpoint set`")
    try:
        return {"cursor": moved_back(before, length)}
    except OverflowError:
        raise NotMovable("that is before any calendar: `rewind ROUTE start` reads everything") from None


def _number(text: str) -> Number | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = exactly(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
