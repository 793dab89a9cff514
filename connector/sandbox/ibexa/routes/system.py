"""The root, languages and object states: what a client reads to find its way, never what it imports."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.errors import not_found
from connector.sandbox.ibexa.model import StateGroup
from connector.sandbox.ibexa.render import translated
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, media, ref

Json = Any

_ROOT = (
    ("content", "", "/content/objects"),
    ("contentByRemoteId", "", "/content/objects{?remoteId}"),
    ("contentTypes", "ContentTypeInfoList", "/content/types"),
    ("contentTypeByIdentifier", "", "/content/types{?identifier}"),
    ("contentTypeGroups", "ContentTypeGroupList", "/content/typegroups"),
    ("contentTypeGroupByIdentifier", "", "/content/typegroups{?identifier}"),
    ("users", "UserRefList", "/user/users"),
    ("usersByRoleId", "UserRefList", "/user/users{?roleId}"),
    ("usersByRemoteId", "UserRefList", "/user/users{?remoteId}"),
    ("usersByEmail", "UserRefList", "/user/users{?email}"),
    ("usersByLogin", "UserRefList", "/user/users{?login}"),
    ("roles", "RoleList", "/user/roles"),
    ("rootLocation", "Location", "/content/locations/1/2"),
    ("rootUserGroup", "UserGroup", "/user/groups/1/5"),
    ("rootMediaFolder", "Location", "/content/locations/1/43"),
    ("locationByRemoteId", "", "/content/locations{?remoteId}"),
    ("locationByPath", "", "/content/locations{?locationPath}"),
    ("trash", "Trash", "/content/trash"),
    ("sections", "SectionList", "/content/sections"),
    ("views", "RefList", "/views"),
    ("objectStateGroups", "ObjectStateGroupList", "/content/objectstategroups"),
    ("objectStates", "ObjectStateList", "/content/objectstategroups/{objectStateGroupId}/objectstates"),
    ("globalUrlAliases", "UrlAliasRefList", "/content/urlaliases"),
    ("urlWildcards", "UrlWildcardList", "/content/urlwildcards"),
    ("createSession", "UserSession", "/user/sessions"),
    ("refreshSession", "UserSession", "/user/sessions/{sessionId}/refresh"),
    ("createToken", "JWT", "/user/token/jwt"),
)


def _root(_call: Call) -> Answer:
    links = {name: {"_media-type": media(kind) if kind else "", "_href": PREFIX + path} for name, kind, path in _ROOT}
    return Answer(200, "Root", {"Root": {"_media-type": media("Root"), **links}})


def _language(call: Call, code: str) -> Json:
    number, name = call.repository.languages[code]
    return {**ref("Language", f"/languages/{code}"), "languageId": number, "languageCode": code, "name": name}


def _list_languages(call: Call) -> Answer:
    entries = [_language(call, code) for code in call.repository.languages]
    return Answer(200, "LanguageList", {"LanguageList": {**ref("LanguageList", "/languages"), "Language": entries}})


def _get_language(call: Call) -> Answer:
    call.repository.check_language(call.params["code"])
    return Answer(200, "Language", {"Language": _language(call, call.params["code"])})


def _group(group: StateGroup) -> Json:
    path = f"/content/objectstategroups/{group.id}"
    return {
        **ref("ObjectStateGroup", path),
        "id": group.id,
        "identifier": group.identifier,
        "defaultLanguageCode": "eng-GB",
        "languageCodes": "eng-GB",
        "ObjectStates": ref("ObjectStateList", path + "/objectstates"),
        "names": translated({"eng-GB": group.name}),
        "descriptions": translated({"eng-GB": ""}),
    }


def _state(group: StateGroup, number: int) -> Json:
    path = f"/content/objectstategroups/{group.id}"
    identifier, name = group.states[number]
    return {
        **ref("ObjectState", f"{path}/objectstates/{number}"),
        "id": number,
        "identifier": identifier,
        "priority": list(group.states).index(number),
        "ObjectStateGroup": ref("ObjectStateGroup", path),
        "defaultLanguageCode": "eng-GB",
        "languageCodes": "eng-GB",
        "names": translated({"eng-GB": name}),
        "descriptions": translated({"eng-GB": ""}),
    }


def _list_groups(call: Call) -> Answer:
    entries = [_group(each) for each in call.repository.state_groups.values()]
    body = {**ref("ObjectStateGroupList", "/content/objectstategroups"), "ObjectStateGroup": entries}
    return Answer(200, "ObjectStateGroupList", {"ObjectStateGroupList": body})


def _picked_group(call: Call) -> StateGroup:
    group = call.repository.state_groups.get(call.number("objectStateGroupId"))
    if group is None:
        raise not_found("ObjectStateGroup", call.params["objectStateGroupId"])
    return group


def _get_group(call: Call) -> Answer:
    return Answer(200, "ObjectStateGroup", {"ObjectStateGroup": _group(_picked_group(call))})


def _list_states(call: Call) -> Answer:
    group = _picked_group(call)
    link = ref("ObjectStateList", f"/content/objectstategroups/{group.id}/objectstates")
    entries = [_state(group, number) for number in group.states]
    return Answer(200, "ObjectStateList", {"ObjectStateList": {**link, "ObjectState": entries}})


def _get_state(call: Call) -> Answer:
    group, number = _picked_group(call), call.number("objectStateId")
    if number not in group.states:
        raise not_found("ObjectState", number)
    return Answer(200, "ObjectState", {"ObjectState": _state(group, number)})


_GROUPS = "/content/objectstategroups"
_STATES = _GROUPS + "/{objectStateGroupId:int}/objectstates"
ROUTES = (
    Route("root.get", "GET", "/", _root),
    Route("language.list", "GET", "/languages", _list_languages),
    Route("language.get", "GET", "/languages/{code}", _get_language),
    Route("object_state_group.list", "GET", _GROUPS, _list_groups),
    Route("object_state_group.get", "GET", _GROUPS + "/{objectStateGroupId:int}", _get_group),
    Route("object_state.list", "GET", _STATES, _list_states),
    Route("object_state.get", "GET", _STATES + "/{objectStateId:int}", _get_state),
)
