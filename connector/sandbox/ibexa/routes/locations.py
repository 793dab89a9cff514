"""Operations on locations: find, read, children, add, change, move, copy, swap, delete."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import addresses, content, inputs, render, tree
from connector.sandbox.ibexa.access import check_item, check_place, check_read, may_read
from connector.sandbox.ibexa.changes import check_removal, check_target, check_trash
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, conflict, incorrect, not_found, refused
from connector.sandbox.ibexa.model import Content, Location
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, created, no_content, redirect, ref

Json = Any
_PLACE = "/content/locations/{path:ids}"


def _shown(call: Call, place: Location, status: int = 200) -> Answer:
    body = {"Location": render.location(call.repository, place)}
    return Answer(status, "Location", body, accept_patch="LocationUpdate")


def _picked(call: Call, *, exactly: bool = False) -> Location:
    """The location of the path, of which all but a read looks at the last id only (server-behaviour §10)."""
    path = call.params["path"]
    place = call.repository.location_at(path) if exactly else call.repository.location(inputs.last_id(path))
    item = call.repository.contents.get(place.content_id)
    if item is not None:
        check_place(call, place)
        call.touch(item)
    return place


def _content(call: Call, place: Location) -> Content:
    return call.repository.content(place.content_id)


def _find(call: Call) -> Answer:
    number, remote_id, alias = (call.request.param(name) for name in ("id", "remoteId", "urlAlias"))
    if number is not None:
        place: Location | None = call.repository.location(inputs.whole(number))
    elif remote_id is not None:
        place = call.repository.location_by_remote_id(remote_id)
        if place is None:
            raise not_found("Location", remote_id)
    elif alias is not None:
        place = addresses.look_up(call.repository, alias)
    else:
        raise bad_request("At least one of 'id', 'remoteId' or 'urlAlias' parameters is required.")
    if place is not None:
        check_place(call, place)
    return redirect(f"/content/locations/{place.href_path}" if place else "")


def _get(call: Call) -> Answer:
    ghost = call.repository.ghost_places.get(inputs.last_id(call.params["path"]))
    if ghost is not None and ghost.href_path == call.params["path"]:
        check_read(call, call.repository.ghosts[ghost.content_id])
        return _shown(call, ghost)
    return _shown(call, _picked(call, exactly=True))


def _list_of(call: Call, places: list[Location], path: str) -> Answer:
    links = [
        ref("Location", f"/content/locations/{place.href_path}")
        for place in places
        if may_read(call, call.repository.contents[place.content_id], place)
    ]
    return Answer(200, "LocationList", {"LocationList": {**ref("LocationList", path), "Location": links}})


def _children(call: Call) -> Answer:
    # only the last id of the path counts here (server-behaviour §10)
    place = call.repository.location(inputs.last_id(call.params["path"]))
    check_place(call, place)
    limit, offset = call.request.param("limit"), inputs.whole(call.request.param("offset") or 0)
    size = 10 if limit is None else inputs.whole(limit)
    found = call.repository.children(place)
    if size < 0:
        size = 25
    page = found[offset : offset + size] if size else found[offset:]
    return _list_of(call, page, f"/content/locations/{call.params['path']}/children")


def _list_for_content(call: Call) -> Answer:
    item = call.repository.content(call.number("contentId"))
    check_item(call, "read", item)
    if item.main_location is None:
        raise conflict("$contentInfo", "The Content item has no published versions")
    places = [call.repository.locations[each] for each in item.locations]
    return _list_of(call, places, f"/content/objects/{item.id}/locations")


def _create(call: Call) -> Answer:
    wanted = inputs.new_location(call.body)
    item = call.repository.content(call.number("contentId"))
    check_item(call, "read", item)
    call.touch(item)
    check_item(call, "manage_locations", item)
    parent = call.repository.location(wanted.parent_id)
    check_item(call, "create", item, {"locationId": parent.id}, places=(parent,))
    place = tree.add(call.repository, item, wanted)
    answer = _shown(call, place, 201)
    answer.location = f"{PREFIX}/content/locations/{place.href_path}"
    return answer


def _update(call: Call) -> Answer:
    place, body = _picked(call), call.body
    check_item(call, "edit", _content(call, place), {"locationId": place.id}, places=(place,))
    if "remoteId" in body:
        _change_remote_id(call, place, body["remoteId"])
    if "priority" in body:
        place.priority = inputs.whole(body["priority"])
    if "sortField" in body:
        place.sort_field = inputs.sort_field(body["sortField"])
    if "sortOrder" in body:
        place.sort_order = inputs.sort_order(body["sortOrder"])
    if "hidden" in body:
        place.hidden = inputs.boolean(body["hidden"], "hidden")
    return _shown(call, place)


def _change_remote_id(call: Call, place: Location, value: Json) -> None:
    if not isinstance(value, str) or not value:
        raise incorrect("remoteId", value, "LocationUpdateStruct")
    owner = call.repository.location_by_remote_id(value)
    if owner is not None and owner is not place:
        raise refused("locationUpdateStruct", "Location with the provided remote ID already exists")
    call.repository.rename_location(place, value)


def _target(call: Call, *, is_move: bool = False) -> Location:
    destination = call.request.headers.get("destination")
    if destination is None:
        raise PhpError
    try:
        path = inputs.routed(destination, "location")
    except RestError as error:
        if is_move:
            raise bad_request(f"{destination} is not an acceptable destination") from error
        raise
    target = call.repository.location(inputs.last_id(path))
    check_place(call, target)
    return target


def _move(call: Call) -> Answer:
    place = _picked(call)
    if call.request.headers.get("destination") == f"{PREFIX}/content/trash":
        check_trash(call, place)
        if tree.to_trash(call.repository, place):
            return created(f"/content/trash/{place.id}")
        return no_content()
    target = _target(call, is_move=True)
    check_target(call, place, target)
    tree.move(call.repository, place, target)
    return created(f"/content/locations/{place.href_path}")


def _copy(call: Call) -> Answer:
    place = _picked(call)
    target = _target(call)
    check_target(call, place, target)
    if target.path.startswith(place.path):
        raise refused("targetParentLocation", "Cannot copy subtree to its own descendant Location")
    copied = _copy_subtree(call, place, target)
    return created(f"/content/locations/{copied.href_path}")


def _copy_subtree(call: Call, place: Location, target: Location) -> Location:
    source = call.repository.content(place.content_id)
    below = call.repository.children(place)
    copied = content.copy_item(call.repository, source, target.id, call.user.id)
    root = call.repository.locations[copied.locations[0]]
    for child in below:
        _copy_subtree(call, child, root)
    return root


def _swap(call: Call) -> Answer:
    place = _picked(call)
    target = _target(call)
    for each in (place, target):
        check_item(call, "edit", _content(call, each), {"locationId": each.id}, places=(each,))
    tree.swap(place, target, call.repository)
    return no_content()


def _delete(call: Call) -> Answer:
    place = _picked(call)
    check_removal(call, place)
    tree.remove_location(call.repository, place)
    return no_content()


ROUTES = (
    Route("location.find", "GET", "/content/locations", _find),
    Route("location.list_children", "GET", _PLACE + "/children", _children),
    Route("location.get", "GET", _PLACE, _get),
    Route("location.update", "PATCH", _PLACE, _update, "LocationUpdate"),
    Route("location.move", "MOVE", _PLACE, _move),
    Route("location.copy", "COPY", _PLACE, _copy),
    Route("location.swap", "SWAP", _PLACE, _swap),
    Route("location.delete", "DELETE", _PLACE, _delete),
    Route("location.create", "POST", "/content/objects/{contentId:int}/locations", _create, "LocationCreate"),
    Route("location.list_for_content", "GET", "/content/objects/{contentId:int}/locations", _list_for_content),
)
