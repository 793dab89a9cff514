"""Tells an outgoing what is about to be sent, further ahead than what is claimed: so it can look things up together."""

from __future__ import annotations

from collections.abc import Sequence

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.protocols import Expects, Outgoing
from connector.routes.policy import DROPS
from connector.store import Store, claims
from connector.store.claims import Claimed

AHEAD = 200
"""Tasks that are read at once: each is read once more than it would be, and that only where it is of use."""


class Ahead:
    """The tasks that one outgoing was told of in one run of a route."""

    def __init__(self, outgoing: Outgoing, route: str, store: Store) -> None:
        self._outgoing = outgoing
        self._expects = outgoing if isinstance(outgoing, Expects) else None
        self._route = route
        self._store = store
        self._to = 0
        self._told: set[int] = set()

    def tell(self, claimed: Sequence[Claimed]) -> None:
        """These were claimed, and go to the workers next; with the first that is news, what follows it is told too.

        What was told is told once more when it is claimed a second time: what was looked up for it then is spent.
        """
        if self._expects is None or not claimed:
            return
        coming = [one for one in claimed if one.id not in self._told]
        self._told.difference_update(one.id for one in claimed)
        if not coming:
            return
        self._to = max([self._to, *(one.id for one in coming)])
        if coming[-1].id == self._to:
            with self._store.reading() as connection:
                further = claims.ahead(connection, self._route, after=self._to, limit=AHEAD)
            self._told = {one.id for one in further}
            self._to = max([self._to, *self._told])
            coming += further
        self._expects.expect([delivery_of(one, self._outgoing.action) for one in coming])


def delivery_of(task: Claimed, action: str) -> Delivery:
    """What a claimed task is to its outgoing; ``action`` is the outgoing's own."""
    put_away = tuple(one for one, _ in task.earlier if one in DROPS and one != action)
    return Delivery(
        message=message_of(task.message),
        action=task.action or action,
        key=task.key,
        target_id=task.target_id,
        hidden_by_us=task.dropped == "hidden" or "hide" in put_away,
        suspect=task.suspect,
        attempt=task.attempts + 1,
        earlier=tuple(message_of(message) for one, message in task.earlier if one not in put_away),
        put_away=put_away,
        alone=task.alone,
        memory=task.memory,
    )


def message_of(stored: Json) -> Message:
    """A message as it is kept with its task."""
    parts = stored or {}
    return Message(**{name: parts[name] for name in ("path", "query", "payload", "destination") if name in parts})
