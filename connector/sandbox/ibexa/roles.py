"""Roles: drafts, policies, assignments (ibexa/core RoleService).

Every change of a published role goes through a draft that takes its place, so all of its policies get new ids.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import policy_map
from connector.sandbox.ibexa.errors import RestError, bad_request, not_found, refused
from connector.sandbox.ibexa.model import Assignment, Policy, Role
from connector.sandbox.ibexa.repository import Repository

Json = Any
Limits = dict[str, list[str]]
PolicyKey = Callable[[Policy], int]  # the number by which a policy is asked for
_DEFINED, _DRAFT = 0, 1


class LimitationError(Exception):
    """A limitation names what does not exist; the operations differ in what they answer."""


def by_id(repository: Repository, role_id: int) -> Role:
    """The published role, or 404."""
    found = repository.roles.get(role_id)
    if found is None:
        raise not_found("Persistence User Role", f"ID: {role_id}, Status: {_DEFINED}")
    return found


def draft_by_id(repository: Repository, draft_id: int) -> Role:
    """The draft of this id, or 404."""
    found = repository.role_drafts.get(draft_id)
    if found is None:
        raise not_found("Persistence User Role", f"ID: {draft_id}, Status: {_DRAFT}")
    return found


def draft_of(repository: Repository, number: int) -> Role:
    """The draft of a role, else the draft of this id, or 404."""
    drafts = repository.role_drafts.values()
    return next((each for each in drafts if each.original_id == number), None) or draft_by_id(repository, number)


def named(repository: Repository, identifier: str) -> Role | None:
    """The published role of an identifier, in any case."""
    wanted = identifier.lower()
    return next((each for each in repository.roles.values() if each.identifier.lower() == wanted), None)


def listed(repository: Repository) -> list[Role]:
    """All published roles in the order in which they were seen: those with a limited policy come first."""
    return sorted(repository.roles.values(), key=lambda each: (not any(p.limitations for p in each.policies), each.id))


def new_draft(repository: Repository, identifier: str) -> Role:
    """The draft of a role that is not there yet."""
    draft = Role(repository.take_id("role"), identifier)
    repository.role_drafts[draft.id] = draft
    return draft


def start_draft(repository: Repository, role: Role) -> Role:
    """A draft of a published role, with copies of its policies; any number may exist side by side.

    The server means to refuse a second one, but asks for a draft with the role's own id, which no draft has.
    """
    draft = new_draft(repository, role.identifier)
    draft.original_id = role.id
    for each in role.policies:
        limits = {name: list(values) for name, values in each.limitations.items()}
        draft.policies.append(Policy(repository.take_id("policy"), each.module, each.function, limits, each.id))
    return draft


def publish(repository: Repository, draft: Role) -> Role:
    """Put a draft in the place of its role, whose id it takes if it is still there; the assignments stay."""
    del repository.role_drafts[draft.id]
    draft.id = draft.original_id if draft.original_id in repository.roles else draft.id
    draft.original_id = 0
    for each in draft.policies:
        each.original_id = 0
    repository.roles[draft.id] = draft
    return draft


def rename(repository: Repository, draft: Role, identifier: Json) -> None:
    """Give a draft another identifier, which no other role may have; None and "" leave it as it is."""
    if identifier is None or identifier == "":
        return
    if not isinstance(identifier, str):
        raise refused("identifier", f"'{identifier}' is incorrect value in class 'RoleUpdateStruct'")
    other = named(repository, identifier)
    if other is not None and other.id != draft.original_id:
        raise refused("$roleUpdateStruct", f"A Role '{other.id}' with identifier '{identifier}' already exists")
    draft.identifier = identifier


def delete(repository: Repository, role: Role) -> None:
    """Remove a role and its assignments."""
    del repository.roles[role.id]
    for each in [each for each in repository.assignments.values() if each.role_id == role.id]:
        del repository.assignments[each.id]


# -- policies -------------------------------------------------------------------------------------------------------


def add_policy(repository: Repository, draft: Role, module: str, function: str, limits: Limits) -> Policy:
    """A further policy in a draft. Unknown modules and functions are taken (server-behaviour §10)."""
    if not function or not module or (module == "*" and function != "*"):
        wrong = "function" if module and not function else "module"
        raise refused(wrong, f"'{module}' is incorrect value in class 'PolicyCreateStruct'")
    _check_limits(repository, module, function, limits)
    policy = Policy(repository.take_id("policy"), module, function, limits)
    draft.policies.append(policy)
    return policy


def limit_policy(repository: Repository, policy: Policy, limits: Limits) -> None:
    """Put limitations in the place of those that a draft's policy had."""
    _check_limits(repository, policy.module, policy.function, limits)
    policy.limitations = limits


