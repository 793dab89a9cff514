"""What is known of cron lines: their fields, what others call some of them, and steps that leave one value only.

``*/90`` minutes is hourly, not every 90 minutes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

FIELDS: Final = ("minute", "hour", "day", "month", "weekday")
RANGES: Final = {
    "minute": ("0", "59"),
    "hour": ("0", "23"),
    "day": ("1", "31"),
    "month": ("1", "12"),
    "weekday": ("0", "7, or SUN to SAT"),
}
NICKNAMES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * SUN",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_SIZES: Final = (60, 24, 31, 12, 7)
_LEAST: Final = ("0", "0", "1", "1", "0")
_WHOLES: Final = ("hour", "day", "month", "year", "week")
_UNITS: Final = ("m", "h", "d", "", "")
"""Of ``every``; there is none for months and weekdays."""
_STEP = re.compile(r"(?P<from>\*|[0-9]+)(?:-[0-9]+)?/(?P<step>[0-9]+)")


class LongStep(Struct, frozen=True):
    """A step that is longer than its field.

    Attributes:
        written: the field.
        offset: of it, into the line.
        field: its name, e.g. ``minute``.
        whole: what it counts within, e.g. ``hour``.
        every: the duration that was probably meant; empty where there is none.
        line: the line without the step, which comes due at the same times.
    """

    written: str
    offset: int
    field: str
    whole: str
    every: str
    line: str


def long_step(line: str) -> LongStep | None:
    """The first step that is longer than its field; a line of five fields."""
    for number, place in enumerate(re.finditer(r"\S+", line)):
        found = _STEP.fullmatch(place[0])
        if found is not None and int(found["step"]) > _SIZES[number]:
            unit = _UNITS[number]
            every = f"{int(found['step'])}{unit}" if unit else ""
            line = _plain(line, number, found["from"])
            return LongStep(place[0], place.start(), FIELDS[number], _WHOLES[number], every, line)
    return None


def without_idle_steps(line: str) -> str:
    """The line with every step that leaves one value only replaced by that value: what can be said in words."""
    for number, written in enumerate(line.split()):
        found = _STEP.fullmatch(written)
        if found is not None and int(found["step"]) >= _SIZES[number]:
            line = _plain(line, number, found["from"])
    return line


def _plain(line: str, number: int, first: str) -> str:
    fields = line.split()
    fields[number] = _LEAST[number] if first == "*" else first
    return " ".join(fields)


_RANGE = re.compile(r"(?P<low>[0-9]+|[A-Z]{3})-(?P<high>[0-9]+|[A-Z]{3})(?:/[0-9]+)?")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def why(field: str, written: str) -> str:
    """What is wrong with a field of a line, in a sentence: a step, a range, another program's sign, or its values."""
    least, most = RANGES[field]
    names = _DAYS if field == "weekday" else _MONTHS if field == "month" else ()
    for one in written.upper().split(","):
        if re.search(r"/0*$", one):
            return "A step is 1 at least: */5 is every fifth."
        parts = [part for part in re.split(r"[-/#]", one) if part.isalpha()]
        if names and any(part not in names for part in parts):
            return f"The names are {', '.join(names)}."
        found = _RANGE.fullmatch(one)
        if found is not None and _at(found["low"], names) > _at(found["high"], names):
            last = "SAT" if field == "weekday" else most
            first = "SUN" if field == "weekday" else least
            behind = first if found["high"] in (first, "0") else f"{first}-{found['high']}"
            before = found["low"] if found["low"] == last else f"{found['low']}-{last}"
            return f"A range goes upwards: for its two parts write {before},{behind}."
    return f"The {field} is {least} to {most}."


def _at(value: str, names: Sequence[str]) -> int:
    return int(value) if value.isdigit() else names.index(value) if value in names else -1


def day_or_weekday(line: str) -> str:
    """What is told of a line with a day of the month and a weekday: either of them is enough; empty for other lines."""
    minute, hour, day, month, weekday = line.split()
    if day.startswith("*") or weekday.startswith("*"):
        return ""
    single = f'"{minute} {hour} {day} {month} *" or "{minute} {hour} * {month} {weekday}"'
    return f"Either of the two is enough. If one is meant, write {single}; the first Monday of a month is MON#1."
