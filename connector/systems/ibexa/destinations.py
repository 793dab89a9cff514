"""Where a copy or a move leads: a path is taken as it is; an id or a remote id is looked up: the server wants paths.

A Destination that is only an id is refused by a real server for all operations but ``content.copy`` (seen on 4.6.25).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name
from connector.core.model import Message
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.remote_ids import check_reference

SCHEMA: Mapping[str, Json] = {
    "type": ["string", "integer", "object"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "description": "The id of a Location."},
        "remote_id": {"type": "string", "minLength": 1, "description": "The remote id of a content item."},
    },
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}
_ANYWHERE = "1/2"
"""Stands in for a place that is not looked up yet, so that the rest of a message can be checked."""


def unchecked(message: Message) -> Message:
    """The message with a valid path in place of a destination that must be looked up first.

    Raises:
        RecordError: the destination is of no known form.
    """
    return replace(message, destination=_ANYWHERE) if _wanted(message.destination) else message


def resolved(gateway: Gateway, message: Message) -> Message:
    """The message with its destination as a path.

    Raises:
        NotThereYet: there is no such Location, or not yet.
        ClientError: Ibexa cannot be asked.
    """
    wanted = _wanted(message.destination)
    if wanted is None:
        return message
    name, value = wanted
    found = gateway.location_path(str(value)) if name == "remote_id" else gateway.location_path_by_id(int(value))
    if found is None:
        what = f"content item with the remote id '{value}'" if name == "remote_id" else f"Location with the id {value}"
        hint = "Does a route create it, and is it published? Then this is sent by itself."
        needs = str(value) if name == "remote_id" else ""
        raise NotThereYet(f"there is no {what} to go to", hint=hint, step="destination", needs=needs)
    return replace(message, destination=found)


def _wanted(value: Json) -> tuple[str, Json] | None:
    """What to look up, by which name; None for a path, or when there is no destination."""
    if isinstance(value, str) and value.strip().isdigit():
        return "id", int(value)
    if value is None or isinstance(value, str | bool):
        return None
    if isinstance(value, int):
        return "id", value
    if isinstance(value, dict) and len(value) == 1:
        name, one = next(iter(value.items()))
        if name == "remote_id" and isinstance(one, str) and one.strip():
            return name, check_reference(one, "destination")
        if name == "id" and isinstance(one, int) and not isinstance(one, bool):
            return name, one
    what = shown(value, 60) if isinstance(value, dict) else type_name(value)
    hint = 'Give a path such as "1/2/61", {"id": 61} or {"remote_id": "shoes"}.'
    raise RecordError(f"the destination {what} is none", hint=hint, step="destination")
