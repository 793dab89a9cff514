"""The engine on a real SQLite run log (and PostgreSQL where there is one), with an incoming and a target in memory."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import AuthRefused, RecordError, RouteBusy, SourceError
from connector.core.jsonio import Json
from connector.core.model import Batch, Delivery, Message, Position, Record
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from connector.core.problem import Problem
from connector.core.protocols import Capabilities, Stop
from connector.routes.deliver import CLAIMED
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, claims, leases, reports
from connector.store import tasks as task_store


class Shelf:
    """An incoming over a list, two records a page unless more are wanted; ``break_at`` raises after that many pages."""

    name = "shelf"

    def __init__(self, rows: list[tuple[str, Json]], size: int = 2) -> None:
        self.rows = rows
        self.size = size
        self.break_at: int | None = None

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[Any]:
        return [ShelfReading(self, checkpoints.get("", {}))]


class ShelfReading:
    partition = ""

    def __init__(self, shelf: Shelf, start: Position) -> None:
        self.shelf, self.start = shelf, start
        self.request: Json = {"all": True}

    def batches(self, stop: Stop) -> Iterator[Batch]:
        rows, size = self.shelf.rows, self.shelf.size
        for page, at in enumerate(range(self.start.get("at", 0), max(len(rows), 1), size)):
            if page == self.shelf.break_at:
                raise SourceError("the shelf broke")
            last = at + size >= len(rows)
            records = [Record(data, key, f"shelf [{at + i}]") for i, (key, data) in enumerate(rows[at : at + size])]
            yield Batch(records, {} if last else {"at": at + size}, last)


class Names:
    """A chain: an enabled record becomes one message; ``boom`` cannot be mapped."""

    version = "1"

    def messages(self, record: Record, now: datetime) -> list[Message]:
        if record.data.get("boom"):
            raise RecordError("it went boom", step="names step 1")
        return [Message(payload={"id": f"x-{record.key}", **record.data})] if record.data.get("enabled", True) else []


class Target:
    """A target with a book; ``answers`` overrules what happens to a key, one outcome after the other."""

    name = client = "target"
    action = "upsert"
    messages = "state"
    can = Capabilities(look_up=True, drops=("hide",))
    version = "1"

    def __init__(self) -> None:
        self.held: dict[str, Json] = {}
        self.calls: list[Delivery] = []
        self.answers: dict[str, list[Outcome | Exception]] = {}
        self.lock = threading.Lock()
        self.same_time: set[str] = set()

    def prepare(self, message: Message) -> Message:
        return message

    def key(self, message: Message) -> str | None:
        return str(message.payload["id"])

    def send(self, delivery: Delivery) -> Outcome:
        with self.lock:
            self.calls.append(delivery)
            planned = self.answers.get(delivery.key)
            if planned:
                outcome = planned.pop(0)
                if isinstance(outcome, Exception):
                    raise outcome
                return outcome
            if delivery.action == "hide":
                self.held.pop(delivery.key)
                return Done("hidden", delivery.target_id)
            if self.held.get(delivery.key) == delivery.message.payload:
                return Skipped("unchanged", "t" + delivery.key)
            change = "updated" if delivery.key in self.held else "created"
            self.held[delivery.key] = delivery.message.payload
            return Done(change, "t" + delivery.key)


def route(shelf: Shelf, target: Target, **settings: Any) -> LiveRoute:
    return LiveRoute("things", shelf, Names(), target, Settings(**settings), {"route": "things"})


def run(live: LiveRoute, store: Store, stop: StopEvent | None = None) -> RunResult:
    return RouteRun(live, store, clock=SystemClock(), stop=stop or StopEvent()).execute(Trigger(), lambda view: None)


def some(count: int) -> list[tuple[str, Json]]:
    return [(str(n), {"n": n, "text": "æøå 🌲" * 20}) for n in range(count)]


def test_every_record_becomes_a_finished_task_and_the_second_run_sends_nothing(store: Store) -> None:
    target, shelf = Target(), Shelf(some(11))
    first = run(route(shelf, target), store)
    assert (first.state, first.exit_code, first.counts["read"], first.counts["created"]) == ("finished", 0, 11, 11)
    assert len(target.held) == 11
    sent = len(target.calls)
    second = run(route(shelf, target), store)
    assert (second.counts["unchanged"], second.counts["new"], len(target.calls)) == (11, 0, sent)


def test_a_changed_record_is_sent_alone(store: Store) -> None:
    target, shelf = Target(), Shelf(some(5))
    run(route(shelf, target), store)
    shelf.rows[3] = ("3", {"n": 33})
    again = run(route(shelf, target), store)
    assert (again.counts["updated"], again.counts["unchanged"]) == (1, 4)
    assert target.held["x-3"] == {"id": "x-3", "n": 33}


def test_a_mapping_failure_is_one_failed_task_and_mended_by_new_data(store: Store) -> None:
    target, shelf = Target(), Shelf([("a", {"n": 1}), ("b", {"boom": True}), ("c", {"n": 3})])
    first = run(route(shelf, target), store)
    assert (first.exit_code, first.counts["failed"], first.counts["created"]) == (1, 1, 2)
    second = run(route(shelf, target), store)
    assert (second.exit_code, second.counts["failed"]) == (0, 0)
    [failed] = reports.tasks(store, state="failed")
    assert failed["problem"]["message"] == "it went boom"
    shelf.rows[1] = ("b", {"n": 2})
    third = run(route(shelf, target), store)
    assert third.counts["created"] == 1
    assert reports.tasks(store, state="failed") == []


def test_a_retried_mapping_failure_is_mapped_again_from_the_stored_record(store: Store) -> None:
    target, shelf = Target(), Shelf([("b", {"boom": True})])
    live = route(shelf, target)
    run(live, store)
    assert task_store.retry(store, route="things") == 1
    again = run(live, store)
    assert again.counts["failed"] == 1
    assert len(reports.tasks(store, state="failed")) == 1
    assert len(reports.tasks(store, state="new")) == 0


def test_the_same_key_twice_in_one_read_is_said_and_not_sent_again_every_run(store: Store) -> None:
    target = Target()
    shelf = Shelf([("a", {"n": 1}), ("b", {"n": 2}), ("a", {"n": 99})])
    first = run(route(shelf, target), store)
    assert (first.counts["created"], first.counts["failed"]) == (2, 1)
    assert target.held["x-a"]["n"] == 1
    [failed] = reports.tasks(store, state="failed")
    assert "occurs twice" in failed["problem"]["message"]
    sent = len(target.calls)
    second = run(route(shelf, target), store)
    assert (second.counts["failed"], len(target.calls)) == (0, sent)
    assert len(reports.tasks(store, state="failed")) == 1
    assert task_store.retry(store, route="things") == 0


def test_what_the_mapping_no_longer_yields_is_hidden_once_and_comes_back(store: Store) -> None:
    target, shelf = Target(), Shelf(some(4))
    live = route(shelf, target, when_dropped="hide")
    run(live, store)
    shelf.rows[2] = ("2", {"enabled": False})
    gone = run(live, store)
    assert (gone.counts["hidden"], gone.counts["new"]) == (1, 1)
    assert "x-2" not in target.held
    assert run(live, store).counts["new"] == 0
    shelf.rows[2] = ("2", {"n": 2})
    run(live, store)
    assert target.calls[-1].hidden_by_us is True
    assert "x-2" in target.held


def test_a_source_that_breaks_keeps_what_it_gave_and_the_next_run_goes_on_there(store: Store) -> None:
    target, shelf = Target(), Shelf(some(9))
    shelf.break_at = 2
    first = run(route(shelf, target), store)
    assert (first.state, first.exit_code, first.counts["created"]) == ("failed", 1, 4)
    assert first.problem is not None
    assert "shelf broke" in first.problem.message
    shelf.break_at = None
    second = run(route(shelf, target), store)
    assert (second.counts["read"], second.counts["created"]) == (5, 5)


def test_a_refused_task_waits_for_a_person_and_an_unknown_one_for_its_time(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    target.answers["x-0"] = [Refused(Problem("IBX400", "no"))]
    target.answers["x-1"] = [Unknown(Problem("NET002", "no answer"))]
    live = route(shelf, target, first_wait=0.0)
    first = run(live, store)
    assert (first.counts["failed"], first.counts["finished"]) == (1, 2), "each task once, as what it came to"
    [left] = reports.tasks(store, state="failed")
    assert (left["key"], left["next_attempt_at"]) == ("x-0", None)
    assert [call.suspect for call in target.calls if call.key == "x-1"] == [False, True]
    assert task_store.retry(store, ids=[left["id"]]) == 1
    assert run(live, store).counts["finished"] == 1


def test_a_target_that_is_away_fails_the_run_not_the_tasks(store: Store) -> None:
    target, shelf = Target(), Shelf(some(30))
    away = NotSent(Problem("NET001", "no connection"), client_down=True)
    target.answers = {f"x-{n}": [away] * 3 for n in range(30)}
    result = run(route(shelf, target, concurrency=2), store)
    assert (result.state, result.exit_code, result.counts["failed"]) == ("failed", 3, 0)
    assert len(target.calls) <= CLAIMED + 2, "what was claimed before it was known, and a look or two"
    assert {one["state"] for one in reports.tasks(store)} == {"new"}
    target.answers = {}
    assert len(reports.tasks(store, state="new", limit=100)) + len(target.held) <= 30
    assert run(route(shelf, target), store).state == "finished"
    assert len(target.held) == 30


def test_refused_credentials_end_the_run_at_once(store: Store) -> None:
    target, shelf = Target(), Shelf(some(6))
    target.answers = {f"x-{n}": [AuthRefused("the password is wrong")] for n in range(6)}
    result = run(route(shelf, target, concurrency=1), store)
    assert (result.exit_code, len(target.calls)) == (3, 1)


def test_too_many_failures_stop_the_run(store: Store) -> None:
    target, shelf = Target(), Shelf(some(50))
    target.answers = {f"x-{n}": [Refused(Problem("IBX400", "no"))] for n in range(50)}
    result = run(route(shelf, target, concurrency=1, stop_after_count=3), store)
    assert result.state == "failed"
    assert len(target.calls) <= 3 + 4 + 1, "what was claimed may end, nothing more is claimed"
    assert result.problem is not None
    assert "stop_after_failures" in result.problem.message


def test_tasks_left_by_a_dead_process_are_looked_up_before_they_are_sent_again(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    live = route(shelf, target)
    target.answers = {f"x-{n}": [NotSent(Problem("N", "later"), wait_seconds=3600)] for n in range(3)}
    run(live, store)
    task_store.retry(store, route="things")
    with store.writing() as connection:
        assert len(claims.claim(connection, "things", SystemClock().now(), limit=10, fence=1)) == 3
    target.calls.clear()
    assert run(live, store).counts["created"] == 3
    assert all(call.suspect for call in target.calls)


def test_what_replaces_a_message_that_may_be_half_sent_knows_that_message(store: Store) -> None:
    target = Target()
    later = NotSent(Problem("N", "later"), wait_seconds=3600)
    for value in ("a", "b", "c"):
        shelf = Shelf([("1", {"value": value})])
        if value == "a":
            target.answers = {"x-1": [later]}
            run(route(shelf, target), store)
            task_store.retry(store, route="things")
            with store.writing() as connection:  # a process that dies while it sends "a"
                assert len(claims.claim(connection, "things", SystemClock().now(), limit=1, fence=1)) == 1
        elif value == "b":
            target.answers = {"x-1": [Unknown(Problem("NET002", "no answer"))]}
            run(route(shelf, target, first_wait=3600.0), store)
    target.calls.clear()
    run(route(shelf, target), store)
    sent = target.calls[-1]
    assert sent.message.payload["value"] == "c"
    assert [one.payload["value"] for one in sent.earlier] == ["a", "b"]
    run(route(Shelf([("1", {"value": "d"})]), target), store)
    assert target.calls[-1].earlier == (), "what has ended well is history"


def test_a_second_process_on_the_same_route_is_refused_and_a_dead_one_is_not_waited_for(store: Store) -> None:
    now = datetime.now(UTC)

    leases.acquire(store, "things", f"otherhost|1|2|{'a' * 8}", now)
    with pytest.raises(RouteBusy, match="process 1 on otherhost"):
        run(route(Shelf(some(1)), Target()), store)
    leases.acquire(store, "other", f"{socket.gethostname()}|999999999|1|dead", now)
    assert leases.acquire(store, "other", "new|1|1|x", now) == 2


def test_asked_to_stop_the_run_ends_stopped_and_the_next_finishes_the_work(store: Store) -> None:
    target, shelf, stop = Target(), Shelf(some(20)), StopEvent()
    stop.set()
    first = run(route(shelf, target), store, stop)
    assert (first.state, first.exit_code) == ("stopped", 130)
    assert run(route(shelf, target), store).state == "finished"
    assert len(target.held) == 20


def test_a_fault_of_the_outgoing_itself_is_one_failed_task(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    target.answers["x-1"] = [ZeroDivisionError("secret 4711")]
    result = run(route(shelf, target), store)
    assert (result.counts["failed"], result.counts["created"]) == (1, 2)
    [failed] = reports.tasks(store, state="failed")
    assert "4711" not in str(failed["problem"])


def test_keys_that_no_database_likes_are_kept_apart_by_their_hash(store: Store) -> None:
    target = Target()
    shelf = Shelf([("a\x00b", {"n": 1}), ("a\x00c", {"n": 2}), ("A" * 400, {"n": 3}), ("æ 🌲", {"n": 4})])
    assert run(route(shelf, target), store).counts["created"] == 4
    assert run(route(shelf, target), store).counts["new"] == 0


def test_a_record_that_cannot_be_written_as_json_is_a_failed_task(store: Store) -> None:
    target, shelf = Target(), Shelf([("a", {"n": "\ud800"}), ("b", {"n": float("nan")}), ("c", {"n": 1})])
    result = run(route(shelf, target), store)
    assert (result.counts["failed"], result.counts["created"]) == (2, 1)


def test_an_item_tells_its_whole_story(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1))
    run(route(shelf, target), store)
    shelf.rows[0] = ("0", {"n": 5})
    run(route(shelf, target), store)
    [item] = reports.item_by_key(store, "x-0")
    assert (item["target_id"], item["last_change"], len(item["tasks"])) == ("tx-0", "updated", 2)
    assert reports.item_by_key(store, "0")[0]["record"]["data"] == {"n": 5}


def test_two_routes_never_have_the_same_key_under_way(store: Store) -> None:
    """Both write the key; claims that happen in the same instant must not both find its lane free."""
    for name in ("one", "two"):
        live = LiveRoute(name, Shelf([("a", {"n": 1})]), Names(), Target(), Settings(), {"route": name})
        run(live, store)
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE task SET state = 'new'"))
    found: list[int] = []
    start = threading.Barrier(2)

    def claim(name: str) -> None:
        start.wait()
        with store.writing() as connection:
            found.append(len(claims.claim(connection, name, SystemClock().now(), limit=5, fence=1)))

    threads = [threading.Thread(target=claim, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1]


class OnePage(Shelf):
    """Everything in one batch."""

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[Any]:
        shelf = self

        class Reading:
            partition = ""
            request: Json = None

            def batches(self, stop: Stop) -> Iterator[Batch]:
                yield Batch(
                    [Record(data, key, f"page [{at}]") for at, (key, data) in enumerate(shelf.rows)], {}, last=True
                )

        return [Reading()]


def test_a_page_of_any_size_is_taken_in_parts(store: Store) -> None:
    target = Target()
    rows = [(str(n), {"n": n}) for n in range(2500)]
    shelf = OnePage([*rows, ("7", {"n": 7}), ("8", {"n": "another"})])
    first = run(route(shelf, target, concurrency=8), store)
    assert (first.counts["created"], first.counts["duplicates"], first.counts["failed"]) == (2500, 1, 1)
    again = run(route(shelf, target), store)
    assert (again.counts["unchanged"], again.counts["new"]) == (2500, 0)


def test_a_retry_of_a_failed_mapping_does_not_get_in_the_way_of_newer_data(store: Store) -> None:
    target, shelf = Target(), Shelf([("b", {"boom": True})])
    run(route(shelf, target), store)
    task_store.retry(store, route="things")
    shelf.rows = [("b", {"n": 2})]
    again = run(route(shelf, target), store)
    assert (again.counts["created"], reports.tasks(store, state="failed")) == (1, [])
    assert target.held["x-b"] == {"id": "x-b", "n": 2}


def test_a_lease_that_nobody_ever_had_is_taken_by_one_of_many_at_once(store: Store) -> None:
    """The first time there is no row to lock."""
    for turn in range(20):
        name, started = f"route-{turn}", threading.Barrier(6)
        found: list[int | Exception] = []

        def take(name: str = name, started: threading.Barrier = started, found: list[Any] = found) -> None:
            started.wait()
            try:
                found.append(leases.acquire(store, name, f"host|{threading.get_ident()}|1|x", datetime.now(UTC)))
            except RouteBusy as error:
                found.append(error)

        threads = [threading.Thread(target=take) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(str(one) for one in found if isinstance(one, int)) == ["1"]
        assert len([one for one in found if isinstance(one, RouteBusy)]) == 5
