"""What `connector preview` can say of a message before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from connector.core.model import Delivery, Message
from connector.systems.ibexa.actions.base import Ended
from connector.systems.ibexa.actions.content.held import Held, find
from connector.systems.ibexa.actions.content.values import lost_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.gateway import Gateway


def foreseen(gateway: Gateway, message: Message, wanted: Wanted, matching: Callable[[Wanted], Held | None]) -> str:
    """What of its texts Ibexa has no form for, and which content would be taken over, if it asks for that.

    Raises:
        ConnectorError: Ibexa cannot be asked.
    """
    parts = [*lost_of(wanted), _taken_over(gateway, Delivery(message, "", wanted.remote_id), wanted, matching)]
    return "; ".join(one for one in parts if one)


def _taken_over(gateway: Gateway, delivery: Delivery, wanted: Wanted, matching: Callable[[Wanted], Held | None]) -> str:
    if not wanted.match:
        return ""
    try:
        if find(gateway, delivery, wanted.remote_id) is not None:
            return f"'{wanted.remote_id}' is in Ibexa already: nothing is taken over"
        found = matching(wanted)
    except Ended as ended:
        problem = getattr(ended.outcome, "problem", None)
        return f"would fail: {problem.sentence()}" if problem else ""
    if found is None:
        return f"nothing matches: '{wanted.remote_id}' would be created"
    return f"content item {found.id} ({found.remote_id}) would become '{wanted.remote_id}'"
