"""Due times against brute force: a sample. ``python -m tests.oracle.cron`` compares all zones, and takes minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.cron import LINES, MINUTE, Line, compare, expected, local_minutes, windows

SAMPLE = ("Europe/Oslo", "Australia/Lord_Howe", "America/Nuuk", "America/Havana", "Antarctica/Troll", "Africa/Cairo")


@pytest.mark.parametrize("zone", SAMPLE)
def test_due_times_are_those_that_brute_force_finds(zone: str) -> None:
    stretches = list(windows([zone], 2027, 2027))
    assert len(stretches) == 2
    assert [found for name, start, end in stretches for found in compare(name, start, end)] == []


@pytest.mark.parametrize(
    ("line", "day", "wanted"),
    [
        ("30 2 * * *", (2027, 3, 28), ["03:00+02:00"]),
        ("30 2 * * *", (2027, 10, 31), ["02:30+02:00"]),
        ("*/30 2 * * *", (2027, 3, 28), []),
        ("*/30 2 * * *", (2027, 10, 31), ["02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00"]),
        ("0 0 * * SUN#L", (2027, 10, 31), None),
        ("0 5 L * *", (2027, 10, 31), ["05:00+01:00"]),
        ("0 5 1 * SUN", (2027, 10, 31), ["05:00+01:00"]),
        ("0 5 1 * *", (2027, 10, 31), []),
    ],
)
def test_the_oracle_itself_says_what_the_documentation_says(
    line: str, day: tuple[int, int, int], wanted: list[str] | None
) -> None:
    zone = ZoneInfo("Europe/Oslo")
    start = datetime(*day, tzinfo=zone)
    if wanted is None:
        with pytest.raises(ValueError, match="L"):
            Line.read(line).has_day(start.date())
        return
    walls = local_minutes(zone, start.astimezone(ZoneInfo("UTC")) - MINUTE, start + timedelta(hours=24))
    found = [moment.astimezone(zone) for moment in expected(Line.read(line), walls)]
    assert [f"{one:%H:%M}{one:%z}"[:8] + ":" + f"{one:%z}"[3:] for one in found if one.date() == start.date()] == wanted


def test_the_oracle_has_fifty_lines() -> None:
    assert len(set(LINES)) == 50
