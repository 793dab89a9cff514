"""A content type written down: one JSON Schema of its fields, in the words of a mapping; and read back.

Nothing in it belongs to one server: no ids, no addresses, no dates, and field types by our own names, which are the
same for 4.6 and 5.0. So two stages with the same types give the same files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connector.core.jsonio import Json
from connector.core.numbers import Number
from connector.systems.ibexa.fields.richtext import RICHTEXT
from connector.systems.ibexa.fields.shapes import SHAPES, shape_schema
from connector.systems.ibexa.types import ContentType, FieldDefinition, own_name, says_something

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTE = "Written by `connector discover`, which overwrites what is changed here."
TYPE, FIELD, SERVER = "x-content-type", "x-field", "x-server"
_OF_ONE_SERVER = frozenset({"selectionRoot", "selectionDefaultLocation"})
"""Settings that hold the id of a Location."""
_ABOUT = {
    "nameSchema": "name_schema",
    "urlAliasSchema": "url_alias_schema",
    "isContainer": "is_container",
    "mainLanguageCode": "main_language",
    "defaultAlwaysAvailable": "always_available",
    "defaultSortField": "sort_field",
    "defaultSortOrder": "sort_order",
}
FILLED_OTHERWISE = frozenset({"user"})
"""Types of fields that no mapping writes: login and password are the user's."""


def document_of(row: Mapping[str, Json], groups: Iterable[str]) -> dict[str, Json]:
    """The document of a content type.

    Args:
        row: its REST form, with field definitions.
        groups: identifiers of its content type groups.
    """
    fields = {str(one["identifier"]): one for one in sorted(_definitions(row), key=_place)}
    about: dict[str, Json] = {"identifier": str(row["identifier"]), "names": _words(row.get("names"))}
    about |= {"descriptions": _words(row.get("descriptions")), "groups": sorted(groups)}
    about |= {ours: row[theirs] for theirs, ours in _ABOUT.items() if row.get(theirs) is not None}
    language = str(row.get("mainLanguageCode") or "")
    required = [name for name, one in fields.items() if needed(definition_of(name, _noted(one)))]
    return {
        "$schema": DIALECT,
        "$comment": NOTE,
        "title": _in(about["names"], language) or about["identifier"],
        "type": "object",
        "properties": {name: _field(one, language) for name, one in fields.items()},
        "required": required,
        "additionalProperties": False,
        TYPE: {key: value for key, value in about.items() if value not in ("", {}, [])},
    }


def server_document(about: Mapping[str, Json], types: Sequence[str], chosen: Sequence[str] | None) -> dict[str, Json]:
    """What a server has as a whole.

    Args:
        about: ``languages`` (code -> name; empty: the server does not say), and where they are known ``sections``,
            ``object_states`` (group -> states) and ``roles``.
        types: identifiers of all its content types.
        chosen: of these, the ones that are written down; None: all.
    """
    known: dict[str, Json] = {"languages": about["languages"], "content_types": sorted(types), **about}
    return {"$comment": NOTE, SERVER: {**known, "chosen": "all" if chosen is None else sorted(chosen)}}


def type_of_document(document: Json) -> ContentType | None:
    """The content type that a document describes; None when it is no such document. Ids are not known: 0."""
    about = document.get(TYPE) if isinstance(document, dict) else None
    fields = document.get("properties") if isinstance(document, dict) else None
    if not isinstance(about, dict) or not isinstance(about.get("identifier"), str) or not isinstance(fields, dict):
        return None
    found: dict[str, FieldDefinition] = {}
    for name, one in fields.items():
        note = one.get(FIELD) if isinstance(one, dict) else None
        if not isinstance(note, dict) or not isinstance(note.get("type"), str):
            return None
        found[name] = definition_of(name, note)
    return ContentType(0, about["identifier"], "", found)


