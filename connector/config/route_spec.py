"""What a route declares: its parts, its schedule, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.spec import BOOLEAN, COUNT, DURATION, NAME, Field, Spec
from connector.core.units import duration

_IF_MISSED = {
    "description": "After times at which no `serve` was there: once for all of them, not at all, or once if the last"
    ' of them is not longer ago than so: `{"run_once_within": "2h"}`.',
    "default": "run_once",
    "if": {"type": "object"},
    "then": {
        "properties": {"run_once_within": {**DURATION, "description": "How long ago the last one may be."}},
        "required": ["run_once_within"],
        "additionalProperties": False,
    },
    "else": {"enum": ["run_once", "skip"]},
}
_SCHEDULE = {
    "type": "object",
    "properties": {
        "cron": {"type": "string", "x-format": "cron", "description": "Five fields, e.g. `*/15 * * * *`."},
        "every": {
            **DURATION,
            "x-format": "interval",
            "description": "Instead of cron: at this pace, counted from when `serve` first saw it.",
        },
        "timezone": {"type": "string", "x-format": "timezone", "default": "UTC", "description": "E.g. Europe/Oslo."},
        "if_running": {
            "enum": ["skip", "queue"],
            "default": "skip",
            "description": "When the last run is still going. queue: run once more right after it.",
        },
        "if_missed": _IF_MISSED,
        "jitter": {
            **DURATION,
            "default": "0s",
            "description": "Starts up to so much later, by chance, so that not all routes start at once.",
        },
    },
    "oneOf": [{"required": ["cron"]}, {"required": ["every"]}],
    "additionalProperties": False,
}
_RETRY = {
    "type": "object",
    "properties": {
        "max_attempts": {**COUNT, "default": 10, "description": "Of a task; then only a person retries it."},
        "first_wait": {**DURATION, "default": "30s", "description": "Before the second attempt; doubles from there."},
        "max_wait": {**DURATION, "default": "6h", "description": "The longest wait."},
        "max_elapsed": {**DURATION, "description": "Since the task was made; then only a person retries it, once."},
    },
    "additionalProperties": False,
}
_STOP = {
    "type": "object",
    "properties": {
        "count": {**COUNT, "description": "So many failed tasks."},
        "percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100, "description": "Such a share of them."},
    },
    "minProperties": 1,
    "additionalProperties": False,
}

_DELETES = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 0, "description": "So many items; 0: none without a person."},
        "percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100, "description": "Such a share of all."},
    },
    "minProperties": 1,
    "additionalProperties": False,
}

ANY_NUMBER = -1
"""In place of a count of items that may be put away: no count limits them."""

ROUTE = Spec(
    "",
    "Route",
    "Carries records from an incoming through transformers to an outgoing, each one accounted for.",
    {
        "incoming": Field(NAME, "Where records are read.", required=True, example="pim-products"),
        "transformers": Field(
            {"type": "array", "items": NAME},
            "What turns a record into messages, in order.",
            default=[],
            example=["product"],
        ),
        "outgoing": Field(NAME, "Where messages are written.", required=True, example="ibexa-products"),
        "concurrency": Field({**COUNT, "maximum": 64}, "Tasks under way at once.", default=4),
        "when_dropped": Field(
            {"type": "string", "enum": ["keep", "hide", "trash", "delete"]},
            "What happens at the target to a known key that the mapping no longer yields.",
            default="keep",
        ),
        "when_missing": Field(
            {"type": "string", "enum": ["keep", "hide", "trash", "delete"]},
            "What happens to what the source no longer has, after a complete read from the start.",
            default="keep",
        ),
        "max_deletes": Field(
            _DELETES,
            "when_missing puts nothing away when it would be more than this, nor does when_dropped, and nothing is "
            "sent under another key than before; without it: 20 percent, where up to 10 always may, of what is missing "
            "never more than half. No complete read that lists nothing at all puts anything away.",
            example={"count": 50, "percent": 5},
        ),
        "verify_every": Field(
            DURATION,
            "What was written longer ago than so is compared with what the target holds, in the runs that come.",
            example="24h",
        ),
        "when_drifted": Field(
            {"type": "string", "enum": ["repair", "report"]},
            "What happens to what differs by then: it is written again, or only told.",
            default="repair",
        ),
        "max_verified": Field(COUNT, "At most so many comparisons in a run.", default=1000),
        "same_host": Field(
            BOOLEAN, "true: it is meant that the route writes to the host that it reads from.", default=False
        ),
        "after": Field(
            {"type": "array", "items": NAME},
            "Routes that run before it in `run`, and that it waits for in `serve`.",
            default=[],
        ),
        "after_failure": Field(
            {"type": "string", "enum": ["skip", "run"]},
            "What it does when one of them did not end well: skip this time, or run all the same.",
            default="skip",
        ),
        "deadline": Field(
            {**DURATION, "x-format": "interval"},
            "A run that takes longer stops; the next one goes on from there.",
            example="2h",
        ),
        "schedule": Field(
            _SCHEDULE, "When `connector serve` runs it.", example={"cron": "*/15 * * * *", "timezone": "Europe/Oslo"}
        ),
        "retry": Field(_RETRY, "When failed tasks are tried again by themselves.", default={}),
        "stop_after_failures": Field(
            _STOP, "A run stops at whichever comes first.", example={"count": 100, "percent": 20}
        ),
    },
)


class RouteSettings(Struct, frozen=True):
    """A route's schedule and limits as values.

    Attributes:
        missed_within: how long after the last missed time it is made up for; zero for never, None for always.
        after: the routes that go before it.
        after_failure: what it does when one of them did not end well: skip, run.
        deadline: how long a run may take; None: as long as it needs.
    """

    concurrency: int
    when_dropped: str
    when_missing: str
    max_deletes_count: int
    max_deletes_percent: float
    max_deletes_said: bool
    cron: str | None
    every: timedelta | None
    timezone: str
    if_running: str
    missed_within: timedelta | None
    jitter: timedelta
    after: tuple[str, ...]
    after_failure: str
    max_attempts: int
    max_elapsed: timedelta | None
    first_wait: timedelta
    max_wait: timedelta
    stop_after_count: int
    stop_after_percent: float
    verify_every: timedelta
    when_drifted: str
    max_verified: int
    deadline: timedelta | None

    @property
    def is_scheduled(self) -> bool:
        """Whether it runs by itself."""
        return self.cron is not None or self.every is not None

    @classmethod
    def from_config(cls, config: Mapping[str, Json]) -> Self:
        """From a valid declaration."""
        filled = ROUTE.filled(config)
        schedule, retry = filled.get("schedule") or {}, filled["retry"]
        stop = filled.get("stop_after_failures") or {}
        deletes = filled.get("max_deletes") or {"percent": 20}
        return cls(
            concurrency=int(filled["concurrency"]),
            when_dropped=str(filled["when_dropped"]),
            when_missing=str(filled["when_missing"]),
            max_deletes_count=int(deletes.get("count", ANY_NUMBER)),
            max_deletes_percent=float(deletes.get("percent", 0)),
            max_deletes_said=bool(filled.get("max_deletes")),
            cron=schedule.get("cron"),
            every=duration(schedule["every"]) if "every" in schedule else None,
            timezone=str(schedule.get("timezone", "UTC")),
            if_running=str(schedule.get("if_running", "skip")),
            missed_within=_missed_within(schedule.get("if_missed", "run_once")),
            jitter=duration(schedule.get("jitter", "0s")),
            after=tuple(filled["after"]),
            after_failure=str(filled["after_failure"]),
            max_attempts=int(retry.get("max_attempts", 10)),
            max_elapsed=duration(retry["max_elapsed"]) if "max_elapsed" in retry else None,
            first_wait=duration(retry.get("first_wait", "30s")),
            max_wait=duration(retry.get("max_wait", "6h")),
            stop_after_count=int(stop.get("count", 0)),
            stop_after_percent=float(stop.get("percent", 0)),
            verify_every=duration(filled.get("verify_every") or "0s"),
            when_drifted=str(filled["when_drifted"]),
            max_verified=int(filled["max_verified"]),
            deadline=duration(filled["deadline"]) if filled.get("deadline") else None,
        )


def _missed_within(declared: Json) -> timedelta | None:
    if isinstance(declared, dict):
        return duration(declared["run_once_within"])
    return timedelta(0) if declared == "skip" else None
