"""Texts that mean something: cron lines, time zones, durations. The schema marks them with ``x-format``.

Only what a pattern cannot say is said here; ``jmespath`` is handed to ``validate`` by the application.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from connector.config.cron_steps import FIELDS as _CRON_FIELDS
from connector.config.cron_steps import NICKNAMES, day_or_weekday, long_step, why, without_idle_steps
from connector.config.header_forms import header_name, header_value, siteaccess
from connector.config.text_fault import Fault
from connector.core.base_address import address_fault
from connector.core.nearest import did_you_mean
from connector.core.units import duration as parsed_duration

_SHORT_ZONE = re.compile(r"[A-Z]{2,5}")
"""Such as CEST: what is nearest to it in letters lies on another continent."""
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "iso-8859-15", "cp850")
_SHORTEST = timedelta(seconds=1)
_SELDOM = timedelta(days=366)
_LONGEST = timedelta(days=36525)
"""A hundred years: no date goes wrong by it, and nobody waits for longer."""


__all__ = ["FORMATS", "Fault", "Format"]
Format = Callable[[str], Fault | None]


def cron(text: str) -> Fault | None:
    """A five-field cron line that will come due."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only where a schedule is declared

    hint = f"Five fields: {', '.join(_CRON_FIELDS)}."
    if len(text.split()) != len(_CRON_FIELDS):
        return _miscounted(text.strip().replace("?", "*"), hint)
    if "?" in text:
        plain = text.replace("?", "*")
        return Fault("CFG131", "has a ?, which says nothing here", f'Write "{plain}".', text.index("?"))
    try:
        found = CronSim(text, datetime.now(UTC))
        times = [next(found) for _ in range(3)]
    except CronSimError:
        return _bad_field(text, hint)
    except StopIteration:
        return Fault("CFG131", "is a cron line that never comes due", "A day that the month does not have?")
    return _odd(text, CronSim(without_idle_steps(text), datetime.now(UTC)).explain(), times)


def _miscounted(text: str, hint: str) -> Fault:
    """A word that stands for a line elsewhere, a line with seconds, or just too few or many fields."""
    fields = text.split()
    line, every = NICKNAMES.get(text.lower(), ""), re.fullmatch(r"@every\s+([0-9]+[smhd])", text)
    if line:
        return Fault("CFG131", "is no cron line of five fields", f'Write "{line}".')
    if every is not None:
        return Fault("CFG131", "is no cron line", f'Write "every": "{every[1]}" in place of cron.')
    if len(fields) == len(_CRON_FIELDS) + 1:
        hint = f'There are no seconds here: "{" ".join(fields[1:])}", if the first field is theirs. {hint}'
    number = f"{len(fields)} field" if len(fields) == 1 else f"{len(fields)} fields"
    return Fault("CFG131", f"is no cron line: it has {number}", hint)


def _odd(text: str, words: str, times: list[datetime]) -> Fault | None:
    """A line that may mean something else than was meant: said in words, with its next three times."""
    meaning = f"It means: {words}; next: {', '.join(f'{one:%a %Y-%m-%d %H:%M}' for one in times)}."
    step = long_step(text)
    if step is not None:
        meant = f' To run every {step.every}, write "every": "{step.every}" in place of cron.' if step.every else ""
        hint = f'{meaning}{meant} If these times are meant, write "{step.line}".'
        message = f"has a step that is longer than the {step.whole}: one {step.field} of each {step.whole} is left"
        return Fault("CFG134", message, hint, step.offset or None, "warning")
    weekday = text.split()[4]
    counted = re.sub(r"[0-7]L\b", "", weekday.upper())  # the last Friday has no other form
    if re.search(r"[0-9]", counted.partition("/")[0].partition("#")[0]):
        offset = text.rindex(weekday)
        hint = f"{meaning} Write the days' names, e.g. MON-FRI: schedulers count from different days."
        return Fault("CFG134", "has a numeric weekday, where 0 and 7 are Sunday", hint, offset, "warning")
    if either := day_or_weekday(text):
        hint = f"{meaning} {either}"
        return Fault("CFG134", "comes due on the day of the month and on the weekday", hint, severity="warning")
    if times[0] - datetime.now(UTC) > _SELDOM:
        return Fault("CFG134", "comes due in more than a year only", meaning, severity="warning")
    return None


