"""How long the run log keeps things, and how much room it must have: values that a project declares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec import Struct


class Retention(Struct, frozen=True):
    """How long what has ended is kept; None: for ever. Items, records and checkpoints are always kept.

    Attributes:
        messages: message and attempts of a finished or skipped task.
        finished: finished tasks.
        skipped: skipped tasks.
        failed: failed tasks that a newer task of the same item followed.
        last_failed: failed tasks that are the newest of their item.
        requests: the request log.
        runs: runs of which no task is left.
        max_tasks: at most so many finished tasks, and as many skipped ones, whatever their age; None: any number.
    """

    messages: timedelta | None
    finished: timedelta | None
    skipped: timedelta | None
    failed: timedelta | None
    last_failed: timedelta | None
    requests: timedelta | None
    runs: timedelta | None
    max_tasks: int | None


class Room(Struct, frozen=True):
    """How much room the run log needs before more is read into it; bytes.

    Attributes:
        min_free: that must be free on the disk; 0: not looked at.
        max_size: of the database; None: any.
        path: a folder on the disk to look at; None: that of the SQLite file.
    """

    min_free: int
    max_size: int | None = None
    path: Path | None = None
