"""Stops the taking side in time: before the disk is full, or the run log larger than the project allows."""

from __future__ import annotations

from connector.core.errors import ConnectorError
from connector.core.limits import Room
from connector.core.protocols import Clock
from connector.store import Store
from connector.store.room import measure

LOOK_SECONDS = 5.0
"""Between two looks: what a run reads in that time must fit into what is left at the limit."""
_HINT = (
    "Make room there, or let the run log keep less: `retention` in configs/project.json, then `connector db prune"
    " --compact`. The next run goes on where this one stopped."
)


class NoRoom(ConnectorError):
    """The run log has too little room to read more; what was read before is still sent."""

    code = "RUN010"
    exit_code = 3


class Guard:
    """Asked before more is read."""

    def __init__(self, store: Store, room: Room | None, clock: Clock) -> None:
        self._store = store
        self._room = room
        self._clock = clock
        self._looked = float("-inf")

    def check(self) -> None:
        """Look, if the last time is long enough ago.

        Raises:
            NoRoom: nothing more must be read.
            StoreError, ConfigError: the run log, or the disk, cannot be looked at.
        """
        now = self._clock.monotonic()
        if self._room is None or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        problem = lack(self._store, self._room)
        if problem is not None:
            raise problem


def lack(store: Store, room: Room) -> NoRoom | None:
    """What is too little or too large, if anything is.

    Raises:
        StoreError, ConfigError: the run log, or the disk, cannot be looked at.
    """
    if not room.min_free and room.max_size is None:
        return None
    found = measure(store, room.path)
    if found.free is not None and found.free < room.min_free:
        what = f"{_shown(found.free)} are free on the disk of {found.folder}, disk.min_free is {_shown(room.min_free)}"
        return NoRoom(f"nothing more is read: {what}", hint=_HINT)
    if room.max_size is not None and found.size > room.max_size:
        what = f"the run log has {_shown(found.size)}, disk.max_size is {_shown(room.max_size)}"
        return NoRoom(f"nothing more is read: {what}", hint=_HINT)
    return None


def _shown(size: int) -> str:
    for unit, bytes_ in (("GB", 1000**3), ("MB", 1000**2)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size / 1000:.0f} kB"
