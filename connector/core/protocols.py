"""The seams: what the engine knows of an incoming, a transformer, an outgoing, a clock. Kinds implement these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.model import Batch, Delivery, Message, Position, Record
from connector.core.outcome import Outcome


class Stop(Protocol):
    """Asks whether to stop; every loop that may last looks at it."""

    def __bool__(self) -> bool:
        """True once somebody asked to stop."""
        ...

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when asked to stop. Returns True if so."""
        ...


class Clock(Protocol):
    """Time, injected so that tests can own it."""

    def now(self) -> datetime:
        """Aware UTC wall time."""
        ...

    def monotonic(self) -> float:
        """Seconds for measuring durations; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Reading(Protocol):
    """One partition of an incoming, ready to be read in one run."""

    @property
    def partition(self) -> str:
        """Name of the partition within the incoming; empty when there is only one."""
        ...

    @property
    def request(self) -> Json:
        """What is asked, as JSON without secrets: kept with the run."""
        ...

    def batches(self, stop: Stop) -> Iterator[Batch]:
        """Read from the checkpoint on, page by page; the final batch has ``last`` set.

        Raises:
            ClientError, PagingError, SourceError: the read is not complete.
        """
        ...


class Incoming(Protocol):
    """A subscriber: reads records."""

    @property
    def name(self) -> str:
        """The declaration's file name."""
        ...

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[Reading]:
        """One reading a partition, each going on from its checkpoint (absent: from the start).

        A checkpoint left inside a listing resumes there; one left at the end starts a new read (after its cursor).
        """
        ...


class Scope(Struct, frozen=True):
    """What a transformer may know besides the record: its key and origin; never a secret, never the environment."""

    key: str
    origin: str
    now: datetime


class Transformer(Protocol):
    """A step, or a file of steps: one JSON value in, none, one or many out."""

    @property
    def version(self) -> str:
        """Fingerprint of everything that decides the result; changes when the mapping changes."""
        ...

    def apply(self, value: Json, scope: Scope) -> Iterable[Json]:
        """Transform.

        Raises:
            RecordError: naming step, expression and cause.
        """
        ...


class Capabilities(Struct, frozen=True):
    """What an outgoing can promise.

    Attributes:
        look_up: it can find out whether an earlier attempt took effect, so nothing is ever created twice.
        drops: what it can do with a key that the mapping no longer yields, e.g. ``("hide", "trash", "delete")``.
        compares: it writes only what differs from what the target holds, and takes the actions of ``drift``.
    """

    look_up: bool
    drops: tuple[str, ...] = ()
    compares: bool = False


class Outgoing(Protocol):
    """A publisher: writes messages."""

    @property
    def name(self) -> str:
        """The declaration's file name."""
        ...

    @property
    def client(self) -> str:
        """The client's name: with the key it makes the lane in which only one task runs at a time."""
        ...

    @property
    def action(self) -> str:
        """The declared action, e.g. ``upsert``."""
        ...

    @property
    def messages(self) -> str:
        """``state`` (a newer message supersedes) or ``event`` (strict order)."""
        ...

    @property
    def can(self) -> Capabilities:
        """What it can promise."""
        ...

    @property
    def version(self) -> str:
        """Fingerprint of the declaration, as far as it changes what is sent."""
        ...

    def prepare(self, message: Message) -> Message:
        """Merge the declaration's defaults under the message and check what can be checked offline.

        Raises:
            RecordError: the message can never be sent as it is.
        """
        ...

    def key(self, message: Message) -> str | None:
        """The target's natural key of a prepared message (content.upsert: its remote id), or None."""
        ...

    def send(self, delivery: Delivery) -> Outcome:
        """Carry one message through all its steps. Never raises for what one message can cause.

        Raises:
            AuthRefused: the client cannot log in: no message has a chance.
            Stopped: asked to stop before anything was sent.
        """
        ...


@runtime_checkable
class Foresees(Protocol):
    """An outgoing that can tell more of a message than the message says, by asking the target; it only reads."""

    def foresee(self, message: Message) -> str:
        """A sentence for a preview, such as which content would be taken over; empty: nothing to tell.

        Raises:
            ConnectorError: the target cannot be asked.
        """
        ...


@runtime_checkable
class Expects(Protocol):
    """An outgoing that wants to know what is about to be sent, to look things up together."""

    def expect(self, coming: Sequence[Delivery]) -> None:
        """These will probably be sent soon, in about this order. It asks nobody; it must be quick and cannot fail."""
        ...


@runtime_checkable
class Withholds(Protocol):
    """An outgoing whose messages may hold what must not be kept, such as a password.

    ``prepare`` takes it out of the message; it lives in the outgoing's memory only, until it was sent.
    """

    @property
    def withholds(self) -> bool:
        """Whether its messages may hold such."""
        ...

    def withheld(self, message: Message) -> Sequence[str]:
        """The texts that ``prepare`` took out of that message; they stand in the record that it was made of, too."""
        ...

    def lacks(self, message: Message) -> bool:
        """Whether something was taken out of that message that this process does not have."""
        ...


@runtime_checkable
class ShowsRequests(Protocol):
    """An outgoing that can say which request a message means."""

    def request_of(self, message: Message) -> Json:
        """``{"method", "path", "query", "headers", "body"}`` of a prepared message; None when it is not one request."""
        ...


class Discreet(Protocol):
    """Knows what of a record a route needs, and what of the rest must not be kept."""

    def kept(self, data: Json) -> Json:
        """The record without what nobody needs and nobody may see."""
        ...

    def lacks(self, data: Json) -> bool:
        """Whether a record was kept without something that the route needs now."""
        ...


class Chain(Protocol):
    """A route's chain of transformers: record in, messages out."""

    @property
    def version(self) -> str:
        """Fingerprint of all transformer files of the chain."""
        ...

    def messages(self, record: Record, now: datetime) -> Sequence[Message]:
        """Map.

        Raises:
            RecordError: the mapping fails for this record.
        """
        ...
