"""Users, user groups, roles and what belongs to them, as the REST API writes them."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import render
from connector.sandbox.ibexa.model import Assignment, Content, Location, Policy, Role, User
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import PREFIX, media, ref

Json = Any


def user(repository: Repository, account: User, item: Content) -> Json:
    """A user with the fields of the item."""
    path = f"/user/users/{item.id}"
    place = repository.locations[item.main_location or 1]
    shown = _head(repository, item, place, "User", path)
    shown["Groups"] = ref("UserGroupRefList", path + "/groups")
    return {
        **shown,
        **_tail(repository, item),
        "login": account.login,
        "email": account.email,
        "enabled": account.enabled,
        "UserGroups": ref("UserGroupList", path + "/groups"),
        "Roles": ref("RoleAssignmentList", path + "/roles"),
    }


def group(repository: Repository, item: Content, place: Location) -> Json:
    """A user group at one of its locations."""
    path = f"/user/groups/{place.href_path}"
    return {
        **_head(repository, item, place, "UserGroup", path),
        **_tail(repository, item),
        "ParentUserGroup": ref("UserGroup", path.rpartition("/")[0]),
        "Subgroups": ref("UserGroupList", path + "/subgroups"),
        "Users": ref("UserList", path + "/users"),
        "Roles": ref("RoleAssignmentList", path + "/roles"),
    }


def group_ref(place: Location) -> Json:
    """A link to a user group."""
    return ref("UserGroup", f"/user/groups/{place.href_path}")


def _head(repository: Repository, item: Content, place: Location, name: str, path: str) -> dict[str, Json]:
    main = repository.locations.get(item.main_location or place.id, place)
    return {
        "_media-type": media(name),
        "_href": PREFIX + path,
        "_id": item.id,
        "_remoteId": item.remote_id,
        "ContentType": ref("ContentType", f"/content/types/{item.type_id}"),
        "name": item.name,
        "Versions": ref("VersionList", f"/content/objects/{item.id}/versions"),
        "Section": ref("Section", f"/content/sections/{item.section_id}"),
        "MainLocation": ref("Location", f"/content/locations/{main.href_path}"),
        "Locations": ref("LocationList", f"/content/objects/{item.id}/locations"),
    }


def _tail(repository: Repository, item: Content) -> dict[str, Json]:
    return {
        "Owner": render.user_ref(item.owner),
        "publishDate": render.date(item.published),
        "lastModificationDate": render.date(item.modified),
        "mainLanguageCode": item.main_language,
        "alwaysAvailable": item.always_available,
        "Version": render.version(repository, item, item.version),
    }


def role(shown: Role) -> Json:
    """A role or its draft."""
    path = f"/user/roles/{shown.id}"
    policies = ref("PolicyList", path + "/policies")
    return {**ref("Role", path), "identifier": shown.identifier, "Policies": policies}


def policy(role_id: int, shown: Policy, *, of_draft: bool = False) -> Json:
    """A policy; one of a draft also says which it takes the place of."""
    body: dict[str, Json] = {**ref("Policy", f"/user/roles/{role_id}/policies/{shown.id}"), "id": shown.id}
    if of_draft:
        body["originalId"] = shown.original_id
    body |= {"module": shown.module, "function": shown.function}
    if shown.limitations:
        entries = [_limitation(name, values) for name, values in shown.limitations.items()]
        body["limitations"] = {"limitation": entries}
    return body


def assignment(path: str, shown: Assignment) -> Json:
    """A role assignment of the user or group at ``path``."""
    body: dict[str, Json] = ref("RoleAssignment", f"{path}/roles/{shown.role_id}")
    if shown.limitation:
        body["limitation"] = _limitation(shown.limitation[0], [shown.limitation[1]])
    return body | {"Role": ref("Role", f"/user/roles/{shown.role_id}")}


def _limitation(name: str, values: list[str]) -> Json:
    refs = [{"_media-type": media("ref"), "_href": value} for value in values]
    return {"_identifier": name, "values": {"ref": refs}}
