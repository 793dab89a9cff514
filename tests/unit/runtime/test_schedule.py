"""When a route is due: strictly later each time, once per local date across a change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule import Due, declared, due_since, due_times, in_words, local, words
from connector.runtime.scheduler import DueTimes

OSLO = ZoneInfo("Europe/Oslo")
START = datetime(2026, 1, 1, tzinfo=UTC)


def settings(**schedule: Any) -> RouteSettings:
    return RouteSettings.from_config({"incoming": "a", "outgoing": "b", "schedule": schedule})


def due(cron: str, start: datetime, count: int, zone: str = "Europe/Oslo") -> list[datetime]:
    found = list(islice(due_times(settings(cron=cron, timezone=zone), start, start), count))
    assert len(found) == count
    assert all(one < other for one, other in zip([start, *found], found, strict=False))
    return found


@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 12, tzinfo=OSLO), datetime(2026, 10, 24, 12, tzinfo=OSLO)])
def test_a_nightly_job_runs_once_per_local_date_when_clocks_change(night: datetime) -> None:
    times = due("30 2 * * *", night, 4)
    days = [moment.astimezone(OSLO).date() for moment in times]
    assert days == [night.date() + timedelta(days=n) for n in range(1, 5)]


def test_a_time_that_is_skipped_comes_right_after_the_change_and_once() -> None:
    first, second = due("15,45 2 * * *", datetime(2026, 3, 28, 12, tzinfo=OSLO), 2)
    assert local(first, "Europe/Oslo") == "2026-03-29 03:00:00+02:00"
    assert local(second, "Europe/Oslo") == "2026-03-30 02:15:00+02:00"


def test_a_time_that_is_repeated_comes_the_first_time_only_wherever_one_starts() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert due("30 2 * * *", first - timedelta(minutes=1), 1) == [first]
    assert due("30 2 * * *", first + timedelta(minutes=50), 1) == [datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_a_quarter_hourly_job_keeps_its_pace_through_a_year(zone: str) -> None:
    times = due("*/15 * * * *", datetime(2026, 3, 20, tzinfo=UTC), 25_000, zone)
    assert {other - one for one, other in zip(times, times[1:], strict=False)} == {timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("cron", "first"),
    [("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)), ("0 0 29 2 */7", datetime(2032, 2, 29, tzinfo=UTC))],
)
def test_what_is_due_once_in_years_is_found(cron: str, first: datetime) -> None:
    assert due(cron, START, 1, "UTC") == [first]


def test_what_never_comes_due_ends() -> None:
    assert list(due_times(settings(every="3000000d"), START, START + timedelta(days=5))) == []
    assert list(due_times(RouteSettings.from_config({"incoming": "a", "outgoing": "b"}), START, START)) == []


def test_an_interval_counts_from_its_anchor_and_does_not_drift() -> None:
    every = settings(every="5m")
    assert next(due_times(every, START, START)) == START + timedelta(minutes=5)
    late = START + timedelta(hours=3, seconds=7)
    assert next(due_times(every, START, late)) == START + timedelta(hours=3, minutes=5)
    assert next(due_times(every, START, START - timedelta(days=1))) == START + timedelta(minutes=5)


def test_what_became_due_meanwhile_is_counted() -> None:
    hourly = settings(cron="0 * * * *")
    assert due_since(hourly, START, START, START + timedelta(minutes=59)) is None
    assert due_since(hourly, START, START, START + timedelta(hours=1)) == Due(START + timedelta(hours=1))
    found = due_since(hourly, START, START, START + timedelta(days=3, minutes=20))
    assert found == Due(START + timedelta(hours=72), 71, START + timedelta(hours=1), START + timedelta(hours=71))


def test_the_clock_is_set_to_the_first_time_after_both() -> None:
    trigger = DueTimes(settings(cron="*/15 * * * *"), START)
    now = START + timedelta(minutes=31)
    assert trigger.get_next_fire_time(None, now) == START + timedelta(minutes=45)
    assert trigger.get_next_fire_time(START + timedelta(minutes=45), now) == START + timedelta(minutes=60)
    assert DueTimes(settings(every="3000000d"), START).get_next_fire_time(None, now + timedelta(days=1)) is None


def test_schedules_are_said_in_words() -> None:
    assert (
        words(settings(cron="*/15 * * * *", timezone="Europe/Oslo")) == "Every 15th minute of every hour (Europe/Oslo)"
    )
    assert words(settings(every="90s")) == "every 1 minute 30 seconds"
    assert words(RouteSettings.from_config({"incoming": "a", "outgoing": "b"})) == "only by hand"
    assert [in_words(timedelta(seconds=n)) for n in (0, 1, 0.5, 3600, 180000)] == [
        "0 seconds", "1 second", "0.5 seconds", "1 hour", "2 days 2 hours",
    ]  # fmt: skip


def test_another_schedule_is_told_from_the_same_one() -> None:
    one = declared(settings(cron="0 2 * * *", timezone="Europe/Oslo"))
    assert one == declared(settings(cron="0  2 * * *", timezone="Europe/Oslo", if_missed="skip", jitter="5s"))
    others = {
        declared(settings(cron="0 2 * * *")),
        declared(settings(cron="0 3 * * *")),
        declared(settings(every="2h")),
    }
    assert len({one, *others}) == 4


def test_what_a_schedule_says_holds() -> None:
    said = settings(cron="0 2 * * *", if_running="queue", if_missed={"run_once_within": "2h"}, jitter="30s")
    assert (said.if_running, said.missed_within, said.jitter) == (
        "queue",
        timedelta(hours=2),
        timedelta(seconds=30),
    )
    assert settings(cron="0 2 * * *", if_missed="skip").missed_within == timedelta(0)
    silent = settings(cron="0 2 * * *")
    assert (silent.if_running, silent.missed_within, silent.jitter, silent.after) == ("skip", None, timedelta(0), ())


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("*/90 * * * *", "At the start of every hour (UTC)"),
        ("0 */36 * * *", "At 00:00 every day (UTC)"),
        ("5-59/70 * * * *", "At minute 5 of every hour (UTC)"),
        ("*/15 * * * *", "Every 15th minute of every hour (UTC)"),
    ],
)
def test_a_step_that_leaves_one_value_is_not_told_as_if_it_repeated(cron: str, said: str) -> None:
    assert words(settings(cron=cron, timezone="UTC")) == said
    hours = {"*/90 * * * *": 1, "0 */36 * * *": 24, "5-59/70 * * * *": 1, "*/15 * * * *": 0.25}
    first, second = due(cron, START, 2, "UTC")
    assert second - first == timedelta(hours=hours[cron])
