"""What was written long ago is compared with what the target holds: repaired or told, within a budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from connector.core.clock import StopEvent, SystemClock
from connector.core.model import Delivery
from connector.core.outcome import Outcome, Skipped
from connector.core.protocols import Capabilities
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, reports
from tests.integration.store.test_engine_run import Names, Shelf, Target, some


class Later(SystemClock):
    """A clock that runs ahead."""

    def __init__(self, hours: float) -> None:
        self.ahead = timedelta(hours=hours)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Comparing(Target):
    """Knows the two actions of a comparison."""

    can = Capabilities(look_up=True, drops=("hide",), compares=True)

    def send(self, delivery: Delivery) -> Outcome:
        if delivery.action == "verify":
            with self.lock:
                self.calls.append(delivery)
                same = self.held.get(delivery.key) == delivery.message.payload
            return Skipped("unchanged" if same else "drifted", delivery.target_id)
        return super().send(delivery)


def run(shelf: Shelf, target: Target, store: Store, *, hours: float = 0.0, **settings: Any) -> RunResult:
    live = LiveRoute("things", shelf, Names(), target, Settings(verify_every=24 * 3600.0, **settings), {})
    return RouteRun(live, store, clock=Later(hours), stop=StopEvent()).execute(Trigger(), lambda view: None)


def tampered(store: Store, **settings: Any) -> tuple[Shelf, Comparing]:
    target, shelf = Comparing(), Shelf(some(7))
    run(shelf, target, store, **settings)
    target.held["x-3"] = {"id": "x-3", "text": "by hand"}
    del target.held["x-5"]
    target.calls.clear()
    return shelf, target


def test_what_differs_is_repaired_once_it_is_old_enough(store: Store) -> None:
    shelf, target = tampered(store)
    early = run(shelf, target, store, hours=23)
    assert (early.counts["verified"], len(target.calls)) == (0, 0)
    late = run(shelf, target, store, hours=25)
    assert (late.counts["verified"], late.counts["drifted"], late.counts["updated"], late.counts["created"]) == (
        7,
        2,
        1,
        1,
    )
    assert target.held == {f"x-{key}": {"id": f"x-{key}", **data} for key, data in shelf.rows}
    assert run(shelf, target, store, hours=26).counts["verified"] == 0
    again = run(shelf, target, store, hours=52)
    assert (again.counts["verified"], again.counts["drifted"]) == (7, 0)


def test_what_differs_can_be_told_only(store: Store) -> None:
    shelf, target = tampered(store, when_drifted="report")
    held = dict(target.held)
    result = run(shelf, target, store, hours=25, when_drifted="report")
    assert (result.counts["verified"], result.counts["drifted"], result.counts["finished"]) == (7, 2, 0)
    assert (result.counts["reported"], result.counts["agreed"]) == (2, 5)
    assert [row["change"] for row in reports.tasks(store, run=result.run_id, only="drifted")] == ["drifted"] * 2
    assert target.held == held
    told = [row["key"] for row in reports.tasks(store, run=result.run_id) if row["change"] == "drifted"]
    assert sorted(told) == ["x-3", "x-5"]


def test_a_run_compares_no_more_than_it_may_and_the_next_goes_on(store: Store) -> None:
    shelf, target = tampered(store)
    seen = []
    for hours in (25.0, 25.1, 25.2, 25.3):
        target.calls.clear()
        result = run(shelf, target, store, hours=hours, max_verified=3)
        assert result.counts["verified"] == len(target.calls)
        seen.append(sorted(call.key for call in target.calls))
    assert [len(one) for one in seen] == [3, 3, 1, 0]
    assert len({key for one in seen for key in one}) == 7


def test_a_newer_state_is_sent_and_not_compared_with_the_old(store: Store) -> None:
    shelf, target = tampered(store)
    shelf.rows[3] = ("3", {"n": 33})
    result = run(shelf, target, store, hours=25)
    assert target.held["x-3"] == {"id": "x-3", "n": 33}
    assert [call.action for call in target.calls if call.key == "x-3"] == ["upsert"]
    assert result.counts["drifted"] == 1


def test_what_was_put_away_is_not_brought_back(store: Store) -> None:
    shelf, target = tampered(store)
    shelf.rows = [(key, {**data, "enabled": key != "2"}) for key, data in shelf.rows]
    run(shelf, target, store, hours=1, when_dropped="hide")
    assert "x-2" not in target.held
    result = run(shelf, target, store, hours=50, when_dropped="hide")
    assert (result.counts["verified"], "x-2" in target.held) == (6, False)


def test_a_target_that_does_not_compare_is_left_alone(store: Store) -> None:
    shelf, target = tampered(store)
    target.can = replace(target.can, compares=False)
    assert run(shelf, target, store, hours=25).counts["verified"] == 0
