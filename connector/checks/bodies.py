"""The bodies that a project describes for its own operations: each leads somewhere, and some operation has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.config.declaration import Declaration
from connector.config.pointer import below
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.systems.bodies import named_by
from connector.systems.body_form import circle, part_faults
from connector.systems.catalogue import shipped_bodies

Found = tuple[Declaration, Finding]


def check_bodies(files: Sequence[Declaration]) -> Iterator[Found]:
    """Of files of a good form, of one system."""
    described: dict[str, Json] = {name: body for one in files for name, body in _bodies(one).items()}
    together = {**shipped_bodies(), **described}
    used = {name for one in files for row in _rows(one) for name in named_by(str(row.get("content_type") or ""))}
    used |= {name for body in together.values() for name in _references(body)}
    missing = [
        (row, named)
        for one in files
        for row in _rows(one)
        if (named := named_by(str(row.get("content_type") or ""))) and not set(named) & set(together)
    ]
    for declaration in files:
        for name, body in _bodies(declaration).items():
            place = below("/bodies", name)
            for code, fault in part_faults(body, together, place):
                pointer = fault.pointer + ("#" if fault.at_key else "")
                severity = "warning" if code == "CFG250" else "error"
                yield declaration, Finding(pointer, code, fault.message, fault.hint, severity)
            if circle(name, together):
                message, hint = f"the body '{name}' leads back to itself", "Describe one of them."
                yield declaration, Finding(place, "CFG171", message, hint)
            if name not in used and name not in shipped_bodies():
                yield declaration, _unused(name, place, missing)
        yield from ((declaration, one) for one in _required(declaration, together))


def _unused(name: str, place: str, missing: Sequence[tuple[Mapping[str, Json], Sequence[str]]]) -> Finding:
    names = [named[0] for _, named in missing]
    near = did_you_mean(name, names)
    which = ", ".join(f"{row.get('id')} sends {named[0]}" for row, named in missing)
    hint = f"{near}{which}, of which nothing is known." if which else "Remove it, or correct its name."
    said = "A body is called as in the content type of its operation: application/vnd.ibexa.api.<name>+json."
    return Finding(f"{place}#", "CFG251", f"no operation sends the body '{name}'", f"{hint} {said}", "warning")


def _required(declaration: Declaration, bodies: Mapping[str, Json]) -> Iterator[Finding]:
    """Keys that a row demands and its body does not have."""
    for number, row in enumerate(_rows(declaration)):
        body = next((bodies[one] for one in named_by(str(row.get("content_type") or "")) if one in bodies), None)
        members = body.get("properties") if isinstance(body, dict) and not body.get("open") else None
        for at, key in enumerate(row.get("required") or ()):
            if isinstance(members, dict) and key not in members:
                hint = f"{did_you_mean(str(key), members)}It has: {', '.join(members)}."
                message = f"'{key}' is required, and the body has no such key"
                yield Finding(f"/operations/{number}/required/{at}", "CFG171", message, hint)


def _references(part: Json) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from _references(one)
    elif isinstance(part, list):
        for one in part:
            yield from _references(one)


def _bodies(declaration: Declaration) -> Mapping[str, Json]:
    found: Mapping[str, Json] = declaration.data.get("bodies", {})
    return found


def _rows(declaration: Declaration) -> Sequence[Mapping[str, Json]]:
    found: Sequence[Mapping[str, Json]] = declaration.data.get("operations", ())
    return found
