"""What a content.upsert message refers to: content type, section, parent. Each must be there."""

from __future__ import annotations

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.base import refuse
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType


def type_of(gateway: Gateway, identifier: str) -> ContentType:
    """The published content type.

    Raises:
        Ended: Refused: there is none.
    """
    found = gateway.content_type(identifier)
    if found is None:
        message = f"there is no content type '{identifier}' in Ibexa"
        raise refuse(
            "IBX414",
            message,
            "Run the route that ensures it, or correct the outgoing's payload.",
            pointer="/payload/content_type",
        )
    return found


def section_of(gateway: Gateway, identifier: str) -> str:
    """The section's href.

    Raises:
        Ended: Refused: there is none.
    """
    found = gateway.section_href(identifier)
    if found is None:
        message = f"there is no section '{identifier}' in Ibexa"
        raise refuse(
            "IBX415",
            message,
            "Run a route with section.ensure, or correct the outgoing's payload.",
            pointer="/payload/section",
        )
    return found


def path_of(gateway: Gateway, parent: Json, what: str = "parent", where: str = "payload.parent") -> str:
    """The path (``1/2/61``) of the Location that a ``{"remote_id"}``, ``{"id"}`` or ``{"path"}`` names.

    Raises:
        NotThereYet: there is none, or not yet.
    """
    if "path" in parent:
        return str(parent["path"]).strip("/")
    if "id" in parent:
        found = gateway.location_path_by_id(int(parent["id"]))
        shown = f"Location {parent['id']}"
    else:
        found = gateway.location_path(str(parent["remote_id"]))
        shown = f"{what} '{parent['remote_id']}'"
    if found is None:
        hint = "Does a route create it, with that remote id, and is it published? Then this is sent by itself."
        needs = str(parent.get("remote_id", ""))
        raise NotThereYet(f"the {shown} is not in Ibexa yet", hint=hint, step=where, needs=needs)
    return found


def last_id(path: str) -> int:
    """``61`` of ``1/2/61``; 0 when there is none."""
    text = path.rstrip("/").rpartition("/")[2]
    return int(text) if text.isdigit() else 0
