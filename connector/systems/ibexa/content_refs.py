"""Which content item or place is meant: ``{"remote_id": "..."}`` or ``{"id": 52}``, as the small actions take it."""

from __future__ import annotations

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.fields.codec import NoSuchContent, NotThereYet
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.remote_ids import check_reference


def content_ref(value: Json, where: str) -> str:
    """What is meant, for people and as a key: the remote id, or ``content 52``.

    Raises:
        RecordError: the value names nothing, or nothing that can be.
    """
    if isinstance(value, dict) and len(value) == 1:
        name, one = next(iter(value.items()))
        if name == "remote_id" and isinstance(one, str) and one.strip():
            return check_reference(one, where)
        if name == "id" and isinstance(one, int) and not isinstance(one, bool):
            return f"content {one}"
    raise RecordError(f"{where} names no content item", hint='Write {"remote_id": "…"} or {"id": 52}.', step=where)


def place_ref(value: Json, where: str) -> str:
    """What is meant, for people and as a key: the remote id of a content item, ``Location 61`` or a path.

    Raises:
        RecordError: the value names no place, or none that can be.
    """
    if isinstance(value, dict) and len(value) == 1:
        name, one = next(iter(value.items()))
        if name == "path" and isinstance(one, str) and one.strip("/"):
            return f"/{one.strip('/')}"
        if name == "remote_id" and isinstance(one, str) and one.strip():
            return check_reference(one, where)
        if name == "id" and not isinstance(one, bool) and str(one).isdigit():
            return f"Location {one}"
    hint = 'Write {"remote_id": "…"}, {"id": 61} or {"path": "/1/2/61"}; the id is that of a Location.'
    raise RecordError(f"{where} names no place", hint=hint, step=where)


def content_id(gateway: Gateway, value: Json, where: str) -> int:
    """Its id.

    Raises:
        NotThereYet: no content item has that remote id.
        NoSuchContent: none has that id.
        RecordError: the value names nothing.
    """
    shown = content_ref(value, where)
    if "id" in value and not gateway.has_content(value["id"]):
        hint = 'Correct the id; or name it by {"remote_id": "…"}, which is the same in every Ibexa, and is waited for.'
        raise NoSuchContent(f"{where} names {shown}, which is not in Ibexa", hint=hint, step=where)
    found = int(value["id"]) if "id" in value else gateway.content_id(shown)
    if found is None:
        hint = "Does a route create it, with that remote id? Then this is sent by itself."
        raise NotThereYet(f"'{shown}' is not in Ibexa yet", hint=hint, step=where, needs=shown)
    return found
