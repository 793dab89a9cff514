"""A mapped password reaches Ibexa and nothing else: no table of the run log has it, in whatever form it is kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Batch, Message, Position, Record
from connector.core.protocols import Stop
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, causes, tasks
from connector.store.tables import checkpoint, metadata, record
from tests.integration.outgoing.shop import Shop
from tests.integration.store.test_engine_run import Shelf, ShelfReading

CANARY = "Canary-Engine-4711"
DEFAULTS: Json = {"main_language": "eng-GB", "group": {"path": "/1/5/14"}}


class Accounts:
    """A mapping that adds something to the password of its record."""

    version = "1"

    def messages(self, one: Record, now: object) -> list[Message]:
        data = one.data
        if data.get("broken"):
            raise RecordError("required: no name")
        if data.get("left_out"):
            return []
        fields = {"first_name": data["login"], "last_name": "X"}
        payload = {"login": data["login"], "email": data["mail"], "fields": fields, **data.get("more", {})}
        return [Message(payload={**payload, "password": f"{data['secret']}!"})]


def account(login: str, secret: str = CANARY, **more: Json) -> tuple[str, Json]:
    return login, {"login": login, "secret": secret, "mail": f"{login}@example.com", **more}


def run(
    shop: Shop, store: Store, rows: list[tuple[str, Json]] | Shelf, *, retry: bool = False, **payload: Json
) -> RunResult:
    """With an outgoing of its own, as in a process of its own: what the one before it had in memory is gone."""
    outgoing = shop.outgoing("user", "upsert", payload={**DEFAULTS, **payload})
    shelf = rows if isinstance(rows, Shelf) else Shelf(rows)
    live = LiveRoute("accounts", shelf, Accounts(), outgoing, Settings(concurrency=1), {})
    engine = RouteRun(live, store, clock=SystemClock(), stop=StopEvent())
    if retry:
        tasks.retry(store, route="accounts")
    return engine.execute(Trigger(), lambda view: None)


def kept(store: Store) -> str:
    """Everything that the run log holds, unpacked."""
    found: list[str] = []
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                found += [_text(value) for value in row]
    return "\n".join(found)


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    body = zlib.decompress(value[1:]) if value[:1] == b"\x01" else value
    return body.decode("utf-8", "replace")


def password(shop: Shop, login: str) -> str:
    [found] = [one.password for one in shop.sandbox.repository.users.values() if one.login == login]
    return str(found)


@pytest.mark.parametrize("update", [False, True])
def test_no_table_has_it_whatever_became_of_the_task(shop: Shop, store: Store, update: bool) -> None:
    shop.fault("user.create", {"status": 400}, nth=2)
    rows = [
        *(account("ada"), account("bob"), account("cy", more={"groups": [{"remote_id": "later"}]})),
        *(account("dan", broken=True), account("eve", mail="no address"), account("fay", more={"email": ""})),
        account("hal", left_out=True),
        account("gus", note=f"his password is {CANARY}.", hints=[CANARY[:-1], {CANARY: 1}]),
    ]
    result = run(shop, store, rows, update_password=update)
    assert result.counts["created"] >= 2
    assert result.counts["failed"] >= 3
    assert password(shop, "ada") == f"{CANARY}!"
    everything = kept(store)
    assert "ada@example.com" in everything
    assert CANARY not in everything
    assert CANARY[:-1] not in everything


def test_the_same_again_is_unchanged_and_asks_nobody(shop: Shop, store: Store) -> None:
    for more in ({}, {"update_password": True}):
        run(shop, store, [account("ada"), account("bob")], **more)
        shop.sandbox.book.reset()
        again = run(shop, store, [account("ada"), account("bob")], **more)
        assert again.counts["unchanged"] == 2
        assert shop.book["requests"]["total"] == 0


def test_another_password_is_written_where_that_is_asked_for(shop: Shop, store: Store) -> None:
    run(shop, store, [account("ada")], update_password=True)
    changed = run(shop, store, [account("ada", "Another-Engine-2")], update_password=True)
    assert changed.counts["updated"] == 1
    assert password(shop, "ada") == "Another-Engine-2!"
    assert "Another-Engine-2" not in kept(store)


def test_a_task_of_a_process_that_ended_says_what_to_do_and_is_sent_once_the_record_is_read(
    shop: Shop, store: Store
) -> None:
    shop.fault("user.create", {"status": 503}, times=99)
    run(shop, store, [account("ada")])
    shop.sandbox.faults.clear()
    alone = run(shop, store, [], retry=True)
    [failure] = causes.failures(store)
    assert (alone.counts["failed"], "IBX423" in str(failure)) == (1, True)
    both = run(shop, store, [account("ada")])
    assert both.counts["created"] == 1
    assert password(shop, "ada") == f"{CANARY}!"
    assert causes.failures(store) == []


def test_what_was_kept_without_its_data_is_not_mapped_from_it(shop: Shop, store: Store) -> None:
    run(shop, store, [account("ada", broken=True)])
    run(shop, store, [], retry=True)
    [failure] = causes.failures(store)
    assert "REC105" in str(failure)
    assert run(shop, store, [account("ada")]).counts["created"] == 1


def test_a_masked_password_is_never_taken_for_one(shop: Shop, store: Store) -> None:
    run(shop, store, [account("ada")])
    with store.reading() as connection:
        stored = connection.execute(sa.select(record.c.body)).scalar_one()
    assert b"***" in stored
    outgoing = shop.outgoing("user", "upsert", payload=DEFAULTS)
    with pytest.raises(RecordError, match="not kept"):
        outgoing.prepare(Message(payload={"login": "a", "email": "a@example.com", "password": "***!"}))


def test_a_record_that_comes_twice_in_one_read_is_one(shop: Shop, store: Store) -> None:
    result = run(shop, store, [account("ada"), account("bob"), account("ada")])
    assert (result.counts["created"], result.counts["duplicates"], result.counts["failed"]) == (2, 1, 0)


def test_other_routes_keep_their_records_as_they_are(shop: Shop, store: Store) -> None:
    row = account("ada", note="plain")
    run(shop, store, [row], password={"generate": True})
    assert "plain" in kept(store)


class Since(Shelf):
    """A source with a cursor: once read to its end, it gives only what comes after."""

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[Any]:
        known = checkpoints.get("", {})
        rows = [] if known.get("cursor") else self.rows
        return [SinceReading(Shelf(rows, self.size), {})]


class SinceReading(ShelfReading):
    def batches(self, stop: Stop) -> Iterator[Batch]:
        for batch in super().batches(stop):
            yield replace(batch, position={"cursor": 1}) if batch.last else batch


def test_a_source_with_a_cursor_is_read_from_its_start_for_a_password_that_was_lost(shop: Shop, store: Store) -> None:
    rows = [account("ada"), account("bob")]
    assert run(shop, store, Since(rows)).counts["created"] == 2
    assert run(shop, store, Since(rows)).counts["read"] == 0
    more = [*rows, account("cy")]
    shop.fault("user.create", {"status": 503}, times=99)
    with store.writing() as connection:
        connection.execute(checkpoint.delete())
    run(shop, store, Since(more))  # this process ends with cy not sent
    shop.sandbox.faults.clear()
    after = run(shop, store, Since(more))
    assert (after.exit_code, after.counts["read"], after.counts["created"], after.counts["failed"]) == (0, 3, 1, 0)
    assert password(shop, "cy") == f"{CANARY}!"
    assert causes.failures(store) == []
    assert run(shop, store, Since(more)).counts["read"] == 0


def test_the_operator_retries_and_the_next_run_gets_the_password(shop: Shop, store: Store) -> None:
    shop.fault("user.create", {"status": 503}, times=99)
    run(shop, store, Since([account("ada")]))
    shop.sandbox.faults.clear()
    gone = run(shop, store, Since([]))
    assert gone.counts["failed"] == 1
    [failure] = causes.failures(store)
    assert "IBX423" in str(failure)
    assert "Retry it and run the route" in failure["hint"]
    assert run(shop, store, Since([account("ada")])).counts["read"] == 0, "not without being asked: it has failed"
    again = run(shop, store, Since([account("ada")]), retry=True)
    assert (again.exit_code, again.counts["created"]) == (0, 1)
    assert password(shop, "ada") == f"{CANARY}!"


def test_what_was_created_before_the_process_died_needs_none(shop: Shop, store: Store) -> None:
    shop.fault("user.create", {"cut": "after"}, times=99)
    run(shop, store, Since([account("ada")]))
    shop.sandbox.faults.clear()
    assert run(shop, store, Since([])).counts["failed"] == 0
    assert causes.failures(store) == []
