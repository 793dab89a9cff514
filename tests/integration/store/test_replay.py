"""What was sent is sent again when somebody asks for it, by stored records and today's mapping; nothing twice by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import force_setattr

from connector.core.errors import RouteBusy
from connector.core.outcome import Refused
from connector.core.problem import Problem
from connector.store import Store, leases
from connector.store import tasks as task_store
from connector.store.replay import replay
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some
from tests.integration.store.test_waiting import Events, numbers

NOW = datetime.now(UTC)


def test_one_item_is_sent_again_without_being_read(store: Store) -> None:
    target, shelf = Target(), Shelf(some(5))
    run(route(shelf, target), store)
    target.calls.clear()
    assert replay(store, "things", ["x-3"], run_id=1, now=NOW) == ["x-3"]
    result = run(route(Shelf([]), target), store)
    assert [call.key for call in target.calls] == ["x-3"]
    assert (result.counts["skipped"], result.exit_code) == (1, 0)
    assert run(route(shelf, target), store).counts["unchanged"] == 5


def test_all_are_sent_again_by_their_records_keys_too_and_a_second_time_only_when_asked(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1203))
    run(route(shelf, target, concurrency=8), store)
    target.held.clear()
    assert len(replay(store, "things", None, run_id=1, now=NOW)) == 1203
    assert replay(store, "things", None, run_id=1, now=NOW) == [], "they wait to be sent already"
    assert run(route(Shelf([]), target, concurrency=8), store).counts["created"] == 1203
    assert replay(store, "things", ["7", "nobody"], run_id=1, now=NOW) == ["x-7"]


def test_todays_mapping_is_used(store: Store) -> None:
    target, shelf = Target(), Shelf(some(2))
    live = route(shelf, target)
    run(live, store)

    class Louder(type(live.chain)):  # type: ignore[misc]
        version = "2"

        def messages(self, record, now):  # type: ignore[no-untyped-def]
            [one] = super().messages(record, now)
            one.payload["loud"] = True
            return [one]

    replay(store, "things", ["x-0"], run_id=1, now=NOW)
    again = route(Shelf([]), target)
    force_setattr(again, "chain", Louder())
    run(again, store)
    assert target.held["x-0"]["loud"]
    assert "loud" not in target.held["x-1"]


def test_what_was_put_away_stays_away_and_what_has_failed_is_left_to_a_retry(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    target.answers["x-2"] = [Refused(Problem("E", "no"))]
    run(route(shelf, target, when_dropped="hide"), store)
    shelf.rows[1] = ("1", {"enabled": False})
    run(route(shelf, target, when_dropped="hide"), store)
    assert replay(store, "things", None, run_id=1, now=NOW) == ["x-0"]


def test_a_route_that_runs_is_not_interfered_with(store: Store) -> None:
    target = Target()
    run(route(Shelf(some(1)), target), store)
    fence = leases.acquire(store, "things", "elsewhere|1|2|abc", datetime.now(UTC))
    with pytest.raises(RouteBusy):
        replay(store, "things", None, run_id=1, now=NOW)
    leases.release(store, "things", fence, datetime.now(UTC))
    assert replay(store, "things", None, run_id=1, now=NOW) == ["x-0"]


@pytest.mark.parametrize("boom_again", [False, True])
def test_an_event_whose_mapping_failed_is_mapped_again_once(store: Store, *, boom_again: bool) -> None:
    shelf, target = Shelf([("a", {"n": 1, "boom": True})]), Events()
    run(route(shelf, target), store)
    task_store.retry(store, route="things")
    live = route(Shelf([]), target)
    if not boom_again:
        force_setattr(live, "chain", Mended())
    result = run(live, store)
    assert numbers(target, "x-a") == ([] if boom_again else [1])
    assert result.counts["failed"] == int(boom_again)


class Mended:
    """The mapping without its fault."""

    version = "1"

    def messages(self, record, now):  # type: ignore[no-untyped-def]
        from connector.core.model import Message

        return [Message(payload={"id": f"x-{record.key}", "n": record.data["n"]})]


def test_an_event_is_sent_again_when_asked_for(store: Store) -> None:
    shelf, target = Shelf([("a", {"n": 1})]), Events()
    run(route(shelf, target), store)
    replay(store, "things", ["x-a"], run_id=1, now=NOW)
    run(route(Shelf([]), target), store)
    assert numbers(target, "x-a") == [1, 1]
