"""What a size or a duration was meant to be that is written in another form: 16mb, 16Mi, 5 min, PT5M."""

from __future__ import annotations

import re
from typing import Final

_SIZES: Final = {
    **dict.fromkeys(("", "b", "byte", "bytes"), "B"),
    **dict.fromkeys(("k", "kb", "kilobyte", "kilobytes"), "kB"),
    **dict.fromkeys(("ki", "kib"), "KiB"),
    **dict.fromkeys(("m", "mb", "megabyte", "megabytes"), "MB"),
    **dict.fromkeys(("mi", "mib"), "MiB"),
    **dict.fromkeys(("g", "gb", "gigabyte", "gigabytes"), "GB"),
    **dict.fromkeys(("gi", "gib"), "GiB"),
}
_LARGER: Final = {"kB": "B", "KiB": "B", "MB": "kB", "MiB": "KiB", "GB": "MB", "GiB": "MiB"}
_DURATIONS: Final = {
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
_DAYS: Final = {"w": 7, "week": 7, "weeks": 7, "month": 30, "months": 30, "y": 365, "year": 365, "years": 365}
_NUMBER: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?[\s_]*([a-z]*)", re.IGNORECASE)
_ISO: Final = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?", re.IGNORECASE)


def meant(form: str | None, text: str) -> str:
    """The text as it is written here; empty when nobody can tell, or for any other form."""
    written = text.strip()
    if form == "size":
        return _size(written)
    return _duration(written) if form in ("duration", "interval", "age") else ""


def _size(text: str) -> str:
    found = _NUMBER.fullmatch(text)
    unit = _SIZES.get(found[3].lower()) if found else None
    if found is None or unit is None:
        return ""
    if found[2] is None:
        return f"{found[1]}{unit}"
    if unit not in _LARGER:
        return ""
    exact = float(f"{found[1]}.{found[2]}") * (1024 if "i" in unit else 1000)
    return f"{int(exact)}{_LARGER[unit]}" if exact.is_integer() else ""


def _duration(text: str) -> str:
    if iso := _ISO.fullmatch(text):
        parts = [f"{number}{unit}" for number, unit in zip(iso.groups(), "dhms", strict=True) if number]
        return parts[0] if len(parts) == 1 else ""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ""
    number, unit = found[1] + (f".{found[2]}" if found[2] else ""), found[3].lower()
    if unit in _DAYS:
        return f"{int(found[1]) * _DAYS[unit]}d" if found[2] is None else ""
    return f"{number}{_DURATIONS[unit]}" if unit in _DURATIONS else ""
