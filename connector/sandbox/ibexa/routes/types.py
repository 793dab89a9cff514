"""Operations on content types, their drafts and fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import inputs, types
from connector.sandbox.ibexa.access import check_write
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, forbidden, not_found
from connector.sandbox.ibexa.model import ContentType, FieldDefinition
from connector.sandbox.ibexa.releases import Release
from connector.sandbox.ibexa.render import date, translated, user_ref
from connector.sandbox.ibexa.routes import type_groups
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, created, media, no_content, ref

Json = Any
_TYPE = "/content/types/{contentTypeId:int}"
_ORDERS: dict[str, Callable[[ContentType], Any]] = {
    "name": lambda shown: shown.identifier.lower(),
    "lastmodified": lambda shown: shown.modified,
}
_DRAFT = _TYPE + "/draft"
_FIELD = "/fieldDefinitions/{fieldDefinitionId:int}"
_GROUP = "/content/typegroups/{contentTypeGroupId:int}"


def _base(shown: ContentType) -> str:
    return f"/content/types/{shown.id}" + ("/draft" if shown.status == "DRAFT" else "")


def _definition(release: Release, shown: ContentType, each: FieldDefinition) -> Json:
    return {
        **ref("FieldDefinition", f"{_base(shown)}/fieldDefinitions/{each.id}"),
        "id": each.id,
        "identifier": each.identifier,
        "fieldType": release.type_name(each.type),
        "fieldGroup": each.group,
        "position": each.position,
        "isTranslatable": each.translatable,
        "isRequired": each.required,
        "isInfoCollector": each.info_collector,
        "defaultValue": each.default,
        "isSearchable": each.searchable,
        "names": translated(each.names),
        "descriptions": translated(each.descriptions),
        "fieldSettings": each.settings or [],
        "validatorConfiguration": each.validators or [],
    }


def _definitions(release: Release, shown: ContentType) -> Json:
    entries = [_definition(release, shown, each) for each in shown.fields]
    return {**ref("FieldDefinitionList", _base(shown) + "/fieldDefinitions"), "FieldDefinition": entries}


def shown_type(release: Release, shown: ContentType, *, embed: bool = True) -> Json:
    """A content type, with its fields or (``embed=False``) without."""
    base = f"/content/types/{shown.id}"
    body: dict[str, Json] = {
        "_media-type": media("ContentType" if embed else "ContentTypeInfo"),
        "_href": PREFIX + _base(shown),
        "id": shown.id,
        "status": shown.status,
        "identifier": shown.identifier,
        "names": translated(shown.names),
        "descriptions": translated(shown.descriptions),
        "creationDate": date(shown.created),
        "modificationDate": date(shown.modified),
        "Creator": user_ref(shown.creator),
        "Modifier": user_ref(shown.modifier),
        "Groups": ref("ContentTypeGroupRefList", base + "/groups"),
        "Draft": ref("ContentType", base + "/draft"),
        "remoteId": shown.remote_id,
        "urlAliasSchema": shown.url_alias_schema,
        "nameSchema": shown.name_schema,
        "isContainer": shown.container,
        "mainLanguageCode": shown.main_language,
        "defaultAlwaysAvailable": shown.always_available,
        "defaultSortField": shown.sort_field,
        "defaultSortOrder": shown.sort_order,
    }
    if embed:
        body["FieldDefinitions"] = _definitions(release, shown)
    return body


def _full(call: Call, shown: ContentType, status: int = 200) -> Answer:
    answer = Answer(status, "ContentType", {"ContentType": shown_type(call.repository.release, shown, embed=True)})
    if status == 201:
        answer.location = PREFIX + _base(shown)
    return answer


def _brief(call: Call, shown: ContentType, status: int = 200) -> Answer:
    body = {"ContentTypeInfo": shown_type(call.repository.release, shown, embed=False)}
    answer = Answer(status, "ContentTypeInfo", body, accept_patch="ContentTypeUpdate")
    if status == 201:
        answer.location = PREFIX + _base(shown)
    return answer


def _list_of(call: Call, found: list[ContentType], path: str) -> Answer:
    embed = call.wants("ContentTypeList")
    name = "ContentTypeList" if embed else "ContentTypeInfoList"
    entries = [shown_type(call.repository.release, each, embed=embed) for each in found]
    return Answer(200, name, {name: {**ref(name, path), "ContentType": entries}})


def _list(call: Call) -> Answer:
    found = sorted(call.repository.types.values(), key=lambda each: (each.group_ids[0], each.identifier))
    for name, attribute in (("identifier", "identifier"), ("remoteId", "remote_id")):
        wanted = call.request.param(name)
        if wanted is not None:
            one = [each for each in found if getattr(each, attribute).lower() == wanted.lower()]
            if not one:
                raise not_found("Persistence content type", f"ID: {wanted}, Status: 0")
            return _list_of(call, one, "/content/types")
    start, size = _window(call)
    rest = _ordered(call, found)[start:]
    return _list_of(call, rest if size is None else rest[:size], "/content/types")


def _ordered(call: Call, found: list[ContentType]) -> list[ContentType]:
    name, direction = call.request.param("orderby"), call.request.param("sort") or "asc"
    if name is None:
        return found
    if name not in _ORDERS:
        raise bad_request("wrong value for orderby parameter")
    if direction not in {"asc", "desc"}:
        raise bad_request("wrong value for sort parameter")
    return sorted(found, key=_ORDERS[name], reverse=direction == "desc")


def _window(call: Call) -> tuple[int, int | None]:
    limit, offset = call.request.param("limit"), call.request.param("offset") or "0"
    if limit is not None and inputs.whole(limit) <= 0:
        raise bad_request("wrong value for limit parameter")
    if not re.fullmatch(r"\s*-?\d+\s*", offset):
        raise PhpError
    return int(offset), None if limit is None else inputs.whole(limit)


def _get(call: Call) -> Answer:
    return _full(call, call.repository.type(call.number("contentTypeId")))


def _create(call: Call) -> Answer:
    check_write(call, "class/create")
    group = type_groups.picked(call)
    to_publish = call.request.param("publish") == "true"
    made = types.create(call.repository, call.body, group.id, call.user.id, to_publish=to_publish)
    if to_publish:
        types.publish(call.repository, made)
    return _full(call, made, 201)


def _start_draft(call: Call) -> Answer:
    check_write(call, "class/update")
    return _brief(call, types.start_draft(call.repository, call.number("contentTypeId"), call.body, call.user.id), 201)


def _copy(call: Call) -> Answer:
    check_write(call, "class/create")
    made = types.copied(call.repository, call.repository.type(call.number("contentTypeId")))
    return created(f"/content/types/{made.id}")


def _delete(call: Call) -> Answer:
    check_write(call, "class/delete")
    types.delete(call.repository, call.number("contentTypeId"))
    return no_content()


def _draft(call: Call) -> ContentType:
    check_write(call, "class/update")
    return types.draft_of(call.repository, call.number("contentTypeId"))


def _get_draft(call: Call) -> Answer:
    return _full(call, _draft(call))


def _update_draft(call: Call) -> Answer:
    draft = _draft(call)
    types.update_draft(call.repository, draft, call.body)
    return _brief(call, draft)


def _publish_draft(call: Call) -> Answer:
    draft = _draft(call)
    types.publish(call.repository, draft)
    return _full(call, draft)


def _delete_draft(call: Call) -> Answer:
    del call.repository.type_drafts[_draft(call).id]
    return no_content()


def _published(call: Call) -> ContentType:
    return call.repository.type(call.number("contentTypeId"))


def _field_list(call: Call, shown: ContentType) -> Answer:
    return Answer(200, "FieldDefinitionList", {"FieldDefinitions": _definitions(call.repository.release, shown)})


def _one_field(call: Call, shown: ContentType) -> FieldDefinition:
    number = call.number("fieldDefinitionId")
    for each in shown.fields:
        if each.id == number:
            return each
    raise RestError(404, f"Field definition not found: '{call.request.path}'.")


def _field_answer(call: Call, shown: ContentType, each: FieldDefinition, status: int = 200) -> Answer:
    body = {"FieldDefinition": _definition(call.repository.release, shown, each)}
    answer = Answer(status, "FieldDefinition", body, accept_patch="FieldDefinitionUpdate")
    if status == 201:
        answer.location = f"{PREFIX}{_base(shown)}/fieldDefinitions/{each.id}"
    return answer


def _fields_of_type(call: Call) -> Answer:
    return _field_list(call, _published(call))


def _fields_of_draft(call: Call) -> Answer:
    return _field_list(call, _draft(call))


def _field_of_type(call: Call) -> Answer:
    return _field_answer(call, _published(call), _one_field(call, _published(call)))


def _field_by_identifier(call: Call) -> Answer:
    shown, identifier = _published(call), call.params["fieldDefinitionIdentifier"]
    each = shown.definition(identifier)
    if each is None:
        raise RestError(404, f"Field definition not found: '{call.request.path}'.")
    answer = _field_answer(call, shown, each)
    answer.body["FieldDefinition"]["_href"] = f"{PREFIX}{_base(shown)}/fieldDefinition/{identifier}"
    return answer


def _field_of_draft(call: Call) -> Answer:
    return _field_answer(call, _draft(call), _one_field(call, _draft(call)))


def _add_field(call: Call) -> Answer:
    draft = _draft(call)
    if draft.definition(str(call.body.get("identifier"))):
        raise forbidden(
            "Argument '$fieldDefinitionCreateStruct' is invalid: Another Field definition with identifier "
            f"'{call.body['identifier']}' exists in the content type"
        )
    made = types.new_definition(call.repository, call.body, len(draft.fields) + 1)
    draft.fields.append(made)
    return _field_answer(call, draft, made, 201)


def _update_field(call: Call) -> Answer:
    draft = _draft(call)
    each = _one_field(call, draft)
    types.change_definition(call.repository, each, call.body)
    return _field_answer(call, draft, each)


def _delete_field(call: Call) -> Answer:
    draft = _draft(call)
    draft.fields.remove(_one_field(call, draft))
    return no_content()


def _types_of_group(call: Call) -> Answer:
    group = type_groups.picked(call)
    found = [each for each in call.repository.types.values() if group.id in each.group_ids]
    return _list_of(call, found, f"/content/typegroups/{group.id}/types")


ROUTES = (
    Route("content_type.list", "GET", "/content/types", _list),
    Route("content_type.get", "GET", _TYPE, _get),
    Route("content_type.create_draft", "POST", _TYPE, _start_draft, "ContentTypeUpdate"),
    Route("content_type.copy", "COPY", _TYPE, _copy),
    Route("content_type.delete", "DELETE", _TYPE, _delete),
    Route("content_type.get_draft", "GET", _DRAFT, _get_draft),
    Route("content_type.update_draft", "PATCH", _DRAFT, _update_draft, "ContentTypeUpdate"),
    Route("content_type.publish_draft", "PUBLISH", _DRAFT, _publish_draft),
    Route("content_type.delete_draft", "DELETE", _DRAFT, _delete_draft),
    Route("field_definition.list", "GET", _TYPE + "/fieldDefinitions", _fields_of_type),
    Route("field_definition.get", "GET", _TYPE + _FIELD, _field_of_type),
    Route(
        "field_definition.get_by_identifier",
        "GET",
        _TYPE + "/fieldDefinition/{fieldDefinitionIdentifier}",
        _field_by_identifier,
    ),
    Route("field_definition.list_draft", "GET", _DRAFT + "/fieldDefinitions", _fields_of_draft),
    Route("field_definition.create", "POST", _DRAFT + "/fieldDefinitions", _add_field, "FieldDefinitionCreate"),
    Route("field_definition.get_draft", "GET", _DRAFT + _FIELD, _field_of_draft),
    Route("field_definition.update", "PATCH", _DRAFT + _FIELD, _update_field, "FieldDefinitionUpdate"),
    Route("field_definition.delete", "DELETE", _DRAFT + _FIELD, _delete_field),
    Route("content_type.list_for_group", "GET", _GROUP + "/types", _types_of_group),
    Route("content_type.create", "POST", _GROUP + "/types", _create, "ContentTypeCreate"),
)
