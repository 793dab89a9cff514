"""Operations on content items: create, find, read, metadata, copy, hide, delete."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import content, inputs, metadata, render, tree
from connector.sandbox.ibexa.access import check_item, check_read
from connector.sandbox.ibexa.changes import check_copy, check_section_change, may_create
from connector.sandbox.ibexa.errors import PhpError, bad_request, not_found
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.wire import Answer, Call, Route, created, no_content, redirect, ref

Json = Any


def _shown(call: Call, item: Content, status: int = 200) -> Answer:
    embed = call.wants("Content")
    body = {"Content": render.content(call.repository, item, embed=embed)}
    asked = call.request.param("languages")
    if embed and asked is not None and call.request.method == "GET":
        languages = content.languages_shown(item, item.version, asked, None)
        shown = render.version(call.repository, item, item.version, languages)
        body["Content"]["CurrentVersion"]["Version"] = shown
    return Answer(status, "Content" if embed else "ContentInfo", body, accept_patch="ContentUpdate")


def _picked(call: Call) -> Content:
    item = call.repository.content(call.number("contentId"))
    check_item(call, "read", item)
    return item


def _create(call: Call) -> Answer:
    item = content.create(call.repository, call.body, call.user.id, may_create(call))
    call.touch(item, 1)
    answer = _shown(call, item, 201)
    answer.location = f"/api/ibexa/v2/content/objects/{item.id}"
    return answer


def _find(call: Call) -> Answer:
    remote_id = call.request.param("remoteId")
    if remote_id is None:
        raise bad_request("'remoteId' parameter is required.")
    found = call.repository.content_by_remote_id(remote_id)
    if found is None:
        raise not_found("Content", remote_id, f"remote_id: {remote_id}")
    check_item(call, "read", found, {"remoteId": remote_id})
    return redirect(f"/content/objects/{found.id}")


def _get(call: Call) -> Answer:
    number = call.number("contentId")
    item = call.repository.ghosts.get(number) or call.repository.content(number)
    check_read(call, item)
    return _shown(call, item)


def _update(call: Call) -> Answer:
    changes = metadata.read(call.body)
    item = _picked(call)
    section = item.section_id
    call.touch(item)
    if changes.section_id is not None:
        check_section_change(call, item, changes.section_id)
        metadata.assign_section(call.repository, item, changes.section_id)
    if changes.is_of_content:
        check_item(call, "edit", item)
        metadata.apply(call.repository, item, changes)
    metadata.check_shown(item)
    call.touch(item)
    answer = _shown(call, item)
    # seen: the answer to a change of section still shows the old one (server-behaviour §10)
    answer.body["Content"]["Section"] = ref("Section", f"/content/sections/{section}")
    return answer


def _delete(call: Call) -> Answer:
    item = _picked(call)
    check_item(call, "remove", item)
    call.touch(item)
    tree.remove_content(call.repository, item)
    return no_content()


def _copy(call: Call) -> Answer:
    source = _picked(call)
    parent_id = inputs.whole((call.request.headers.get("destination") or "0").rpartition("/")[2])
    check_copy(call, source, call.repository.location(parent_id))
    copied = content.copy_item(call.repository, source, parent_id, call.user.id)
    call.touch(copied, copied.current)
    return created(f"/content/objects/{copied.id}")


def _set_hidden(call: Call, *, hidden: bool) -> Answer:
    item = _picked(call)
    check_item(call, "hide", item)
    call.touch(item)
    content.set_hidden(item, hidden=hidden)
    return no_content()


def _hide(call: Call) -> Answer:
    return _set_hidden(call, hidden=True)


def _reveal(call: Call) -> Answer:
    return _set_hidden(call, hidden=False)


def _delete_translation(call: Call) -> Answer:
    item = _picked(call)
    check_item(call, "remove", item)
    call.touch(item)
    content.delete_translation(item, call.params["languageCode"])
    return no_content()


def _search_deprecated(_call: Call) -> Answer:
    raise PhpError


_ITEM = "/content/objects/{contentId:int}"
ROUTES = (
    Route("content.create", "POST", "/content/objects", _create, "ContentCreate"),
    Route("content.find", "GET", "/content/objects", _find),
    Route("content.get", "GET", _ITEM, _get),
    Route("content.update_metadata", "PATCH", _ITEM, _update, "ContentUpdate"),
    Route("content.delete", "DELETE", _ITEM, _delete),
    Route("content.copy", "COPY", _ITEM, _copy),
    Route("content.hide", "POST", _ITEM + "/hide", _hide),
    Route("content.reveal", "POST", _ITEM + "/reveal", _reveal),
    Route("content.delete_translation", "DELETE", _ITEM + "/translations/{languageCode}", _delete_translation),
    Route("content.search_deprecated", "POST", "/content/views", _search_deprecated),
)
