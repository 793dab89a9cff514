"""Counts what becomes of tasks in one run: each task once, as what it came to in the end."""

from __future__ import annotations

from datetime import datetime

from connector.routes.counts import Counts
from connector.store.tasks import Settled

KEPT = 100_000
"""So many tasks of earlier runs are remembered."""


class Tally:
    """Of one thread.

    Attributes:
        earlier: ids of the tasks of earlier runs that were tried.
    """

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._since: datetime | None = None
        self.earlier: set[int] = set()
        self._to_be_retried: set[int] = set()

    def start(self, now: datetime) -> None:
        """Reading begins: tasks that are older are those of earlier runs, or replace them."""
        self._since = now

    def add(self, settled: Settled) -> None:
        """Count a task that was settled; one that failed before in this run no longer counts as failed."""
        add = self._counts.add
        if settled.task.id in self._to_be_retried:
            self._to_be_retried.discard(settled.task.id)
            add("failed", -1)
            add("retry_later", -1)
        self._note_earlier(settled)
        if settled.state == "new":
            return
        add(settled.state)
        if settled.state == "finished" and settled.change not in ("", "finished"):
            add(settled.change)
        if settled.task.action in ("repair", "verify") and settled.state != "failed" and settled.change != "unchanged":
            add("drifted")
        if settled.task.action in ("repair", "verify") and settled.state == "skipped":
            add("agreed" if settled.change == "unchanged" else "reported")
        if (settled.state, settled.change) == ("skipped", "gone"):
            add("gone")
        if settled.state == "failed" and settled.next_attempt_at is not None:
            add("retry_later")
            self._to_be_retried.add(settled.task.id)
        if left := (settled.detail or {}).get("left"):
            add("left_alone", len(left))

    def _note_earlier(self, settled: Settled) -> None:
        made = settled.task.created_at
        if self._since is not None and made is not None and made < self._since and len(self.earlier) < KEPT:
            self.earlier.add(settled.task.id)
