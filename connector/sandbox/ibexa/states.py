"""What can be done to object states and their groups.

Only the order of the states is kept, as the server does: a priority that is asked for places the new state among the
others, and all are numbered again from 0.
"""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.errors import bad_request, forbidden, incorrect, not_found, refused
from connector.sandbox.ibexa.model import ObjectState, StateGroup
from connector.sandbox.ibexa.repository import Repository

Json = Any


def group_of(repository: Repository, group_id: int) -> StateGroup:
    """The group, or 404."""
    found = repository.state_groups.get(group_id)
    if found is None:
        raise not_found("ObjectStateGroup", group_id)
    return found


def state_of(repository: Repository, state_id: int) -> tuple[StateGroup, ObjectState]:
    """A state with its group, or 404: by its id alone, whatever group the path names (server-behaviour §10)."""
    for group in repository.state_groups.values():
        if state_id in group.states:
            return group, group.states[state_id]
    raise not_found("ObjectState", state_id)


def create_group(repository: Repository, body: Json) -> StateGroup:
    """A group without states from an ObjectStateGroupCreate."""
    identifier, language, names, descriptions = _new(repository, body, "ObjectStateGroupCreate", ())
    _refuse_used(repository.state_groups, identifier, "$objectStateGroupCreateStruct", "Object state group")
    group = StateGroup(repository.take_id("state_group"), identifier, language, names, descriptions)
    repository.state_groups[group.id] = group
    return group


def create_state(repository: Repository, group: StateGroup, body: Json) -> ObjectState:
    """A state from an ObjectStateCreate; all items take the first one of a group."""
    identifier, language, names, descriptions = _new(repository, body, "ObjectStateCreate", ("priority",))
    _refuse_used(group.states, identifier, "$objectStateCreateStruct", "Object state")
    state = ObjectState(repository.take_id("state"), identifier, language, names, descriptions)
    if not group.states:
        for item in repository.contents.values():
            item.states[group.id] = state.id
    others = list(group.states.values())
    others.insert(max(0, inputs.whole(body["priority"])), state)
    group.states = {each.id: each for each in others}
    return state


def _new(
    repository: Repository, body: Json, element: str, more: tuple[str, ...]
) -> tuple[str, str, dict[str, str], dict[str, str]]:
    for name in ("identifier", *more, "defaultLanguageCode"):
        if name not in body:
            raise bad_request(f"Missing '{name}' attribute for {element}.")
    told = f"Missing or invalid 'names' element for {element}."
    names, language = inputs.translations(body.get("names"), told), str(body["defaultLanguageCode"])
    _check_names(repository, names, language)
    return str(body["identifier"]), language, names, _descriptions(body, names, {})


def _check_names(repository: Repository, names: dict[str, str], language: str) -> None:
    for code in (language, *names):
        repository.check_language(code)
    if not names.get(language):
        raise forbidden(incorrect("names", names).description)


def _descriptions(body: Json, names: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    given = inputs.translations(body["descriptions"]) if "descriptions" in body else before
    return {code: given.get(code, "") for code in names}


def _refuse_used(
    known: dict[int, StateGroup] | dict[int, ObjectState], identifier: str, argument: str, what: str, own: int = 0
) -> None:
    if any(each.identifier == identifier and each.id != own for each in known.values()):
        where = " in provided Object state group" if what == "Object state" else ""
        raise forbidden(f"Argument '{argument}' is invalid: {what} with provided identifier already exists{where}")


def change(repository: Repository, target: StateGroup | ObjectState, body: Json) -> None:
    """Take over what an ObjectStateGroupUpdate or ObjectStateUpdate says; a priority is not read there."""
    identifier = str(body.get("identifier", target.identifier))
    if isinstance(target, StateGroup):
        _refuse_used(
            repository.state_groups, identifier, "$objectStateGroupUpdateStruct", "Object state group", target.id
        )
    else:
        group, _ = state_of(repository, target.id)
        _refuse_used(group.states, identifier, "$objectStateUpdateStruct", "Object state", target.id)
    language = str(body.get("defaultLanguageCode", target.language))
    kind = "ObjectStateGroup" if isinstance(target, StateGroup) else "ObjectState"
    told = f"Missing or invalid 'names' element for {kind}Update."
    names = inputs.translations(body["names"], told) if "names" in body else target.names
    _check_names(repository, names, language)
    target.identifier, target.language, target.names = identifier, language, names
    target.descriptions = _descriptions(body, names, target.descriptions)


def delete_group(repository: Repository, group: StateGroup) -> None:
    """Remove a group with its states from all items."""
    del repository.state_groups[group.id]
    for item in repository.contents.values():
        item.states.pop(group.id, None)


def delete_state(repository: Repository, group: StateGroup, state: ObjectState) -> None:
    """Remove a state; the items that have it get the first of those left, if there is one."""
    del group.states[state.id]
    first = next(iter(group.states), None)
    for item in repository.contents.values():
        if item.states.get(group.id) != state.id:
            continue
        if first is None:
            del item.states[group.id]
        else:
            item.states[group.id] = first


def assign(repository: Repository, wanted: dict[int, int]) -> dict[int, int]:
    """The states (group -> state) that an item is to have, once it is sure that each is one of its group.

    Raises:
        RestError: 404 for an unknown group or state, 406 for a state of another group.
    """
    for group_id, state_id in wanted.items():
        group_of(repository, group_id)
        owner, _ = state_of(repository, state_id)
        if owner.id != group_id:
            raise refused("objectState", "Object state does not belong to the given group")
    return wanted
