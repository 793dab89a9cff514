"""What the actions on one content item have in common: a subclass says its checks and what one round of it does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from connector.core.errors import ClientError, RecordError
from connector.core.model import Delivery, Message
from connector.core.outcome import NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, outcome_of_raised
from connector.systems.ibexa.actions.composed import ComposedAction
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import Held, ensure_not_renamed, find, held_of, is_ghost
from connector.systems.ibexa.actions.content.memory import Memory
from connector.systems.ibexa.actions.content.progress import Progress
from connector.systems.ibexa.expected import COMPARING, believed_id
from connector.systems.ibexa.looking import WouldWrite

ROUNDS = 4
"""How often the state may change under us before the task waits for its next attempt."""


class Absent(Struct, frozen=True):
    """There is no such item; ``sure``: a look-up by remote id says so, not a search alone."""

    sure: bool


Round: TypeAlias = Callable[[Held | Absent, Progress], Outcome]
"""What is there, what was done so far -> the outcome; raises Again to look once more."""


class ContentAction(ComposedAction):
    """An action that looks the item with a remote id up, compares, writes what differs, and remembers what it wrote."""

    def key(self, message: Message) -> str | None:
        """The remote id."""
        return str(message.payload["remote_id"])

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, compare, write what differs; what was written before a step failed is remembered."""
        progress = Progress(Memory.of(delivery.memory))
        try:
            try:
                return self.carry_out(delivery, progress)
            except Ended as ended:
                if not is_ghost(self._gateway, delivery, ended.outcome):
                    raise
                progress = Progress(Memory())  # what is remembered is of an item that is no more
                return self.carry_out(replace(delivery, target_id="", memory=None), progress)
        except (Ended, RecordError, ClientError) as error:
            return progress.kept_in(outcome_of_raised(self.name, error))
        finally:
            self._gateway.look_ups.spoil(delivery.key)

    @abstractmethod
    def carry_out(self, delivery: Delivery, progress: Progress) -> Outcome:
        """All of it.

        Raises:
            Ended, RecordError, ClientError: it could not be done.
        """

    def rounds(self, delivery: Delivery, progress: Progress, once: Round) -> Outcome:
        """Look up and act, anew as long as the state changes under us.

        A search that was made for many at once is believed where that does no harm: that nothing has to be written,
        under which id the item is, and that there is none as long as a create would be refused. Who compares believes
        no id, and no search that there is none.
        """
        known, comparing = believed_id(delivery), delivery.action in COMPARING
        delivery = replace(delivery, target_id=known)
        seen = None if known or delivery.suspect else self._gateway.look_ups.take(delivery.key)
        if seen is not None and seen.content is not None:
            held = held_of(seen.content)
            if (outcome := self._as_it_is(held, delivery, once)) is not None:
                return outcome
            delivery = replace(delivery, target_id=str(held.id))
        likely_absent = seen is not None and seen.content is None and not comparing
        for _ in range(ROUNDS):
            try:
                if likely_absent:
                    likely_absent = False
                    return once(Absent(sure=False), progress)
                found = find(self._gateway, delivery, delivery.key)
                if found is None:
                    ensure_not_renamed(self._gateway, delivery, delivery.key)
                return once(found or Absent(sure=True), progress)
            except Again:
                delivery = replace(delivery, target_id="")  # what is read by an id may be long gone: see is_ghost
        message = f"'{delivery.key}' kept changing while it was written"
        return progress.kept_in(NotSent(Problem("IBX409", message, hint="It is tried again.")))

    def _as_it_is(self, held: Held, delivery: Delivery, once: Round) -> Outcome | None:
        """Skipped if nothing has to be written; None: read it anew, and do what has to be done."""
        try:
            with self._gateway.looking():
                outcome = once(held, Progress(Memory.of(delivery.memory)))
        except (WouldWrite, Again, Ended, RecordError):
            return None
        return outcome if isinstance(outcome, Skipped) else None
