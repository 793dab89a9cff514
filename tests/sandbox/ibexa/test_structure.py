"""Object states, type groups, relations, addresses, bookmarks and countries, as stories."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import Api, creation
from tests.sandbox.ibexa.scenarios import Step, href, names, tell

Json = Any
GROUPS = "/content/objectstategroups"
STATES = GROUPS + "/3/objectstates"


def group(identifier: str, **more: Json) -> Json:
    return {"O": {"identifier": identifier, "defaultLanguageCode": "eng-GB", "names": names("Name"), **more}}


def state(identifier: str, priority: Json = 0) -> Json:
    return group(identifier, priority=priority)


def relation(content_id: int) -> Json:
    return {"RelationCreate": {"Destination": href(f"/content/objects/{content_id}")}}


def alias(path: str, **more: Json) -> Json:
    return {
        "UrlAliasCreate": {
            "_type": "LOCATION",
            "location": href("/content/locations/1/43"),
            "path": path,
            "languageCode": "eng-GB",
            **more,
        }
    }


def resource(what: str, path: str = "/here") -> Json:
    return {"UrlAliasCreate": {"_type": "GLOBAL", "resource": what, "path": path, "languageCode": "eng-GB"}}


def wildcard(source: str, destination: str) -> Json:
    return {"UrlWildcardCreate": {"sourceUrl": source, "destinationUrl": destination, "forward": "true"}}


MY_ALIAS = "/content/urlaliases/0-033e02a7748974c2edb363e2f218f687"  # as a real server numbered "/my-alias"
MEDIA = "/content/urlaliases/0-62933a2951ef01f4eafd9bdf4d3cd2f0"

STORIES: dict[str, list[Step]] = {
    "a group of states is made, changed and deleted": [
        ("POST", GROUPS, group("flow"), "ObjectStateGroupCreate", 201, GROUPS + "/3 "),
        ("POST", GROUPS, group("flow"), "ObjectStateGroupCreate", 403, "already exists"),
        ("POST", GROUPS, {"O": {"identifier": "x"}}, "ObjectStateGroupCreate", 400, "'defaultLanguageCode' attribute for ObjectStateGroupCreate"),
        ("POST", GROUPS, group("x", names=names("X", "xxx-XX")), "ObjectStateGroupCreate", 404, "Language"),
        ("POST", GROUPS, group("x", names=names("X", "ger-DE")), "ObjectStateGroupCreate", 403, "is incorrect value"),
        ("PATCH", GROUPS + "/3", {"O": {"names": names("Flow")}}, "ObjectStateGroupUpdate", 200, '"#text":"Flow"'),
        ("PATCH", GROUPS + "/3", {"O": {"identifier": "ez_lock"}}, "ObjectStateGroupUpdate", 403, "already exists"),
        ("GET", GROUPS + "/3", None, None, 200, '"identifier":"flow","defaultLanguageCode":"eng-GB","languageCodes":"eng-GB"'),
        ("DELETE", GROUPS + "/3", None, None, 204, ""),
        ("GET", GROUPS + "/3", None, None, 404, "ObjectStateGroup"),
        ("POST", GROUPS, group("flow"), "ObjectStateGroupCreate", 201, GROUPS + "/4 "),
    ],
    "states stand in the order of their priority, numbered from 0": [
        ("POST", GROUPS, group("flow"), "ObjectStateGroupCreate", 201, ""),
        ("POST", STATES, group("x"), "ObjectStateCreate", 400, "'priority' attribute for ObjectStateCreate"),
        ("POST", STATES, state("raw", "5"), "ObjectStateCreate", 201, '"id":3,"identifier":"raw","priority":0'),
        ("POST", STATES, state("raw"), "ObjectStateCreate", 403, "in provided Object state group"),
        ("POST", STATES, state("done", "1"), "ObjectStateCreate", 201, '"priority":1'),
        ("POST", STATES, state("new", 0), "ObjectStateCreate", 201, STATES + "/5 "),
        ("GET", STATES + "/3", None, None, 200, '"priority":1'),
        ("PATCH", STATES + "/3", {"O": {"identifier": "done"}}, "ObjectStateUpdate", 403, "already exists"),
        ("PATCH", STATES + "/3", {"O": {"identifier": "crude", "priority": 9}}, "ObjectStateUpdate", 200, '"identifier":"crude","priority":1'),
        ("GET", GROUPS + "/2/objectstates/3", None, None, 200, "objectstategroups/2/objectstates/3"),
        ("GET", STATES + "/77", None, None, 404, "ObjectState"),
        ("DELETE", STATES + "/77", None, None, 404, "ObjectState"),
    ],
    "items take the first state of a group, and another one when theirs goes": [
        ("POST", GROUPS, group("flow"), "ObjectStateGroupCreate", 201, ""),
        ("GET", "/content/objects/52/objectstates", None, None, 200, '"ObjectState":[{'),
        ("POST", STATES, state("raw"), "ObjectStateCreate", 201, ""),
        ("GET", "/content/objects/52/objectstates", None, None, 200, STATES + "/3"),
        ("POST", STATES, state("done", 1), "ObjectStateCreate", 201, ""),
        ("PATCH", "/content/objects/52/objectstates", {"C": {"ObjectState": [href(STATES + "/4")]}}, "ContentObjectStates", 200, STATES + "/4"),
        ("PATCH", "/content/objects/52/objectstates", {"C": {"ObjectState": [href(GROUPS + "/2/objectstates/4")]}}, "ContentObjectStates", 406, "does not belong"),
        ("PATCH", "/content/objects/52/objectstates", {"C": {"ObjectState": [href(STATES + "/3"), href(STATES + "/4")]}}, "ContentObjectStates", 403, "Multiple Object states"),
        ("DELETE", STATES + "/4", None, None, 204, ""),
        ("GET", "/content/objects/52/objectstates", None, None, 200, STATES + "/3"),
        ("POST", "/content/objects", creation("late", {"name": "Late"}), "ContentCreate", 201, ""),
        ("GET", "/content/objects/53/objectstates", None, None, 200, STATES + "/3"),
    ],
    "a type group is renamed, and deleted when it is empty": [
        ("POST", "/content/typegroups", {"C": {"identifier": "grp1"}}, "ContentTypeGroupInput", 201, "/content/typegroups/4 "),
        ("PATCH", "/content/typegroups/4", {"C": {"identifier": "media"}}, "ContentTypeGroupInput", 403, "already exists"),
        ("PATCH", "/content/typegroups/4", {"C": {"identifier": "grp2"}}, "ContentTypeGroupInput", 200, '"identifier":"grp2"'),
        ("DELETE", "/content/typegroups/1", None, None, 403, "Only empty"),
        ("DELETE", "/content/typegroups/4", None, None, 204, ""),
        ("DELETE", "/content/typegroups/4", None, None, 404, "ContentTypeGroup"),
    ],
    "a type is linked to groups, and keeps one": [
        ("POST", "/content/types/1/groups?group=/api/ibexa/v2/content/typegroups/3", None, None, 200, '"_href":"/api/ibexa/v2/content/typegroups/1"},{"_media-type":"application/vnd.ibexa.api.ContentTypeGroup+json","_href":"/api/ibexa/v2/content/typegroups/3"'),
        ("POST", "/content/types/1/groups?group=/api/ibexa/v2/content/typegroups/3", None, None, 403, "already linked"),
        ("POST", "/content/types/1/groups?group=3", None, None, 400, "No route matched '3'"),
        ("POST", "/content/types/1/groups", None, None, 500, ""),
        ("POST", "/content/types/1/groups?group=/api/ibexa/v2/content/typegroups/9", None, None, 404, "ContentTypeGroup"),
        ("DELETE", "/content/types/1/groups/1", None, None, 200, "typegroups/3"),
        ("DELETE", "/content/types/1/groups/1", None, None, 404, "not in the provided group"),
        ("DELETE", "/content/types/1/groups/3", None, None, 403, "only remaining group"),
        ("GET", "/content/typegroups/3/types", None, None, 200, '"identifier":"folder"'),
    ],
    "types are listed in an order, and their fields by name": [
        ("GET", "/content/types?orderby=name&sort=desc&limit=1", None, None, 200, '"identifier":"user_group"'),
        ("GET", "/content/types?orderby=lastmodified&limit=1", None, None, 200, '"identifier":"user_group"'),
        ("GET", "/content/types?orderby=nosuch", None, None, 400, "wrong value for orderby parameter"),
        ("GET", "/content/types?orderby=name&sort=up", None, None, 400, "wrong value for sort parameter"),
        ("GET", "/content/types/1/fieldDefinition/name", None, None, 200, '"_href":"/api/ibexa/v2/content/types/1/fieldDefinition/name","id":4'),
        ("GET", "/content/types/1/fieldDefinition/nosuch", None, None, 404, "Field definition not found"),
    ],
    "COMMON relations are made and deleted on drafts, and carried into the next one": [
        ("POST", "/content/objects/52/versions/1/relations", relation(41), "RelationCreate", 403, "only be added to draft"),
        ("COPY", "/content/objects/52/currentversion", None, None, 201, "versions/2"),
        ("POST", "/content/objects/52/versions/2/relations", relation(41), "RelationCreate", 201, "/content/objects/52/versions/2/relations/1 "),
        ("POST", "/content/objects/52/versions/2/relations", relation(41), "RelationCreate", 403, "COMMON"),
        ("POST", "/content/objects/52/versions/2/relations", relation(999), "RelationCreate", 403, "Content"),
        ("POST", "/content/objects/52/versions/2/relations", {"R": {}}, "RelationCreate", 400, "'Destination' element for RelationCreate"),
        ("POST", "/content/objects/52/versions/2/relations", relation(49), "RelationCreate", 201, '"RelationType":"COMMON"'),
        ("DELETE", "/content/objects/52/versions/2/relations/1", None, None, 204, ""),
        ("DELETE", "/content/objects/52/versions/2/relations/1", None, None, 404, "Could not find Relation"),
        ("GET", "/content/objects/52/versions/2/relations/2", None, None, 200, "/content/objects/49"),
        ("PUBLISH", "/content/objects/52/versions/2", None, None, 204, ""),
        ("DELETE", "/content/objects/52/versions/2/relations/2", None, None, 403, "only be removed from drafts"),
        ("COPY", "/content/objects/52/currentversion", None, None, 201, "/content/objects/49"),
    ],
    "an address made by hand leads to a location, once for each language": [
        ("POST", "/content/urlaliases", alias("/my-alias", forward="false"), "UrlAliasCreate", 201, MY_ALIAS),
        ("GET", MY_ALIAS, None, None, 200, '"_href":"/api/ibexa/v2/content/locations/43"},"path":"/my-alias"'),
        ("POST", "/content/urlaliases", alias("My alias"), "UrlAliasCreate", 403, "already exists"),
        ("POST", "/content/urlaliases", alias("/my-alias", languageCode="ger-DE"), "UrlAliasCreate", 201, '"languageCodes":"eng-GB,ger-DE"'),
        ("POST", "/content/urlaliases", alias("/x", languageCode="xxx-XX"), "UrlAliasCreate", 404, "Language"),
        ("POST", "/content/urlaliases", {"U": {"path": "/x", "languageCode": "eng-GB"}}, "UrlAliasCreate", 400, "'_type'"),
        ("GET", "/content/locations/1/43/urlaliases", None, None, 200, MY_ALIAS),
        ("GET", "/content/urlaliases", None, None, 200, '"UrlAlias":[]'),
        ("GET", "/content/locations?urlAlias=/MY-alias", None, None, 307, "/content/locations/1/43 "),
        ("DELETE", MY_ALIAS, None, None, 204, ""),
        ("GET", MY_ALIAS, None, None, 404, "URLAlias"),
        ("GET", "/content/urlaliases/0-xxx", None, None, 404, "No route found"),
    ],
    "locations have the addresses of their names": [
        ("GET", "/content/locations?urlAlias=/One", None, None, 307, "/content/locations/1/2/54 "),
        ("GET", "/content/locations?urlAlias=media/images", None, None, 307, "/content/locations/1/43/51 "),
        ("GET", "/content/locations/1/43/urlaliases?custom=false", None, None, 200, MEDIA),
        ("GET", "/content/locations/1/43/urlaliases", None, None, 200, '"UrlAlias":[]'),
        ("GET", MEDIA, None, None, 200, '"path":"/Media"'),
        ("DELETE", MEDIA, None, None, 406, "an autogenerated alias"),
        ("POST", "/content/urlaliases", alias("/one"), "UrlAliasCreate", 403, "already exists"),
        ("GET", "/content/locations/1/2/99/urlaliases", None, None, 404, "location"),
    ],
    "an address can lead to anything": [
        ("POST", "/content/urlaliases", resource("module:content/view"), "UrlAliasCreate", 201, '"_type":"RESOURCE","resource":"content/view","path":"/here"'),
        ("GET", "/content/urlaliases", None, None, 200, '"UrlAlias":[{'),
        ("POST", "/content/urlaliases", resource("nothing", "/there"), "UrlAliasCreate", 403, "not valid"),
        ("POST", "/content/urlaliases", resource("eznode:43", "/there"), "UrlAliasCreate", 201, '"_type":"LOCATION"'),
    ],
    "wildcards": [
        ("POST", "/content/urlwildcards", wildcard("/a/*", "/b/{1}"), "UrlWildcardCreate", 201, '"_id":1,"sourceUrl":"/a/*","destinationUrl":"/b/{1}","forward":true'),
        ("POST", "/content/urlwildcards", wildcard("a/*", "/c"), "UrlWildcardCreate", 403, "already exists"),
        ("POST", "/content/urlwildcards", wildcard("/c/*", "/b/{2}"), "UrlWildcardCreate", 500, "An error has occurred"),
        ("POST", "/content/urlwildcards", {"U": {"sourceUrl": "/d"}}, "UrlWildcardCreate", 400, "'destinationUrl'"),
        ("GET", "/content/urlwildcards", None, None, 200, '"UrlWildcard":[{'),
        ("GET", "/content/urlwildcards/1", None, None, 200, '"sourceUrl":"/a/*"'),
        ("DELETE", "/content/urlwildcards/1", None, None, 204, ""),
        ("DELETE", "/content/urlwildcards/1", None, None, 404, "URLWildcard"),
    ],
    "bookmarks, the newest first": [
        ("GET", "/bookmark", None, None, 200, '"count":0,"items":[]'),
        ("POST", "/bookmark/43", None, None, 201, "/bookmark/43 "),
        ("POST", "/bookmark/43", None, None, 409, ""),
        ("POST", "/bookmark/54", None, None, 201, "/bookmark/54 "),
        ("POST", "/bookmark/999", None, None, 404, "location"),
        ("GET", "/bookmark", None, None, 200, '"count":2,"items":[{"_media-type":"application/vnd.ibexa.api.Bookmark+json","__href":"/api/ibexa/v2/bookmark/54"'),
        ("GET", "/bookmark?limit=1&offset=1", None, None, 200, '"__href":"/api/ibexa/v2/bookmark/43"'),
        ("HEAD", "/bookmark/43", None, None, 200, ""),
        ("HEAD", "/bookmark/44", None, None, 404, ""),
        ("DELETE", "/content/objects/52", None, None, 204, ""),
        ("GET", "/bookmark", None, None, 200, '"count":1'),
        ("DELETE", "/bookmark/43", None, None, 204, ""),
        ("DELETE", "/bookmark/43", None, None, 404, "not bookmarked"),
    ],
    "countries": [
        ("GET", "/services/countries", None, None, 200, '"_id":"NO","name":"Norway","Alpha2":"NO","Alpha3":"NOR","IDC":"47"'),
    ],
}  # fmt: skip


@pytest.mark.parametrize("title", STORIES)
def test_story(api: Api, title: str) -> None:
    api.published("one")  # content 52 at 1/2/54
    tell(api, STORIES[title])


def test_only_bookmarks_are_open_to_anonymous_writers(api: Api) -> None:
    for method, path, body, kind in (
        ("POST", GROUPS, group("x"), "ObjectStateGroupCreate"),
        ("DELETE", GROUPS + "/2", None, None),
        ("POST", "/content/urlaliases", alias("/x"), "UrlAliasCreate"),
        ("DELETE", "/content/typegroups/1", None, None),
    ):
        assert api.send(method, path, body, kind, Authorization="").status_code == 401, path
    assert api.send("POST", "/bookmark/43", Authorization="").status_code == 201
    assert api.send("HEAD", "/bookmark/43").status_code == 404, "the administrator has bookmarks of his own"
    assert api.send("DELETE", "/bookmark/43", Authorization="").status_code == 204
