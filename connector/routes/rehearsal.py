"""What a run would do now: reads and maps everything, compares it with the run log, and writes nothing anywhere.

It decides by the code that a run decides by. Of the target it knows what the run log knows: no system is asked for more
than its records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from connector.core.errors import ConnectorError
from connector.core.model import Position
from connector.core.protocols import Clock, Reading, Stop
from connector.core.scope import stopped_by
from connector.routes import dropped
from connector.routes.counts import Counts
from connector.routes.deliver import STOP_SECONDS
from connector.routes.fetch import fetched
from connector.routes.foreseen import NAMED, Foreseen, Judge, sure
from connector.routes.intake import Intake
from connector.routes.live import LiveRoute
from connector.routes.mapped import Mapped
from connector.routes.missing import AT_ONCE, guard, is_whole
from connector.routes.moves import guard as guard_moves
from connector.routes.new_tasks import NewTasks, known_items, never_sent
from connector.routes.run import RunView
from connector.routes.seen import Seen
from connector.store import Store, drops, moves, runs, tasks, waits
from connector.store import intake as rows
from connector.store import missing as absent

_NO_RUN = -1
"""The number of a run that never was: no row has it."""


class Rehearsal:
    """Of one run of one route."""

    def __init__(self, route: LiveRoute, store: Store, *, clock: Clock, stop: Stop, judge: Judge = sure) -> None:
        self._judge = judge
        self._route = route
        self._store = store
        self._clock = clock
        self._stop = stop
        self._counts = Counts()
        self._found = Foreseen(route.name)

    def execute(self, on_progress: Callable[[RunView], None]) -> Foreseen:
        """Read to the end, or to what would end the run.

        Raises:
            StoreError: the run log cannot be read.
        """
        started, found = self._clock.monotonic(), self._found
        with self._store.reading() as connection:
            found.left = tasks.left(connection, self._route.name)
        with Seen() as seen, Seen() as lanes, stopped_by(self._stop):
            intake = _Taking(self._route, self._store, self._counts, (seen, lanes), found)
            intake.judge = self._judge

            def tell() -> None:
                seconds = self._clock.monotonic() - started
                on_progress(RunView(found.route, "reading", self._counts.snapshot(), self._counts.total, seconds))

            try:
                found.whole = self._read(intake, tell)
                self._judge_moves(intake)
                self._count_dropped(intake)
                if found.whole and self._route.settings.when_missing != "keep":
                    self._look_for_missing(seen)
            except ConnectorError as error:
                found.problem, found.exit_code = error.problem(), error.exit_code
            self._look_at_failed(intake)
        found.notes = self._counts.notes(self._route.incoming.name, found.problem)
        for name in ("read", "unchanged", "pending", "duplicates"):
            found.counts[name] = self._counts[name]
        found.exit_code = found.exit_code or int(found.counts["failed"] > 0)
        return found

    def _read(self, intake: _Taking, tell: Callable[[], None]) -> bool:
        checkpoints = runs.checkpoints(self._store, self._route.name)
        readings = self._route.incoming.readings(checkpoints, self._clock.now())
        ended = [self._read_one(reading, intake, tell) for reading in readings]
        return all(ended) and self._counts.whole and intake.all_have_keys and is_whole(readings, checkpoints)

    def _read_one(self, reading: Reading, intake: _Taking, tell: Callable[[], None]) -> bool:
        last = False
        with closing(fetched(reading, self._stop, STOP_SECONDS)) as batches:
            for batch in batches:
                self._counts.took(batch, reading.partition)
                intake.take(batch, reading.partition, self._clock.now())
                tell()
                last = batch.last
                if self._stop:
                    break
        return last

    def _look_at_failed(self, intake: _Taking) -> None:
        """Which failed tasks the run would go on with, as what they wait for comes; and which of them would stay."""
        with self._store.reading() as connection:
            failed = [one for one in waits.given_up(connection, self._route.name) if one[0] not in intake.replaced]
            wanted = {lane for *_, lane in failed if lane}
            coming = waits.lanes_to_come(connection, self._route.name, sorted(wanted))
        coming |= wanted & intake.lanes.among(wanted).keys()
        waiting = {number: (lane, wanted_lane) for number, _, lane, wanted_lane in failed if wanted_lane}
        woken: set[int] = set()
        while found := {one for one, (_, lane) in waiting.items() if lane in coming} - woken:
            woken |= found
            coming |= {waiting[one][0] for one in found}
        for number, key, *_ in failed:
            self._found.add("woken" if number in woken else "stuck", key)

    def _judge_moves(self, intake: _Taking) -> None:
        """Those that earlier runs keep back, and those that this one would.

        Raises:
            TooManyMoved: more than the route may make anew.
        """
        with self._store.reading() as connection:
            kept = [one for one in moves.kept_back(connection, self._route.name) if one[0] not in intake.ended]
            told = moves.told_of(connection, [number for number, _ in kept[:NAMED]])
            held = absent.count_held(connection, self._route.name)
        self._found.counts["moved"] += len({record for _, record in kept})
        self._found.moved[:0] = told
        if moved := self._found.counts["moved"]:
            guard_moves(self._route.settings, moved, held, self._found.moved)

    def _count_dropped(self, intake: _Taking) -> None:
        """With those that earlier runs hold.

        Raises:
            TooManyDropped: more than the route may put away.
        """
        with self._store.reading() as connection:
            held_back = len(set(drops.held_back(connection, self._route.name)) - intake.ended)
            held = absent.count_held(connection, self._route.name)
        if gone := self._found.counts["dropped"] + held_back:
            dropped.guard(self._route.settings, gone, held)

    def _look_for_missing(self, seen: Seen) -> None:
        """By pages of what the target holds.

        Raises:
            TooManyMissing: more than the route may put away.
        """
        held, after = 0, 0
        while True:
            with self._store.reading() as connection:
                page = absent.held(connection, self._route.name, after=after, limit=AT_ONCE)
            there = seen.among(one.record_key_hash for one in page)
            held += len(page)
            for one in page:
                if one.record_key_hash not in there:
                    self._found.add("missing", one.key)
            if len(page) < AT_ONCE:
                break
            after = page[-1].item_id
        if gone := self._found.counts["missing"]:
            guard(self._route.settings, gone, held, read=self._counts["read"])


class _Taking(Intake):
    """Decides as a run does, and commits nothing.

    Attributes:
        lanes: those in which something would be sent.
        replaced: ids of failed tasks in whose place others would come.
        ended: ids of all tasks that would be superseded.
    """

    judge: Judge = staticmethod(sure)

    def __init__(
        self, route: LiveRoute, store: Store, counts: Counts, books: tuple[Seen, Seen], found: Foreseen
    ) -> None:
        super().__init__(route, store, counts, run_id=_NO_RUN, fence=_NO_RUN)
        self._seen, self.lanes = books
        self.replaced: set[int] = set()
        self.ended: set[int] = set()
        self._found = found

    def _known(self, stamp: rows.Stamp, candidates: Sequence[Mapped]) -> dict[str, rows.KnownRecord]:
        known = super()._known(stamp, candidates)
        for hashed, print_of_data in self._seen.among(one.hash for one in candidates).items():
            known[hashed] = rows.KnownRecord(0, print_of_data, _NO_RUN)
        return known

    def _commit(
        self,
        stamp: rows.Stamp,
        sorted_out: tuple[list[Mapped], list[Mapped]],
        known: dict[str, rows.KnownRecord],  # noqa: ARG002 - what a run would change
        position: tuple[str, Position] | None,  # noqa: ARG002 - stays where it is
    ) -> int:
        fresh, unchanged = sorted_out
        with self._store.reading() as connection:
            items = known_items(connection, stamp.route, fresh)
        rows_to_be = list(NewTasks(self._route, self._counts, frozenset()).of(fresh, items))
        self.ended.update(never_sent(fresh, items))
        sentences = dict.fromkeys(row.kept_back.message for row in rows_to_be if row.kept_back)
        self._found.counts["moved"] += len(sentences)
        self._found.moved += list(sentences)[: NAMED - len(self._found.moved)]
        for row in rows_to_be:
            self._foresee(row, items.get(row.item_key_hash))
            self.ended.update(one.id for one in row.supersedes)
            self.replaced.update(one.id for one in row.supersedes if one.state == "failed")
        self.lanes.add({row.lane: "" for row in rows_to_be if row.problem is None and not row.puts_away})
        self._counts.add("unchanged", len(unchanged))
        self._seen.add({one.hash: one.fingerprint for one in (*fresh, *unchanged) if not one.twice})
        return 0

    def _foresee(self, row: rows.TaskRow, item: rows.KnownItem | None) -> None:
        if (problem := row.problem or (None if row.puts_away else self.judge(row.message))) is not None:
            self._found.add("failed", row.key)
            if len(self._found.failures) < NAMED:
                self._found.failures.append((row.key, problem))
        elif row.puts_away:
            self._found.add("dropped", row.key)
        else:
            self._found.add("changed" if item is not None and (item.target_id or item.fingerprint) else "new", row.key)
