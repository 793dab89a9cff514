"""The cursor: the newest "changed at" that was read, sent with the next read, minus a look-back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import jmespath

from connector.core.jsonio import Json
from connector.core.spec import DURATION, JMESPATH, TEXT
from connector.core.units import duration

SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "at": {**JMESPATH, "description": "Where a record says when it changed, e.g. `updated`."},
        "send": {
            "type": "object",
            "properties": {"query": {"type": "object", "additionalProperties": {"type": "string"}}},
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


@dataclass(frozen=True, slots=True)
class Cursor:
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
        if isinstance(found, bool) or not isinstance(found, str | int | float) or found == "":
            return value
        if value is not None and isinstance(found, str) != isinstance(value, str):
            return value  # a time among numbers, or a number among times: it cannot be compared
        if isinstance(found, str):
            moment = _moment(found)
            if moment is None or moment > now + AHEAD:
                return value
            before = _moment(value) if isinstance(value, str) else None
            return found if before is None or moment > before else value
        return found if not isinstance(value, int | float) or found > value else value

    def _earlier(self, value: Json) -> Json:
        if not self.lookback:
            return value
        if isinstance(value, int | float):
            return value - int(self.lookback.total_seconds())
        moment = _moment(str(value))
        if moment is None:
            return value
        earlier = moment - self.lookback
        # In the form that the source itself uses: with its offset, or without one.
        return (
            earlier.isoformat()
            if _has_zone(str(value))
            else earlier.replace(tzinfo=None).isoformat(sep=str(value)[10:11] or "T")
        )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _has_zone(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
