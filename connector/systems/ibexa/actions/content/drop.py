"""Hiding, trashing or deleting the content item of a key that the mapping no longer yields."""

from __future__ import annotations

from msgspec.structs import replace

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.below import nothing_below
from connector.systems.ibexa.actions.content.fields import said_before
from connector.systems.ibexa.actions.content.held import Held, find, parent_id
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.places import id_of, paths_of, recollected
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
    if delivery.action == "trash" and held.status == "PUBLISHED" and held.location_path:
        return _trash(gateway, held, delivery, memory)
    if delivery.action == "delete" and held.status == "PUBLISHED":
        nothing_below(gateway, held, paths_of(gateway, held.id), DONE["delete"])
    carry_out(gateway, delivery.action, held)
    gateway.forget("content", delivery.key)
    return Done(DONE[delivery.action], str(held.id), memory=memory.as_json() if delivery.action == "hide" else {})


def _trash(gateway: Gateway, held: Held, delivery: Delivery, memory: Memory) -> Outcome:
    """Trash what is ours of its places, the main one last; where an editor has placed it too, it lives on there."""
    before = said_before(delivery, wanted_of)
    below = {memory.parent, *(id_of(gateway, one.parents[0]) for one in before)} - {0}
    paths = paths_of(gateway, held.id)
    known = recollected(gateway, held, memory, before)
    ours = [path for path in paths if parent_id(path) in below or last_id(path) in known.locations]
    # A main one that lies elsewhere was moved there by an editor; unless ours was trashed before, or may have been.
    gone = memory.displaced or (delivery.suspect and below)
    if not gone and not below.intersection(map(parent_id, paths)):
        ours.append(str(held.location_path))
    ours = sorted(set(ours), key=lambda path: (path == held.location_path, path))
    nothing_below(gateway, held, ours, DONE["trash"])
    for path in ours:
        carry_out(gateway, "trash", replace(held, location_path=path))
    gateway.forget("content", delivery.key)
    left = [f"Location {path}: not ours, so it is still published there" for path in paths if path not in ours]
    if not left:
        return Done(DONE["trash"], str(held.id), memory=trashed(memory, held).as_json())
    lives = replace(memory, displaced=True, declared="", parent=0, locations=()).as_json()
    ended = Done if ours else Skipped
    return ended(DONE["trash"], str(held.id), {"left": left}, lives)


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
