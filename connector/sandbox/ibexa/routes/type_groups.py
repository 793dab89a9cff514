"""Operations on content type groups."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.access import check_write
from connector.sandbox.ibexa.errors import PhpError, RestError, forbidden, not_found
from connector.sandbox.ibexa.model import ContentType, TypeGroup
from connector.sandbox.ibexa.render import date, user_ref
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, no_content, redirect, ref

Json = Any
_GROUP = "/content/typegroups/{contentTypeGroupId:int}"
_OF_TYPE = "/content/types/{contentTypeId:int}/groups"


def _group(each: TypeGroup) -> Json:
    path = f"/content/typegroups/{each.id}"
    return {
        **ref("ContentTypeGroup", path),
        "id": each.id,
        "identifier": each.identifier,
        "created": date(each.created),
        "modified": date(each.modified),
        "Creator": user_ref(14),
        "Modifier": user_ref(14),
        "ContentTypes": ref("ContentTypeInfoList", path + "/types"),
    }


def picked(call: Call) -> TypeGroup:
    """The group that the path names, or 404."""
    return _known(call, call.number("contentTypeGroupId"))


def _known(call: Call, group_id: int) -> TypeGroup:
    group = call.repository.type_groups.get(group_id)
    if group is None:
        raise not_found("ContentTypeGroup", group_id)
    return group


def _list_groups(call: Call) -> Answer:
    wanted = call.request.param("identifier")
    groups = call.repository.type_groups.values()
    if wanted is not None:
        one = next((each for each in groups if each.identifier.lower() == wanted.lower()), None)
        if one is None:
            raise not_found("ContentTypeGroup", wanted)
        return redirect(f"/content/typegroups/{one.id}")
    body = {**ref("ContentTypeGroupList", "/content/typegroups"), "ContentTypeGroup": [_group(each) for each in groups]}
    return Answer(200, "ContentTypeGroupList", {"ContentTypeGroupList": body})


def _group_answer(each: TypeGroup, status: int = 200) -> Answer:
    body = {"ContentTypeGroup": _group(each)}
    return Answer(status, "ContentTypeGroup", body, accept_patch="ContentTypeGroupInput")


def _get_group(call: Call) -> Answer:
    return _group_answer(picked(call))


def _refuse_used(call: Call, identifier: str, argument: str, own: int | None = None) -> None:
    known = call.repository.type_groups.values()
    if any(each.identifier.lower() == identifier.lower() and each.id != own for each in known):
        raise forbidden(f"Argument '{argument}' is invalid: A group with the identifier '{identifier}' already exists")


def _create_group(call: Call) -> Answer:
    check_write(call, "class/create")
    if "identifier" not in call.body:
        raise RestError(500, "identifier is missing")
    identifier = str(call.body["identifier"])
    _refuse_used(call, identifier, "$contentTypeGroupCreateStruct")
    now = call.repository.now()
    group = TypeGroup(call.repository.take_id("type_group"), identifier, now, now)
    call.repository.type_groups[group.id] = group
    answer = _group_answer(group, 201)
    answer.location = f"{PREFIX}/content/typegroups/{group.id}"
    return answer


def _update_group(call: Call) -> Answer:
    check_write(call, "class/update")
    group = picked(call)
    identifier = str(call.body.get("identifier", group.identifier))
    _refuse_used(call, identifier, "$contentTypeGroupUpdateStruct->identifier", group.id)
    group.identifier, group.modified = identifier, call.repository.now()
    return _group_answer(group)


def _delete_group(call: Call) -> Answer:
    check_write(call, "class/delete")
    group = picked(call)
    known = [*call.repository.types.values(), *call.repository.type_drafts.values()]
    if any(group.id in each.group_ids for each in known):
        raise forbidden("Only empty content type groups can be deleted")
    del call.repository.type_groups[group.id]
    return no_content()


def _groups_of(shown: ContentType) -> Answer:
    entries = [ref("ContentTypeGroup", f"/content/typegroups/{number}") for number in shown.group_ids]
    body = {**ref("ContentTypeGroupRefList", f"/content/types/{shown.id}/groups"), "ContentTypeGroupRef": entries}
    return Answer(200, "ContentTypeGroupRefList", {"ContentTypeGroupRefList": body})


def _picked_type(call: Call) -> ContentType:
    return call.repository.type(call.number("contentTypeId"))


def _list_of_type(call: Call) -> Answer:
    return _groups_of(_picked_type(call))


def _link(call: Call) -> Answer:
    check_write(call, "class/update")
    shown = _picked_type(call)
    given = call.request.param("group")
    if given is None:
        raise PhpError
    group = _known(call, int(inputs.routed(given, "type_group", wrong=400)))
    if group.id in shown.group_ids:
        raise forbidden("The content type is already linked to the provided group")
    shown.group_ids.append(group.id)
    return _groups_of(shown)


def _unlink(call: Call) -> Answer:
    check_write(call, "class/update")
    shown, group = _picked_type(call), picked(call)
    if group.id not in shown.group_ids:
        raise RestError(404, "The content type is not in the provided group")
    if len(shown.group_ids) == 1:
        raise forbidden("Cannot unlink the content type from its only remaining group")
    shown.group_ids.remove(group.id)
    return _groups_of(shown)


ROUTES = (
    Route("content_type_group.list", "GET", "/content/typegroups", _list_groups),
    Route("content_type_group.create", "POST", "/content/typegroups", _create_group, "ContentTypeGroupInput"),
    Route("content_type_group.get", "GET", _GROUP, _get_group),
    Route("content_type_group.update", "PATCH", _GROUP, _update_group, "ContentTypeGroupInput"),
    Route("content_type_group.delete", "DELETE", _GROUP, _delete_group),
    Route("content_type_group.list_for_content_type", "GET", _OF_TYPE, _list_of_type),
    Route("content_type_group.link", "POST", _OF_TYPE, _link),
    Route("content_type_group.unlink", "DELETE", _OF_TYPE + "/{contentTypeGroupId:int}", _unlink),
)
