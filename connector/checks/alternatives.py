"""What an expression may yield for some records only: each value that it chooses from is looked at by itself."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found
from connector.checks.places import Target, target_of
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.systems.body_schema import Fault
from connector.transformers.alternatives import Alternative, alternatives_of

_WITH_VALUES = ("fields", "translations")
"""Of these, the content type tells: see values.py."""


def check_alternatives(project: Project) -> Iterator[Found]:
    """Of all routes into Ibexa; each fault is told once, though several routes may use the file."""
    told: set[tuple[str, str, int, str]] = set()
    for route in project.routes.values():
        target = target_of(project, route)
        names = route.data.get("transformers") if isinstance(route.data, dict) else None
        source = project.transformers.get(str(names[-1])) if isinstance(names, list) and names else None
        if target is None or source is None or {source.shown, route.shown} & project.unsound:
            continue
        for one in alternatives_of(source.current, source.suffix):
            for fault in _faults(one, target):
                is_text = isinstance(one.value, str) or not fault.at_key
                word = fault.pointer.rpartition("/")[2] if fault.at_key else _text_at(one, fault)
                offset = one.offset(word, is_key=not is_text)
                spot = (source.shown, one.pointer, offset, fault.message)
                if spot not in told:
                    told.add(spot)
                    message = f"{target.name}: {fault.message}"
                    yield source, Finding(one.pointer, "CFG161", message, fault.hint, offset=offset or None)


def _faults(one: Alternative, target: Target) -> Iterator[Fault]:
    way = one.way[1:]
    if one.way[:1] != ("payload",) or not way or way[0] in _WITH_VALUES or one.value is None:
        return
    payload: Json = one.value
    pointer = ""
    for key in reversed(way):
        payload = {key: payload}
    for key in way:
        pointer = below(pointer, key)
    for fault in target.faults(payload):
        if fault.pointer == pointer or fault.pointer.startswith(f"{pointer}/"):
            yield fault


def _text_at(one: Alternative, fault: Fault) -> str:
    """The fixed text that is at fault; empty: it is not one."""
    value = one.value
    for key in fault.pointer.split("/")[1 + len(one.way[1:]) :]:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
