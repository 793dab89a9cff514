"""Field types that hold a time: date, date and time, time of day. ISO 8601 in, seconds since 1970 out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from connector.core.jsonio import Json
from connector.core.numbers import Number
from connector.systems.ibexa.fields.codec import Codec, Context
from connector.systems.ibexa.fields.numbers import LEAST, MOST


def _date(value: Json, context: Context) -> Json:
    """The day as written, at midnight UTC: Ibexa keeps no zone for a date."""
    text = str(value).strip()
    try:
        day = date.fromisoformat(text[:10]) if isinstance(value, str) else _moment(value, context).date()
        if isinstance(value, str) and len(text) > 10:
            datetime.fromisoformat(text)
    except ValueError:
        raise context.refuse(value, "it wants a day that exists, like 2026-03-02") from None
    return _kept(value, datetime.combine(day, time(), UTC), context)


def _datetime(value: Json, context: Context) -> Json:
    return _kept(value, _moment(value, context), context)


def _kept(value: Json, moment: datetime, context: Context) -> Json:
    seconds = int(moment.timestamp())
    if not LEAST <= seconds <= MOST:
        hint = "Leave an end that is none, such as 9999-12-31, out in the mapping; or keep it in a text field (string)."
        raise context.refuse(value, "Ibexa keeps times from 1901-12-14 to 2038-01-18", hint)
    return {"timestamp": seconds}


def _moment(value: Json, context: Context) -> datetime:
    if isinstance(value, Number) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(float(value), UTC)
        except (OverflowError, OSError, ValueError):
            raise context.refuse(value, "it is no time in seconds since 1970") from None
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise context.refuse(value, "it wants a time like 2026-03-02T04:55:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time(value: Json, context: Context) -> Json:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 86400:
        return value
    try:
        # A number beyond a day's seconds, such as 123456, would be read as 12:34:56.
        moment = time.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise context.refuse(value, "it wants a time of day like 14:30 or seconds since midnight") from None
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _same_time(desired: Json, current: Json) -> bool:
    return _stamp(desired) == _stamp(current)


def _stamp(value: Json) -> int | None:
    return int(value["timestamp"]) if isinstance(value, dict) and value.get("timestamp") is not None else None


DATES = {
    "date": Codec(_date, equal=_same_time, essence=_stamp),
    "datetime": Codec(_datetime, equal=_same_time, essence=_stamp),
    "time": Codec(_time),
}
