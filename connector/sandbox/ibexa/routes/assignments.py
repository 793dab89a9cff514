"""Operations on role assignments, of users and of user groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import accounts, inputs, render_accounts, roles
from connector.sandbox.ibexa.access import check_write, may, refusal
from connector.sandbox.ibexa.errors import RestError, bad_request
from connector.sandbox.ibexa.limitations import of_role
from connector.sandbox.ibexa.policy_map import OF_ASSIGNMENTS
from connector.sandbox.ibexa.routes.users import group_place
from connector.sandbox.ibexa.wire import Answer, Call, Handler, Route, ref

Json = Any
Holder = Callable[[Call], tuple[int, str]]  # the content id of the user or group, and its path
_OF_USER = "/user/users/{userId:int}/roles"
_OF_GROUP = "/user/groups/{path:ids}/roles"
_ONE = "/{roleId:int}"


def _user(call: Call) -> tuple[int, str]:
    user, _ = accounts.user_of(call.repository, call.number("userId"))
    return user.id, f"/user/users/{user.id}"


def _group(call: Call) -> tuple[int, str]:
    return group_place(call).content_id, f"/user/groups/{call.params['path']}"


def _list_of(call: Call, holder: int, path: str) -> Answer:
    found = roles.assignments(call.repository, holder)
    if found and not may(call, "role/read"):
        raise refusal("role/read")
    entries = [render_accounts.assignment(path, each) for each in found]
    body = {**ref("RoleAssignmentList", path + "/roles"), "RoleAssignment": entries}
    return Answer(200, "RoleAssignmentList", {"RoleAssignmentList": body})


def _list(holder: Holder) -> Handler:
    return lambda call: _list_of(call, *holder(call))


def _assign(holder: Holder) -> Handler:
    def assign(call: Call) -> Answer:
        role_id, limitation = _wanted(call)
        content_id, path = holder(call)
        role = roles.by_id(call.repository, role_id)
        check_write(call, "role/read")
        check_write(call, "role/assign", lambda: of_role(call.repository, role.id, content_id))
        try:
            roles.assign(call.repository, role, content_id, limitation)
        except roles.LimitationError as error:
            raise bad_request("Limitations did not validate") from error
        return _list_of(call, content_id, path)

    return assign


def _wanted(call: Call) -> tuple[int, tuple[str, list[str]] | None]:
    """The role's id, and what the assignment is limited to."""
    body = call.body
    if "Role" not in body:
        raise bad_request("Missing 'Role' element for RoleAssignInput.")
    try:
        role_id = int(inputs.href(body["Role"], "role", "Invalid 'Role' element for RoleAssignInput."))
    except RestError as error:
        if error.status != 406:
            raise
        raise bad_request("Invalid format for <Role> reference in <RoleAssignInput>.") from error
    given = body.get("limitation")
    return role_id, _limitation(given) if isinstance(given, dict) else None


def _limitation(given: Json) -> tuple[str, list[str]]:
    """Section or Subtree, with paths of this API as values."""
    if "_identifier" not in given:
        raise bad_request("Missing '_identifier' attribute for Limitation.")
    name = given["_identifier"]
    if name not in OF_ASSIGNMENTS:
        media_type = f"application/vnd.ibexa.api.internal.limitation.{name}"
        raise bad_request(f"Unknown content type specification: '{media_type}'.")
    _, values = roles.read_limit(given)
    return name, [_READ[name](value) for value in values]


def _section(value: str) -> str:
    return inputs.href({"_href": value}, "section", "")


def _subtree(value: str) -> str:
    if not value.endswith("/"):
        raise bad_request("The '_href' attribute must end with a slash.")
    return "/" + inputs.href({"_href": value}, "subtree", "")


_READ = {"Section": _section, "Subtree": _subtree}


def _get(holder: Holder) -> Handler:
    def get(call: Call) -> Answer:
        content_id, path = holder(call)
        for each in roles.assignments(call.repository, content_id):
            check_write(call, "role/read")
            if each.role_id == call.number("roleId"):
                return Answer(200, "RoleAssignment", {"RoleAssignment": render_accounts.assignment(path, each)})
        raise RestError(404, f"Role assignment not found: '{call.request.path}'.")

    return get


def _unassign(holder: Holder) -> Handler:
    def unassign(call: Call) -> Answer:
        content_id, path = holder(call)
        role_id = call.number("roleId")
        if any(each.role_id == role_id for each in roles.assignments(call.repository, content_id)):
            check_write(call, "role/read")
            check_write(call, "role/assign", lambda: of_role(call.repository, role_id, content_id))
        roles.unassign(call.repository, role_id, content_id)
        return _list_of(call, content_id, path)

    return unassign


ROUTES = (
    Route("role_assignment.list_for_user", "GET", _OF_USER, _list(_user)),
    Route("role_assignment.assign_to_user", "POST", _OF_USER, _assign(_user), "RoleAssignInput"),
    Route("role_assignment.get_for_user", "GET", _OF_USER + _ONE, _get(_user)),
    Route("role_assignment.unassign_from_user", "DELETE", _OF_USER + _ONE, _unassign(_user)),
    Route("role_assignment.list_for_group", "GET", _OF_GROUP, _list(_group)),
    Route("role_assignment.assign_to_group", "POST", _OF_GROUP, _assign(_group), "RoleAssignInput"),
    Route("role_assignment.get_for_group", "GET", _OF_GROUP + _ONE, _get(_group)),
    Route("role_assignment.unassign_from_group", "DELETE", _OF_GROUP + _ONE, _unassign(_group)),
)
