"""Content types as values: identifier, field definitions, and the names of field types in 4.6 and 5.0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from connector.core.jsonio import Json

_OWN = {"ezobjectrelation": "relation", "ezobjectrelationlist": "relation_list", "ezgmaplocation": "map_location"}
_OWN |= {"eztext": "text", "ezrichtext": "richtext", "ezbinaryfile": "file", "ezimageasset": "image_asset"}
_OWN |= {"ezlandingpage": "landing_page"}
_OWN_5 = {"object_relation": "relation", "object_relation_list": "relation_list", "gmap_location": "map_location"}
_OWN_5 |= {"binaryfile": "file"}
_RENAMED = frozenset(
    (
        *("string", "text", "richtext", "integer", "float", "boolean", "date", "datetime", "time", "url", "email"),
        *("author", "country", "keyword", "selection", "image", "image_asset", "file", "media", "relation"),
        *("relation_list", "map_location", "isbn", "user", "matrix", "landing_page", "form"),
    )
)
"""Those that have another name in 5.0 than in 4.6; the rest is of newer parts, or of the site itself."""
_EMPTY_DOCUMENT = re.compile(r"\s*(<\?[^<>]*\?>)?\s*(<[^<>]*/>|<[^<>]*></[^<>]*>)?\s*")
OLD, NEW = "4.6", "5.x"
"""Versions of Ibexa by the names that they have for field types, which is all that tells them apart."""


def own_name(field_type: str) -> str:
    """Our one name for a field type of 4.6 (``ezstring``) or 5.0 (``ibexa_string``)."""
    if field_type in _OWN:
        return _OWN[field_type]
    if field_type.startswith("ibexa_"):
        plain = field_type.removeprefix("ibexa_")
        return _OWN_5.get(plain, plain)
    return field_type.removeprefix("ez")


def server_name(name: str, version: str) -> str:
    """What an Ibexa of that version calls a field type; it makes no field of a type that it knows by another name.

    Args:
        name: ours, or either server's; others of the server's own are left as they are.
        version: ``OLD`` or ``NEW``.
    """
    own = own_name(name)
    if name.startswith(("ez", "ibexa_")) and own not in _RENAMED:
        return name
    if version == NEW:
        return "ibexa_" + {one: server for server, one in _OWN_5.items()}.get(own, own)
    return {one: server for server, one in _OWN.items()}.get(own, "ez" + own)


def version_of(types: Iterable[Mapping[str, Json]]) -> str:
    """``OLD`` or ``NEW``, by the REST form of some content types with field definitions; empty: they do not tell."""
    names = (str(one["fieldType"]) for row in types for one in _definitions(row))
    telling = (name for name in names if own_name(name) in _RENAMED)
    return next((NEW if name.startswith("ibexa_") else OLD for name in telling), "")


class FieldDefinition(Struct, frozen=True):
    """One field of a content type; ``type`` is our own name."""

    identifier: str
    type: str
    id: int = 0
    required: bool = False
    translatable: bool = True
    settings: Mapping[str, Json] = field(default_factory=dict)
    validators: Mapping[str, Json] = field(default_factory=dict)
    has_default: bool = False
    searchable: bool = True


class ContentType(Struct, frozen=True):
    """A published content type."""

    id: int
    identifier: str
    href: str
    fields: Mapping[str, FieldDefinition]

    @property
    def field_names_by_id(self) -> dict[int, str]:
        """Identifiers by definition id: validation errors speak of ids."""
        return {one.id: one.identifier for one in self.fields.values()}


def content_type_of(row: Mapping[str, Json]) -> ContentType:
    """From the REST form of a content type with its field definitions."""
    fields = {str(one["identifier"]): _definition(one) for one in _definitions(row)}
    return ContentType(int(row["id"]), str(row["identifier"]), str(row["_href"]), fields)


def _definitions(row: Mapping[str, Json]) -> Iterable[Mapping[str, Json]]:
    held = row.get("FieldDefinitions") or {}
    return held.get("FieldDefinition", []) if isinstance(held, dict) else []


def says_something(default: Json) -> bool:
    """Whether a default value as REST gives it is one: a relation to nothing and an empty document are none."""
    if isinstance(default, dict) and isinstance(default.get("xml"), str):
        return not _EMPTY_DOCUMENT.fullmatch(default["xml"])
    if isinstance(default, dict):
        return any(says_something(one) for one in default.values())
    return default not in (None, "", [])


def _definition(row: Mapping[str, Json]) -> FieldDefinition:
    settings, validators = row.get("fieldSettings"), row.get("validatorConfiguration")
    return FieldDefinition(
        identifier=str(row["identifier"]),
        type=own_name(str(row["fieldType"])),
        id=int(row.get("id", 0)),
        required=bool(row.get("isRequired", False)),
        translatable=bool(row.get("isTranslatable", True)),
        # PHP writes an empty map as an empty list.
        settings=settings if isinstance(settings, dict) else {},
        validators=validators if isinstance(validators, dict) else {},
        searchable=bool(row.get("isSearchable", True)),
        has_default=says_something(row.get("defaultValue")),
    )
