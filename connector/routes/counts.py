"""What a run has counted so far; shared by the reading and the sending side."""

from __future__ import annotations

import threading

from connector.core.model import Batch
from connector.core.problem import Finding, Problem

NAMES = (
    "read",
    "read_again",
    "unchanged",
    "pending",
    "duplicates",
    "new",
    "finished",
    "created",
    "updated",
    "drafted",
    "adopted",
    "restored",
    "revealed",
    "hidden",
    "trashed",
    "deleted",
    "sent",
    "skipped",
    "superseded",
    "failed",
    "retry_later",
    "waiting",
    "blocked",
    "left_alone",
    "verified",
    "drifted",
    "agreed",
    "reported",
    "gone",
    "earlier",
    "no_longer_read",
    "uncertain",
    "moved",
)
"""read = records; read_again = pages that had moved and were read from further back; unchanged, pending, duplicates =
records that made no task; the rest counts tasks.

waiting: for what they refer to; blocked: events behind a failed one of their key; both stay new. left_alone: what tasks
did not write because it is not ours to write. verified: tasks that compare what is there; drifted: those that found a
difference; reported: those of them that only tell of it; agreed: those that found none. drafted: left as a draft for an
editor to publish. gone: what was to be deleted and was not there any more. earlier: tasks of earlier runs that were
settled in this one; no_longer_read: those of them whose record a complete read did not give. uncertain: 1 when a read
to the end may not have given all, and the route would have put away what is missing. moved: records that got
another key than they were sent with.
"""


class Counts:
    """Named counters with a lock; and what the batches say of the read.

    Attributes:
        total: how many records there are in all, if known.
        whole: no batch said that its read may not have given all.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, int] = dict.fromkeys(NAMES, 0)
        self.total: int | None = None
        self.whole = True
        self._notes: dict[str, tuple[Finding, ...]] = {}

    def took(self, batch: Batch, partition: str) -> None:
        """A batch of that partition was read."""
        self.add("read", len(batch.records))
        self.add("read_again", batch.again)
        if batch.total is not None:
            self.total = batch.total
        self.whole = self.whole and batch.whole
        self._notes[partition] = tuple(batch.notes)

    def notes(self, incoming: str, but: Problem | None) -> tuple[Problem, ...]:
        """What speaks for a mistake in that incoming's declaration, each once; not what the run ends with anyway."""
        every = dict.fromkeys(one for found in self._notes.values() for one in found)
        left = [one for one in every if but is None or one.message != but.message]
        return tuple(
            Problem(one.code, one.message, one.hint, f"incoming {incoming}", None, one.severity) for one in left
        )

    def add(self, name: str, by: int = 1) -> None:
        """Count."""
        with self._lock:
            self._values[name] = self._values.get(name, 0) + by

    def __getitem__(self, name: str) -> int:
        return self._values.get(name, 0)

    def snapshot(self) -> dict[str, int]:
        """All counters now."""
        with self._lock:
            return dict(self._values)