def read_limits(body: Json, element: str) -> Limits:
    """The limitations of a PolicyCreate or PolicyUpdate; 404 for one that does not exist anywhere."""
    if "limitations" not in body:
        return {}
    holder = body["limitations"]
    entries = holder.get("limitation") if isinstance(holder, dict) else None
    if not isinstance(entries, list):
        raise bad_request(f"Invalid format for 'limitations' in {element}.")
    limits: Limits = {}
    for entry in entries:
        name, values = read_limit(entry)
        if name in limits:
            raise refused("limitations", f"{name}' was found multiple times among Limitations")
        limits[name] = values
    return limits


def read_limit(entry: Json) -> tuple[str, list[str]]:
    """One limitation: its identifier, and the values as they were given."""
    if not isinstance(entry, dict) or "_identifier" not in entry:
        raise bad_request("Missing '_identifier' attribute for Limitation.")
    name = str(entry["_identifier"])
    if name not in policy_map.KNOWN:
        raise not_found("Limitation", name)
    values = entry.get("values")
    refs = values.get("ref") if isinstance(values, dict) else None
    if not isinstance(refs, list) or not all(isinstance(each, dict) and "_href" in each for each in refs):
        raise bad_request("Invalid format for Limitation value in Limitation.")
    return name, [str(each["_href"]) for each in refs]


def _check_limits(repository: Repository, module: str, function: str, limits: Limits) -> None:
    for name in limits:
        if not policy_map.is_applicable(module, function, name):
            raise refused("policy", f"Limitation '{name}' is not applicable on '{module}/{function}'")
    for name, values in limits.items():
        if not policy_map.all_exist(repository, name, values):
            raise LimitationError(name)


# -- assignments ----------------------------------------------------------------------------------------------------


def assign(repository: Repository, role: Role, holder: int, limitation: tuple[str, list[str]] | None) -> None:
    """Give a role to a user or group, one assignment for each value that it is limited to."""
    if limitation and not policy_map.all_exist(repository, *limitation):
        raise LimitationError(limitation[0])
    own = [each for each in repository.assignments.values() if (each.holder, each.role_id) == (holder, role.id)]
    if any(each.limitation is None for each in own):
        raise refused("$role", f"Role '{role.id}' already assigned without Limitations")
    for each in _pairs(role, own, limitation):
        number = repository.take_id("assignment")
        repository.assignments[number] = Assignment(number, holder, role.id, each)


def _pairs(
    role: Role, own: list[Assignment], limitation: tuple[str, list[str]] | None
) -> list[tuple[str, str]] | list[None]:
    if limitation is None:
        return [None]
    name, values = limitation
    used = {each.limitation[1] for each in own if each.limitation and each.limitation[0] == name}
    fresh = [value for value in dict.fromkeys(values) if value not in used]
    if not fresh:
        raise refused("$role", f"Role '{role.id}' is already assigned with the same '{name}' value")
    return [(name, value) for value in fresh]


def assignments(repository: Repository, holder: int) -> list[Assignment]:
    """The assignments of a user or group itself; one without limits stands for all others of its role."""
    own = [each for each in repository.assignments.values() if each.holder == holder]
    whole = {each.role_id for each in own if each.limitation is None}
    return [each for each in own if each.limitation is None or each.role_id not in whole]


def unassign(repository: Repository, role_id: int, holder: int) -> None:
    """Take a role from a user or group; doing it twice is no error."""
    for each in [each for each in repository.assignments.values() if (each.holder, each.role_id) == (holder, role_id)]:
        del repository.assignments[each.id]


def policy_not_found(path: str) -> RestError:
    """404 for a policy that a role does not have."""
    return RestError(404, f"Policy not found: '{path}'.")
