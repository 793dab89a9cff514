"""When a route is due: cron or interval in a time zone, as an APScheduler trigger and in words.

cronsim decides cron times: once per local date across a change of clocks, where APScheduler's own trigger would fire
twice in autumn and at a time that does not exist in spring.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim

from connector.config.route_spec import RouteSettings


class DueTimes(BaseTrigger):  # type: ignore[misc]
    """Strictly increasing due times of one route."""

    def __init__(self, settings: RouteSettings) -> None:
        self._settings = settings

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """APScheduler's question: the first due time after both."""
        return next_time(self._settings, previous_fire_time, now)

    def __str__(self) -> str:
        return words(self._settings)


def next_time(settings: RouteSettings, previous: datetime | None, now: datetime) -> datetime | None:
    """The first due time after ``previous`` and not before ``now``; None when the route has no schedule."""
    zone = ZoneInfo(settings.timezone)
    if settings.every is not None:
        return now + settings.every if previous is None else max(previous + settings.every, now)
    if settings.cron is None:
        return None
    start = now if previous is None or previous < now else previous
    # Step from whole seconds: cronsim yields times strictly after its start.
    found = next(CronSim(settings.cron, start.astimezone(zone).replace(microsecond=0) - timedelta(seconds=1)))
    while previous is not None and found <= previous:
        start = start + timedelta(minutes=1)
        found = next(CronSim(settings.cron, start.astimezone(zone)))
    return found


def words(settings: RouteSettings) -> str:
    """The schedule in words."""
    if settings.every is not None:
        return f"every {settings.every}"
    if settings.cron is None:
        return "only by hand"
    return f"{CronSim(settings.cron, datetime.now(ZoneInfo(settings.timezone))).explain()} ({settings.timezone})"
