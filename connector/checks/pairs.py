"""Settings that are right each by itself and contradict each other, so that one of them never has an effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.units import duration

Pair = tuple[str, str, str, str]
"""The object, the key that must be the smaller one, the other, and what holds of that when it is left out."""
_OF_CLIENTS: tuple[Pair, ...] = (
    ("retry", "first_wait", "max_wait", "20s"),
    ("outage", "first_probe", "max_probe", "1m"),
    ("timeout", "connect", "total", "2m"),
    ("timeout", "read", "total", "2m"),
)
_OF_ROUTES: tuple[Pair, ...] = (("retry", "first_wait", "max_wait", "6h"),)


def check_pairs(project: Project) -> Iterator[tuple[Declaration, Finding]]:
    """Of clients and routes."""
    for families, pairs in ((project.clients, _OF_CLIENTS), (project.routes, _OF_ROUTES)):
        for declaration in families.values():
            if declaration.shown not in project.unsound and isinstance(declaration.data, dict):
                found = {(pair[0], pair[2]): one for pair in pairs for one in _longer(declaration.data, pair)}
                yield from ((declaration, one) for one in found.values())  # one for each limit
    for route in project.routes.values():
        if route.shown not in project.unsound and isinstance(route.data, dict):
            yield from ((route, one) for one in _jitter(_object(route.data, "schedule")))


def _longer(data: Mapping[str, Json], pair: Pair) -> Iterator[Finding]:
    """What is written and never reached, because something else ends it before."""
    name, small, large, default = pair
    declared = _object(data, name)
    length, limit = _length(declared.get(small)), _length(declared.get(large, default))
    if length is not None and limit is not None and length > limit:
        said = f"{declared[large]}" if large in declared else f"{default}, as it is when left out"
        message = f"{small} is longer than {large} ({said})"
        hint = f"Raise {large}, or write a shorter {small}."
        yield Finding(f"/{name}/{small}", "CFG252", message, hint, "warning")


def _jitter(schedule: Mapping[str, Json]) -> Iterator[Finding]:
    """A start that may come after the next one was due: that time then takes its place."""
    jitter, pace = _length(schedule.get("jitter")), _pace(schedule)
    if jitter is not None and pace is not None and jitter >= pace:
        message = "by so much a start can come later than the next time that is due, and that one then takes its place"
        hint = f"Write less than {_in_words(pace)}; mostly a part of it is enough."
        yield Finding("/schedule/jitter", "CFG252", message, hint, "warning")


def _pace(schedule: Mapping[str, Json]) -> timedelta | None:
    """The shortest time between the next starts."""
    cron = schedule.get("cron")
    if not isinstance(cron, str) or "${" in cron:
        return _length(schedule.get("every"))
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only where a schedule is declared

    try:
        times = list(islice(CronSim(cron, datetime.now(UTC)), 8))
    except CronSimError:
        return None
    return min((later - sooner for sooner, later in pairwise(times)), default=None)


def _length(text: Json) -> timedelta | None:
    try:
        return duration(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None


def _in_words(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _object(data: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
