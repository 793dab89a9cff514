"""Operations on the policies of roles: a change of a published role is made in a draft and published at once."""

from __future__ import annotations

from connector.sandbox.ibexa import accounts, inputs, render_accounts, roles
from connector.sandbox.ibexa.access import check_write, may, may_read, refusal
from connector.sandbox.ibexa.errors import bad_request, broken
from connector.sandbox.ibexa.model import Policy, Role
from connector.sandbox.ibexa.permissions import assignments_of
from connector.sandbox.ibexa.routes.roles import picked, started
from connector.sandbox.ibexa.wire import Answer, Call, Route, no_content, ref

_ALL = "/user/roles/{id:int}/policies"
_ONE = _ALL + "/{policyId:int}"
_INVALID = "Limitations did not validate"


def _own_draft(call: Call) -> Role | None:
    """The draft, where the id in the path is a draft's own; a change stays in it then."""
    draft = call.repository.role_drafts.get(call.number("id"))
    if draft is not None:
        check_write(call, "role/read")
        check_write(call, "role/update")
    return draft


def _shown(role_id: int, policy: Policy, *, of_draft: bool = False) -> Answer:
    body = {"Policy": render_accounts.policy(role_id, policy, of_draft=of_draft)}
    return Answer(200, "PolicyDraft" if of_draft else "Policy", body, accept_patch="PolicyUpdate")


def _list_of(found: list[tuple[int, Policy]], path: str) -> Answer:
    entries = [render_accounts.policy(role_id, each) for role_id, each in found]
    return Answer(200, "PolicyList", {"PolicyList": {**ref("PolicyList", path), "Policy": entries}})


def _list(call: Call) -> Answer:
    role = picked(call)
    return _list_of([(role.id, each) for each in role.policies], f"/user/roles/{role.id}/policies")


def _get(call: Call) -> Answer:
    role = picked(call)
    return _shown(role.id, _one(call, role, lambda each: each.id))


def _one(call: Call, role: Role, key: roles.PolicyKey) -> Policy:
    number = call.number("policyId")
    for each in role.policies:
        if key(each) == number:
            return each
    raise roles.policy_not_found(call.request.path)


def _create(call: Call) -> Answer:
    for name in ("module", "function"):
        if name not in call.body:
            raise bad_request(f"Missing '{name}' attribute for PolicyCreate.")
    wanted = (str(call.body["module"]), str(call.body["function"]), roles.read_limits(call.body, "PolicyCreate"))
    draft = _own_draft(call)
    try:
        if draft is not None:
            policy = roles.add_policy(call.repository, draft, *wanted)
            answer = _shown(draft.id, policy, of_draft=True)
        else:
            draft = started(call, picked(call))
            policy = roles.add_policy(call.repository, draft, *wanted)
            # seen: the link names the draft's id, which is gone when the answer arrives (server-behaviour §10)
            answer = _shown(draft.id, policy)
            roles.publish(call.repository, draft)
    except roles.LimitationError as error:
        raise bad_request(_INVALID) if _own_draft(call) else broken(_INVALID) from error
    answer.status = 201
    answer.location = str(answer.body["Policy"]["_href"])
    return answer


def _update(call: Call) -> Answer:
    limits = roles.read_limits(call.body, "PolicyUpdate")
    draft = _own_draft(call)
    try:
        if draft is not None:
            policy = _one(call, draft, lambda each: each.id)
            roles.limit_policy(call.repository, policy, limits)
            return _shown(draft.id, policy, of_draft=True)
        draft = started(call, picked(call))
        policy = _one(call, draft, lambda each: each.original_id)
        roles.limit_policy(call.repository, policy, limits)
    except roles.LimitationError as error:
        raise bad_request(_INVALID) from error
    return _shown(roles.publish(call.repository, draft).id, policy)


def _delete(call: Call) -> Answer:
    draft = _own_draft(call)
    if draft is not None:
        draft.policies.remove(_one(call, draft, lambda each: each.id))
        return no_content()
    draft = started(call, picked(call))
    draft.policies.remove(_one(call, draft, lambda each: each.original_id))
    roles.publish(call.repository, draft)
    return no_content()


def _delete_all(call: Call) -> Answer:
    draft = started(call, picked(call))
    draft.policies.clear()
    roles.publish(call.repository, draft)
    return no_content()


def _list_for_user(call: Call) -> Answer:
    """The policies of a user and of all groups above, role by role."""
    user, item = accounts.user_of(call.repository, inputs.whole(call.request.param("userId") or 0))
    found = assignments_of(call.repository, user.id)
    if found and not may(call, "role/read"):
        raise refusal("role/read")
    if not may_read(call, item):
        raise refusal("read", {"contentId": item.id})
    own = [(each.role_id, policy) for each in found for policy in call.repository.roles[each.role_id].policies]
    return _list_of(own, "/user/policies")


ROUTES = (
    Route("policy.list", "GET", _ALL, _list),
    Route("policy.delete_all", "DELETE", _ALL, _delete_all),
    Route("policy.create", "POST", _ALL, _create, "PolicyCreate"),
    Route("policy.get", "GET", _ONE, _get),
    Route("policy.update", "PATCH", _ONE, _update, "PolicyUpdate"),
    Route("policy.delete", "DELETE", _ONE, _delete),
    Route("policy.list_for_user", "GET", "/user/policies", _list_for_user),
)
