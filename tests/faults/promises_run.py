"""Promises about runs and the run log, as scenarios like those of promises_wire.py."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import ConnectorError, LeaseLost, StoreError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown
from connector.core.problem import Problem
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, claims, leases, open_store
from connector.store import intake as rows
from connector.store import tasks as task_rows
from connector.store.tables import lease
from tests.faults.fault_server import FaultServer, is_create, is_publish
from tests.faults.rig import ONCE, at_once, folders, ibexa_client, outgoing
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some


@contextmanager
def run_log(root: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{root}/run.db")
    try:
        yield store
    finally:
        store.close()


def outcome_of(send: Any, delivery: Delivery) -> Outcome | None:
    """None when the attempt raised: the engine would look the task up before anything else."""
    try:
        found: Outcome = send(delivery)
    except ConnectorError:
        return None
    return found


def a_lost_answer_makes_no_second_entity(_root: Path) -> str:
    """An operation that nothing can be looked up for: the second attempt must not be sent."""
    with IbexaSandbox(login_seconds=0) as sandbox:
        plan = ["committed, then cut", ""]
        with FaultServer(sandbox, lambda one, _: plan.pop(0) if is_create(one) and plan else "") as server:
            client = ibexa_client(server.url, retry=ONCE)
            create = outgoing(client, "content", "create")
            field = {"fieldDefinitionIdentifier": "name", "languageCode": "eng-GB", "fieldValue": "A"}
            place = {"ParentLocation": {"_href": "/api/ibexa/v2/content/locations/1/2"}, "sortField": "PATH"}
            payload = {
                "ContentType": {"_href": "/api/ibexa/v2/content/types/1"},
                "mainLanguageCode": "eng-GB",
                "LocationCreate": {**place, "sortOrder": "ASC"},
                "fields": {"field": [field]},
            }
            before = len(sandbox.repository.contents)
            message = create.prepare(Message(payload={"ContentCreate": payload}))
            first = outcome_of(create.send, Delivery(message, "create", "1"))
            second = outcome_of(create.send, Delivery(message, "create", "1", suspect=True, attempt=2))
        made = len(sandbox.repository.contents) - before
    if not isinstance(first, Unknown) or made == 0:
        return f"the fault did not fire: {first}"
    return "" if made == 1 else f"{made} entities of one message, {type(second).__name__}"


def what_was_lost_is_found_by_its_key(_root: Path) -> str:
    with IbexaSandbox(login_seconds=0) as sandbox:
        plan = ["committed, then cut"]
        with FaultServer(sandbox, lambda one, _: plan.pop(0) if is_create(one) and plan else "") as server:
            upsert = folders(ibexa_client(server.url, retry=ONCE))
            message = upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "A"}}))
            outcome: Outcome | None = None
            for attempt in range(1, 4):
                delivery = Delivery(message, "upsert", "t-1", suspect=attempt > 1, attempt=attempt)
                outcome = outcome_of(upsert.send, delivery)
                if isinstance(outcome, Done | Skipped):
                    break
            book = sandbox.book.snapshot()
    if book["items"].get("t-1", {}).get("status") != "PUBLISHED" or book["leftover_drafts"]:
        return f"not published: {outcome}"
    creates = sum(1 for event in book["events"] if event["op"] == "content.create")
    return "" if creates == 1 else f"{creates} creates were sent"


def no_draft_of_ours_is_left_over(_root: Path) -> str:
    with IbexaSandbox(login_seconds=0) as sandbox:
        plan: list[str] = []
        with FaultServer(sandbox, lambda one, _: plan.pop(0) if is_publish(one) and plan else "") as server:
            upsert = folders(ibexa_client(server.url, retry=ONCE))
            for name in ("A", "B", "C"):
                message = upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": name}}))
                plan += ["cut before"] if name == "B" else []
                earlier = (upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "B"}})),)
                delivery = Delivery(message, "upsert", "t-1", suspect=name == "C", earlier=earlier)
                outcome_of(upsert.send, delivery)
        book = sandbox.book.snapshot()
    return "" if not book["leftover_drafts"] else f"{len(book['leftover_drafts'])} drafts left over"


def the_checkpoint_is_not_ahead_of_the_data(root: Path) -> str:
    """The store fails while the second page is being kept; the next run must have every record."""
    target, shelf = Target(), Shelf(some(8))
    keep, calls = rows.save_tasks, iter(range(99))

    def failing(*given: Any) -> None:
        if next(calls) == 1:
            raise StoreError("the disk is full")
        keep(*given)

    with run_log(root) as store:
        with mock.patch.object(rows, "save_tasks", failing):
            run(route(shelf, target), store)
        run(route(shelf, target), store)
    missing = 8 - len(target.held)
    return "" if not missing else f"{missing} of 8 records were lost"


def a_former_owner_cannot_write(root: Path) -> str:
    now = datetime.now(UTC)
    here = socket.gethostname()
    with run_log(root) as store:
        former = leases.acquire(store, "things", f"{here}|999999999|1|dead", now)
        current = leases.acquire(store, "things", f"{here}|1|1|new", now)
        target = Target()
        live = route(Shelf(some(4)), target)
        with mock.patch.object(leases, "acquire", return_value=former):
            try:
                result: RunResult | None = RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(
                    Trigger(), lambda view: None
                )
            except LeaseLost:
                result = None
        with store.reading() as connection:
            fence = connection.execute(lease.select().where(lease.c.name == "things")).one().fence
    written = len(target.held)
    return "" if not written and fence == current else f"{written} late writes, {result}"


def one_process_runs_a_route(root: Path) -> str:
    with run_log(root) as store:
        started, inside, most = threading.Barrier(4), [0], [0]
        lock = threading.Lock()

        class Slow(Target):
            def send(self, delivery: Delivery) -> Outcome:
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                threading.Event().wait(0.02)
                with lock:
                    inside[0] -= 1
                return super().send(delivery)

        target = Slow()

        for turn in range(3):  # whether two of them meet is chance
            rows = [(f"{turn}-{key}", data) for key, data in some(40)]

            def work(_: int, rows: list[tuple[str, Any]] = rows) -> RunResult:
                started.wait()
                return run(route(Shelf(rows), target, concurrency=1), store)

            at_once(4, work)
            if most[0] > 1:
                break
    return "" if most[0] == 1 else f"{most[0]} runs of one route at once"


def a_broken_read_deletes_nothing(root: Path) -> str:
    target, shelf = Target(), Shelf(some(8))
    live = route(shelf, target, when_missing="hide", max_deletes_percent=0.0)
    with run_log(root) as store:
        run(live, store)
        shelf.rows, shelf.break_at = shelf.rows[:6], 2
        run(live, store)
    return "" if len(target.held) == 8 else f"{8 - len(target.held)} were put away after a partial read"


def too_many_deletes_are_none(root: Path) -> str:
    target, shelf = Target(), Shelf(some(30))
    live = route(shelf, target, when_missing="hide")
    with run_log(root) as store:
        run(live, store)
        shelf.rows = shelf.rows[:19]
        run(live, store)
    return "" if len(target.held) == 30 else f"{30 - len(target.held)} of 30 were put away"


def what_may_be_half_sent_is_suspect(root: Path) -> str:
    target, live = Target(), None
    with run_log(root) as store:
        live = route(Shelf(some(3)), target)
        target.answers = {f"x-{n}": [Refused(Problem("X", "no"))] for n in range(3)}
        run(live, store)
        task_rows.retry(store, route="things")
        with store.writing() as connection:  # a process that dies now
            claims.claim(connection, "things", SystemClock().now(), limit=10, fence=1)
        target.calls.clear()
        run(live, store)
    blind = [one.key for one in target.calls if not one.suspect]
    return "" if target.calls and not blind else f"sent without looking: {blind}"


def the_second_run_writes_nothing(root: Path) -> str:
    target, live = Target(), None
    with run_log(root) as store:
        live = route(Shelf(some(6)), target)
        run(live, store)
        target.calls.clear()
        run(live, store)
    return "" if not target.calls else f"{len(target.calls)} deliveries of unchanged records"


def a_wrong_mapping_stops_the_run(root: Path) -> str:
    target = Target()
    target.answers = {f"x-{n}": [Refused(Problem("X", "no"))] for n in range(400)}
    with run_log(root) as store:
        run(route(Shelf(some(400)), target, stop_after_count=10), store)
    return "" if len(target.calls) <= 40 else f"{len(target.calls)} calls although 10 failures were the limit"


def no_database_is_locked(root: Path) -> str:
    """Readers that go on to write, all at once."""
    with run_log(root) as store:

        def work(number: int) -> None:
            for turn in range(25):
                row = {"name": f"{number}-{turn}", "owner": "", "fence": 1, "expires_at": datetime.now(UTC)}
                with store.writing() as connection:
                    connection.execute(lease.select()).all()
                    connection.execute(lease.insert().values(**row))

        failed = [one for one in at_once(8, work) if isinstance(one, Exception)]
    return "" if not failed else f"{len(failed)} of 8 writers failed: {failed[0]}"


def a_time_from_the_future_does_not_move_the_cursor(_root: Path) -> str:
    from connector.incoming.cursor import Cursor

    now = datetime(2026, 3, 1, tzinfo=UTC)
    cursor = Cursor.build({"at": "updated", "send": {"query": {"since": "{cursor}"}}})
    value = cursor.higher(None, {"updated": "2026-02-01T00:00:00+00:00"}, now)
    for odd in ("2099-01-01T00:00:00+00:00", None, "soon", 12, True, "2020-01-01T00:00:00+00:00"):
        value = cursor.higher(value, {"updated": odd}, now)
    return "" if value == "2026-02-01T00:00:00+00:00" else f"the cursor is {value!r}"
