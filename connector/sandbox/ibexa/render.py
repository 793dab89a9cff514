"""Content, versions and locations as the REST API writes them (server-behaviour §3)."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

from connector.sandbox.ibexa.model import Content, Location, Version
from connector.sandbox.ibexa.render_relations import relations
from connector.sandbox.ibexa.render_values import given_out, thumbnail
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import PREFIX, media, ref

Json = Any


@functools.lru_cache(maxsize=4096)
def date(seconds: float) -> str:
    """RFC 3339 with the server's offset, UTC."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def translated(texts: dict[str, str]) -> Json:
    """A translated list."""
    return {"value": [{"_languageCode": code, "#text": text} for code, text in texts.items()]}


def user_ref(user_id: int) -> Json:
    """A link to a user."""
    return ref("User", f"/user/users/{user_id}")


def content(repository: Repository, item: Content, *, embed: bool) -> Json:
    """A content item; ``embed`` puts the current version with its fields into it (Accept ...Content+json)."""
    base = f"/content/objects/{item.id}"
    shown: dict[str, Json] = {
        "_media-type": media("Content" if embed else "ContentInfo"),
        "_href": PREFIX + base,
        "_remoteId": item.remote_id,
        "_id": item.id,
        "ContentType": ref("ContentType", f"/content/types/{item.type_id}"),
        "Name": item.name,
        "TranslatedName": item.name,
        "Versions": ref("VersionList", base + "/versions"),
        "CurrentVersion": ref("Version", base + "/currentversion"),
        "Section": ref("Section", f"/content/sections/{item.section_id}"),
    }
    if embed:
        shown["CurrentVersion"]["Version"] = version(repository, item, item.version)
    if item.main_location is not None:
        main = repository.locations.get(item.main_location) or repository.ghost_places[item.main_location]
        shown["MainLocation"] = ref("Location", f"/content/locations/{main.href_path}")
    shown["Locations"] = ref("LocationList", base + "/locations")
    shown["Owner"] = user_ref(item.owner)
    if item.status != "DRAFT":
        shown["lastModificationDate"] = date(item.modified)
        shown["publishedDate"] = date(item.published)
    shown |= {
        "mainLanguageCode": item.main_language,
        "currentVersionNo": item.current,
        "alwaysAvailable": item.always_available,
        "isHidden": item.hidden,
        "status": item.status,
        "ObjectStates": ref("ContentObjectStates", base + "/objectstates"),
    }
    return shown


def version_info(item: Content, shown: Version) -> Json:
    """The VersionInfo element."""
    codes = list(shown.fields)
    return {
        "id": shown.id,
        "versionNo": shown.number,
        "status": shown.status,
        "modificationDate": date(shown.modified),
        "Creator": user_ref(shown.creator),
        "creationDate": date(shown.created),
        "initialLanguageCode": shown.initial_language,
        "languageCodes": ",".join(codes),
        "VersionTranslationInfo": {
            "_media-type": media("VersionTranslationInfo"),
            "Language": [{"languageCode": code, **_deletion(item, shown, code)} for code in codes],
        },
        "names": translated(shown.names),
        "Content": ref("ContentInfo", f"/content/objects/{item.id}"),
    }


def _deletion(item: Content, shown: Version, code: str) -> dict[str, Json]:
    """Where a translation of a draft can be deleted; not the main one, and not the only one."""
    if shown.status != "DRAFT" or len(shown.fields) < 2 or code == item.main_language:
        return {}
    path = f"/content/objects/{item.id}/versions/{shown.number}/translations/{code}"
    return {"DeleteTranslation": {"_href": PREFIX + path}}


def version(repository: Repository, item: Content, shown: Version, languages: list[str] | None = None) -> Json:
    """A version with its fields; ``languages`` limits those."""
    path = f"/content/objects/{item.id}/versions/{shown.number}"
    return {
        "_media-type": media("Version"),
        "_href": PREFIX + path,
        "VersionInfo": version_info(item, shown),
        "Fields": {"field": _fields(repository, item, shown, languages)},
        "Relations": {**ref("RelationList", path + "/relations"), "Relation": relations(repository, item, shown)},
        "Thumbnail": thumbnail(repository, item, shown),
    }


def _fields(repository: Repository, item: Content, shown: Version, languages: list[str] | None) -> list[Json]:
    definitions = repository.types[item.type_id].fields
    return [
        {
            "id": item.field_ids.get((definition.identifier, code), 0),
            "fieldDefinitionIdentifier": definition.identifier,
            "languageCode": code,
            "fieldTypeIdentifier": repository.release.type_name(definition.type),
            "fieldValue": given_out(repository, definition.type, values.get(definition.identifier), shown.number),
        }
        for definition in definitions
        for code, values in shown.fields.items()
        if not languages or code in languages
    ]


def location(repository: Repository, place: Location, *, embed: bool = False) -> Json:
    """A location; ``embed`` (views) puts the version with fields into its ContentInfo."""
    path = f"/content/locations/{place.href_path}"
    item = repository.contents.get(place.content_id) or repository.ghosts.get(place.content_id)
    parent = place.href_path.rpartition("/")[0]
    shown: dict[str, Json] = {
        **ref("Location", path),
        "id": place.id,
        "priority": place.priority,
        "hidden": place.hidden or (item is not None and item.hidden),
        "invisible": repository.is_invisible(place),
        "explicitlyHidden": place.hidden,
        "ParentLocation": ref("Location", f"/content/locations/{parent}"),
        "pathString": place.path,
        "depth": place.depth,
        "childCount": repository.child_count(place.id),
        "remoteId": place.remote_id,
        "Children": ref("LocationList", path + "/children"),
        "Content": ref("Content", f"/content/objects/{place.content_id}"),
        "sortField": place.sort_field,
        "sortOrder": place.sort_order,
        "UrlAliases": ref("UrlAliasRefList", path + "/urlaliases"),
    }
    if embed:
        del shown["explicitlyHidden"]  # seen: a view leaves it out
    if item is not None:
        inner = content(repository, item, embed=embed)
        if not embed:
            inner.pop("MainLocation", None)  # seen: only a view says it here
        shown["ContentInfo"] = {**ref("ContentInfo", f"/content/objects/{item.id}"), "Content": inner}
    return shown


def trash_item(repository: Repository, place: Location) -> Json:
    """A location in the trash."""
    shown: dict[str, Json] = {
        name: value
        for name, value in location(repository, place).items()
        if name not in {"Children", "UrlAliases", "explicitlyHidden"}
    }
    return shown | ref("TrashItem", f"/content/trash/{place.id}")
