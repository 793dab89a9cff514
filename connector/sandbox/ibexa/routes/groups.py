"""Operations on user groups: find, read, create, change, move, delete; who is in them."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import accounts, inputs, render_accounts, tree
from connector.sandbox.ibexa.access import check_item, check_place, may_read, refusal
from connector.sandbox.ibexa.changes import check_removal, check_section_change, check_target, may_create
from connector.sandbox.ibexa.errors import PhpError, RestError, conflict, forbidden, refused
from connector.sandbox.ibexa.model import Content, Location, NewLocation, User
from connector.sandbox.ibexa.permissions import access
from connector.sandbox.ibexa.routes.users import group_place, page
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, created, no_content, ref

Json = Any
_ONE = "/user/groups/{path:ids}"
_OF_USER = "/user/users/{userId:int}/groups"


def _item(call: Call, place: Location) -> Content:
    return call.repository.content(place.content_id)


def _shown(call: Call, place: Location, status: int = 200) -> Answer:
    body = {"UserGroup": render_accounts.group(call.repository, _item(call, place), place)}
    answer = Answer(status, "UserGroup", body, accept_patch="UserGroupUpdate")
    if status == 201:
        answer.location = f"{PREFIX}/user/groups/{place.href_path}"
    return answer


def _list_of(call: Call, places: list[Location], path: str) -> Answer:
    if call.wants("UserGroupList"):
        entries = [render_accounts.group(call.repository, _item(call, place), place) for place in places]
        return Answer(200, "UserGroupList", {"UserGroupList": {**ref("UserGroupList", path), "UserGroup": entries}})
    return _refs([render_accounts.group_ref(place) for place in places], path)


def _refs(links: list[Json], path: str) -> Answer:
    body = {"UserGroupRefList": {**ref("UserGroupRefList", path), "UserGroup": links}}
    return Answer(200, "UserGroupRefList", body)


def _find(call: Call) -> Answer:
    places: list[Location] = []
    for name, pick in (("id", _by_id), ("roleId", _by_role), ("remoteId", _by_remote_id)):
        wanted = call.request.param(name)
        if wanted is not None:
            places = pick(call, wanted)
            break
    return _list_of(call, places, "/user/groups")


def _main(call: Call, item: Content | None) -> Location:
    """The main location of a readable item; none at all is a PHP type error (server-behaviour §10)."""
    if item is None or item.main_location is None:
        raise PhpError
    check_item(call, "read", item)
    return call.repository.locations[item.main_location]


def _by_id(call: Call, wanted: str) -> list[Location]:
    return [_main(call, call.repository.contents.get(inputs.whole(wanted)))]


def _by_role(call: Call, wanted: str) -> list[Location]:
    if access(call.repository, call.user.id, "role", "read") is False:
        raise refusal("role/read")
    holders = [each.holder for each in call.repository.assignments.values() if each.role_id == inputs.whole(wanted)]
    groups = [each for each in dict.fromkeys(holders) if each not in call.repository.users]
    return [_main(call, call.repository.contents.get(each)) for each in groups]


def _by_remote_id(call: Call, wanted: str) -> list[Location]:
    item = call.repository.content_by_remote_id(wanted)
    if item is None:
        raise RestError(404, f"Could not find 'Content' with identifier '{wanted}'")
    return [_main(call, item)]


def _get_root(_call: Call) -> Answer:
    return Answer(301, location=f"{PREFIX}/user/groups//1/5")  # seen: a path that leads nowhere


def _get_nowhere(call: Call) -> Answer:
    raise RestError(404, f"Could not find a Location with path string /{call.params['path']}")


def _get(call: Call) -> Answer:
    place = call.repository.location(inputs.last_id(call.params["path"]))
    check_place(call, place)
    if place.href_path != call.params["path"]:
        raise RestError(404, f"Could not find a Location with path string {call.params['path']}")
    return _shown(call, place)


def _create_below(call: Call, parent: Location) -> Answer:
    item = accounts.create_group(call.repository, parent, call.body, call.user.id, may_create(call))
    return _shown(call, call.repository.locations[item.main_location or 0], 201)


def _create(call: Call) -> Answer:
    return _create_below(call, group_place(call))


def _create_top_level(call: Call) -> Answer:
    root = call.repository.location(accounts.ROOT_GROUP)
    check_place(call, root)
    return _create_below(call, root)


def _update(call: Call) -> Answer:
    place = group_place(call)
    item = _item(call, place)
    section = inputs.link(call.body, "Section", "section", "UserGroupUpdate")
    if section is not None:
        check_section_change(call, item, int(section))
    if set(call.body) - {"Section"}:
        check_item(call, "edit", item)
    accounts.update_group(call.repository, item, call.body, call.user.id)
    if section is not None:
        item.section_id = int(section)
    return _shown(call, place)


def _delete(call: Call) -> Answer:
    place = group_place(call)
    below = [each.content_id for each in call.repository.children(place)]
    if any(each in call.repository.users for each in below):
        raise forbidden("Cannot delete non-empty User Groups")
    item = _item(call, place)
    check_item(call, "remove", item)
    accounts.forget(call.repository, item.id)
    tree.remove_content(call.repository, item)
    return no_content()


def _move(call: Call) -> Answer:
    place = group_place(call)
    destination = call.request.headers.get("destination")
    if destination is None:
        raise PhpError
    number = inputs.last_id(inputs.routed(destination, "group"))
    target = call.repository.locations.get(number)
    if target is None:
        raise forbidden(f"Could not find 'location' with identifier '{number}'")
    check_place(call, target)
    check_target(call, place, target)
    tree.move(call.repository, place, target)
    return created(f"/user/groups/{place.href_path}")


def _list_subgroups(call: Call) -> Answer:
    place = group_place(call)
    below = [each for each in call.repository.children(place) if _is_group(call, each)]
    return _list_of(call, page(call, below, zero_is_broken=False), f"/user/groups/{call.params['path']}/subgroups")


def _is_group(call: Call, place: Location) -> bool:
    item = _item(call, place)
    return item.type_id == accounts.GROUP_TYPE and may_read(call, item)


# -- a user's groups --------------------------------------------------------------------------------------------------


def _user(call: Call) -> tuple[User, Content]:
    return accounts.user_of(call.repository, call.number("userId"))


def _groups_of(call: Call, item: Content) -> Answer:
    places = [call.repository.locations[call.repository.locations[each].parent_id] for each in item.locations]
    found = [each for each in places if _is_group(call, each)]
    links = [render_accounts.group_ref(place) for place in page(call, found, zero_is_broken=False)]
    path = f"/user/users/{item.id}/groups"
    if len(links) > 1:
        for place, link in zip(found, links, strict=False):
            link["unassign"] = {"_href": f"{PREFIX}{path}/{place.id}", "_method": "DELETE"}
    return _refs(links, path)


def _list_for_user(call: Call) -> Answer:
    _, item = _user(call)
    check_item(call, "read", item, {})
    return _groups_of(call, item)


def _assign_user(call: Call) -> Answer:
    _, item = _user(call)
    wanted = call.request.param("group")
    last = "" if wanted is None else wanted.rpartition("/")[2]
    if not last.isdigit():
        raise PhpError
    group_id = int(last)
    group = call.repository.locations.get(group_id)
    if group is None:
        raise forbidden(f"Could not find 'location' with identifier '{group_id}'")
    check_place(call, group)
    if any(call.repository.locations[each].parent_id == group.id for each in item.locations):
        raise refused("user", "User is already in the given User Group")
    try:
        check_item(call, "manage_locations", item)
        check_item(call, "create", item, {"locationId": group.id}, places=(group,))
    except RestError as error:
        raise forbidden(error.description) from error  # here a missing permission is a 403 (seen in the source)
    tree.put(call.repository, item, NewLocation(group.id, "PATH", "ASC"), group)
    return _groups_of(call, item)


def _unassign_user(call: Call) -> Answer:
    _, item = _user(call)
    group = call.repository.location(inputs.whole(call.params["groupId"]))
    check_place(call, group)
    own = [each for each in item.locations if call.repository.locations[each].parent_id == group.id]
    if not own:
        raise forbidden("Argument 'userGroup' is invalid: User is not in the given User Group")
    if len(item.locations) == 1:
        raise conflict("user", "User only has one User Group, cannot unassign from last group")
    check_removal(call, call.repository.locations[own[0]])
    tree.remove_location(call.repository, call.repository.locations[own[0]])
    return _groups_of(call, item)


ROUTES = (
    Route("user_group.find", "GET", "/user/groups", _find),
    Route("user_group.get_root", "GET", "/user/groups/root", _get_root),
    Route("user_group.create_top_level", "POST", "/user/groups/subgroups", _create_top_level, "UserGroupCreate"),
    Route("user_group.get", "GET", _ONE, _get),
    Route("user_group.get", "GET", "/user/groups//{path:ids}", _get_nowhere),
    Route("user_group.update", "PATCH", _ONE, _update, "UserGroupUpdate"),
    Route("user_group.delete", "DELETE", _ONE, _delete),
    Route("user_group.move", "MOVE", _ONE, _move),
    Route("user_group.list_subgroups", "GET", _ONE + "/subgroups", _list_subgroups),
    Route("user_group.create", "POST", _ONE + "/subgroups", _create, "UserGroupCreate"),
    Route("user_group.list_for_user", "GET", _OF_USER, _list_for_user),
    Route("user_group.assign_user", "POST", _OF_USER, _assign_user),
    Route("user_group.unassign_user", "DELETE", _OF_USER + "/{groupId:int}", _unassign_user),
)
