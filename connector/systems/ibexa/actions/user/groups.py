"""The user groups that a user is in, and the roles that it has: what lacks is added, nothing is taken away.

Ibexa takes any Location for a user group, and makes users below a folder too, where nobody looks for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.ibexa.actions.base import checked, refuse
from connector.systems.ibexa.actions.content.refers import last_id, path_of
from connector.systems.ibexa.gateway import Gateway

_GROUPS = "/api/ibexa/v2/user/groups"
_GROUP = "group"
_MANY = 1000
"""Groups of one user; the server gives 25 when nothing is said."""


def group_path(gateway: Gateway, group: Json, where: str) -> str:
    """The path of a user group that is there.

    Raises:
        NotThereYet: there is none yet.
        Ended: Refused: it is something else.
    """
    path = path_of(gateway, group, "user group", where)
    kind = gateway.group_type(path)
    if kind is not None and not is_group(kind):
        message = f"/{path} is no user group: its content type is {kind}"
        pointer = "/" + where.replace(".", "/").replace("[", "/").removesuffix("]")
        hint = "Name a user group, such as /1/5/12; the tree of users shows them."
        raise refuse("IBX450", message, hint, where, pointer)
    return path


def is_group(content_type: str) -> bool:
    """Whether a content type is one of user groups, by its name: a site may have further ones."""
    return _GROUP in content_type


def group_paths(gateway: Gateway, groups: Sequence[Json]) -> dict[int, str]:
    """The user groups by the ids of their Locations.

    Raises:
        NotThereYet: there is no such group yet.
        Ended: Refused: one is something else.
    """
    listed = [group_path(gateway, one, f"payload.groups[{number}]") for number, one in enumerate(groups)]
    return {last_id(path): path for path in listed}


def bring_groups(gateway: Gateway, user: int, paths: Mapping[int, str]) -> list[str]:
    """Put the user into the groups in which it is not; returns what changed, for people.

    Raises:
        Ended, ClientError: it could not be done.
    """
    there = _groups_of(gateway, user) if paths else set()
    changed = []
    for number, path in paths.items():
        if number in there:
            continue
        message = Message(path={"userId": user}, query={"group": f"{_GROUPS}/{path}"})
        answer = gateway.call("user_group.assign_user", message)
        if answer.status != 406 or number not in _groups_of(gateway, user):  # 406: somebody was faster
            checked(answer)
            changed.append(f"group {path}")
    return changed


def role_hrefs(gateway: Gateway, roles: Sequence[str]) -> dict[str, str]:
    """Roles by their hrefs.

    Raises:
        Ended: Refused: there is no such role.
        ClientError: it cannot be said.
    """
    return {_role(gateway, name): name for name in roles}


def bring_roles(gateway: Gateway, user: int, hrefs: Mapping[str, str]) -> list[str]:
    """Give the user the roles that it has not; one that it has in a limited form is never widened.

    Raises:
        Ended, ClientError: it could not be done.
    """
    if not hrefs:
        return []
    listed = checked(gateway.call("role_assignment.list_for_user", Message(path={"userId": user})))
    rows = listed.body("RoleAssignmentList").get("RoleAssignment", [])
    there = {last_id(str(row["Role"]["_href"])) for row in rows}
    missing = {href: name for href, name in hrefs.items() if last_id(href) not in there}
    for href in missing:
        message = Message(path={"userId": user}, payload={"Role": {"_href": href}})
        checked(gateway.call("role_assignment.assign_to_user", message))
    return [f"role {name}" for name in missing.values()]


def _groups_of(gateway: Gateway, user: int) -> set[int]:
    """The Location ids of the groups that it is in."""
    message = Message(path={"userId": user}, query={"limit": _MANY})
    rows = checked(gateway.call("user_group.list_for_user", message)).body("UserGroupRefList").get("UserGroup", [])
    return {last_id(str(row["_href"])) for row in rows}


def _role(gateway: Gateway, identifier: str) -> str:
    answer = checked(gateway.call("role.list", Message(query={"identifier": identifier})))
    rows = answer.body("RoleList").get("Role", [])
    href = next((str(row["_href"]) for row in rows if row.get("identifier") == identifier), "")
    if not href:
        message = f"there is no role '{identifier}' in Ibexa"
        raise refuse("IBX421", message, "Make it in Ibexa, or correct the message.", "roles")
    return href
