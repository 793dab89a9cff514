"""Texts that mean something: cron lines and time zones. The schema marks them with ``x-format``."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

Fault = tuple[str, str, str]
"""Code, message, hint."""


def cron(text: str) -> Fault | None:
    """A five-field cron line that will come due."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only where a schedule is declared

    try:
        next(CronSim(text, datetime.now(UTC)))
    except CronSimError as error:
        return "CFG131", f"the cron line cannot be read: {error}", "Five fields: minute, hour, day, month, weekday."
    except StopIteration:
        return "CFG131", "the cron line never comes due", "A day that the month does not have?"
    return None


def timezone(text: str) -> Fault | None:
    """A time zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        near = difflib.get_close_matches(text, available_timezones(), 1)
        hint = f"Did you mean '{near[0]}'?" if near else "Write it like Europe/Oslo, or UTC."
        return "CFG132", f"'{text[:40]}' is no time zone", hint
    return None


FORMATS: dict[str, Callable[[str], Fault | None]] = {"cron": cron, "timezone": timezone}
"""``duration`` and ``size`` are patterns; ``jmespath`` is checked by the kinds that use it."""
