"""Operations on URL aliases, URL wildcards and bookmarks."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import addresses, inputs, render
from connector.sandbox.ibexa.access import check_write
from connector.sandbox.ibexa.aliases import UrlAlias, UrlWildcard
from connector.sandbox.ibexa.errors import RestError, broken_in_database
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, created, media, no_content, ref

Json = Any
_ALIASES = "/content/urlaliases"
_ALIAS = _ALIASES + "/{urlAliasId:alias}"
_WILDCARDS = "/content/urlwildcards"
_WILDCARD = _WILDCARDS + "/{wildcardId:int}"
_BOOKMARK = "/bookmark/{locationId:int}"


def _alias(alias: UrlAlias) -> Json:
    shown: dict[str, Json] = {**ref("UrlAlias", f"{_ALIASES}/{alias.id}"), "_id": alias.id}
    if alias.location_id is None:
        shown |= {"_type": "RESOURCE", "resource": alias.resource}
    else:  # seen: the id alone, which is no path of a location
        shown |= {"_type": "LOCATION", "location": ref("Location", f"/content/locations/{alias.location_id}")}
    return shown | {
        "path": alias.path,
        "languageCodes": ",".join(alias.languages),
        "alwaysAvailable": alias.always_available,
        "isHistory": False,
        "forward": alias.forward,
        "custom": alias.custom,
    }


def _alias_list(found: list[UrlAlias], path: str) -> Answer:
    links = [ref("UrlAlias", f"{_ALIASES}/{each.id}") for each in found]
    return Answer(200, "UrlAliasRefList", {"UrlAliasRefList": {**ref("UrlAliasRefList", path), "UrlAlias": links}})


def _list(call: Call) -> Answer:
    return _alias_list([each for each in addresses.by_hand(call.repository) if each.location_id is None], _ALIASES)


def _list_for_location(call: Call) -> Answer:
    # only the last id of the path counts here, as for children
    place = call.repository.location(inputs.last_id(call.params["path"]))
    found = [each for each in addresses.by_hand(call.repository) if each.location_id == place.id]
    if call.request.param("custom") == "false":
        found = [addresses.of_names(call.repository, place)] if place.id > 2 else []
    return _alias_list(found, f"/content/locations/{call.params['path']}/urlaliases")


def _create(call: Call) -> Answer:
    check_write(call, "content/urltranslator")
    alias = addresses.create(call.repository, call.body)
    return Answer(201, "UrlAlias", {"UrlAlias": _alias(alias)}, location=f"{PREFIX}{_ALIASES}/{alias.id}")


def _get(call: Call) -> Answer:
    return Answer(200, "UrlAlias", {"UrlAlias": _alias(addresses.by_id(call.repository, call.params["urlAliasId"]))})


def _delete(call: Call) -> Answer:
    check_write(call, "content/urltranslator")
    addresses.delete(call.repository, addresses.by_id(call.repository, call.params["urlAliasId"]))
    return no_content()


def _wildcard(rule: UrlWildcard) -> Json:
    return {
        **ref("UrlWildcard", f"{_WILDCARDS}/{rule.id}"),
        "_id": rule.id,
        "sourceUrl": rule.source,
        "destinationUrl": rule.destination,
        "forward": rule.forward,
    }


def _list_wildcards(call: Call) -> Answer:
    entries = [_wildcard(each) for each in call.repository.wildcards.values()]
    body = {**ref("UrlWildcardList", _WILDCARDS), "UrlWildcard": entries}
    return Answer(200, "UrlWildcardList", {"UrlWildcardList": body})


def _create_wildcard(call: Call) -> Answer:
    check_write(call, "content/urltranslator")
    rule = addresses.create_wildcard(call.repository, call.body)
    path = f"{PREFIX}{_WILDCARDS}/{rule.id}"
    return Answer(201, "UrlWildcard", {"UrlWildcard": _wildcard(rule)}, location=path)


def _get_wildcard(call: Call) -> Answer:
    rule = addresses.wildcard(call.repository, call.number("wildcardId"))
    return Answer(200, "UrlWildcard", {"UrlWildcard": _wildcard(rule)})


def _delete_wildcard(call: Call) -> Answer:
    check_write(call, "content/urltranslator")
    del call.repository.wildcards[addresses.wildcard(call.repository, call.number("wildcardId")).id]
    return no_content()


# Bookmarks are everyone's own; seen: the anonymous user has some too (server-behaviour §10).


def _own_bookmarks(call: Call) -> list[int]:
    kept = call.repository.bookmarks.setdefault(call.user.id, [])
    kept[:] = [each for each in kept if each in call.repository.locations]
    return kept


def _list_bookmarks(call: Call) -> Answer:
    newest_first = _own_bookmarks(call)[::-1]
    offset = inputs.whole(call.request.param("offset") or 0)
    limit = inputs.whole(call.request.param("limit") or 25)
    if offset < 0 or limit < 0:
        raise broken_in_database("LIMIT and OFFSET must not be negative")
    items = [
        {
            "_media-type": media("Bookmark"),
            "__href": f"{PREFIX}/bookmark/{number}",  # two underscores: a slip that the server has kept
            "Location": render.location(call.repository, call.repository.locations[number]),
        }
        for number in newest_first[offset : offset + limit]
    ]
    body = {"_media-type": media("BookmarkList"), "count": len(newest_first), "items": items}
    patch = "LocationUpdate" if items else None
    return Answer(200, "BookmarkList", {"BookmarkList": body}, accept_patch=patch)


def _create_bookmark(call: Call) -> Answer:
    number = call.repository.location(call.number("locationId")).id
    own = _own_bookmarks(call)
    if number in own:
        return Answer(409)
    own.append(number)
    return created(f"/bookmark/{number}")


def _bookmarked(call: Call) -> int:
    number = call.repository.location(call.number("locationId")).id
    if number not in _own_bookmarks(call):
        raise RestError(404, f"Location {number} is not bookmarked")
    return number


def _check_bookmark(call: Call) -> Answer:
    _bookmarked(call)
    return Answer(200)


def _delete_bookmark(call: Call) -> Answer:
    number = _bookmarked(call)
    _own_bookmarks(call).remove(number)
    return no_content()


ROUTES = (
    Route("url_alias.list", "GET", _ALIASES, _list),
    Route("url_alias.create", "POST", _ALIASES, _create, "UrlAliasCreate"),
    Route("url_alias.get", "GET", _ALIAS, _get),
    Route("url_alias.delete", "DELETE", _ALIAS, _delete),
    Route("url_alias.list_for_location", "GET", "/content/locations/{path:ids}/urlaliases", _list_for_location),
    Route("url_wildcard.list", "GET", _WILDCARDS, _list_wildcards),
    Route("url_wildcard.create", "POST", _WILDCARDS, _create_wildcard, "UrlWildcardCreate"),
    Route("url_wildcard.get", "GET", _WILDCARD, _get_wildcard),
    Route("url_wildcard.delete", "DELETE", _WILDCARD, _delete_wildcard),
    Route("bookmark.list", "GET", "/bookmark", _list_bookmarks),
    Route("bookmark.create", "POST", _BOOKMARK, _create_bookmark),
    Route("bookmark.check", "HEAD", _BOOKMARK, _check_bookmark),
    Route("bookmark.check", "GET", _BOOKMARK, _check_bookmark),
    Route("bookmark.delete", "DELETE", _BOOKMARK, _delete_bookmark),
)
