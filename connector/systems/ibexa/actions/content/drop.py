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
from connector.systems.ibexa.actions.content.refers import last_id
from connector.systems.ibexa.actions.content.trash import trashed
from connector.systems.ibexa.actions.content.wanted import wanted_of
from connector.systems.ibexa.answers import outcome_of
from connector.systems.ibexa.gateway import Gateway

_DONE = {"hide": "hidden", "trash": "trashed", "delete": "deleted"}


def drop(gateway: Gateway, delivery: Delivery) -> Outcome:
    """Carry out ``delivery.action``; what is so already is skipped.

    Raises:
        Ended, ClientError: it could not be done.
    """
    held = find(gateway, delivery, delivery.key)
    if held is None:
        return Skipped("gone", delivery.target_id)
    if held.status == "TRASHED":
        return Skipped("trashed", str(held.id))
    if delivery.action == "hide" and held.hidden:
        return Skipped("hidden", str(held.id))
    memory = Memory.of(delivery.memory)
    if delivery.action == "trash":
        _trash_others(gateway, held, recollected(gateway, held, memory, said_before(delivery, wanted_of)))
    _carry_out(gateway, delivery.action, held)
    gateway.forget("content", delivery.key)
    kept = trashed(memory, held) if delivery.action == "trash" else memory
    return Done(_DONE[delivery.action], str(held.id), memory={} if delivery.action == "delete" else kept.as_json())


def _trash_others(gateway: Gateway, held: Held, memory: Memory) -> None:
    """The further Locations that we made: with one of them left, the item would live on there."""
    paths = paths_of(gateway, held.id) if memory.locations else []
    for path in paths:
        if last_id(path) in memory.locations and path != held.location_path:
            _carry_out(gateway, "trash", replace(held, location_path=path))


def _carry_out(gateway: Gateway, action: str, held: Held) -> None:
    if action == "hide":
        answer = gateway.call("content.hide", Message(path={"contentId": held.id}))
    elif action == "trash" and held.location_path:
        message = Message(path={"path": held.location_path}, destination="/content/trash")
        answer = gateway.call("location.move", message)
    else:
        answer = gateway.call("content.delete", Message(path={"contentId": held.id}))
    if answer.status == 404:
        raise Ended(Skipped("gone", str(held.id)))
    if not answer.ok:
        raise Ended(outcome_of(answer.operation, answer.response))
    checked(answer)
