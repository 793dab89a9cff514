"""The due times of a cron line in a time zone, across changes of clocks.

cronsim reads the line and says which days it means. The times of a day are found here, by asking for each wall time
which instants show it: cronsim steps through UTC by whole hours, and so goes astray where clocks change by half an hour
(Australia/Lord_Howe). ``python -m tests.oracle.cron`` compares this with brute force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim

from connector.config.cron_steps import without_idle_steps

_DAY = timedelta(days=1)
_YEARS = 50  # 29 February on a certain weekday comes back within 40


def cron_times(line: str, zone: str, after: datetime, until: datetime | None = None) -> Iterator[datetime]:
    """The due times after an instant, in UTC, strictly increasing; not looked for beyond the day after ``until``.

    A line whose minute and hour both begin without ``*`` names times of day: each comes once per local date, the first
    time the wall shows it, or right after the change when the clock jumps over it. Any other line is due whenever the
    wall shows a time that fits: not at all in an hour that is skipped, twice in one that is repeated.
    """
    latest, place = after.astimezone(UTC), ZoneInfo(zone)
    day = latest.astimezone(place).date() - _DAY
    end = day.replace(year=min(day.year + _YEARS, date.max.year - 1), day=1)
    if until is not None:
        end = min(end, until.astimezone(place).date() + 2 * _DAY)
    while day < end:
        today = _times_of(line, zone, day)
        # A clock set back across midnight shows times of today again after the first ones of tomorrow.
        both = sorted({*today, *_times_of(line, zone, day + _DAY)}) if today else ()
        for moment in both:
            if latest < moment <= today[-1]:
                yield moment
                latest = moment
        day += _DAY


def cron_words(line: str) -> str:
    """The line in English."""
    return str(CronSim(without_idle_steps(line), datetime(2000, 1, 1, tzinfo=UTC)).explain())


@lru_cache(maxsize=256)
def _read(line: str) -> CronSim:
    return CronSim(line, datetime(2000, 1, 1, tzinfo=UTC))


@lru_cache(maxsize=1024)
def _times_of(line: str, zone: str, day: date) -> tuple[datetime, ...]:
    """The instants that a local date has."""
    read = _read(line)
    if day.month not in read.months or not read.match_day(day):
        return ()
    minute, hour, *_ = line.split()
    by_the_day = not minute.startswith("*") and not hour.startswith("*")
    place = ZoneInfo(zone)
    found: set[datetime] = set()
    for at in (time(hour, minute) for hour in sorted(read.hours) for minute in sorted(read.minutes)):
        wall = datetime.combine(day, at, tzinfo=place)
        shown = [moment for moment in _both(wall) if moment.astimezone(place).replace(tzinfo=None) == _naive(wall)]
        if by_the_day:
            found.add(shown[0] if shown else _jump(wall))
        else:
            found.update(shown)
    return tuple(sorted(found))


def _both(wall: datetime) -> tuple[datetime, ...]:
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first,) if first == second else (min(first, second), max(first, second))


def _naive(wall: datetime) -> datetime:
    return wall.replace(tzinfo=None)


def _jump(wall: datetime) -> datetime:
    """The instant at which the clock jumps over a wall time: between what the offsets before and after make of it."""
    low, high = _both(wall)
    place, before = wall.tzinfo, low.astimezone(wall.tzinfo).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