def definition_of(identifier: str, note: Mapping[str, Json]) -> FieldDefinition:
    """A field definition from its note in a document."""
    settings, validators = note.get("settings"), note.get("validators")
    return FieldDefinition(
        identifier=identifier,
        type=str(note["type"]),
        required=note.get("required") is True,
        translatable=note.get("translatable") is not False,
        settings=settings if isinstance(settings, dict) else {},
        validators=validators if isinstance(validators, dict) else {},
        has_default=says_something(note.get("default")),
        searchable=note.get("searchable") is not False,
    )


def needed(definition: FieldDefinition) -> bool:
    """Whether a new content item must be given this field."""
    return definition.required and not definition.has_default and definition.type not in FILLED_OTHERWISE


def sentence(note: Mapping[str, Json]) -> str:
    """What an editor of mappings wants to know: ``string, a line of text; required; at most 255 characters``."""
    kind = str(note["type"])
    shape = SHAPES.get(kind)
    parts = [f"{kind}, {shape.words}" if shape else kind]
    parts += ["required"] if note.get("required") else []
    parts += [] if note.get("translatable", True) else ["the same in all languages"]
    parts += list(_limits(note))
    return "; ".join(parts)


def _limits(note: Mapping[str, Json]) -> Iterable[str]:
    for validator in (note.get("validators") or {}).values():
        for name, value in sorted(validator.items(), reverse=True) if isinstance(validator, dict) else ():
            if isinstance(value, Number) and not isinstance(value, bool) and value:
                word = "at least" if name.startswith("min") else "at most"
                yield f"{word} {value}{' characters' if name.endswith('StringLength') else ''}"
    options = (note.get("settings") or {}).get("options")
    if isinstance(options, list) and options:
        yield f"one of {', '.join(map(str, options))}"


def _field(row: Mapping[str, Json], language: str) -> dict[str, Json]:
    note = _noted(row)
    title = _in(note.get("names", {}), language)
    described = _in(note.get("descriptions", {}), language)
    words = f"{sentence(note)}. {described}".strip() if described else f"{sentence(note)}."
    return {**({"title": title} if title else {}), "description": words, **shape_schema(str(note["type"])), FIELD: note}


def _noted(row: Mapping[str, Json]) -> dict[str, Json]:
    settings, validators = _object(row.get("fieldSettings")), _object(row.get("validatorConfiguration"))
    note: dict[str, Json] = {
        "type": own_name(str(row["fieldType"])),
        "required": bool(row.get("isRequired", False)),
        "translatable": bool(row.get("isTranslatable", True)),
        "searchable": bool(row.get("isSearchable", True)),
        "group": str(row.get("fieldGroup") or ""),
        "names": _words(row.get("names")),
        "descriptions": _words(row.get("descriptions")),
        "default": _default(own_name(str(row["fieldType"])), row.get("defaultValue")),
        "settings": _sorted({name: one for name, one in settings.items() if name not in _OF_ONE_SERVER}),
        "validators": _sorted(validators),
    }
    return {name: value for name, value in note.items() if value not in (None, "", {}, [])}


def _default(field_type: str, value: Json) -> Json:
    """As the server has it; None for one that is empty: rich text has an empty document for a default."""
    if field_type in RICHTEXT and isinstance(value, dict):
        return {"xml": value["xml"]} if value.get("xml") and RICHTEXT[field_type].essence(value) else None
    return _sorted(value)


def _sorted(value: Json) -> Json:
    """With the keys of all objects in order: servers write them in any."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _definitions(row: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    found = _object(row.get("FieldDefinitions")).get("FieldDefinition", [])
    return found if isinstance(found, list) else []


def _place(row: Mapping[str, Json]) -> tuple[int, str]:
    position = row.get("position")
    return (position if isinstance(position, int) else 0, str(row["identifier"]))


def _words(value: Json) -> dict[str, str]:
    """Language -> text, sorted, from ``{"value": [{"_languageCode", "#text"}]}``; empty texts are left out."""
    rows = _object(value).get("value")
    found = {str(one.get("_languageCode")): str(one.get("#text") or "") for one in rows or [] if isinstance(one, dict)}
    return {code: text for code, text in sorted(found.items()) if text}


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


def _object(value: Json) -> Mapping[str, Json]:
    """PHP writes an empty map as an empty list."""
    return value if isinstance(value, dict) else {}
