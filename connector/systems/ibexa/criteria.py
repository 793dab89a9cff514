"""Searches that the server takes and that find nothing: several types below AND, a moment in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.config.pointer import below
from connector.core.jsonio import Json
from connector.systems.body_schema import Fault

_QUERIES = ("ContentQuery", "LocationQuery", "Query")
_SEARCHED = ("Filter", "Query")
_ONE_ONLY: Mapping[str, str] = {
    "ContentTypeIdentifierCriterion": "content type",
    "ContentTypeIdCriterion": "content type",
    "SectionIdentifierCriterion": "section",
    "SectionIdCriterion": "section",
    "ContentIdCriterion": "id",
    "ContentRemoteIdCriterion": "remote id",
    "VisibilityCriterion": "visibility",
}
"""Of which a content item has one; of Locations, languages and groups it may have several."""
_LISTS = frozenset({"ContentTypeIdentifierCriterion", "ContentTypeIdCriterion", "SectionIdCriterion"})
"""Those that take a list outside of AND and OR."""
_LATEST = 32_503_680_000
"""The year 3000, in seconds."""


def never(body: Json) -> Iterator[Fault]:
    """What a search can never find.

    Args:
        body: of a search, below its root element.
    """
    for name in _QUERIES:
        query = body.get(name) if isinstance(body, dict) else None
        for part in _SEARCHED:
            criteria = query.get(part) if isinstance(query, dict) else None
            yield from in_criteria(criteria, f"/{name}/{part}")


def in_criteria(node: Json, place: str, *, all_of: bool = False) -> Iterator[Fault]:
    """The same of criteria.

    Args:
        node: an object of them, or a list of such.
        place: pointer of it.
        all_of: below AND, where a list repeats the criterion.
    """
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from in_criteria(one, below(place, number), all_of=all_of)
    for key, value in node.items() if isinstance(node, dict) else ():
        pointer = below(place, key)
        if key in ("AND", "OR", "NOT"):
            yield from in_criteria(value, pointer, all_of=key == "AND")
        elif key in _ONE_ONLY and all_of and isinstance(value, list):
            yield from _several(key, value, pointer)
        elif key == "DateMetadataCriterion":
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                yield from _too_late(one, below(pointer, number) if isinstance(value, list) else pointer)


def _several(key: str, value: list[Json], pointer: str) -> Iterator[Fault]:
    if len({str(one) for one in value}) < 2 or "${" in str(value):
        return
    what = _ONE_ONLY[key]
    message = f"below AND each of a list must hold, and an item has one {what}: nothing is ever found"
    instead = (
        "Put it beside AND, where a list means one of these; or below OR." if key in _LISTS else "Put it below OR."
    )
    yield Fault(pointer, message, instead)


def _too_late(criterion: Json, pointer: str) -> Iterator[Fault]:
    value = criterion.get("Value") if isinstance(criterion, dict) else None
    for number, one in enumerate(value if isinstance(value, list) else [value]):
        text = str(one)
        if text.isdigit() and int(text) > _LATEST:
            place = f"{pointer}/Value/{number}" if isinstance(value, list) else f"{pointer}/Value"
            yield Fault(place, f"{text} is a second after the year 3000", "These are seconds, not milliseconds.")
