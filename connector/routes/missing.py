"""What the source no longer has: after a complete read from the start, and only then, its items are put away.

Guarded three times: an interrupted or partial read puts nothing away, nor does one without a single record, nor one
after which more would go than ``max_deletes`` allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from connector.core.errors import ConnectorError
from connector.core.jsonio import fingerprint
from connector.core.model import Position
from connector.core.protocols import Reading
from connector.routes.counts import Counts
from connector.routes.dropped import allowing, are_too_many
from connector.routes.live import LiveRoute, Settings
from connector.store import Store, leases
from connector.store import intake as rows
from connector.store import missing as absent
from connector.store.pack import key_hash

AT_ONCE = 500


class TooManyMissing(ConnectorError):
    """More would be put away than the route's max_deletes allows; nothing was."""

    code = "RUN006"
    exit_code = 1


class Missing:
    """The absence of records in one run of one route."""

    def __init__(self, route: LiveRoute, store: Store, counts: Counts, *, run_id: int, fence: int) -> None:
        self._route = route
        self._store = store
        self._counts = counts
        self._run_id = run_id
        self._fence = fence

    @property
    def matters(self) -> bool:
        """Whether the route wants to know."""
        return self._route.settings.when_missing != "keep"

    def put_away(self, now: datetime) -> int:
        """Make a task for each item whose record this complete read did not give. Returns how many.

        Raises:
            TooManyMissing: nothing was changed.
            StoreError, LeaseLost: nothing more is changed.
        """
        with self._store.reading() as connection:
            gone, held = absent.count_missing(connection, self._route.name, self._run_id)
        if not gone:
            return 0
        guard(self._route.settings, gone, held, read=self._counts["read"])
        done, after = 0, 0
        while True:
            made, after = self._some(now, after)
            done += made
            if not after:
                return done

    def _some(self, now: datetime, after: int) -> tuple[int, int]:
        """A part of them, those with a higher id first; the last id, 0 when there are no more."""
        action = self._route.settings.when_missing
        stamp = rows.Stamp(self._route.name, self._run_id, now)
        with self._store.writing() as connection:
            leases.guard(connection, stamp.route, self._fence)
            found = absent.missing(connection, stamp, after=after, limit=AT_ONCE)
            items = rows.known_items(connection, stamp.route, [one.key_hash for one in found], [])
            known = rows.known_records(connection, stamp.route, [one.record_key_hash for one in found])
            tasks = []
            for one in found:
                item = items[one.key_hash]
                print_of_drop = fingerprint([action, item.key])
                if item.open_tasks and item.open_tasks[-1].fingerprint == print_of_drop:
                    continue
                lane = key_hash(self._route.outgoing.client, item.key)
                place = (one.key_hash, item.key, one.record_key_hash, lane)
                row = rows.TaskRow(*place, action, {}, print_of_drop, PUT_AWAY, supersedes=item.open_tasks)
                tasks.append(row)
            rows.save_tasks(connection, stamp, tasks, (items, known))
            # When one of them comes back as it was, it must be mapped again to be shown again.
            absent.forget_records(connection, [known[one.record_key_hash].id for one in found])
        self._counts.add("new", len(tasks))
        return len(tasks), found[-1].item_id if len(found) == AT_ONCE else 0


def guard(settings: Settings, gone: int, held: int, *, read: int) -> None:
    """Whether so many may be put away: without a word of it also not most of a few, since absence says little.

    Args:
        settings: of the route.
        gone: items whose records were not read.
        held: items at the target.
        read: records that were read.

    Raises:
        TooManyMissing: they may not.
    """
    what = f"{gone} of {held} items are no longer in the source"
    if not read:
        hint = "If it really is empty now, put them away there yourself; else see why it lists nothing."
        raise TooManyMissing(f"{what}: it listed no record at all, so nothing was put away", hint=hint)
    most_of_few = not settings.max_deletes_said and settings.max_deletes_percent and 2 * gone > held
    if are_too_many(settings, gone, held) or most_of_few:
        hint = f"See whether the source is whole; if so, {allowing(settings, gone, held)}, and run again."
        raise TooManyMissing(f"{what}, more than max_deletes allows: nothing was put away", hint=hint)


PUT_AWAY = "not in the source any more"
"""The origin of tasks that come of an absence."""


def is_whole(readings: Sequence[Reading], checkpoints: Mapping[str, Position]) -> bool:
    """Whether reading these gives everything: none goes on from where an earlier one stopped, or after a cursor."""
    return all(not checkpoints.get(reading.partition) for reading in readings)
