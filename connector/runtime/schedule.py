"""When a route is due: cron or interval in a time zone, as instants and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule_cron import cron_times, cron_words

_END = datetime.max.replace(tzinfo=UTC)


class Due(Struct, frozen=True):
    """Due times that nothing was decided on yet.

    Attributes:
        latest: the newest of them, in UTC.
        earlier: how many there are before it.
        first: the oldest of those, None if there are none.
        before: the newest of those, None if there are none.
    """

    latest: datetime
    earlier: int = 0
    first: datetime | None = None
    before: datetime | None = None


def due_times(
    settings: RouteSettings, anchor: datetime, after: datetime, until: datetime | None = None
) -> Iterator[datetime]:
    """The due times strictly after an instant, in UTC, strictly increasing; none without a schedule.

    What comes long after ``until`` is not looked for. An interval counts from ``anchor``, so it neither drifts nor
    starts afresh with the process.
    """
    if settings.cron is not None:
        yield from cron_times(settings.cron, settings.timezone, after, until)
    elif settings.every is not None:
        passed = max(0, (after - anchor) // settings.every)
        moment = anchor.astimezone(UTC) + passed * settings.every
        while settings.every < _END - moment:
            moment += settings.every
            if moment > after:
                yield moment


def due_since(settings: RouteSettings, anchor: datetime, after: datetime, until: datetime) -> Due | None:
    """What became due after one instant and until another; None for nothing."""
    first = before = latest = None
    count = 0
    for moment in due_times(settings, anchor, after, until):
        if moment > until:
            break
        first = first or moment
        before, latest = latest, moment
        count += 1
    if latest is None:
        return None
    return Due(latest) if count == 1 else Due(latest, count - 1, first, before)


def declared(settings: RouteSettings) -> str:
    """What decides the due times, as a text that changes when they do."""
    if settings.cron is not None:
        return f"cron {' '.join(settings.cron.split())} {settings.timezone}"
    return f"every {settings.every}" if settings.every is not None else ""


def words(settings: RouteSettings) -> str:
    """The schedule in words."""
    if settings.every is not None:
        return f"every {in_words(settings.every)}"
    if settings.cron is None:
        return "only by hand"
    return f"{cron_words(settings.cron)} ({settings.timezone})"


def in_words(length: timedelta) -> str:
    """``1 day 2 hours``, ``90 seconds`` as ``1 minute 30 seconds``."""
    left, found = length.total_seconds(), []
    for noun, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count, left = int(left // size), left % size
        if count:
            found.append(f"{count} {noun}{'s' if count > 1 else ''}")
    if left or not found:
        found.append(f"{left:g} second{'' if left == 1 else 's'}")
    return " ".join(found)


def local(moment: datetime, zone: str) -> str:
    """``2026-03-29 03:00:00+02:00``: in the route's zone, with its offset."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")
