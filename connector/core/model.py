"""The values that travel along a route: record, batch, message, delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.core.problem import Finding, Problem

Position: TypeAlias = dict[str, Json]
"""Where an incoming may go on reading: JSON that only the incoming itself understands."""


TOO_LARGE: Mapping[str, Json] = {"too_large": True}
"""Stands for the data of a record that is larger than may be kept."""


class Record(Struct, frozen=True):
    """One thing read from a source.

    Attributes:
        data: the source's own JSON.
        key: what names it at the source; empty when ``problem`` says why there is none.
        origin: where it was read, for people: ``pim-products page 3 [17]`` or ``products.csv line 40``.
        problem: set when this one record could not be read (no key, wrong type, damaged line): a failed task.
    """

    data: Json
    key: str
    origin: str
    problem: Problem | None = None


class Batch(Struct, frozen=True):
    """The unit of progress: store these records, and the next read may start at ``position``.

    Attributes:
        records: in the source's order; may be empty.
        position: what to keep as the checkpoint once the records are stored.
        last: True for the batch that ends a complete read.
        total: how many records the source says there are in all, if it says so.
        again: how many pages were asked for in vain, because the listing had moved, and read again from further back.
        whole: False where a read that ends with this batch may not have given all: then nothing counts as missing.
        notes: what speaks for a mistake in the declaration, of all that this read has given so far.
    """

    records: Sequence[Record]
    position: Position
    last: bool
    total: int | None = None
    again: int = 0
    whole: bool = True
    notes: Sequence[Finding] = ()


class Message(Struct, frozen=True):
    """What is to be sent: the words of DESIGN's message, each optional.

    Attributes:
        path: values for the path parameters of the operation.
        query: values for its query parameters.
        payload: the body, or the readable form of a composed action.
        destination: for operations that copy or move: an id, a path, or ``{"remote_id": ...}``.
    """

    path: Mapping[str, Json] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    payload: Json = None
    destination: Json = None

    def as_json(self) -> dict[str, Json]:
        """The message as users see it, without members that are not set."""
        members = {"path": dict(self.path), "query": dict(self.query), "payload": self.payload}
        members["destination"] = self.destination
        return {name: value for name, value in members.items() if value not in (None, {})}


MESSAGE_KEYS = ("path", "query", "payload", "destination")


class Delivery(Struct, frozen=True):
    """One message handed to an outgoing for one attempt.

    Attributes:
        message: already prepared (the outgoing's defaults are merged in).
        action: what to do with it: the outgoing's own action; ``hide``, ``trash``, ``delete`` for a key that the
            mapping no longer yields; ``repair`` for the own action once more, should the target hold something else by
            now; ``verify`` for a look whether it does, without writing anything.
        key: the target key, e.g. the remote id.
        target_id: the target's own id from an earlier delivery, or empty.
        hidden_by_us: an earlier delivery of this route hid it, or may have.
        suspect: an earlier attempt may have taken effect or stopped half-way: look before sending.
        attempt: 1 for the first.
        earlier: messages of this key that a newer one replaced after an attempt which may have stopped half-way: what
            is found of them at the target is ours.
        put_away: as which actions (``hide``, ``trash``, ``delete``) such replaced tasks may have been carried out.
        alone: what it refers to waits for it in turn: send what can be sent without.
        memory: what the outgoing gave with its last outcome of this key; None: nothing. Only it understands it.
    """

    message: Message
    action: str
    key: str
    target_id: str = ""
    hidden_by_us: bool = False
    suspect: bool = False
    attempt: int = 1
    earlier: tuple[Message, ...] = ()
    put_away: tuple[str, ...] = ()
    alone: bool = False
    memory: Json = None
