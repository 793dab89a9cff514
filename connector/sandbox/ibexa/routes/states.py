"""Operations on object states, their groups, and the states that an item has."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from connector.sandbox.ibexa import inputs, states
from connector.sandbox.ibexa.access import check_read, check_write, may, refusal
from connector.sandbox.ibexa.errors import bad_request, forbidden
from connector.sandbox.ibexa.limitations import Subject, of_item
from connector.sandbox.ibexa.model import Content, ObjectState, StateGroup
from connector.sandbox.ibexa.render import translated
from connector.sandbox.ibexa.wire import PREFIX, Answer, Call, Route, media, no_content, ref

Json = Any
_GROUPS = "/content/objectstategroups"
_GROUP = _GROUPS + "/{objectStateGroupId:int}"
_STATES = _GROUP + "/objectstates"
_STATE = _STATES + "/{objectStateId:int}"
_OF_ITEM = "/content/objects/{contentId:int}/objectstates"


def _texts(shown: StateGroup | ObjectState) -> Json:
    return {"names": translated(shown.names), "descriptions": translated(shown.descriptions)}


def _languages(shown: StateGroup | ObjectState) -> Json:
    return {"defaultLanguageCode": shown.language, "languageCodes": ",".join(shown.names)}


def _group(group: StateGroup) -> Json:
    path = f"{_GROUPS}/{group.id}"
    return {
        **ref("ObjectStateGroup", path),
        "id": group.id,
        "identifier": group.identifier,
        **_languages(group),
        "ObjectStates": ref("ObjectStateList", path + "/objectstates"),
        **_texts(group),
    }


def _state(group: StateGroup, state: ObjectState, named: int | None = None) -> Json:
    path = f"{_GROUPS}/{named or group.id}"
    return {
        **ref("ObjectState", f"{path}/objectstates/{state.id}"),
        "id": state.id,
        "identifier": state.identifier,
        "priority": list(group.states).index(state.id),
        "ObjectStateGroup": ref("ObjectStateGroup", path),
        **_languages(state),
        **_texts(state),
    }


def _group_shown(group: StateGroup, status: int = 200) -> Answer:
    body = {"ObjectStateGroup": _group(group)}
    return Answer(status, "ObjectStateGroup", body, accept_patch="ObjectStateGroupUpdate")


def _state_shown(group: StateGroup, state: ObjectState, named: int, status: int = 200) -> Answer:
    body = {"ObjectState": _state(group, state, named)}
    return Answer(status, "ObjectState", body, accept_patch="ObjectStateUpdate")


def _list_groups(call: Call) -> Answer:
    entries = [_group(each) for each in call.repository.state_groups.values()]
    body = {**ref("ObjectStateGroupList", _GROUPS), "ObjectStateGroup": entries}
    return Answer(200, "ObjectStateGroupList", {"ObjectStateGroupList": body})


def _picked_group(call: Call) -> StateGroup:
    return states.group_of(call.repository, call.number("objectStateGroupId"))


def _picked_state(call: Call) -> tuple[StateGroup, ObjectState]:
    return states.state_of(call.repository, call.number("objectStateId"))


def _create_group(call: Call) -> Answer:
    check_write(call, "state/administrate")
    group = states.create_group(call.repository, call.body)
    answer = _group_shown(group, 201)
    answer.location = f"{PREFIX}{_GROUPS}/{group.id}"
    return answer


def _get_group(call: Call) -> Answer:
    return _group_shown(_picked_group(call))


def _update_group(call: Call) -> Answer:
    check_write(call, "state/administrate")
    group = _picked_group(call)
    states.change(call.repository, group, call.body)
    return _group_shown(group)


def _delete_group(call: Call) -> Answer:
    check_write(call, "state/administrate")
    states.delete_group(call.repository, _picked_group(call))
    return no_content()


def _list_states(call: Call) -> Answer:
    group = _picked_group(call)
    link = ref("ObjectStateList", f"{_GROUPS}/{group.id}/objectstates")
    entries = [_state(group, state) for state in group.states.values()]
    return Answer(200, "ObjectStateList", {"ObjectStateList": {**link, "ObjectState": entries}})


def _create_state(call: Call) -> Answer:
    check_write(call, "state/administrate")
    group = _picked_group(call)
    state = states.create_state(call.repository, group, call.body)
    answer = _state_shown(group, state, group.id, 201)
    answer.location = f"{PREFIX}{_GROUPS}/{group.id}/objectstates/{state.id}"
    return answer


def _get_state(call: Call) -> Answer:
    return _state_shown(*_picked_state(call), call.number("objectStateGroupId"))


def _update_state(call: Call) -> Answer:
    check_write(call, "state/administrate")
    group, state = _picked_state(call)
    states.change(call.repository, state, call.body)
    return _state_shown(group, state, call.number("objectStateGroupId"))


def _delete_state(call: Call) -> Answer:
    check_write(call, "state/administrate")
    states.delete_state(call.repository, *_picked_state(call))
    return no_content()


def _of_item(item: Content) -> Answer:
    links = [
        ref("ObjectState", f"{_GROUPS}/{group}/objectstates/{state}") for group, state in sorted(item.states.items())
    ]
    body = {"ContentObjectStates": {"_media-type": media("ContentObjectStates"), "ObjectState": links}}
    return Answer(200, "ContentObjectStates", body, accept_patch="ContentObjectStates")


def _list_for_item(call: Call) -> Answer:
    item = call.repository.content(call.number("contentId"))
    check_read(call, item)
    return _of_item(item)


def _with_state(call: Call, item: Content, state_id: int) -> Subject:
    return replace(of_item(call.repository, item), new_state=state_id)


def _set_for_item(call: Call) -> Answer:
    item = call.repository.content(call.number("contentId"))
    check_read(call, item)
    call.touch(item)
    entries = call.body.get("ObjectState")
    if not isinstance(entries, list) or not entries:
        raise bad_request("Missing or invalid 'ObjectState' elements for ContentObjectStates.")
    wanted: dict[int, int] = {}
    for entry in entries:
        group, _, state = inputs.href(entry, "state", "Missing '_href' attribute for ObjectState.").partition(
            "/objectstates/"
        )
        if int(group) in wanted:
            raise forbidden("Multiple Object states provided for group with ID " + group)
        wanted[int(group)] = int(state)
    for number in wanted.values():
        if not may(call, "state/assign", partial(_with_state, call, item, number)):
            raise refusal("state/assign", {"contentId": item.id})
    item.states.update(states.assign(call.repository, wanted))
    return _of_item(item)


ROUTES = (
    Route("object_state_group.list", "GET", _GROUPS, _list_groups),
    Route("object_state_group.create", "POST", _GROUPS, _create_group, "ObjectStateGroupCreate"),
    Route("object_state_group.get", "GET", _GROUP, _get_group),
    Route("object_state_group.update", "PATCH", _GROUP, _update_group, "ObjectStateGroupUpdate"),
    Route("object_state_group.delete", "DELETE", _GROUP, _delete_group),
    Route("object_state.list", "GET", _STATES, _list_states),
    Route("object_state.create", "POST", _STATES, _create_state, "ObjectStateCreate"),
    Route("object_state.get", "GET", _STATE, _get_state),
    Route("object_state.update", "PATCH", _STATE, _update_state, "ObjectStateUpdate"),
    Route("object_state.delete", "DELETE", _STATE, _delete_state),
    Route("object_state.list_for_content", "GET", _OF_ITEM, _list_for_item),
    Route("object_state.set_for_content", "PATCH", _OF_ITEM, _set_for_item, "ContentObjectStates"),
)