def timezone(text: str) -> Fault | None:
    """A time zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        hint = "" if _SHORT_ZONE.fullmatch(text) else did_you_mean(text, available_timezones()).strip()
        hint = hint or "Name a place, like Europe/Oslo, which knows its summer time; or UTC."
        return Fault("CFG132", "is no time zone", hint)
    return None


def duration(text: str) -> Fault | None:
    """A duration that can be counted; its form is for the pattern to check."""
    found = _length(text)
    if found is None or found <= _LONGEST:
        return None
    return Fault("CFG115", "is longer than a hundred years", "Write 30s, 5m, 6h or 7d.")


def age(text: str) -> Fault | None:
    """A duration after which something is removed; for ever is said otherwise."""
    fault = duration(text)
    return None if fault is None else Fault(fault.code, fault.message, 'Write 30d or 365d, or "forever".')


def span(text: str) -> Fault | None:
    """A duration that has a length."""
    found = _length(text)
    if found is not None and found < timedelta(milliseconds=1):
        return Fault("CFG115", "is no time at all", "Write 1ms at least; mostly some seconds, such as 5s.")
    return duration(text)


def interval(text: str) -> Fault | None:
    """A duration that something can be repeated at."""
    found = _length(text)
    if found is not None and found < _SHORTEST:
        return Fault("CFG115", "is less than 1s", "Write 5m or 6h.")
    return duration(text)


def _length(text: str) -> timedelta | None:
    """None: of no such form, which is for the pattern to tell."""
    try:
        return parsed_duration(text)
    except OverflowError:
        return timedelta.max
    except ValueError:
        return None


def url(text: str) -> Fault | None:
    """An address that requests can be sent to; what begins with a reference is known in a run only."""
    if text.strip().startswith("${"):
        return None
    fault = address_fault(text)
    if fault is None:
        return None
    called = "the address" if fault.secret or "?" in text else ""
    return Fault("CFG116" if fault.secret else "CFG114", fault.message, fault.hint, called=called)


def regex(text: str) -> Fault | None:
    """A regular expression."""
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        said = f": {error.msg}" if isinstance(error, re.error) else ""
        hint = "A sign that stands for itself has \\\\ before it, as JSON writes a backslash."
        return Fault("CFG114", f"is no regular expression{said}", hint)
    return None


def encoding(text: str) -> Fault | None:
    """An encoding of text."""
    try:
        if "".encode(text) is not None and codecs.lookup(text).name:
            return None
    except (LookupError, ValueError):
        pass
    hint = f"{did_you_mean(text, _ENCODINGS)}Write it as Python names it, such as cp1252, iso-8859-15 or utf-16-le."
    return Fault("CFG114", "is no encoding that is known", hint)


FORMATS: Mapping[str, Format] = {
    "cron": cron,
    "timezone": timezone,
    "duration": duration,
    "interval": interval,
    "age": age,
    "span": span,
    "header": header_name,
    "header-value": header_value,
    "siteaccess": siteaccess,
    "url": url,
    "regex": regex,
    "encoding": encoding,
}


def _bad_field(text: str, hint: str) -> Fault:
    """The first field that cannot be read even when all others are ``*``."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415

    offset = 0
    for number, (name, written) in enumerate(zip(_CRON_FIELDS, text.split(), strict=True)):
        offset = text.index(written, offset)
        try:
            CronSim(" ".join(["*"] * number + [written] + ["*"] * (4 - number)), datetime.now(UTC))
        except CronSimError:
            return Fault(
                "CFG131", f"is a cron line with a wrong {name}", f"{why(name, written)} {hint}", offset or None
            )
        offset += len(written)
    return Fault("CFG131", "is a cron line that never comes due", "A day that the month does not have?")
