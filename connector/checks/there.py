"""Asks Ibexa whether what a declaration names is there: places, user groups, sections, object states, roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.actions.content.refers import path_of
from connector.systems.ibexa.actions.user.groups import is_group
from connector.systems.ibexa.gateway import Gateway

Amiss = tuple[str, str, str] | None
"""Message, hint and severity."""


def _place(gateway: Gateway, value: Json) -> Amiss:
    if "remote_id" in value:
        if gateway.location_path(str(value["remote_id"])):
            return None
        hint = "That is as it should be when a route creates it: tasks wait for it."
        return f"'{value['remote_id']}' is not in Ibexa, or not published", hint, "warning"
    path = str(value.get("path", "")).strip("/")
    number = path.rpartition("/")[2] if path else str(value["id"])
    found = gateway.location_path_by_id(int(number)) if number.isdigit() else None
    if found is None:
        return f"there is no Location {path or number}", "Correct it, or let the user see it.", "error"
    if path and path != found:
        return f"Location {number} does not lie at {path}, but at {found}", f'Write "/{found}".', "error"
    return None


def _group(gateway: Gateway, value: Json) -> Amiss:
    problem = _place(gateway, value)
    if problem is not None:
        return problem
    path = path_of(gateway, value)
    kind = gateway.group_type(path)
    if kind is None or is_group(kind):
        return None
    return f"/{path} is no user group: its content type is {kind}", "Name a user group, such as /1/5/12.", "error"


def _section(gateway: Gateway, value: Json) -> Amiss:
    answer = gateway.call("section.list", Message())
    rows = answer.body("SectionList").get("Section", []) if answer.ok else None
    if rows is None:
        raise BadAnswer(f"section.list answered {answer.status}")
    names = [str(row.get("identifier")) for row in rows]
    if value in names:
        return None
    same = next((one for one in names if one.lower() == str(value).lower()), None)
    if same is not None and gateway.section_href(str(value)) is not None:  # as a run asks
        hint = "Write it so: whether Ibexa tells capital letters apart hangs on its database."
        return f"the section '{value}' is called '{same}'", hint, "warning"
    hint = f"{did_you_mean(str(value), names)}It has: {', '.join(names)}."
    return f"there is no section '{value}'", hint, "error"


def _state(gateway: Gateway, value: Json) -> Amiss:
    group, state = value
    states = gateway.object_states(group)
    if states is None:
        return f"there is no object state group '{group}'", "Correct it, or make it in Ibexa.", "error"
    hint = f"{did_you_mean(str(state), states)}It has: {', '.join(states)}."
    return None if state in states else (f"'{group}' has no object state '{state}'", hint, "error")


def _role(gateway: Gateway, value: Json) -> Amiss:
    answer = gateway.call("role.list", Message(query={"identifier": value}))
    if not answer.ok:
        raise BadAnswer(f"role.list answered {answer.status}")
    rows = answer.body("RoleList").get("Role", [])
    there = any(row.get("identifier") == value for row in rows)
    return None if there else (f"there is no role '{value}'", "Correct it, or make it in Ibexa.", "error")


LOOK_UPS: Mapping[str, Callable[[Gateway, Json], Amiss]] = {
    "place": _place,
    "group": _group,
    "section": _section,
    "state": _state,
    "role": _role,
}
"""By kind of mention: None, or what is wrong."""
