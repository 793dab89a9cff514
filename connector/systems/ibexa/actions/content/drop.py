"""Hiding, trashing or deleting the content item of a key that the mapping no longer yields."""

from __future__ import annotations

from dataclasses import replace

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.fields import said_before
from connector.systems.ibexa.actions.content.held import Held, find
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.places import paths_of, recollected
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.refers import last_id
from connector.systems.ibexa.actions.content.trash import trashed
from connector.systems.ibexa.actions.content.waiting import is_edited
from connector.systems.ibexa.actions.content.wanted import wanted_of
from connector.systems.ibexa.answers import outcome_of
from connector.systems.ibexa.gateway import Gateway

DONE = {"hide": "hidden", "trash": "trashed", "delete": "deleted", "reveal": "revealed"}
"""What was done, by action."""


def drop(gateway: Gateway, delivery: Delivery) -> Outcome:
    """Carry out ``delivery.action``; what is so already is skipped: by us, if an attempt may have done it.

    Raises:
        Ended, ClientError: it could not be done.
    """
    held = find(gateway, delivery, delivery.key)
    if held is None:
        return Skipped("gone", delivery.target_id)
    memory = Memory.of(delivery.memory)
    if held.status == "TRASHED":
        ours = delivery.action == "trash" and delivery.suspect
        return Skipped("trashed", str(held.id), memory=(trashed(memory, held) if ours else memory).as_json())
    if held.status == "DRAFT" and delivery.action != "delete":
        content_type = gateway.content_type_at(held.type_href)
        if delivery.action == "hide" or is_edited(gateway, held, content_type, Progress(memory)):
            left = [f"version {held.version}: a draft that nobody has published: there is nothing to {delivery.action}"]
            return Skipped("not published", str(held.id), {"left": left}, memory.as_json())
    if delivery.action == "hide" and held.hidden:
        return Skipped("hidden", str(held.id), memory=replace(memory, found_hidden=not delivery.suspect).as_json())
    if delivery.action == "trash":
        _trash_others(gateway, held, recollected(gateway, held, memory, said_before(delivery, wanted_of)))
    carry_out(gateway, delivery.action, held)
    gateway.forget("content", delivery.key)
    kept = trashed(memory, held) if delivery.action == "trash" else memory
    return Done(DONE[delivery.action], str(held.id), memory={} if delivery.action == "delete" else kept.as_json())


def _trash_others(gateway: Gateway, held: Held, memory: Memory) -> None:
    """The further Locations that we made: with one of them left, the item would live on there."""
    paths = paths_of(gateway, held.id) if memory.locations else []
    for path in paths:
        if last_id(path) in memory.locations and path != held.location_path:
            carry_out(gateway, "trash", replace(held, location_path=path))


def carry_out(gateway: Gateway, action: str, held: Held) -> None:
    """One of ``DONE``; to trash is to move its main Location there.

    Raises:
        Ended: it is gone; or it could not be done.
        ClientError: it could not be done.
    """
    if action == "hide":
        answer = gateway.call("content.hide", Message(path={"contentId": held.id}))
    elif action == "reveal":
        answer = gateway.call("content.reveal", Message(path={"contentId": held.id}))
    elif action == "trash" and held.location_path:
        message = Message(path={"path": held.location_path}, destination="/content/trash")
        answer = gateway.call("location.move", message)
    else:
        answer = gateway.call("content.delete", Message(path={"contentId": held.id}))
    if answer.status == 404:
        raise Ended(Skipped("gone", str(held.id)))
    if not answer.ok:
        raise Ended(outcome_of(answer.operation, answer.response, says=answer.says))
    checked(answer)
