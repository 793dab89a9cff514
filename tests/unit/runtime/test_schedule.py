"""When a route is due: strictly later each time, once per local date across a change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule import next_time, words

OSLO = ZoneInfo("Europe/Oslo")


def settings(**schedule: Any) -> RouteSettings:
    return RouteSettings.from_config({"incoming": "a", "outgoing": "b", "schedule": schedule})


def due(cron: str, start: datetime, count: int, zone: str = "Europe/Oslo") -> list[datetime]:
    found: list[datetime] = []
    previous: datetime | None = None
    now = start
    for _ in range(count):
        moment = next_time(settings(cron=cron, timezone=zone), previous, now)
        assert moment is not None
        assert previous is None or moment > previous
        found.append(moment)
        previous = now = moment
    return found


@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 12, tzinfo=OSLO), datetime(2026, 10, 24, 12, tzinfo=OSLO)])
def test_a_nightly_job_runs_once_per_local_date_when_clocks_change(night: datetime) -> None:
    times = due("30 2 * * *", night, 4)
    days = [moment.astimezone(OSLO).date() for moment in times]
    assert days == [night.date() + timedelta(days=n) for n in range(1, 5)]


@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_a_quarter_hourly_job_keeps_its_pace_through_a_year(zone: str) -> None:
    times = due("*/15 * * * *", datetime(2026, 3, 20, tzinfo=UTC), 3000, zone)
    steps = {
        (later.astimezone(UTC) - earlier.astimezone(UTC)) for earlier, later in zip(times, times[1:], strict=False)
    }
    assert min(steps) >= timedelta(minutes=15)
    assert max(steps) <= timedelta(minutes=60)


def test_an_interval_starts_now_and_counts_from_the_last_start() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    every = settings(every="5m")
    assert next_time(every, None, start) == start + timedelta(minutes=5)
    assert next_time(every, start, start + timedelta(seconds=1)) == start + timedelta(minutes=5)
    late = start + timedelta(hours=3)
    assert next_time(every, start, late) == late


def test_schedules_are_said_in_words() -> None:
    assert "15" in words(settings(cron="*/15 * * * *", timezone="Europe/Oslo"))
    assert words(RouteSettings.from_config({"incoming": "a", "outgoing": "b"})) == "only by hand"
