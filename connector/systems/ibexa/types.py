"""Content types as values: identifier, field definitions, and the names of field types in 4.6 and 5.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.core.jsonio import Json

_OWN = {"ezobjectrelation": "relation", "ezobjectrelationlist": "relation_list", "ezgmaplocation": "map_location"}
_OWN |= {"eztext": "text", "ezrichtext": "richtext", "ezbinaryfile": "file", "ezimageasset": "image_asset"}
_OWN_5 = {"object_relation": "relation", "object_relation_list": "relation_list", "gmap_location": "map_location"}
_OWN_5 |= {"binaryfile": "file"}


def own_name(field_type: str) -> str:
    """Our one name for a field type of 4.6 (``ezstring``) or 5.0 (``ibexa_string``)."""
    if field_type in _OWN:
        return _OWN[field_type]
    if field_type.startswith("ibexa_"):
        plain = field_type.removeprefix("ibexa_")
        return _OWN_5.get(plain, plain)
    return field_type.removeprefix("ez")


def server_name(name: str) -> str:
    """The 4.6 name of one of our names; 5.0 takes it too. Names of the server's own are left as they are."""
    if name.startswith(("ez", "ibexa_")):
        return name
    return {own: server for server, own in _OWN.items()}.get(name, "ez" + name)


@dataclass(frozen=True, slots=True)
class FieldDefinition:
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


@dataclass(frozen=True, slots=True)
class ContentType:
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
    definitions = row.get("FieldDefinitions") or {}
    rows = definitions.get("FieldDefinition", []) if isinstance(definitions, dict) else []
    fields = {str(one["identifier"]): _definition(one) for one in rows}
    return ContentType(int(row["id"]), str(row["identifier"]), str(row["_href"]), fields)


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
        has_default=row.get("defaultValue") not in (None, "", [], {}),
    )
