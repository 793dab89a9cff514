"""From the fields of a request to the fields of a version: parsing, defaults, validation, names."""

from __future__ import annotations

import re
from typing import Any

from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, broken
from connector.sandbox.ibexa.field_types import KINDS, FieldContext, FieldKind
from connector.sandbox.ibexa.model import Content, ContentType, FieldDefinition, Version
from connector.sandbox.ibexa.repository import Repository

Json = Any
Sent = list[tuple[FieldDefinition, str | None, Json]]
_SCHEMA = re.compile(r"<([^>]+)>")


def read(body: Json, content_type: ContentType, element: str) -> Sent:
    """The fields of an element such as ContentCreate (or 400) as (definition, language or None, fieldValue).

    An unknown field is a 400 on create and a 500 on update (server-behaviour §4).
    """
    holder = body.get("fields")
    entries = holder.get("field") if isinstance(holder, dict) else None
    if isinstance(entries, dict):
        raise PhpError
    if not isinstance(entries, list):
        what = "Missing or invalid" if element.endswith("Create") else "Invalid"
        raise bad_request(f"{what} 'fields' element for {element}.")
    return [_one(entry, content_type, element) for entry in entries]


def _one(entry: Json, content_type: ContentType, element: str) -> tuple[FieldDefinition, str | None, Json]:
    if not isinstance(entry, dict) or "fieldDefinitionIdentifier" not in entry:
        data = "field data" if element.startswith("User") else "Field data"
        raise bad_request(f"Missing 'fieldDefinitionIdentifier' element in {data} for {element}.")
    identifier = entry["fieldDefinitionIdentifier"]
    definition = content_type.definition(identifier)
    if definition is None:
        if not element.endswith("Create"):
            raise broken("unknown field")
        raise bad_request(
            f"'{identifier}' is an invalid Field definition identifier for the '{content_type.identifier}' "
            f"content type in {element}."
        )
    if "fieldValue" not in entry:
        raise bad_request(f"Missing 'fieldValue' element for the '{identifier}' identifier in {element}.")
    return definition, entry.get("languageCode"), entry["fieldValue"]


def store(repository: Repository, content: Content, version: Version, sent: Sent) -> None:
    """Write the sent values into a version; its other values stay, new languages start from the defaults."""
    parsed: dict[tuple[str, str], Json] = {}
    for definition, language, value in sent:
        code = asked = language or version.initial_language
        if not definition.translatable:
            code = content.main_language
        if code in repository.languages and code not in version.fields:
            add_language(repository, content, version, code)
        context = context_of(repository, content, version, (definition, code))
        parsed[definition.identifier, code] = _kind(repository, definition).parse(value, context)
        repository.check_language(asked)
    for (identifier, code), value in parsed.items():
        version.fields[code][identifier] = value
    _share(repository, content, version)


def _share(repository: Repository, content: Content, version: Version) -> None:
    """A field that is not translatable holds the main language's value in every language."""
    main = version.fields.get(content.main_language)
    if main is None:
        return
    for definition in repository.type(content.type_id).fields:
        if not definition.translatable and definition.identifier in main:
            for values in version.fields.values():
                values[definition.identifier] = main[definition.identifier]


def add_language(repository: Repository, content: Content, version: Version, code: str) -> None:
    """Start a language with the defaults of the type, and give each of its fields an id."""
    content_type = repository.type(content.type_id)
    version.fields[code] = defaults(content_type)
    for definition in content_type.fields:
        context_of(repository, content, version, (definition, code))


def defaults(content_type: ContentType) -> dict[str, Json]:
    """The values of a language in which nothing has been written."""
    return {each.identifier: _default(each) for each in content_type.fields}


def _default(definition: FieldDefinition) -> Json:
    kind = KINDS.get(definition.type)
    return definition.default if definition.default is not None or kind is None else kind.empty


def _kind(repository: Repository, definition: FieldDefinition) -> FieldKind:
    kind = repository.release.kinds.get(definition.type)
    if kind is None:
        raise broken(f"field type {definition.type} has no hash")
    return kind


def fill(repository: Repository, content: Content, version: Version) -> None:
    """On create: a required field left empty takes the default of its type, where there is one."""
    for values in version.fields.values():
        for definition in repository.type(content.type_id).fields:
            kind = KINDS.get(definition.type)
            if kind and kind.holds_nothing(values.get(definition.identifier)):
                values[definition.identifier] = _default(definition)


def validate(repository: Repository, content: Content, version: Version) -> None:
    """400 with errorDetails when a value breaks a rule or a required one is empty."""
    details: list[Json] = []
    for definition in repository.type(content.type_id).fields:
        for code, values in version.fields.items():
            problems = _problems(repository, content, version, (definition, code), values.get(definition.identifier))
            details += [
                {"_fieldTypeId": definition.id, "errors": [{"type": part, "message": message}]}
                for part, message in problems
            ]
    if details:
        raise RestError(400, "Content fields did not validate", details=details)


def _problems(
    repository: Repository, content: Content, version: Version, place: tuple[FieldDefinition, str], value: Json
) -> list[tuple[str, str]]:
    definition, code = place
    kind = KINDS.get(definition.type)
    if kind is None:
        return []
    if kind.holds_nothing(value):
        if not definition.required:
            return []
        told = f"Value for required field definition '{definition.identifier}' with language '{code}' is empty"
        return [("empty", told)]
    return kind.check(value, context_of(repository, content, version, place))


def context_of(
    repository: Repository, content: Content, version: Version, place: tuple[FieldDefinition, str]
) -> FieldContext:
    """Where a value is stored; gives the field its id on first sight, which all versions then share."""
    definition, code = place
    key = (definition.identifier, code)
    if key not in content.field_ids:
        content.field_ids[key] = repository.take_id("field")
    number = content.field_ids[key]
    keep = repository.keep_file
    there = (repository.exists, repository.has_location)
    return FieldContext(definition, content.id, number, version.number, code, *there, keep)


def set_names(content_type: ContentType, version: Version) -> None:
    """Name a version in each of its languages by the type's name schema, such as ``<short_name|name>``."""
    for code, values in version.fields.items():
        version.names[code] = _name(content_type, values)


def _name(content_type: ContentType, values: dict[str, Json]) -> str:
    schema = content_type.name_schema or (f"<{content_type.fields[0].identifier}>" if content_type.fields else "")

    def put(found: re.Match[str]) -> str:
        for identifier in found.group(1).split("|"):
            text = text_of(content_type.definition(identifier.strip()), values)
            if text.strip():
                return text
        return ""

    return _SCHEMA.sub(put, schema).strip()[:255]


def text_of(definition: FieldDefinition | None, values: dict[str, Json]) -> str:
    """A field's value as text, for names, sorting and full text search."""
    kind = KINDS.get(definition.type) if definition else None
    if kind is None or definition is None:
        return ""
    return kind.text(values.get(definition.identifier))


def parts_of(definition: FieldDefinition, values: dict[str, Json]) -> list[str]:
    """A field's value as the texts that a search compares: each keyword, else the whole."""
    value = values.get(definition.identifier)
    if definition.type == "ezkeyword" and isinstance(value, list):
        return [str(each) for each in value]
    return [text_of(definition, values)]
