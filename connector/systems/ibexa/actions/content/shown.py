"""Whether an item is shown, and where among its neighbours: what the message says, and what people have done since.

Hidden are items with all that lies below them; the priority is that of the main Location.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.core.model import Delivery, Message
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.content.held import Held
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.gateway import Gateway


def hide_new(gateway: Gateway, number: int, wanted: Wanted, progress: Progress) -> None:
    """Hide an item that was published just now, if the message says so; Ibexa hides nothing that is not published.

    Raises:
        Ended, ClientError: it could not be done.
    """
    if wanted.hidden:
        progress.memory = replace(progress.memory, hidden=True)  # also if we never hear of it
        checked(gateway.call("content.hide", Message(path={"contentId": number})))
        progress.changed.append("hidden")


def bring_shown(
    gateway: Gateway, held: Held, wanted: Wanted, delivery: Delivery, known: tuple[Progress, list[Wanted]]
) -> None:
    """Hide or show it, and order it; what an editor hid stays hidden, and what she ordered as she did.

    Args:
        gateway: the client's Ibexa.
        held: the item as it is.
        wanted: what the message says.
        delivery: whether the route put it away before.
        known: what was done so far, and what messages said that may have been carried out.

    Raises:
        Ended, ClientError: it could not be done.
    """
    progress, before = known
    memory = progress.memory
    ours = memory.hidden or any(one.hidden for one in before)
    if wanted.hidden:
        if not held.hidden:
            checked(gateway.call("content.hide", Message(path={"contentId": held.id})))
            progress.changed.append("hidden")
        ours = ours or not held.hidden or delivery.suspect or _by_route(held, delivery, memory)
        progress.memory = replace(memory, hidden=ours, trashed=0, found_hidden=False)
    elif wanted.hidden is False and held.hidden and ours:
        checked(gateway.call("content.reveal", Message(path={"contentId": held.id})))
        progress.changed.append("visible")
        progress.memory = replace(memory, hidden=False, trashed=0, found_hidden=False)
    else:
        shown = show_again(gateway, held, delivery, progress)
        if wanted.hidden is False and held.hidden and not shown:
            progress.leave("hidden: somebody else hid it")
    _bring_priority(gateway, held, wanted, progress)


def show_again(gateway: Gateway, held: Held, delivery: Delivery, progress: Progress) -> bool:
    """The mapping yields it again: what we hid is shown; what is put away from now on is people's doing.

    Raises:
        Ended, ClientError: it could not be done.
    """
    mine = _by_route(held, delivery, progress.memory)
    if mine:
        checked(gateway.call("content.reveal", Message(path={"contentId": held.id})))
        progress.change = "revealed"
    progress.memory = replace(progress.memory, trashed=0, found_hidden=False)
    return mine


def _by_route(held: Held, delivery: Delivery, memory: Memory) -> bool:
    """Whether it is hidden because the route put it away."""
    return bool(delivery.hidden_by_us and held.hidden and not memory.found_hidden)


def _bring_priority(gateway: Gateway, held: Held, wanted: Wanted, progress: Progress) -> None:
    before = progress.memory.priority
    if wanted.priority in (None, before) or not held.location_path:
        return
    place = {"path": held.location_path}
    now = checked(gateway.call("location.get", Message(path=place))).body("Location").get("priority")
    if now != wanted.priority:
        if now != before:
            known = "an editor changed it" if before is not None else "not known to be what we last wrote"
            progress.leave(f"priority: it stays {now}: {known}")
            return
        payload = {"priority": wanted.priority}
        checked(gateway.call("location.update", Message(path=place, payload=payload)))
        progress.changed.append("priority")
    progress.memory = replace(progress.memory, priority=wanted.priority)
