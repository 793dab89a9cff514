"""Durations (``"30s"``) and sizes (``"16MiB"``) as users write them."""

from __future__ import annotations

import re
from datetime import timedelta

DURATION_PATTERN = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$"
SIZE_PATTERN = r"^[0-9]+(B|kB|KiB|MB|MiB|GB|GiB)?$"

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"": 1, "B": 1, "kB": 1000, "KiB": 1024, "MB": 1000**2, "MiB": 1024**2, "GB": 1000**3, "GiB": 1024**3}


def duration(text: str) -> timedelta:
    """``"90s"``, ``"1.5h"``, ``"250ms"``, ``"7d"`` as a timedelta.

    Raises:
        ValueError: not of that form.
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)", text)
    if found is None:
        raise ValueError(f"{text!r} is no duration such as 30s, 5m, 6h or 7d")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def seconds(text: str) -> float:
    """A duration text in seconds.

    Raises:
        ValueError: not of that form.
    """
    return duration(text).total_seconds()


def spoken(length: float) -> str:
    """So many seconds in the largest unit that says it whole: ``90s``, ``2h``, ``250ms``."""
    whole = [(length / each, unit) for unit, each in reversed(_SECONDS.items()) if length and not length % each]
    count, unit = whole[0] if whole else (round(length * 1000), "ms")
    return f"{count:g}{unit}"


def size(text: str) -> int:
    """``"16MiB"``, ``"500kB"``, ``"1024"`` in bytes.

    Raises:
        ValueError: not of that form.
    """
    found = re.fullmatch(r"([0-9]+)(B|kB|KiB|MB|MiB|GB|GiB|)", text)
    if found is None:
        raise ValueError(f"{text!r} is no size such as 500kB or 16MiB")
    return int(found[1]) * _BYTES[found[2]]
