"""What cron lines mean, by brute force: every minute of UTC is converted to local time and looked at.

``python -m tests.oracle.cron`` compares the program with it: every zone whose clocks change in the coming years, around
every change, 50 lines each; and three zones through a whole year. It prints the number of differences, and exits with 1
if there are any. Nothing of the program or of its cron library is used to find the expected times.
"""

from __future__ import annotations

import argparse
import calendar
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

MINUTE = timedelta(minutes=1)
AROUND = timedelta(hours=50)
WHOLE_YEARS = ("Europe/Oslo", "Australia/Lord_Howe", "America/Nuuk")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

LINES = (
    # times of day: once per local date
    "30 2 * * *", "0 2 * * *", "30 1 * * *", "0 3 * * *", "15,45 2 * * *", "*/5 2 * * *", "0 0 * * *", "30 0 * * *",
    "0 1 * * *", "59 23 * * *", "30 23 * * *", "0 0,23 * * *", "0,30 0-4 * * *", "10-50/20 1,2,3 * * *", "45 2 * * *",
    "0 2 * * SUN", "30 2 * * 0", "30 1 * * 7", "0 3 * * 1-5", "0 2 29 * *", "30 2 L * *", "0 2 LW * *", "0 1 1 * *",
    "30 2 * 3,10 *", "15 2 * MAR,OCT SUN", "30 2 1-7 * SUN", "0 0 * * SUN#2", "0 0 * * 5L", "0 2 25-31 * 0", "0 4 31 * *",
    # real time: as often as the clock on the wall shows it
    "* * * * *", "*/15 * * * *", "0 * * * *", "30 * * * *", "7 * * * *", "*/7 * * * *", "0 */2 * * *", "15 */3 * * *",
    "*/10 1-3 * * *", "* 2 * * *", "*/30 0 * * *", "*/20 23 * * *", "*/15 3 * * *", "*/15 2 * * *", "*/15 1 * * SUN",
    "0 */6 * * SAT", "45 */1 L * *", "*/25 */2 * * *", "5-59/10 * * * 6,0", "*/45 0-5/2 * 3-4,9-11 *",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A cron line, taken apart."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: str
    months: frozenset[int]
    weekdays: str
    by_the_day: bool

    @classmethod
    def read(cls, text: str) -> Line:
        minute, hour, day, month, weekday = text.upper().split()
        return cls(
            frozenset(_numbers(minute, 0, 59, [])),
            frozenset(_numbers(hour, 0, 23, [])),
            day,
            frozenset(_numbers(month, 1, 12, ["", *_MONTHS])),
            weekday,
            not minute.startswith("*") and not hour.startswith("*"),
        )

    def has_day(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        of_month = any(_is_day_of_month(part, day) for part in self.days.split(","))
        of_week = any(_is_day_of_week(part, day) for part in self.weekdays.split(","))
        if self.days.startswith("*") or self.weekdays.startswith("*"):
            return of_month and of_week
        return of_month or of_week


def _numbers(text: str, low: int, high: int, names: Sequence[str]) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        else:
            begin, dash, end = span.partition("-")
            first = _number(begin, names)
            last = _number(end, names) if dash else (high if step else first)
        found.update(range(first, last + 1, int(step or 1)))
    return found


def _number(text: str, names: Sequence[str]) -> int:
    return names.index(text) if text in names else int(text)


def _last_of_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _is_day_of_month(part: str, day: date) -> bool:
    if part == "L":
        return day.day == _last_of_month(day)
    if part == "LW":
        end = day.replace(day=_last_of_month(day))
        while end.weekday() >= 5:
            end -= timedelta(days=1)
        return day == end
    return day.day in _numbers(part, 1, 31, [])


def _is_day_of_week(part: str, day: date) -> bool:
    number = day.isoweekday() % 7
    if "#" in part:
        wanted, _, nth = part.partition("#")
        return _number(wanted, _DAYS) % 7 == number and (day.day - 1) // 7 + 1 == int(nth)
    if part.endswith("L"):
        return int(part[:-1]) % 7 == number and day.day + 7 > _last_of_month(day)
    return number in {one % 7 for one in _numbers(part, 0, 7, _DAYS)}


def expected(line: Line, walls: Sequence[tuple[datetime, datetime]]) -> list[datetime]:
    """The due times among consecutive minutes, given as (UTC, naive local time); the first is only looked back at.

    A line whose minute and hour both begin without ``*`` names times of day. Each comes once per local date: the first
    time the wall shows it, or, where the clock jumps over it, the minute after the jump. Other lines are due whenever
    the wall shows a time that fits, so not at all in an hour that is skipped and twice in one that is repeated.
    """
    days: dict[date, bool] = {}

    def fits(wall: datetime) -> bool:
        if wall.minute not in line.minutes or wall.hour not in line.hours:
            return False
        day = wall.date()
        if day not in days:
            days[day] = line.has_day(day)
        return days[day]

    found, latest = [], walls[0][1]
    for (_, before), (moment, wall) in zip(walls, walls[1:], strict=False):
        if not line.by_the_day:
            if fits(wall):
                found.append(moment)
            continue
        skipped, jumped = before + MINUTE, False
        while skipped < wall:
            jumped = jumped or fits(skipped)
            skipped += MINUTE
        if jumped or (fits(wall) and wall > latest):
            found.append(moment)
        latest = max(latest, wall)
    return found


def local_minutes(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """(UTC, naive local time) of every minute from start to end."""
    count = int((end - start) / MINUTE)
    moments = [start + MINUTE * n for n in range(count + 1)]
    return [(moment, moment.astimezone(zone).replace(tzinfo=None)) for moment in moments]


def changes(zone: ZoneInfo, first: int, last: int) -> list[datetime]:
    """The UTC hours after which the zone's clock has changed, in the years from first to last."""
    moment, found = datetime(first, 1, 1, tzinfo=UTC), []
    offset = moment.astimezone(zone).utcoffset()
    while moment.year <= last:
        later = moment + timedelta(hours=1)
        now = later.astimezone(zone).utcoffset()
        if now != offset:
            found.append(moment)
        moment, offset = later, now
    return found


def windows(zones: Sequence[str], first: int, last: int) -> Iterator[tuple[str, datetime, datetime]]:
    """(zone, start, end) around each change; zones that share clocks are looked at once."""
    seen: set[tuple[object, ...]] = set()
    for name in zones:
        zone = ZoneInfo(name)
        for change in changes(zone, first, last):
            around = [(change + timedelta(minutes=n)).astimezone(zone).utcoffset() for n in range(62)]
            key = (change, *around)
            if key not in seen:
                seen.add(key)
                yield name, change - AROUND, change + AROUND


def whole_years(year: int) -> Iterator[tuple[str, datetime, datetime]]:
    """(zone, start, end) of a year in a few zones: every month, every weekday."""
    for name in WHOLE_YEARS:
        yield name, datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Difference:
    """Where the program and the brute force disagree; ``moments`` are due in one of them only."""

    zone: str
    line: str
    moments: tuple[datetime, ...]
    increasing: bool


def compare(zone: str, start: datetime, end: datetime, lines: Sequence[str] = LINES) -> Iterator[Difference]:
    """All differences in (start, end]."""
    from connector.runtime.schedule_cron import cron_times

    walls = local_minutes(ZoneInfo(zone), start - timedelta(hours=26), end)
    for text in lines:
        wanted = [moment for moment in expected(Line.read(text), walls) if moment > start]
        given = []
        for moment in cron_times(text, zone, start):
            if moment > end:
                break
            given.append(moment)
        increasing = all(one < other for one, other in zip(given, given[1:], strict=False))
        if wanted != given or not increasing:
            yield Difference(zone, text, tuple(sorted(set(wanted) ^ set(given))), increasing)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.oracle.cron", description="Compare due times with brute force."
    )
    this_year = datetime.now(UTC).year
    parser.add_argument("--first", type=int, default=this_year, help="The first year.")
    parser.add_argument("--last", type=int, default=this_year + 4, help="The last year.")
    parser.add_argument("--zone", action="append", help="Only these zones, and no whole years.")
    options = parser.parse_args()
    zones = options.zone or sorted(available_timezones())
    jobs = [*windows(zones, options.first, options.last), *([] if options.zone else whole_years(options.first))]
    found, looked = [], 0
    for zone, start, end in jobs:
        found += list(compare(zone, start, end))
        looked += len(LINES)
    for one in found[:50]:
        shown = ", ".join(f"{moment:%Y-%m-%dT%H:%MZ}" for moment in one.moments[:3])
        print(f"{one.zone}  {one.line}  {shown}{'' if one.increasing else '  NOT INCREASING'}")
    places = len({zone for zone, _, _ in jobs})
    print(f"{len(found)} differences in {looked} comparisons ({len(jobs)} stretches of time in {places} zones)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
