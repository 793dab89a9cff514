"""What can be done to content types: made, drafted, changed and published."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import fields, inputs
from connector.sandbox.ibexa.errors import (
    RestError,
    bad_request,
    broken,
    broken_in_database,
    forbidden,
    not_found,
)
from connector.sandbox.ibexa.field_types import KINDS, FieldContext, rules
from connector.sandbox.ibexa.model import ContentType, FieldDefinition
from connector.sandbox.ibexa.repository import Repository, collate, new_remote_id

Json = Any
_LONGEST = {"identifier": 50, "group": 25}
"""Characters that the database has room for."""


def create(repository: Repository, body: Json, group_id: int, user_id: int, *, to_publish: bool) -> ContentType:
    """A draft from a ContentTypeCreate; 403 for an identifier or remote id in use."""
    for name in ("identifier", "mainLanguageCode"):
        if name not in body:
            raise bad_request(f"Missing '{name}' element for ContentTypeCreate.")
    definitions = _definitions(repository, body, to_publish=to_publish)
    _refuse_used(repository, body)
    repository.check_language(body["mainLanguageCode"])
    if "names" not in body:
        told = "At least one name in the main language is required"
        raise forbidden(f"Argument '$contentTypeCreateStruct->names' is invalid: {told}")
    now = inputs.moment(body["modificationDate"]) if "modificationDate" in body else repository.now()
    made = ContentType(
        id=repository.take_id("type"), identifier=str(body["identifier"]), names={}, descriptions={},
        group_ids=[group_id], fields=definitions, main_language=body["mainLanguageCode"],
        remote_id=str(body.get("remoteId") or new_remote_id()), created=now, modified=now, creator=user_id,
        modifier=user_id, status="DRAFT",
    )  # fmt: skip
    _take_over(made, body, "ContentTypeCreate")
    repository.type_drafts[made.id] = made
    return made


def _definitions(repository: Repository, body: Json, *, to_publish: bool) -> list[FieldDefinition]:
    if "FieldDefinitions" not in body:
        raise bad_request("Missing 'FieldDefinitions' element for ContentTypeCreate.")
    holder = body["FieldDefinitions"]
    entries = holder.get("FieldDefinition") if isinstance(holder, dict) else None
    if not isinstance(entries, list):
        raise bad_request("Invalid 'FieldDefinitions' element for ContentTypeCreate.")
    if not entries and to_publish:
        raise bad_request("ContentTypeCreate should provide at least one Field definition.")
    if not all(isinstance(each, dict) for each in entries):
        raise bad_request("Invalid 'FieldDefinition' element for ContentTypeCreate.")
    made: list[FieldDefinition] = []
    for entry in entries:
        definition = new_definition(repository, entry, len(made) + 1)
        if any(each.identifier == definition.identifier for each in made):
            raise forbidden(
                "Argument '$contentTypeCreateStruct' is invalid: The argument contains duplicate Field definition "
                f"identifier '{definition.identifier}'"
            )
        made.append(definition)
    return sorted(made, key=lambda each: each.position)


def _refuse_used(repository: Repository, body: Json) -> None:
    identifier, remote_id = str(body["identifier"]), body.get("remoteId")
    if len(identifier) > _LONGEST["identifier"]:
        raise broken_in_database("data too long for column identifier")
    known = [*repository.types.values(), *repository.type_drafts.values()]
    told = "Argument '$contentTypeCreateStruct' is invalid: Another content type with {} '{}' exists"
    if any(collate(each.identifier) == collate(identifier) for each in known):
        raise forbidden(told.format("identifier", identifier))
    if remote_id and any(each.remote_id == remote_id for each in known):
        raise forbidden(told.format("remoteId", remote_id))


_Setters = dict[str, tuple[str, Callable[[Json], Json]]]
_PLAIN: _Setters = {
    "identifier": ("identifier", str),
    "nameSchema": ("name_schema", str),
    "urlAliasSchema": ("url_alias_schema", str),
    "remoteId": ("remote_id", str),
    "mainLanguageCode": ("main_language", str),
    "defaultSortField": ("sort_field", inputs.sort_field),
    "defaultSortOrder": ("sort_order", inputs.sort_order),
    "isContainer": ("container", lambda value: inputs.boolean(value, "isContainer")),
    "defaultAlwaysAvailable": ("always_available", lambda value: inputs.boolean(value, "defaultAlwaysAvailable")),
}


def _take_over(content_type: ContentType, body: Json, element: str) -> None:
    _set_from(content_type, body, _PLAIN, element)


def _set_from(target: ContentType | FieldDefinition, body: Json, setters: _Setters, element: str) -> None:
    for key, (attribute, read) in setters.items():
        if key in body:
            setattr(target, attribute, read(body[key]))
    for name in ("names", "descriptions"):
        if name in body:
            setattr(target, name, inputs.translations(body[name], f"Invalid '{name}' element for {element}."))


def new_definition(repository: Repository, body: Json, position: int) -> FieldDefinition:
    """A field definition from a FieldDefinitionCreate."""
    for name in ("identifier", "fieldType"):
        if name not in body:
            raise bad_request(f"Missing '{name}' element for FieldDefinitionCreate.")
    kind = repository.release.kept_name(str(body["fieldType"]))
    if kind is None:
        raise broken("unknown field type")
    lengths = {"identifier": len(str(body["identifier"])), "group": len(str(body.get("fieldGroup") or ""))}
    if any(long > _LONGEST[name] for name, long in lengths.items()):
        raise broken_in_database("data too long for column identifier or category")
    made = FieldDefinition(repository.take_id("definition"), str(body["identifier"]), kind, position, group="content")
    made.validators = copy.deepcopy(rules.VALIDATORS.get(made.type, {}))
    made.settings = copy.deepcopy(rules.SETTINGS.get(made.type, {}))
    made.default = KINDS[made.type].empty
    change_definition(repository, made, body, "FieldDefinitionCreate")
    return made


_DEFINITION: _Setters = {
    "identifier": ("identifier", str),
    "fieldGroup": ("group", str),
    "position": ("position", inputs.whole),
    "isTranslatable": ("translatable", lambda value: inputs.boolean(value, "isTranslatable")),
    "isRequired": ("required", lambda value: inputs.boolean(value, "isRequired")),
    "isInfoCollector": ("info_collector", lambda value: inputs.boolean(value, "isInfoCollector")),
    "isSearchable": ("searchable", lambda value: inputs.boolean(value, "isSearchable")),
}


def change_definition(
    repository: Repository, definition: FieldDefinition, body: Json, element: str = "FieldDefinitionUpdate"
) -> None:
    """Take over what a FieldDefinitionUpdate says; the rest stays."""
    _set_from(definition, body, _DEFINITION, element)
    if body.get("validatorConfiguration"):
        _change_validators(definition, body["validatorConfiguration"])
    if body.get("fieldSettings"):
        _change_settings(definition, body["fieldSettings"])
    if body.get("defaultValue") is not None:
        _change_default(repository, definition, body["defaultValue"])


def _change_settings(definition: FieldDefinition, given: Json) -> None:
    if not isinstance(given, dict):
        raise broken("settings are no object")
    definition.settings = {**definition.settings, **given}
    if definition.type == "ezselection" and "multilingualOptions" not in given:
        definition.settings["multilingualOptions"] = {"eng-GB": definition.settings["options"]}


def _change_validators(definition: FieldDefinition, given: Json) -> None:
    known = rules.VALIDATORS.get(definition.type, {})
    if not isinstance(given, dict) or not given.keys() <= known.keys():
        details = [{"type": "validatorConfiguration", "message": "Validator is unknown"}]
        raise RestError(
            400, "Content Type field definitions did not validate",
            details=[{"_fieldTypeId": definition.id, "errors": details}],
        )  # fmt: skip
    definition.validators = {name: {**(known[name] or {}), **(given.get(name) or {})} or [] for name in known}


def _change_default(repository: Repository, definition: FieldDefinition, value: Json) -> None:
    context = FieldContext(definition, 0, 0, 0, "", repository.exists, repository.has_location, repository.keep_file)
    try:
        definition.default = repository.release.kinds[definition.type].parse(value, context)
    except RestError as error:
        raise forbidden(error.description) from error


def start_draft(repository: Repository, type_id: int, body: Json, user_id: int) -> ContentType:
    """A draft of a published type, with changes at once."""
    source = repository.type(type_id)
    if type_id in repository.type_drafts:
        raise forbidden("Argument '$contentType' has a bad state: Draft of the content type already exists")
    draft = copy.deepcopy(source)
    draft.status, draft.modified, draft.modifier = "DRAFT", repository.now(), user_id
    repository.type_drafts[type_id] = draft  # it stays where the changes are refused
    update_draft(repository, draft, body)
    return draft


def update_draft(repository: Repository, draft: ContentType, body: Json) -> None:
    """Take over what a ContentTypeUpdate says."""
    identifier = body.get("identifier")
    owner = repository.type_by_identifier(str(identifier)) if identifier else None
    if owner is not None and owner.id != draft.id:
        raise forbidden(
            "Argument '$contentTypeUpdateStruct' is invalid: Another content type with identifier "
            f"'{identifier}' exists"
        )
    _take_over(draft, body, "ContentTypeUpdate")
    draft.modified = repository.now()


def publish(repository: Repository, draft: ContentType) -> None:
    """Put a draft in force: existing items get new fields with their defaults and lose removed ones."""
    if not draft.fields:
        raise forbidden("Cannot publish an empty content type draft")
    draft.status = "DEFINED"
    draft.fields.sort(key=lambda each: each.position)
    del repository.type_drafts[draft.id]
    repository.types[draft.id] = draft
    for item in repository.contents.values():
        if item.type_id == draft.id:
            for version in item.versions.values():
                for code, values in version.fields.items():
                    blank = fields.defaults(draft)
                    version.fields[code] = {name: values.get(name, blank[name]) for name in blank}


def draft_of(repository: Repository, type_id: int) -> ContentType:
    """The draft of a type, or 404."""
    draft = repository.type_drafts.get(type_id)
    if draft is None:
        raise not_found("Persistence content type", f"ID: {type_id}, Status: 1")
    return draft


def delete(repository: Repository, type_id: int) -> None:
    """Remove a type that no item has."""
    repository.type(type_id)
    if any(item.type_id == type_id for item in repository.contents.values()):
        raise forbidden(
            "Argument '$contentTypeId' has a bad state: Content type with the given ID still has Content items and "
            "cannot be deleted"
        )
    del repository.types[type_id]
    repository.type_drafts.pop(type_id, None)


def copied(repository: Repository, source: ContentType) -> ContentType:
    """A published copy under another identifier."""
    made = copy.deepcopy(source)
    made.id, made.remote_id = repository.take_id("type"), new_remote_id()
    made.identifier = f"copy_of_{source.identifier}_{made.id}"
    repository.types[made.id] = made
    return made
