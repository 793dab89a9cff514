"""Operations on users: find, read, create, change, delete, their drafts; the current one."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import accounts, inputs, render, render_accounts, tree
from connector.sandbox.ibexa.access import check_item, check_place, may_item, may_read, refusal
from connector.sandbox.ibexa.changes import check_section_change, may_create
from connector.sandbox.ibexa.errors import RestError, broken, forbidden
from connector.sandbox.ibexa.model import Content, Location, User
from connector.sandbox.ibexa.permissions import access
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, no_content, redirect, ref

Json = Any
_ONE = "/user/users/{userId:int}"
_OF_GROUP = "/user/groups/{path:ids}/users"


def _picked(call: Call) -> tuple[User, Content]:
    return accounts.user_of(call.repository, call.number("userId"))


def _main_place(call: Call, item: Content) -> Location:
    return call.repository.location(item.main_location or 0)


def _shown(call: Call, user: User, item: Content, status: int = 200) -> Answer:
    body = {"User": render_accounts.user(call.repository, user, item)}
    return Answer(status, "User", body, accept_patch="UserUpdate")


def _list_of(call: Call, found: list[User], path: str) -> Answer:
    if call.wants("UserList"):
        entries = [render_accounts.user(call.repository, each, call.repository.contents[each.id]) for each in found]
        return Answer(200, "UserList", {"UserList": {**ref("UserList", path), "User": entries}})
    links = [render.user_ref(each.id) for each in found]
    return Answer(200, "UserRefList", {"UserRefList": {**ref("UserRefList", path), "User": links}})


def _current(call: Call) -> Answer:
    if not call.is_logged_in:
        raise RestError(401, "Not logged in.")
    return redirect(f"/user/users/{call.user.id}")


def _get(call: Call) -> Answer:
    user, item = _picked(call)
    check_place(call, _main_place(call, item))
    return _shown(call, user, item)


def _create(call: Call) -> Answer:
    group = group_place(call)
    item = accounts.create_user(call.repository, group, call.body, call.user.id, may_create(call))
    answer = _shown(call, call.repository.users[item.id], item, 201)
    answer.location = f"{PREFIX}/user/users/{item.id}"
    return answer


def group_place(call: Call) -> Location:
    """The location of a group in the path, of which only the last id counts; the group has to be readable."""
    place = call.repository.location(inputs.last_id(call.params["path"]))
    check_place(call, place)
    check_item(call, "read", call.repository.content(place.content_id))
    return place


def _update(call: Call) -> Answer:
    user, item = _picked(call)
    section = inputs.link(call.body, "Section", "section", "UserUpdate")
    if section is not None:
        check_section_change(call, item, int(section))
    check_item(call, "edit", item, {} if _changes_profile(call.body) else None)
    accounts.update_user(call.repository, user, item, call.body, call.user.id)
    if section is not None:
        item.section_id = int(section)
    return _shown(call, user, item)


def _changes_profile(body: Json) -> bool:
    return any(body.get(name) for name in ("fields", "email", "enabled", "remoteId", "mainLanguageCode"))


def _delete(call: Call) -> Answer:
    user, item = _picked(call)
    if user.id == call.user.id:
        raise forbidden("Cannot delete the currently authenticated User")
    check_item(call, "remove", item)
    accounts.forget(call.repository, item.id)
    tree.remove_content(call.repository, item)
    return no_content()


def _matching(call: Call) -> list[User]:
    """The users that the first filter given names, as far as the caller may read them; none is a 404."""
    found: list[User] = []
    for name, pick in _FILTERS:
        wanted = call.request.param(name)
        if wanted is not None:
            found = [each for each in pick(call, wanted) if may_read(call, call.repository.contents[each.id])]
            break
    if not found:
        raise RestError(404, "Could not find Users with the given filter")
    return found


def _with_role(call: Call, wanted: str) -> list[User]:
    role_id = int(inputs.href({"_href": wanted}, "role", ""))
    if access(call.repository, call.user.id, "role", "read") is False:
        return []
    holders = {each.holder for each in call.repository.assignments.values() if each.role_id == role_id}
    return [user for user in call.repository.users.values() if user.id in holders]


def _with_remote_id(call: Call, wanted: str) -> list[User]:
    item = call.repository.content_by_remote_id(wanted)
    user = call.repository.users.get(item.id) if item else None
    return [user] if user else []


def _with_login(call: Call, wanted: str) -> list[User]:
    user = accounts.user_named(call.repository, wanted)
    return [user] if user else []


def _with_email(call: Call, wanted: str) -> list[User]:
    return [each for each in call.repository.users.values() if each.email.lower() == wanted.lower()]


_FILTERS = (("roleId", _with_role), ("remoteId", _with_remote_id), ("login", _with_login), ("email", _with_email))


def _find(call: Call) -> Answer:
    return _list_of(call, _matching(call), "/user/users")


def _check(call: Call) -> Answer:
    _matching(call)
    return Answer(200)


def page(call: Call, found: list[Any], *, zero_is_broken: bool = True) -> list[Any]:
    """Offset and limit of the listings below users and groups: 25 at a time; limit=0 is a 500 (server-behaviour §7)."""
    limit, offset = inputs.whole(call.request.param("limit") or 25), inputs.whole(call.request.param("offset") or 0)
    if call.request.param("limit") is not None:
        limit = inputs.whole(call.request.param("limit"))
    if limit == 0 and zero_is_broken:
        raise broken("limit must be positive")
    start, size = max(offset, 0), limit if limit >= 0 else 25
    return found[start : start + size]


def _list_for_group(call: Call) -> Answer:
    place = group_place(call)
    below = [call.repository.contents[each.content_id] for each in call.repository.children(place)]
    users = [call.repository.users[each.id] for each in below if each.id in call.repository.users]
    readable = [each for each in users if may_read(call, call.repository.contents[each.id])]
    return _list_of(call, page(call, readable), f"/user/groups/{call.params['path']}/users")


def _list_drafts(call: Call) -> Answer:
    user, _ = _picked(call)
    if access(call.repository, call.user.id, "content", "versionread") is False:
        raise refusal("versionread")
    drafts = [
        (item, version)
        for item in call.repository.contents.values()
        for version in item.versions.values()
        if version.status == "DRAFT" and version.creator == user.id
    ]
    for item, version in drafts:
        if not may_item(call, "versionread", item, version=version):
            raise refusal("versionread", {"contentId": item.id})
    entries = [
        {
            "Version": ref("Version", f"/content/objects/{item.id}/versions/{version.number}"),
            "VersionInfo": render.version_info(item, version),
        }
        for item, version in sorted(drafts, key=lambda pair: pair[1].id)
    ]
    body = {**ref("VersionList", f"/user/users/{user.id}/drafts"), "VersionItem": entries}
    return Answer(200, "VersionList", {"VersionList": body})


ROUTES = (
    Route("user.get_current", "GET", "/user/current", _current),
    Route("user.find", "GET", "/user/users", _find),
    Route("user.check", "HEAD", "/user/users", _check),
    Route("user.get", "GET", _ONE, _get),
    Route("user.update", "PATCH", _ONE, _update, "UserUpdate"),
    Route("user.delete", "DELETE", _ONE, _delete),
    Route("user.list_for_group", "GET", _OF_GROUP, _list_for_group),
    Route("user.create", "POST", _OF_GROUP, _create, "UserCreate"),
    Route("content_version.list_drafts_of_user", "GET", _ONE + "/drafts", _list_drafts),
)
