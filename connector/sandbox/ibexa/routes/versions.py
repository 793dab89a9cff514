"""Operations on versions: list, read, draft, change, publish, delete; and their relations."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import content, inputs, render
from connector.sandbox.ibexa.access import check_item, check_version
from connector.sandbox.ibexa.errors import RestError, conflict, forbidden, refused
from connector.sandbox.ibexa.model import Content, Version
from connector.sandbox.ibexa.render_relations import relations
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, no_content, redirect, ref

Json = Any

_ITEM = "/content/objects/{contentId:int}"
_VERSION = _ITEM + "/versions/{versionNo:int}"


def _item(call: Call) -> Content:
    item = call.repository.content(call.number("contentId"))
    check_item(call, "read", item)
    return item


def _written(call: Call, version: Version) -> list[str]:
    """The languages that a VersionUpdate writes."""
    entries = (call.body.get("fields") or {}).get("field") if isinstance(call.body.get("fields"), dict) else None
    codes = {str(each["languageCode"]) for each in entries or [] if isinstance(each, dict) and "languageCode" in each}
    return sorted(codes) or [version.initial_language]


def _picked(call: Call) -> tuple[Content, Version]:
    item, version = content.version_of(call.repository, call.number("contentId"), call.number("versionNo"))
    check_version(call, item, version)
    call.touch(item, version.number)
    return item, version


def _shown(call: Call, item: Content, version: Version, status: int = 200) -> Answer:
    languages = content.languages_shown(item, version, call.request.param("languages"), version.number)
    body = {"Version": render.version(call.repository, item, version, languages)}
    return Answer(status, "Version", body, accept_patch="VersionUpdate")


def _list(call: Call) -> Answer:
    item = _item(call)
    check_item(call, "versionread", item)
    path = f"/content/objects/{item.id}/versions"
    entries = [
        {"Version": ref("Version", f"{path}/{number}"), "VersionInfo": render.version_info(item, version)}
        for number, version in sorted(item.versions.items())
    ]
    return Answer(200, "VersionList", {"VersionList": {**ref("VersionList", path), "VersionItem": entries}})


def _get(call: Call) -> Answer:
    return _shown(call, *_picked(call))


def _get_current(call: Call) -> Answer:
    item = _item(call)
    return redirect(f"/content/objects/{item.id}/versions/{item.current}")


def _draft_from(call: Call, item: Content, source: Version) -> Answer:
    check_item(call, "edit", item)
    draft = content.create_draft(call.repository, item, source, call.user.id)
    call.touch(item, draft.number)
    answer = _shown(call, item, draft, 201)
    answer.location = f"/api/ibexa/v2/content/objects/{item.id}/versions/{draft.number}"
    return answer


def _draft_from_current(call: Call) -> Answer:
    item = _item(call)
    call.touch(item, item.current)
    if item.version.status == "DRAFT":
        raise forbidden("Current version already has DRAFT status")
    return _draft_from(call, item, item.version)


def _draft(call: Call) -> Answer:
    return _draft_from(call, *_picked(call))


def _update(call: Call) -> Answer:
    item, version = _picked(call)
    check_item(call, "edit", item, languages=_written(call, version))
    content.update_draft(call.repository, item, version, call.body)
    item.versions[version.number].creator = call.user.id
    return _shown(call, item, item.versions[version.number])


def _look(call: Call) -> object:
    """What is published, for a draft that is about to be."""
    item = call.repository.contents.get(call.number("contentId"))
    version = item.versions.get(call.number("versionNo")) if item else None
    return (item.status, item.current) if item and version and version.status == "DRAFT" else None


def _publish(call: Call) -> Answer:
    item, version = _picked(call)
    check_item(call, "publish", item)
    if call.found is not None and call.found != (item.status, item.current):
        # the server archives what it saw published, and publishes only where then nothing is
        call.is_overtaken = True
        raise conflict("$contentId", f"Someone just published another version of Content item {item.id}")
    content.publish(call.repository, item, version)
    return no_content()


def _delete(call: Call) -> Answer:
    item, version = _picked(call)
    if version.status != "PUBLISHED":
        check_item(call, "versionremove", item, {"contentId": item.id, "versionNo": version.number})
    content.delete_version(call.repository, item, version)
    return no_content()


def _delete_translation(call: Call) -> Answer:
    item, version = _picked(call)
    check_item(call, "edit", item)
    code = call.params["languageCode"]
    if version.status != "DRAFT":
        raise RestError(403, "Translation can be deleted from a DRAFT version only")
    if code == item.main_language:
        told = "the specified translation is the main translation of the Content item. Change it before proceeding."
        raise conflict("$languageCode", told)
    if code not in version.fields:
        told = f"The version (ContentId={item.id}, VersionNo={version.number}) is not translated into {code}"
        raise refused("$languageCode", told)
    del version.fields[code]
    version.names.pop(code, None)
    return no_content()


def _relations(call: Call) -> Answer:
    item, version = _picked(call)
    path = f"/content/objects/{item.id}/versions/{version.number}/relations"
    entries = relations(call.repository, item, version)
    limit, offset = (call.request.param(name) for name in ("limit", "offset"))
    entries = entries[max(0, inputs.whole(offset or 0)) :]
    if limit is not None and inputs.whole(limit) >= 0:
        entries = entries[: inputs.whole(limit)]
    return Answer(200, "RelationList", {"Relations": {**ref("RelationList", path), "Relation": entries}})


def _relations_of_current(call: Call) -> Answer:
    item = _item(call)
    return redirect(f"/content/objects/{item.id}/versions/{item.current}/relations")


def _relation(call: Call) -> Answer:
    item, version = _picked(call)
    return Answer(200, "Relation", {"Relation": _one_relation(call, item, version)})


def _one_relation(call: Call, item: Content, version: Version) -> Json:
    href = call.request.path
    for each in relations(call.repository, item, version):
        if each["_href"] == href:
            return each
    told = "Could not find Relation" if call.request.method == "DELETE" else "Relation not found:"
    raise RestError(404, f"{told} '{href}'.")


def _relate(call: Call) -> Answer:
    target = int(inputs.link(call.body, "Destination", "content", "RelationCreate", is_needed=True) or 0)
    item, version = _picked(call)
    check_item(call, "edit", item)
    if version.status != "DRAFT":
        raise forbidden("Relation of type COMMON can only be added to drafts")
    if not call.repository.exists(target):
        raise forbidden(f"Could not find 'Content' with identifier '{target}'")
    links = [each["DestinationContent"]["_href"] for each in relations(call.repository, item, version)]
    if f"{PREFIX}/content/objects/{target}" in links:
        raise forbidden("Relation of type COMMON to the selected destination content ID already exists")
    version.related.append(target)
    made = relations(call.repository, item, version)[-1]
    return Answer(201, "Relation", {"Relation": made}, location=made["_href"])


def _unrelate(call: Call) -> Answer:
    item, version = _picked(call)
    found = _one_relation(call, item, version)
    check_item(call, "edit", item)
    if found["RelationType"] != "COMMON":
        raise forbidden("Relation is not of type COMMON")
    if version.status != "DRAFT":
        raise forbidden("Relation of type COMMON can only be removed from drafts")
    version.related.remove(int(found["DestinationContent"]["_href"].rpartition("/")[2]))
    return no_content()


ROUTES = (
    Route("content_version.list", "GET", _ITEM + "/versions", _list),
    Route("content_version.get", "GET", _VERSION, _get),
    Route("content_version.update", "PATCH", _VERSION, _update, "VersionUpdate"),
    Route("content_version.delete", "DELETE", _VERSION, _delete),
    Route("content_version.create_draft", "COPY", _VERSION, _draft),
    Route("content_version.publish", "PUBLISH", _VERSION, _publish, look=_look),
    Route("content_version.get_current", "GET", _ITEM + "/currentversion", _get_current),
    Route("content_version.create_draft_from_current", "COPY", _ITEM + "/currentversion", _draft_from_current),
    Route(
        "content_version.delete_translation", "DELETE", _VERSION + "/translations/{languageCode}", _delete_translation
    ),
    Route("relation.list", "GET", _VERSION + "/relations", _relations),
    Route("relation.create", "POST", _VERSION + "/relations", _relate, "RelationCreate"),
    Route("relation.get", "GET", _VERSION + "/relations/{relationId:int}", _relation),
    Route("relation.delete", "DELETE", _VERSION + "/relations/{relationId:int}", _unrelate),
    Route("relation.list_current", "GET", _ITEM + "/relations", _relations_of_current),
)
