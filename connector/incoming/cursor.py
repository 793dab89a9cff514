"""The cursor: the newest "changed at" that was read, sent with the next read, minus a look-back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

import jmespath
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.numbers import Number
from connector.core.spec import DURATION, JMESPATH, TEXT
from connector.core.units import duration

_SENT: Mapping[str, Json] = {"type": "string", "x-filled": ["cursor"]}
SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "at": {**JMESPATH, "description": "Where a record says when it changed, e.g. `updated`."},
        "send": {
            "type": "object",
            "properties": {"query": {"type": "object", "additionalProperties": _SENT}},
            "required": ["query"],
            "additionalProperties": False,
            "description": "How the next read asks for what changed since; `{cursor}` stands for the value.",
        },
        "start": {**TEXT, "description": "What the first read sends; left out: the first read takes everything."},
        "lookback": {**DURATION, "description": "How much earlier to ask again: for late rows and equal times."},
    },
    "required": ["at", "send"],
    "additionalProperties": False,
}
AHEAD = timedelta(minutes=5)
"""A record from the future must not push the cursor past what is still to come."""


_UNITS = (1, 10**3, 10**6, 10**9)
"""In which a number may count the time since 1970: seconds to nanoseconds, by its size."""
_ERA = (630_000_000, 10**10)
"""Seconds since 1970 of all times that a source may name: from 1990 on."""
_YEAR = 365 * 86_400


class Cursor(Struct, frozen=True):
    """A declared cursor. Values are ISO 8601 texts or numbers; others do not move it."""

    at: str
    query: Mapping[str, str]
    start: str
    lookback: timedelta

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From the declaration."""
        query = dict(config["send"]["query"])
        return cls(str(config["at"]), query, str(config.get("start", "")), duration(str(config.get("lookback", "0s"))))

    def to_send(self, value: Json) -> dict[str, str]:
        """Query parameters for a read after ``value`` (None: the first read)."""
        since = self.start if value is None else self._earlier(value)
        return {name: text.replace("{cursor}", str(since)) for name, text in self.query.items()} if since != "" else {}

    def higher(self, value: Json, record: Json, now: datetime) -> Json:
        """The greater of the cursor so far and what the record says."""
        found = jmespath.search(self.at, record) if isinstance(record, dict) else None
        if isinstance(found, bool) or not isinstance(found, str | Number) or found == "":
            return value
        if value is not None and isinstance(found, str) != isinstance(value, str):
            return value  # a time among numbers, or a number among times: it cannot be compared
        if isinstance(found, str):
            moment = moment_of(found)
            if moment is None or moment > now + AHEAD:
                return value
            before = moment_of(value) if isinstance(value, str) else None
            return found if before is None or moment > before else value
        if not isinstance(value, Number):
            return found
        return found if value < found <= latest(value, now) else value

    def highest(self, value: Json, records: Iterable[Json], now: datetime) -> Json:
        """The same over records."""
        for record in records:
            value = self.higher(value, record, now)
        return value

    def _earlier(self, value: Json) -> Json:
        if not self.lookback:
            return value
        if isinstance(value, Number):
            return value - int(self.lookback.total_seconds()) * _unit(value)
        return moved_back(str(value), self.lookback)


def latest(value: Number, now: datetime) -> float:
    """How far a cursor that stands at a number may move: a time about a year ahead, where the number may be one.

    What only counts is not held up: it comes nowhere near in one read, or does not look like the time of today.
    """
    today = int(now.timestamp())
    is_time = _ERA[0] * _unit(value) <= value <= (today + int(AHEAD.total_seconds())) * _unit(value)
    return (today + _YEAR) * _unit(value) if is_time else float("inf")


def _unit(value: Number) -> int:
    return next((one for one in _UNITS if _ERA[0] * one <= value < _ERA[1] * one), 1)


def moved_back(text: str, length: timedelta) -> str:
    """A time so much earlier, in the form that the source itself uses: with its offset, or without one.

    Anything else as it is.

    Raises:
        OverflowError: no calendar goes back so far.
    """
    moment = moment_of(text)
    if moment is None:
        return text
    earlier = moment - length
    return earlier.isoformat() if has_zone(text) else earlier.replace(tzinfo=None).isoformat(sep=text[10:11] or "T")


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 text as an aware time; without an offset it is taken for UTC. None: it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def has_zone(text: str) -> bool:
    """Whether a time is written with its offset."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
