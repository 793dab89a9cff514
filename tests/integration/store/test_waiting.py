"""Tasks that refer to others: any order ends complete, circles are opened, and what never comes is told by name."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from connector.core.clock import StopEvent, SystemClock
from connector.core.jsonio import Json
from connector.core.model import Delivery
from connector.core.outcome import Done, NotSent, Outcome, Refused, Waits
from connector.core.problem import Problem
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.routes.waiting import Waiting
from connector.store import Store, waits
from connector.store import tasks as task_store
from connector.store.pack import key_hash, unpack
from connector.store.tables import task
from tests.integration.store.test_engine_run import Names, Shelf, Target, route, run
from tests.polling import until


class Linked(Target):
    """Holds a thing only once all that its ``needs`` name is held; alone, it holds what can be held without ``likes``."""

    def __init__(self) -> None:
        super().__init__()
        self.first_parts: list[str] = []

    def send(self, delivery: Delivery) -> Outcome:
        payload = delivery.message.payload
        with self.lock:
            needs = [f"x-{one}" for one in payload.get("needs", []) if f"x-{one}" not in self.held]
            likes = [f"x-{one}" for one in payload.get("likes", []) if f"x-{one}" not in self.held]
            planned = bool(self.answers.get(delivery.key))
            if not planned and needs:
                return Waits(needs[0], missing(needs[0]))
            if not planned and likes and delivery.alone:
                self.held[delivery.key] = {**payload, "likes": []}
                self.first_parts.append(delivery.key)
                return Waits(likes[0], missing(likes[0]), "t" + delivery.key)
            if not planned and likes:
                return Waits(likes[0], missing(likes[0]))
        return super().send(delivery)


def missing(key: str) -> Problem:
    return Problem("IBX450", f"{key} is not there yet", hint="Send it too.")


def states(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        return {
            row.key: row.state for row in connection.execute(sa.select(task.c.key, task.c.state).order_by(task.c.id))
        }


def reasons(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(task.c.key, task.c.reason).where(task.c.state == "failed")).all()
    return {key: unpack(reason)["message"] for key, reason in rows}


def things(*names: str, **needs: Any) -> list[tuple[str, Json]]:
    return [(name, {"n": 1, **needs.get(name, {})}) for name in names]


def test_a_tree_in_any_order_ends_complete_in_one_run(store: Store) -> None:
    rows: list[tuple[str, Json]] = [(str(n), {"needs": [str(n // 2)] if n else []}) for n in range(200)]
    rows = [(key, {**data, "needs": [one for one in data["needs"] if one != key]}) for key, data in rows]
    random.Random(11).shuffle(rows)
    target = Linked()
    result = run(route(Shelf(rows), target, concurrency=8), store)
    assert (result.exit_code, result.counts["created"], result.counts["failed"], result.counts["waiting"]) == (
        0,
        200,
        0,
        0,
    )
    assert len(target.held) == 200
    assert run(route(Shelf(rows), target), store).counts["unchanged"] == 200


def test_waiting_uses_up_no_attempt(store: Store) -> None:
    rows = things("a", "b", a={"needs": ["b"]})
    run(route(Shelf(rows), Linked(), concurrency=1), store)
    with store.reading() as connection:
        attempts = dict(connection.execute(sa.select(task.c.key, task.c.attempts)).all())
    assert attempts == {"x-a": 1, "x-b": 1}


def test_a_circle_of_what_may_be_left_out_at_first_is_closed_in_a_second_pass(store: Store) -> None:
    rows = things("a", "b", "c", "d", a={"likes": ["b"]}, b={"likes": ["c"]}, c={"likes": ["a"]}, d={"likes": ["a"]})
    target = Linked()
    result = run(route(Shelf(rows), target, concurrency=4), store)
    assert (result.exit_code, result.counts["finished"], result.counts["failed"]) == (0, 4, 0)
    assert {key: held["likes"] for key, held in target.held.items()} == {
        "x-a": ["b"], "x-b": ["c"], "x-c": ["a"], "x-d": ["a"],
    }  # fmt: skip
    again = run(route(Shelf(rows), target), store)
    assert (again.counts["unchanged"], again.counts["new"]) == (4, 0)


def test_many_circles_are_opened_side_by_side(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Products that name each other as related are the rule, not the exception."""
    rows = [(f"{n}", {"likes": [f"{n ^ 1}"]}) for n in range(80)]
    steps: list[int] = []
    resolve = Waiting.resolve

    def counted(self: Waiting, *arguments: Any, **named: Any) -> Any:
        claimed = resolve(self, *arguments, **named)
        steps.append(len(claimed))
        return claimed

    monkeypatch.setattr(Waiting, "resolve", counted)
    target = Linked()
    result = run(route(Shelf(rows), target, concurrency=4), store)
    assert (result.exit_code, result.counts["finished"], result.counts["failed"]) == (0, 80, 0)
    assert {key: held["likes"] for key, held in target.held.items()} == {f"x-{n}": [f"{n ^ 1}"] for n in range(80)}
    assert steps == [16, 0], "one look at all that wait; the rest is handed out as there is room"
    assert len(target.first_parts) == 40


