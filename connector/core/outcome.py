"""What can happen to one message that is sent: six values, matched exhaustively; never an exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.core.problem import Problem


class Done(Struct, frozen=True):
    """The target now holds what the message says, and this attempt wrote something.

    Attributes:
        change: what was done: ``created``, ``updated``, ``adopted``, ``restored``, ``hidden``, ``trashed``,
            ``deleted``, ``revealed``, ``drafted`` (left unpublished, for an editor) or ``sent``.
        target_id: the target's own id (Ibexa: the content id), as text.
        detail: facts for people: changed fields, version, status; JSON. ``left`` lists in words what was not written
            because it is not ours to write; it is counted.
        memory: what the outgoing wants to be told with the next delivery of this key; None keeps what it was told.
    """

    change: str
    target_id: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)
    memory: Json = None


class Skipped(Struct, frozen=True):
    """Nothing had to be written: the target holds it already, or the message is superseded. Otherwise as Done."""

    reason: str
    target_id: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)
    memory: Json = None


class Refused(Struct, frozen=True):
    """The target (or our own check before sending) says no; the same message would be refused again.

    Steps before the one that failed may have taken effect; here, in NotSent and in Unknown:

    Attributes:
        memory: as of Done.
        begun: not in Unknown, which always means it: what came before is half done, such as a draft that is there: the
            next attempt looks for it.
        target_id: set when they did: the target holds something of ours, which is to be put away like all the rest.
        done: what they did, in words.
    """

    problem: Problem
    memory: Json = None
    begun: bool = False
    target_id: str = ""
    done: Sequence[str] = ()


class NotSent(Struct, frozen=True):
    """Nothing took effect, and a later attempt may succeed.

    Attributes:
        problem: why.
        wait_seconds: not earlier than this from now; None: by the route's retry policy.
        client_down: True when the whole system is away, so that no other message has a chance either.
        begun, memory, target_id, done: as of Refused.
    """

    problem: Problem
    wait_seconds: float | None = None
    client_down: bool = False
    begun: bool = False
    memory: Json = None
    target_id: str = ""
    done: Sequence[str] = ()


class Unknown(Struct, frozen=True):
    """Sent, but whether it took effect is not known. The next attempt looks it up before it sends anything.

    Attributes:
        client_down: True when the system seems to be away altogether (time-outs, 502, 504).
        memory, target_id, done: as of Refused.
    """

    problem: Problem
    client_down: bool = False
    memory: Json = None
    target_id: str = ""
    done: Sequence[str] = ()


class Waits(Struct, frozen=True):
    """Nothing was sent, or only a part: the message refers to something that is not at the target yet.

    Attributes:
        needs: the target key of what is missing, e.g. a remote id: once a task with that key has ended well, this one
            is tried again.
        problem: the sentence for the case that it never appears.
        target_id: set when the target holds a first part already, so that others may refer to it.
        memory: as of Done.
        refers: target keys of all that the message refers to, there or not: with them it is known beforehand who waits
            for whom, and it is not tried again before all of them that are still to be sent have come.
    """

    needs: str
    problem: Problem
    target_id: str = ""
    memory: Json = None
    refers: tuple[str, ...] = ()


Outcome: TypeAlias = Done | Skipped | Refused | NotSent | Unknown | Waits
