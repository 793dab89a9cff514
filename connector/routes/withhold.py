"""Keeps out of the run log what an outgoing withholds: a record that holds it is kept without it, and compared anew."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence

from connector.core.jsonio import Json
from connector.core.model import Message, Position
from connector.core.problem import Problem
from connector.core.protocols import Outgoing, Withholds
from connector.core.secrets import MASK
from connector.routes.ahead import message_of
from connector.store import Store, leases, runs, waits
from connector.store.pack import key_hash

log = logging.getLogger("connector.routes")

NOT_KEPT: Json = {"not_kept": "a route that writes passwords keeps no data of a record that yields no message"}
"""Stands for the data of a record of which nobody can say where in it a password is."""
_AGAIN = "Run the route so that the source gives the record again; it is mapped then."
_AT_ONCE = 500
_READ_AGAIN = "what is read again"
_LONG = 4
"""Characters from which on a text is looked for inside others; a shorter one would be found everywhere."""


class Withholding:
    """What one outgoing withholds. Made once a run: asking whether a class has a protocol costs more than a mapping.

    Attributes:
        may: its messages may hold what must not be kept.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing if isinstance(outgoing, Withholds) else None
        self.may = self._outgoing is not None and self._outgoing.withholds

    def of(self, messages: Sequence[Message]) -> frozenset[str]:
        """What the outgoing took out of these messages."""
        if self._outgoing is None:
            return frozenset()
        return frozenset(text for one in messages for text in self._outgoing.withheld(one))

    def start(self, store: Store, route: str, fence: int) -> dict[str, Position]:
        """Where a run begins to read: at the start if tasks are left that lack what was withheld, else as ever.

        Those wait until all was read. Mostly a new task, with all that it needs, has taken their place by then.
        """
        known, lost, after = runs.checkpoints(store, route), 0, 0
        while self._outgoing is not None and self.may:
            with store.writing() as connection:
                leases.guard(connection, route, fence)
                rows = waits.unsent(connection, route, after=after, limit=_AT_ONCE)
                lacking = [number for number, message in rows if self._outgoing.lacks(message_of(message))]
                if lacking:
                    waits.hold(connection, lacking, key_hash(_READ_AGAIN))
            lost += len(lacking)
            if len(rows) < _AT_ONCE:
                break
            after = rows[-1][0]
        if lost and known:
            log.warning("%s tasks of %s lack a password that is kept nowhere: reading from the start", lost, route)
        return {} if lost else known


def without(data: Json, secrets: Collection[str]) -> Json:
    """The data with every text masked that holds one of them.

    A text that is most of one counts as one: then the mapping added the rest.
    """
    return _masked(data, {*secrets, *(text for text in _texts(data) for one in secrets if _is_most_of(text, one))})


def not_kept(data: Json) -> Problem | None:
    """Why a stored record cannot be mapped again."""
    if data != NOT_KEPT:
        return None
    return Problem("REC105", "the data of this record was not kept, as it may hold a password", hint=_AGAIN)


def lacking() -> Problem:
    """Why a record that was stored without a secret cannot be mapped by transformers that read it now."""
    message = "the mapping reads a secret that was not kept with this record, as nothing read it then"
    return Problem("REC105", message, hint=_AGAIN)


def _masked(value: Json, secrets: Collection[str]) -> Json:
    if isinstance(value, list):
        return [_masked(one, secrets) for one in value]
    if isinstance(value, dict):
        return {_masked(key, secrets): _masked(one, secrets) for key, one in value.items()}
    text = _text(value)
    return MASK if any(one == text or (len(one) >= _LONG and one in text) for one in secrets) else value


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield _text(value)


def _text(value: Json) -> str:
    """A number too may be what a password was made of."""
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bool) else str(value)


def _is_most_of(text: str, secret: str) -> bool:
    return len(text) >= _LONG and text in secret and 2 * len(text) >= len(secret)