class Knowing(Linked):
    """Says beforehand all that a thing refers to."""

    def send(self, delivery: Delivery) -> Outcome:
        with self.lock:
            self.sent[delivery.key] += 1
        outcome = super().send(delivery)
        payload = delivery.message.payload
        named = [f"x-{one}" for one in [*payload.get("needs", []), *payload.get("likes", [])]]
        return replace(outcome, refers=tuple(named)) if isinstance(outcome, Waits) else outcome

    def __init__(self) -> None:
        super().__init__()
        self.sent: Counter[str] = Counter()


def test_a_large_knot_is_opened_at_once_and_each_is_tried_again_when_all_is_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    likes = {str(n): [str(one) for one in chance.sample(range(300), 3)] for n in range(300)}
    looks: list[int] = []
    circles = waits.circles

    def counted(*arguments: Any, **named: Any) -> list[int]:
        looks.append(len(circles(*arguments, **named)))
        return circles(*arguments, **named)

    monkeypatch.setattr(waits, "circles", counted)
    target = Knowing()
    shelf = Shelf([(key, {"likes": liked}) for key, liked in likes.items()], size=100)
    result = run(route(shelf, target, concurrency=8), store)
    assert (result.exit_code, result.counts["finished"], result.counts["failed"]) == (0, 300, 0)
    assert {key: held["likes"] for key, held in target.held.items()} == {f"x-{key}": one for key, one in likes.items()}
    assert len(target.first_parts) == len(set(target.first_parts)) < 75
    assert max(target.sent.values()) <= 3, "looked, perhaps sent in part, sent"
    assert looks[1:] == [0], "one look at all that wait"


def test_who_waits_on_for_what_then_fails_is_told_of_that(store: Store) -> None:
    rows = things("a", "b", "c", a={"likes": ["b", "c"]}, c={"needs": ["nowhere"]})
    result = run(route(Shelf(rows, size=3), Knowing(), concurrency=1), store)
    assert (result.counts["finished"], result.counts["failed"]) == (1, 2)
    assert reasons(store) == {"x-a": "x-c is not there yet", "x-c": "x-nowhere is not there yet"}


def test_in_a_circle_the_one_is_opened_that_can_be(store: Store) -> None:
    """A shelf with its best things, which lie below it: the oldest is tried first, and cannot go without."""
    rows = things("thing", "shelf", thing={"needs": ["shelf"]}, shelf={"likes": ["thing"]})
    target = Knowing()
    result = run(route(Shelf(rows), target), store)
    assert (result.exit_code, result.counts["finished"], target.first_parts) == (0, 2, ["x-shelf"])
    assert target.held["x-shelf"]["likes"] == ["thing"]


