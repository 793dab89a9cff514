"""Dates, points in time and times of day; the server runs in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, stored, wrong_type

Json = Any
_DAY = 86400
_RFC850 = ("%A, %d-%b-%y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S UTC", "%A, %d-%b-%y %H:%M:%S GMT%z")


def _moment(text: str) -> int:
    for form in _RFC850:
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    return _other_moment(text)


def _other_moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError as error:
            raise broken("not a date") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _seconds(value: Json) -> tuple[int, str]:
    """The timestamp of a date hash and the zone its rfc850 is going to show; rfc850 wins over timestring."""
    if isinstance(value, str):
        raise PhpError
    if not isinstance(value, dict):
        raise broken("a date is an object")
    if value.get("rfc850"):
        text = str(value["rfc850"])
        return _moment(text), "GMT" if text.endswith("GMT") else "GMT+0000"
    if value.get("timestring"):
        return _moment(str(value["timestring"])), "UTC"
    try:
        return int(value["timestamp"]), "GMT+0000"
    except (KeyError, TypeError, ValueError) as error:
        raise broken("a date without a time") from error


def _given_out(seconds: int, zone: str) -> Json:
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise broken("out of the calendar") from error
    return {"timestamp": seconds, "rfc850": f"{moment:%A, %d-%b-%y %H:%M:%S} {zone}"}


def _date(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    seconds, zone = _seconds(value)
    return _given_out(stored(seconds - seconds % _DAY), zone)


def _datetime(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    seconds, zone = _seconds(value)
    return _given_out(stored(seconds), zone)


def _time(value: Json, _context: FieldContext) -> Json:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise wrong_type("time", "DateTime", value)
    return value


def _shown(value: Json) -> str:
    return value["rfc850"] if value else ""


DATE = FieldKind(_date, text=_shown)
DATETIME = FieldKind(_datetime, text=_shown)
TIME = FieldKind(_time)
