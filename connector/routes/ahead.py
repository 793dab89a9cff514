"""Tells an outgoing what is about to be sent, further ahead than what is claimed: so it can look things up together."""

from __future__ import annotations

from collections.abc import Sequence

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.protocols import Expects, Outgoing
from connector.store import Store, claims
from connector.store.claims import Claimed

AHEAD = 200
"""Tasks that are read at once: each is read once more than it would be, and that only where it is of use."""


class Ahead:
    """The tasks that one outgoing was told of in one run of a route."""

    def __init__(self, outgoing: Outgoing, route: str, store: Store) -> None:
        self._outgoing = outgoing
        self._route = route
        self._store = store
        self._told = 0

    def tell(self, claimed: Sequence[Claimed]) -> None:
        """These were claimed, and go to the workers next; what follows is told with the first that was not told."""
        if not claimed or not isinstance(self._outgoing, Expects):
            return
        coming = [one for one in claimed if one.id <= self._told]  # those have waited: what was asked then is spent
        if len(coming) < len(claimed):
            with self._store.reading() as connection:
                after = max(self._told, min(one.id for one in claimed if one.id > self._told) - 1)
                stretch = claims.ahead(connection, self._route, after=after, limit=AHEAD)
            coming += [one for one in claimed if one.id > self._told] + stretch
            self._told = max(one.id for one in coming)
        self._outgoing.expect([delivery_of(one, self._outgoing.action) for one in coming])


def delivery_of(task: Claimed, action: str) -> Delivery:
    """What a claimed task is to its outgoing; ``action`` is the outgoing's own."""
    return Delivery(
        message=message_of(task.message),
        action=task.action or action,
        key=task.key,
        target_id=task.target_id,
        hidden_by_us=task.dropped == "hidden",
        suspect=task.suspect,
        attempt=task.attempts + 1,
        earlier=tuple(message_of(one) for one in task.earlier),
        alone=task.alone,
        memory=task.memory,
    )


def message_of(stored: Json) -> Message:
    """A message as it is kept with its task."""
    parts = stored or {}
    return Message(**{name: parts[name] for name in ("path", "query", "payload", "destination") if name in parts})
