"""A route ready to run: its parts as protocols, and its settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field

from connector.core.errors import RecordError
from connector.core.jsonio import Json, fingerprint
from connector.core.model import Message, Record
from connector.core.problem import Problem
from connector.core.protocols import Chain, Discreet, Incoming, Outgoing

Placed = Callable[[Problem, Json], Problem]


class Settings(Struct, frozen=True):
    """How a route runs; times in seconds.

    Attributes:
        concurrency: tasks under way at once.
        when_dropped: what happens to a known key that the mapping no longer yields: keep, hide, trash, delete.
        when_missing: what happens to an item whose record a complete read did not give: the same words.
        max_deletes_count: put away at most so many of them in a run, else none; below 0: any number.
        max_deletes_percent: and at most such a share of all; 0: any share.
        max_deletes_said: the route says so itself.
        max_attempts: of one task, before only a person may retry it.
        max_elapsed: since a task was made: no attempt by itself begins later; 0: however long.
        first_wait: before the second attempt; doubles from there.
        max_wait: the longest wait between two attempts.
        stop_after_count: a run stops after that many failed tasks; 0: never.
        stop_after_percent: or after that share of them, once 20 tasks have ended; 0: never.
        verify_every: items older than that are compared with the target again; 0: never.
        when_drifted: what happens to one that differs: repair or report.
        max_verified: at most so many of them in a run.
        deadline: a run that takes longer stops; 0: never.
        backlog: reading pauses while more tasks than this wait.
        away_first_probe: after a system went away, one task asks after so long; the waits double.
        away_max_probe: the longest of them.
        away_give_up: a run waits so long for a system that is away; 0: not at all.
    """

    concurrency: int = 4
    when_dropped: str = "keep"
    when_missing: str = "keep"
    max_deletes_count: int = -1
    max_deletes_percent: float = 20.0
    max_deletes_said: bool = False
    max_attempts: int = 10
    max_elapsed: float = 0.0
    first_wait: float = 30.0
    max_wait: float = 6 * 3600.0
    stop_after_count: int = 0
    stop_after_percent: float = 0.0
    verify_every: float = 0.0
    when_drifted: str = "repair"
    max_verified: int = 1000
    backlog: int = 2000
    away_first_probe: float = 5.0
    away_max_probe: float = 60.0
    away_give_up: float = 0.0
    deadline: float = 0.0


class Unusable(Exception):
    """A record that becomes no message, or one that can never be sent.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class AllKept:
    """Records are kept as they come."""

    def kept(self, data: Json) -> Json:
        """The record itself."""
        return data

    def lacks(self, data: Json) -> bool:  # noqa: ARG002 - the protocol
        """It lacks nothing."""
        return False


def as_it_is(problem: Problem, message: Json) -> Problem:  # noqa: ARG001 - one signature for all
    """The problem itself: nobody knows the files."""
    return problem


class LiveRoute(Struct, frozen=True):
    """A route with everything it needs.

    Attributes:
        declared: the declarations it was built from, without secrets: kept with each run.
        placed: a problem of a message with the place in the project that the part at fault comes from.
        discretion: what of its records is not kept; they are mapped without it too, so a retry finds what it needs.
    """

    name: str
    incoming: Incoming
    chain: Chain
    outgoing: Outgoing
    settings: Settings = field(default_factory=Settings)
    declared: Json = None
    placed: Placed = as_it_is
    discretion: Discreet = field(default_factory=AllKept)

    @property
    def version(self) -> str:
        """Changes when the same record might yield another message."""
        return fingerprint([self.chain.version, self.outgoing.version, self.settings.when_dropped])

    def messages(self, record: Record, now: datetime) -> list[Message]:
        """What the record becomes, ready to be sent.

        Raises:
            Unusable: with the problem and, where a file of the project is to be corrected, its place.
        """
        message: Message | None = None
        try:
            made = self.chain.messages(record, now)
            prepared = []
            for message in made:
                prepared.append(self.outgoing.prepare(message))
        except RecordError as error:
            parts = message.as_json() if message is not None else None
            raise Unusable(self.placed(error.problem(record.origin), parts)) from None
        return prepared
