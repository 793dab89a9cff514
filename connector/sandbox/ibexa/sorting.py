"""The sort clauses of a view: ``{"ContentId": "ascending"}``, several in order (server-behaviour §6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import fields
from connector.sandbox.ibexa.criteria import Hit
from connector.sandbox.ibexa.errors import bad_request, broken, refused
from connector.sandbox.ibexa.model import Section
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any
Key = Callable[[Repository, Hit], Any]


def _section(repository: Repository, hit: Hit) -> Section:
    # an item can have the id of a section that never was (server-behaviour §4)
    return repository.sections.get(hit.content.section_id) or Section(0, "", "")


_NO_FIELD = "The <Field> Sort Clause has missing arguments: contentTypeIdentifier, fieldDefinitionIdentifier"
_NO_SLASH = (
    '<Field> Sort Clause parameter "identifier" value has to be in "contentTypeIdentifier/fieldDefinitionIdentifier"'
    " format"
)
_DIRECTIONS = {"ascending": False, "descending": True}
_KEYS: dict[str, Key] = {
    "ContentId": lambda _, hit: hit.content.id,
    "ContentName": lambda _, hit: collate(hit.content.name),
    "DateModified": lambda _, hit: hit.content.modified,
    "DatePublished": lambda _, hit: hit.content.published,
    "SectionIdentifier": lambda repository, hit: _section(repository, hit).identifier,
    "SectionName": lambda repository, hit: _section(repository, hit).name,
}
_LOCATION_KEYS: dict[str, Key] = {
    "LocationId": lambda _, hit: hit.places[0].id,
    "LocationPath": lambda _, hit: hit.places[0].path,
    "LocationDepth": lambda _, hit: hit.places[0].depth,
    "LocationPriority": lambda _, hit: hit.places[0].priority,
}


def read(repository: Repository, given: Json, *, of_locations: bool) -> Callable[[list[Hit]], None]:
    """A sorter in place, of hits by content id; without clauses that order stays, which nobody may rely on.

    Raises:
        RestError: 400 for an unknown clause or direction, 406 for a location clause on items, 500 for Score.
    """
    if not isinstance(given, dict):
        raise bad_request("Invalid Sort Clause id <0>")
    clauses = [_clause(name, value, of_locations=of_locations) for name, value in given.items()]
    if clauses == [(_KEYS["ContentId"], False)]:
        clauses = []

    def sort(hits: list[Hit]) -> None:
        for key, descending in reversed(clauses):
            hits.sort(key=lambda hit, key=key: key(repository, hit), reverse=descending)  # type: ignore[misc]

    return sort


def _clause(name: str, value: Json, *, of_locations: bool) -> tuple[Key, bool]:
    if name == "Score":
        raise broken("no score without a search engine")
    if name == "Field":
        return _field(value)
    key = _KEYS.get(name) or _LOCATION_KEYS.get(name)
    if key is None:
        raise bad_request(f"Invalid Sort Clause id <{name}>")
    if name in _LOCATION_KEYS and not of_locations:
        raise refused("$query", "Location Sort Clauses cannot be used in Content search")
    return key, _direction(name, value)


def _direction(name: str, value: Json) -> bool:
    if not isinstance(value, str) or value not in _DIRECTIONS:
        told = "in <Field> sort clause" if name == "Field" else f"in the <{name}> Sort Clause"
        raise bad_request(f"Invalid direction format {told}")
    return _DIRECTIONS[value]


def _field(value: Json) -> tuple[Key, bool]:
    if not isinstance(value, dict):
        raise bad_request(_NO_FIELD)
    given = {name.strip("_").replace("#text", "direction"): each for name, each in value.items()}
    descending = _direction("Field", given.get("direction"))
    for name in () if "identifier" in given else ("contentTypeIdentifier", "fieldDefinitionIdentifier"):
        if name not in given:
            raise bad_request(f'<Field> Sort Clause has missing parameter "{name}"')
    type_identifier, identifier = str(given.get("contentTypeIdentifier")), str(given.get("fieldDefinitionIdentifier"))
    if "identifier" in given:
        type_identifier, slash, identifier = str(given["identifier"]).partition("/")
        if not slash:
            raise bad_request(_NO_SLASH)

    def key(repository: Repository, hit: Hit) -> Any:  # a number or a text
        content_type = repository.types[hit.content.type_id]
        if content_type.identifier != type_identifier:
            return (2, 0.0, "")
        values = hit.content.version.fields.get(hit.content.main_language, {})
        text = fields.text_of(content_type.definition(identifier), values)
        try:
            return (0, float(text), "")
        except ValueError:
            return (1, 0.0, collate(text))

    return key, descending
