"""What a run has counted so far; shared by the reading and the sending side."""

from __future__ import annotations

import threading

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
    "moved",
)
"""read = records; read_again = pages that had moved and were read from further back; unchanged, pending, duplicates =
records that made no task; the rest counts tasks.

waiting: for what they refer to; blocked: events behind a failed one of their key; both stay new. left_alone: what tasks
did not write because it is not ours to write. verified: tasks that compare what is there; drifted: those that found a
difference; reported: those of them that only tell of it; agreed: those that found none. drafted: left as a draft for an
editor to publish. gone: what was to be deleted and was not there any more. earlier: tasks of earlier runs that were
settled in this one; no_longer_read: those of them whose record a complete read did not give. moved: records that got
another key than they were sent with.
"""


class Counts:
    """Named counters with a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, int] = dict.fromkeys(NAMES, 0)
        self.total: int | None = None

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
