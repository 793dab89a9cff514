"""The root, users, languages and countries: what a client reads to find its way, never what it imports."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from connector.sandbox.ibexa import render
from connector.sandbox.ibexa.access import check_read
from connector.sandbox.ibexa.errors import RestError, not_found
from connector.sandbox.ibexa.model import User
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, media, redirect, ref

Json = Any

_COUNTRIES = Path(__file__).parents[1] / "countries.json"
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


def _current_user(call: Call) -> Answer:
    if not call.is_admin:
        raise RestError(401, "Not logged in.")
    return redirect(f"/user/users/{call.user.id}")


def _get_user(call: Call) -> Answer:
    number = call.number("userId")
    if number not in call.repository.users:
        raise not_found("User", number)
    item = call.repository.content(number)
    check_read(call, item)
    place = call.repository.locations[item.main_location or 1]
    body = {
        "_media-type": media("User"),
        "_href": f"{PREFIX}/user/users/{number}",
        "_id": number,
        "_remoteId": item.remote_id,
        "ContentType": ref("ContentType", f"/content/types/{item.type_id}"),
        "name": item.name,
        "Versions": ref("VersionList", f"/content/objects/{number}/versions"),
        "Section": ref("Section", f"/content/sections/{item.section_id}"),
        "MainLocation": ref("Location", f"/content/locations/{place.href_path}"),
        "Locations": ref("LocationList", f"/content/objects/{number}/locations"),
        "Groups": ref("UserGroupRefList", f"/user/users/{number}/groups"),
        "Owner": render.user_ref(item.owner),
        "publishDate": render.date(item.published),
        "lastModificationDate": render.date(item.modified),
        "mainLanguageCode": item.main_language,
        "alwaysAvailable": item.always_available,
        "Version": render.version(call.repository, item, item.version),
        "login": call.repository.users[number].login,
        "email": call.repository.users[number].email,
        "enabled": True,
    }
    return Answer(200, "User", {"User": body}, accept_patch="UserUpdate")


def _matching(call: Call) -> list[User]:
    wanted = {name: call.request.param(name) for name in ("login", "email", "remoteId")}
    found = [
        user
        for user in call.repository.users.values()
        if (wanted["login"] or "").lower() == user.login
        or (wanted["email"] or "").lower() == user.email
        or wanted["remoteId"] == call.repository.contents[user.id].remote_id
    ]
    if not found or not call.is_admin:
        raise RestError(404, "Could not find Users with the given filter")
    return found


def _find_users(call: Call) -> Answer:
    links = [render.user_ref(user.id) for user in _matching(call)]
    return Answer(200, "UserRefList", {"UserRefList": {**ref("UserRefList", "/user/users"), "User": links}})


def _check_user(call: Call) -> Answer:
    _matching(call)
    return Answer(200)


def _language(call: Call, code: str) -> Json:
    number, name = call.repository.languages[code]
    return {**ref("Language", f"/languages/{code}"), "languageId": number, "languageCode": code, "name": name}


def _list_languages(call: Call) -> Answer:
    entries = [_language(call, code) for code in call.repository.languages]
    return Answer(200, "LanguageList", {"LanguageList": {**ref("LanguageList", "/languages"), "Language": entries}})


def _get_language(call: Call) -> Answer:
    call.repository.check_language(call.params["code"])
    return Answer(200, "Language", {"Language": _language(call, call.params["code"])})


@functools.cache
def _countries() -> list[Json]:
    rows = json.loads(_COUNTRIES.read_text(encoding="utf-8"))
    return [
        {
            "_media-type": media("Country"),
            "_id": alpha2,
            "name": name,
            "Alpha2": alpha2,
            "Alpha3": alpha3,
            "IDC": prefix,
        }
        for alpha2, alpha3, name, prefix in rows
    ]


def _list_countries(_call: Call) -> Answer:
    body = {"_media-type": media("CountryList"), "Country": _countries()}
    return Answer(200, "CountryList", {"CountryList": body})


ROUTES = (
    Route("root.get", "GET", "/", _root),
    Route("user.get_current", "GET", "/user/current", _current_user),
    Route("user.find", "GET", "/user/users", _find_users),
    Route("user.check", "HEAD", "/user/users", _check_user),
    Route("user.get", "GET", "/user/users/{userId:int}", _get_user),
    Route("language.list", "GET", "/languages", _list_languages),
    Route("language.get", "GET", "/languages/{code}", _get_language),
    Route("country.list", "GET", "/services/countries", _list_countries),
)
