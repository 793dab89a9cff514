"""What belongs to an item but to no version of it: section, always available, object states."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.ibexa.actions.base import checked, refuse
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import section_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.gateway import Gateway


def bring_about(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    """Section and always available, where the message manages them and they differ.

    Raises:
        Ended, ClientError: it could not be done.
    """
    payload: dict[str, Json] = {}
    if wanted.section and (href := section_of(gateway, wanted.section)) != held.section_href:
        payload["Section"] = {"_href": href}
        progress.changed.append("section")
    if wanted.always_available is not None and wanted.always_available != held.always_available:
        payload["alwaysAvailable"] = "true" if wanted.always_available else "false"  # texts only, here
        progress.changed.append("always_available")
    if payload:
        checked(gateway.call("content.update_metadata", Message(path={"contentId": held.id}, payload=payload)))


def bring_states(gateway: Gateway, content_id: int, states: Mapping[str, str]) -> list[str]:
    """Set the object states that differ; returns what changed, for people.

    Args:
        gateway: the client's Ibexa.
        content_id: of an item that is there.
        states: object state group -> object state.

    Raises:
        Ended: Refused: there is no such group or state; or it could not be done.
        ClientError: it could not be done.
    """
    if not states:
        return []
    wanted = known_states(gateway, states)
    place = {"contentId": content_id}
    answer = checked(gateway.call("object_state.list_for_content", Message(path=place)))
    there = {str(row.get("_href")) for row in answer.body("ContentObjectStates").get("ObjectState", [])}
    missing = {group: href for group, href in wanted.items() if href not in there}
    if missing:
        payload = {"ObjectState": [{"_href": href} for href in missing.values()]}
        checked(gateway.call("object_state.set_for_content", Message(path=place, payload=payload)))
    return [f"state {group}: {states[group]}" for group in missing]


def known_states(gateway: Gateway, states: Mapping[str, str]) -> dict[str, str]:
    """The hrefs of states, by their groups.

    Raises:
        Ended: Refused: there is no such group or state.
    """
    return {group: _state(gateway, group, state) for group, state in states.items()}


def _state(gateway: Gateway, group: str, state: str) -> str:
    known = gateway.object_states(group)
    if known is None:
        message = f"there is no object state group '{group}' in Ibexa"
        raise refuse("IBX419", message, "Make it in Ibexa, or correct the message.", f"states.{group}")
    if state not in known:
        message = f"the object state group '{group}' has no state '{state}'"
        hint = f"It has: {', '.join(known) or 'none'}."
        raise refuse("IBX419", message, hint, f"states.{group}")
    return known[state]
