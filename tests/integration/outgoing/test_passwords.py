"""A mapped password reaches Ibexa and nothing else: no table of the run log has it, in whatever form it is kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, causes, open_store, tasks
from connector.store.tables import metadata, record
from tests.integration.outgoing.shop import Shop
from tests.integration.store.test_engine_run import Shelf

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


def run(shop: Shop, store: Store, rows: list[tuple[str, Json]], *, retry: bool = False, **payload: Json) -> RunResult:
    """With an outgoing of its own, as in a process of its own: what the one before it had in memory is gone."""
    outgoing = shop.outgoing("user", "upsert", payload={**DEFAULTS, **payload})
    live = LiveRoute("accounts", Shelf(rows), Accounts(), outgoing, Settings(concurrency=1), {})
    engine = RouteRun(live, store, clock=SystemClock(), stop=StopEvent())
    if retry:
        tasks.retry(store, route="accounts")
    return engine.execute(Trigger(), lambda view: None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/run.db")
    yield opened
    opened.close()


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
