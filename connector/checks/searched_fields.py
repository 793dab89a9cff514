"""Fields that a search or a match goes by: whether the server has them, and finds anything by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.checks.mapping import Found, mapping_of, object_in, text_in
from connector.checks.servers import AGAIN, fresh, known_servers
from connector.checks.written import Written
from connector.config.declaration import Declaration
from connector.config.pointer import below
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding
from connector.systems.ibexa.foretold import CREATES, type_named
from connector.systems.ibexa.known import Known

_OF_IMAGES = ("ImageCriterion", "ImageDimensionsCriterion", "ImageFileSizeCriterion", "ImageMimeTypeCriterion")
_NAMED_BY = {"Field": "name", **dict.fromkeys((*_OF_IMAGES, "ImageOrientationCriterion"), "fieldDefIdentifier")}
"""Criteria, and the key of each that holds the identifier of a field."""
_SEARCHABLE = 'Go by another field, or make it searchable in Ibexa (content_type.ensure: "searchable": true). '


def check_searched_fields(project: Project, live: Mapping[str, Known] | None = None) -> Iterator[Found]:
    """Findings of all searches of incomings, and of ``match`` of routes into Ibexa.

    Args:
        project: as loaded.
        live: by client, what its server said just now; it takes the place of what was written down.
    """
    known = known_servers(project, live)
    for incoming in project.incomings.values():
        client = text_in(incoming, "client")
        if client in known and text_in(incoming, "type") == "ibexa" and incoming.shown not in project.unsound:
            yield from fresh(_searched(incoming, known[client], client), client, live)
    for route in project.routes.values():
        outgoing = project.outgoings.get(text_in(route, "outgoing"))
        if outgoing is None or text_in(outgoing, "type") != "ibexa" or outgoing.shown in project.unsound:
            continue
        client = text_in(outgoing, "client")
        action = f"{text_in(outgoing, 'entity')}.{text_in(outgoing, 'action')}"
        if client in known and action in CREATES:
            written = Written(route, outgoing, mapping_of(project, route))
            yield from fresh(_matched(written, action, known[client]), client, live)


def _searched(incoming: Declaration, known: Known, client: str) -> Iterator[Found]:
    parts = {"/find/criteria": object_in(incoming, "find").get("criteria")}
    if text_in(incoming, "entity") == "content" and text_in(incoming, "action") in ("", "search"):
        parts["/payload"] = object_in(incoming, "payload")
    for place, criteria in parts.items():
        for pointer, name in _named(criteria, place):
            said = _amiss(name, known)
            if said is not None:
                code, message, hint = said
                yield incoming, Finding(pointer, code, message, hint + AGAIN.format(client=client))


def _named(node: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """Pointer and identifier of each field that a criterion names, at whatever depth."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from _named(one, below(pointer, number))
    for key, value in node.items() if isinstance(node, dict) else ():
        place = below(pointer, key)
        if key in ("SortClauses", "Aggregations"):
            continue  # whose Field is written otherwise
        if key not in _NAMED_BY:
            yield from _named(value, place)
            continue
        inner = _NAMED_BY[key]
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            name = one.get(inner) if isinstance(one, dict) else None
            if isinstance(name, str) and name and "${" not in name:
                yield below(below(place, number) if isinstance(value, list) else place, inner), name


def _amiss(name: str, known: Known) -> tuple[str, str, str] | None:
    """Code, message and hint; None: some type has it, or not all types are known."""
    if not known.types or set(known.identifiers) - set(known.types):
        return None
    having = [one.fields[name] for one in known.types.values() if name in one.fields]
    if not having:
        there = {field: None for one in known.types.values() for field in one.fields}
        hint = f"{did_you_mean(name, there)}Ibexa refuses the search. "
        return "CFG181", f"no content type has a field '{name}'", hint
    if not any(one.searchable for one in having):
        return "CFG271", f"'{name}' is not searchable in any content type", f"Ibexa refuses the search. {_SEARCHABLE}"
    return None


def _matched(written: Written, action: str, known: Known) -> Iterator[Found]:
    match = written.objects("/match")
    content_type = known.types.get(str(type_named(written.whole, action)))
    name = match.get("field")
    definition = content_type.fields.get(name) if content_type is not None and isinstance(name, str) else None
    again = AGAIN.format(client=written.client)
    if content_type is not None and definition is not None and not definition.searchable:
        message = f"{content_type.identifier}.{definition.identifier} is not searchable, so nothing can match by it"
        yield written.finding("/match/field", "CFG271", message, _SEARCHABLE + again, at_key=False)
    for pointer, one in _named(match.get("criteria"), "/match/criteria"):
        said = _amiss(one, known)
        if said is not None:
            code, message, hint = said
            yield written.finding(pointer, code, message, hint + again, at_key=False)
