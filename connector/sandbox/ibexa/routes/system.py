"""The root, languages and countries: what a client reads to find its way, never what it imports."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, media, ref

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
    Route("language.list", "GET", "/languages", _list_languages),
    Route("language.get", "GET", "/languages/{code}", _get_language),
    Route("country.list", "GET", "/services/countries", _list_countries),
)