class Late(Linked):
    """``t`` looks before the first part of ``a`` is sent, and comes back with "not there" long after."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.looked = threading.Event()

    def send(self, delivery: Delivery) -> Outcome:
        if delivery.key == "x-a" and delivery.alone:
            assert self.looked.wait(20)
        outcome = super().send(delivery)
        if delivery.key == "x-t" and isinstance(outcome, Waits) and outcome.needs == "x-a" and "x-c" in self.held:
            self.looked.set()
            until(lambda: waits_for(self.store, "x-a") == key_hash("target", "x-b"))
        return outcome


def waits_for(store: Store, key: str) -> Any:
    with store.reading() as connection:
        return connection.execute(sa.select(task.c.waits_for).where(task.c.key == key)).scalar_one()


def test_who_looked_before_a_first_part_was_sent_does_not_wait_for_the_second(store: Store) -> None:
    """Else it would wait for one that waits for it: both, and all behind them, would fail."""
    likes = {"a": ["e", "b"], "b": ["t"], "c": ["d"], "d": ["c"], "e": ["a"], "t": ["c", "a"]}
    target = Late(store)
    result = run(route(Shelf([(one, {"likes": liked}) for one, liked in likes.items()]), target, concurrency=4), store)
    assert target.looked.is_set()
    assert (result.exit_code, result.counts["finished"], result.counts["failed"]) == (0, 6, 0)
    assert {key: held["likes"] for key, held in target.held.items()} == {f"x-{key}": one for key, one in likes.items()}


def test_a_circle_is_not_opened_while_another_route_writes_the_same_key(store: Store) -> None:
    target, shelf = Linked(), Shelf(things("a", "b", a={"needs": ["b"]}, b={"needs": ["a"]}))
    shelf.break_at = 1
    shelf.rows += things("c")  # the read breaks off, so that both go on waiting
    run(route(shelf, target), store)
    with store.writing() as connection:
        connection.execute(
            task.update().where(task.c.key == "x-a").values(waits_for=key_hash("target", "x-b"), state="new")
        )
        connection.execute(
            task.update().where(task.c.key == "x-b").values(waits_for=key_hash("target", "x-a"), state="new")
        )
        row = connection.execute(sa.select(task).where(task.c.key == "x-a")).mappings().one()
        other = {**row, "route": "prices", "state": "processing", "waits_for": None}
        del other["id"]
        connection.execute(task.insert().values(**other))
        assert Waiting("things", Counts()).resolve(connection, datetime.now(UTC), 1, ended=False, limit=8) == []
        connection.execute(task.update().where(task.c.route == "prices").values(state="finished"))
        [opened] = Waiting("things", Counts()).resolve(connection, datetime.now(UTC), 1, ended=False, limit=8)
    assert (opened.key, opened.alone) == ("x-a", True)


def test_a_circle_of_what_cannot_be_left_out_fails_and_says_so(store: Store) -> None:
    rows = things("a", "b", "c", a={"needs": ["b"]}, b={"needs": ["a"]})
    result = run(route(Shelf(rows), Linked()), store)
    assert (result.exit_code, result.counts["failed"], result.counts["finished"]) == (1, 2, 1)
    assert reasons(store) == {"x-a": "x-b is not there yet", "x-b": "x-a is not there yet"}


def test_what_never_comes_is_told_by_name_and_so_are_those_behind_it(store: Store) -> None:
    rows = things("a", "b", "c", a={"needs": ["b"]}, b={"needs": ["nowhere"]})
    result = run(route(Shelf(rows), Linked()), store)
    assert (result.counts["failed"], result.counts["finished"]) == (2, 1)
    assert reasons(store) == {"x-a": "x-b is not there yet", "x-b": "x-nowhere is not there yet"}


def test_what_had_been_given_up_is_woken_when_it_comes_after_all(store: Store) -> None:
    shelf, target = Shelf(things("a", "b", a={"needs": ["b"]}, b={"needs": ["late"]})), Linked()
    assert run(route(shelf, target), store).counts["failed"] == 2
    shelf.rows = [*shelf.rows, *things("late")]
    result = run(route(shelf, target), store)
    assert (result.exit_code, result.counts["finished"]) == (0, 3)
    assert states(store) == {"x-a": "finished", "x-b": "finished", "x-late": "finished"}


def test_what_another_route_brings_is_waited_for_across_routes(store: Store) -> None:
    target = Linked()

    def other(name: str, shelf: Shelf) -> RunResult:
        live = LiveRoute(name, shelf, Names(), target, Settings(max_attempts=3), {})
        return RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(Trigger(), lambda view: None)

    target.answers["x-parent"] = [NotSent(Problem("E", "locked"), wait_seconds=3600.0)]
    assert other("parents", Shelf(things("parent"))).counts["retry_later"] == 1
    children = Shelf(things("child", "grandchild", child={"needs": ["parent"]}, grandchild={"needs": ["child"]}))
    first = other("children", children)
    assert (first.exit_code, first.counts["waiting"], first.counts["failed"]) == (0, 2, 0)
    assert states(store) == {"x-parent": "failed", "x-child": "new", "x-grandchild": "new"}
    task_store.retry(store, route="parents")
    assert other("parents", Shelf(things("parent"))).counts["finished"] == 1
    assert other("children", children).counts["finished"] == 2


def test_a_source_that_breaks_leaves_them_waiting_not_failed(store: Store) -> None:
    shelf, target = Shelf(things("a", "b", "c", "d", a={"needs": ["d"]})), Linked()
    shelf.break_at = 1
    broken = run(route(shelf, target), store)
    assert (broken.state, broken.counts["waiting"], broken.counts["failed"]) == ("failed", 1, 0)
    shelf.break_at = None
    assert run(route(shelf, target), store).counts["finished"] == 3
    assert set(states(store).values()) == {"finished"}


def test_a_newer_state_takes_the_place_of_one_that_waits(store: Store) -> None:
    shelf, target = Shelf(things("a", a={"needs": ["late"]})), Linked()
    run(route(shelf, target), store)
    shelf.rows = things("a")
    assert run(route(shelf, target), store).counts["finished"] == 1
    assert target.held == {"x-a": {"id": "x-a", "n": 1}}


# -- events --------------------------------------------------------------------------------------------------------


class Events(Target):
    """Every message counts, in order."""

    messages = "event"

    def send(self, delivery: Delivery) -> Outcome:
        outcome = super().send(delivery)
        with self.lock:
            self.same_time.add(delivery.key)
        return outcome


def numbers(target: Target, key: str) -> list[int]:
    return [call.message.payload["n"] for call in target.calls if call.key == key]


def test_events_of_a_key_are_all_sent_in_order(store: Store) -> None:
    shelf, target = Shelf([]), Events()
    for n in range(5):
        shelf.rows = [("a", {"n": n}), ("b", {"n": n})]
        run(route(shelf, target, concurrency=8), store)
    assert (numbers(target, "x-a"), numbers(target, "x-b")) == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])


def test_a_failed_event_holds_back_the_later_ones_of_its_key_only(store: Store) -> None:
    shelf, target = Shelf([("a", {"n": 0}), ("b", {"n": 0})]), Events()
    target.answers["x-a"] = [Refused(Problem("E", "no"))]
    run(route(shelf, target), store)
    shelf.rows = [("a", {"n": 1}), ("b", {"n": 1})]
    held = run(route(shelf, target), store)
    assert (held.counts["finished"], held.counts["blocked"]) == (1, 1)
    assert (numbers(target, "x-a"), numbers(target, "x-b")) == ([0], [0, 1])
    task_store.retry(store, route="things")
    run(route(Shelf([]), target), store)
    assert numbers(target, "x-a") == [0, 0, 1]


def test_an_event_that_a_person_skips_lets_the_next_one_pass(store: Store) -> None:
    shelf, target = Shelf([("a", {"n": 0})]), Events()
    target.answers["x-a"] = [Refused(Problem("E", "no"))]
    run(route(shelf, target), store)
    shelf.rows = [("a", {"n": 1})]
    run(route(shelf, target), store)
    with store.reading() as connection:
        failed = connection.execute(sa.select(task.c.id).where(task.c.state == "failed")).scalar_one()
    task_store.skip(store, ids=[failed], reason="never mind")
    run(route(Shelf([]), target), store)
    assert numbers(target, "x-a") == [0, 1]


def test_an_event_that_cannot_be_mapped_holds_back_the_later_ones(store: Store) -> None:
    shelf, target = Shelf([("a", {"n": 0})]), Events()
    run(route(shelf, target), store)
    shelf.rows = [("a", {"n": 1, "boom": True})]
    assert run(route(shelf, target), store).counts["failed"] == 1
    shelf.rows = [("a", {"n": 2})]
    assert run(route(shelf, target), store).counts["finished"] == 0
    assert numbers(target, "x-a") == [0]


def test_an_event_that_is_tried_again_by_itself_keeps_its_place(store: Store) -> None:
    shelf, target = Shelf([("a", {"n": 0})]), Events()
    target.answers["x-a"] = [NotSent(Problem("E", "locked"), wait_seconds=0.0), Done("created", "ta")]
    run(route(shelf, target), store)
    shelf.rows = [("a", {"n": 1})]
    run(route(shelf, target), store)
    assert numbers(target, "x-a") == [0, 0, 1]
