"""Operations on roles and their drafts."""

from __future__ import annotations

from connector.sandbox.ibexa import inputs, render_accounts, roles
from connector.sandbox.ibexa.access import check_write, may
from connector.sandbox.ibexa.errors import RestError, broken, forbidden
from connector.sandbox.ibexa.model import Role
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, no_content, ref

_ONE = "/user/roles/{id:int}"
_DRAFT = _ONE + "/draft"


def picked(call: Call) -> Role:
    """The published role of the path, or 404, or 401."""
    role = roles.by_id(call.repository, call.number("id"))
    check_write(call, "role/read")
    return role


def picked_draft(call: Call) -> Role:
    """The draft of the path, by the role's id or its own."""
    draft = roles.draft_of(call.repository, call.number("id"))
    check_write(call, "role/read")
    return draft


def _shown(role: Role, status: int = 200, kind: str = "Role") -> Answer:
    answer = Answer(status, kind, {"Role": render_accounts.role(role)}, accept_patch="RoleInput")
    if status == 201:
        answer.location = f"{PREFIX}/user/roles/{role.id}"
    return answer


def _list(call: Call) -> Answer:
    identifier = call.request.param("identifier")
    if identifier is not None:
        one = roles.named(call.repository, identifier)
        if one is not None:
            check_write(call, "role/read")
        found = [one] if one else []
    else:
        found = _cut(call, roles.listed(call.repository) if may(call, "role/read") else [])
    body = {**ref("RoleList", "/user/roles"), "Role": [render_accounts.role(each) for each in found]}
    return Answer(200, "RoleList", {"RoleList": body})


def _cut(call: Call, found: list[Role]) -> list[Role]:
    limit, offset = call.request.param("limit"), inputs.whole(call.request.param("offset") or 0)
    page = found[max(offset, 0) :]
    size = -1 if limit is None else inputs.whole(limit)
    return page[:size] if size >= 0 else page


def _create(call: Call) -> Answer:
    identifier = call.body.get("identifier")
    if not isinstance(identifier, str) or not identifier:
        raise broken("identifier is missing")
    if not may(call, "role/create"):
        raise forbidden("The User does not have the 'create' 'role' permission")  # here a 403 (seen in the source)
    if roles.named(call.repository, identifier):
        raise broken("identifier is in use")
    draft = roles.new_draft(call.repository, identifier)
    if call.request.param("publish") in {None, "true"}:
        return _shown(roles.publish(call.repository, draft), 201)
    return _shown(draft, 201)


def _get(call: Call) -> Answer:
    return _shown(picked(call))


def _create_draft(call: Call) -> Answer:
    role = picked(call)
    if not may(call, "role/create"):
        raise forbidden("The User does not have the 'create' 'role' permission")
    try:
        return _shown(roles.start_draft(call.repository, role), 201)
    except RestError as error:
        raise forbidden(error.description) from error


def started(call: Call, role: Role) -> Role:
    """A draft for a change that is published at once."""
    check_write(call, "role/create")
    draft = roles.start_draft(call.repository, role)
    check_write(call, "role/update")
    return draft


def _update(call: Call) -> Answer:
    draft = started(call, picked(call))
    roles.rename(call.repository, draft, call.body.get("identifier"))
    return _shown(roles.publish(call.repository, draft))


def _delete(call: Call) -> Answer:
    role = picked(call)
    check_write(call, "role/delete")
    roles.delete(call.repository, role)
    return no_content()


def _get_draft(call: Call) -> Answer:
    return _shown(picked_draft(call), kind="RoleDraft")


def _update_draft(call: Call) -> Answer:
    draft = picked_draft(call)
    check_write(call, "role/update")
    roles.rename(call.repository, draft, call.body.get("identifier"))
    return _shown(draft, kind="RoleDraft")


def _publish_draft(call: Call) -> Answer:
    draft = picked_draft(call)
    check_write(call, "role/update")
    role = roles.publish(call.repository, draft)
    return Answer(204, location=f"{PREFIX}/user/roles/{role.id}")


def _delete_draft(call: Call) -> Answer:
    draft = roles.draft_by_id(call.repository, call.number("id"))  # by the draft's own id only (facts §16)
    check_write(call, "role/read")
    check_write(call, "role/delete")
    del call.repository.role_drafts[draft.id]
    return no_content()


ROUTES = (
    Route("role.list", "GET", "/user/roles", _list),
    Route("role.create", "POST", "/user/roles", _create, "RoleInput"),
    Route("role.get", "GET", _ONE, _get),
    Route("role.create_draft", "POST", _ONE, _create_draft),
    Route("role.update", "PATCH", _ONE, _update, "RoleInput"),
    Route("role.delete", "DELETE", _ONE, _delete),
    Route("role.get_draft", "GET", _DRAFT, _get_draft),
    Route("role.update_draft", "PATCH", _DRAFT, _update_draft, "RoleInput"),
    Route("role.publish_draft", "PUBLISH", _DRAFT, _publish_draft),
    Route("role.delete_draft", "DELETE", _DRAFT, _delete_draft),
)
