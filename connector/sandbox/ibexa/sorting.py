"""The sort clauses of a view: ``{"ContentId": "ascending"}``, several in order (server-behaviour §6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import sort_keys
from connector.sandbox.ibexa.criteria import Hit
from connector.sandbox.ibexa.errors import PhpError, bad_request, broken, refused
from connector.sandbox.ibexa.model import Content, Section
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
        RestError: 400 for an unknown clause or direction, 406 for a location clause on items or a field that is not
            searchable, 500 for Score.
    """
    if not isinstance(given, (dict, list)):
        raise PhpError
    named = given.items() if isinstance(given, dict) else enumerate(given)  # of a list the index is the name, as in PHP
    clauses = [
        _clause(repository, str(name), each, of_locations=of_locations)
        for name, value in named
        for each in (value if isinstance(value, list) and value else [value])
    ]
    if clauses == [(_KEYS["ContentId"], False)]:
        clauses = []

    def sort(hits: list[Hit]) -> None:
        for key, descending in reversed(clauses):
            hits.sort(key=lambda hit, key=key: key(repository, hit), reverse=descending)  # type: ignore[misc]

    return sort


def _clause(repository: Repository, name: str, value: Json, *, of_locations: bool) -> tuple[Key, bool]:
    if name == "Score":
        raise broken("no score without a search engine")
    if name == "Field":
        return _field(repository, value)
    key = _KEYS.get(name) or _LOCATION_KEYS.get(name)
    if key is None:
        media = f"application/vnd.ibexa.api.internal.sortclause.{name}"
        raise bad_request(f"Unknown content type specification: '{media} (version: 1.0)'.")
    if name in _LOCATION_KEYS and not of_locations:
        raise refused("$query", "Location Sort Clauses cannot be used in Content search")
    return key, _direction(name, value)


def _direction(name: str, value: Json) -> bool:
    if not isinstance(value, str) or value not in _DIRECTIONS:
        told = "in <Field> sort clause" if name == "Field" else f"in the <{name}> Sort Clause"
        raise bad_request(f"Invalid direction format {told}")
    return _DIRECTIONS[value]


def _field(repository: Repository, value: Json) -> tuple[Key, bool]:
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

    content_type = repository.type_by_identifier(type_identifier)
    definition = content_type.definition(identifier) if content_type else None
    if definition is None or not definition.searchable:
        told = f"No searchable Fields found for the provided Sort Clause target '{identifier}' on '{type_identifier}'."
        raise refused("$sortClause->targetData", told)

    def key(repository: Repository, hit: Hit) -> tuple[bool, int, str]:
        kept: dict[int, tuple[bool, int, str]]
        kept = repository.derived.setdefault(("sort keys", type_identifier, identifier), {})
        found = kept.get(hit.content.id)
        if found is None:
            found = kept[hit.content.id] = _field_key(repository, hit.content, type_identifier, identifier)
        return found

    return key, descending


def _field_key(repository: Repository, item: Content, type_identifier: str, identifier: str) -> tuple[bool, int, str]:
    content_type = repository.types[item.type_id]
    definition = content_type.definition(identifier) if content_type.identifier == type_identifier else None
    if definition is None:
        return (False, 0, "")  # the database has no key for it, and sorts that before all others
    found = sort_keys.of(definition, item.version.fields.get(item.main_language, {}))
    return (True, found, "") if isinstance(found, int) else (True, 0, found)
