"""Operations on the trash: list, read, restore, delete, empty."""

from __future__ import annotations

from connector.sandbox.ibexa import inputs, render, tree
from connector.sandbox.ibexa.access import check_write, may_item, may_read, refusal
from connector.sandbox.ibexa.errors import forbidden, not_found
from connector.sandbox.ibexa.model import Content, Location
from connector.sandbox.ibexa.wire import Answer, Call, Route, created, no_content, ref

_ONE = "/content/trash/{trashItemId:int}"


def _picked(call: Call) -> Location:
    place = call.repository.trash.get(call.number("trashItemId"))
    if place is None:
        raise not_found("Trash", call.params["trashItemId"])
    call.touch(call.repository.content(place.content_id))
    return place


def _content(call: Call, place: Location) -> Content:
    return call.repository.content(place.content_id)


def _allowed(call: Call) -> Location:
    place = _picked(call)
    for function in ("read", "restore"):
        if not may_item(call, function, _content(call, place)):
            raise refusal(function)
    return place


def _refuse_orphans(call: Call) -> None:
    """404 for everyone once an item was deleted while it lay in the trash (server-behaviour §10)."""
    for place in call.repository.trash.values():
        call.repository.content(place.content_id)


def _list(call: Call) -> Answer:
    _refuse_orphans(call)
    # seen in the source: cut first, then what may not be read falls out, so a page can be short (facts §8)
    found = list(call.repository.trash.values())
    limit = inputs.whole(call.request.param("limit") or 0) if call.request.param("limit") is not None else -1
    if limit >= 0:  # offset without limit is ignored (facts §8)
        start = max(0, inputs.whole(call.request.param("offset") or 0))
        found = found[start : start + limit]
    entries = [render.trash_item(call.repository, place) for place in found if may_read(call, _content(call, place))]
    body = {"Trash": {**ref("Trash", "/content/trash"), "TrashItem": entries}}
    return Answer(200, "Trash", body, accept_patch="ContentUpdate" if entries else None)


def _get(call: Call) -> Answer:
    place = _allowed(call)
    body = {"TrashItem": render.trash_item(call.repository, place)}
    return Answer(200, "TrashItem", body, accept_patch="ContentUpdate")


def _wanted(destination: str) -> int:
    return inputs.last_id(inputs.routed(destination, "location"))


def _parent(call: Call, parent_id: int) -> Location:
    parent = call.repository.locations.get(parent_id)
    if parent is None:
        raise forbidden(f"Could not find 'location' with identifier '{parent_id}'")
    return parent


def _restore(call: Call) -> Answer:
    destination = call.request.headers.get("destination")
    parent = None if destination is None else _parent(call, _wanted(destination))  # read before the item is
    place = _allowed(call)
    if parent is None:
        parent = _parent(call, place.parent_id)
    restored = tree.restore(call.repository, place, parent)
    return created(f"/content/locations/{restored.href_path}")


def _delete(call: Call) -> Answer:
    place = _allowed(call)
    check_write(call, "cleantrash")
    tree.delete_from_trash(call.repository, place)
    return no_content()


def _empty(call: Call) -> Answer:
    check_write(call, "cleantrash")
    _refuse_orphans(call)
    for place in list(call.repository.trash.values()):
        tree.delete_from_trash(call.repository, place)
    return no_content()


ROUTES = (
    Route("trash.list", "GET", "/content/trash", _list),
    Route("trash.empty", "DELETE", "/content/trash", _empty),
    Route("trash.get", "GET", _ONE, _get),
    Route("trash.restore", "MOVE", _ONE, _restore),
    Route("trash.delete", "DELETE", _ONE, _delete),
)
