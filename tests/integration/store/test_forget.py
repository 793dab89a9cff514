"""Forgetting a key: nothing that people could read of it is left, not even in the file; nothing is published twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import force_setattr, replace

from connector.core.errors import RouteBusy
from connector.core.jsonio import Json
from connector.core.model import Delivery
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown
from connector.core.problem import Problem
from connector.core.process import identity
from connector.runtime.forgetting import forget_key
from connector.store import Store, leases, reports
from connector.store.forget import known
from connector.store.pack import pack, unpack
from connector.store.requests import RequestLog, latest
from connector.store.tables import metadata, record, task
from tests.integration.store.test_engine_run import Shelf, Target, route, run

PERSON: Json = {"name": "Åse Bjørnstad-Ørå", "mail": "aase.b@example.com"}
TRACES = ("cust-4711", "Bjørnstad", "aase.b@example.com")


class Numbered(Target):
    """A target that gives ids of its own."""

    def send(self, delivery: Delivery) -> Outcome:
        outcome = super().send(delivery)
        number = "90" + "".join(re.findall(r"\d", delivery.key))
        return replace(outcome, target_id=number) if isinstance(outcome, Done | Skipped) else outcome


def people(**more: Json) -> list[tuple[str, Json]]:
    return [("cust-4711", {**PERSON, **more}), ("cust-4712", {"name": "Somebody Else"})]


def everything(store: Store) -> str:
    """All that can be read in all tables, unpacked."""
    texts = []
    with store.reading() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                for value in row:
                    is_packed = isinstance(value, bytes) and value[:1] in (b"\x00", b"\x01")
                    texts.append(str(unpack(value)) if is_packed else str(value))
    return "\n".join(texts)


def used(store: Store, target: Target, shelf: Shelf) -> None:
    """Runs, with all that may name a key: a change, a failure, another's problem, requests."""
    live = route(shelf, target)
    run(live, store)
    shelf.rows = people(phone="+47 5555 1234 xyz")
    target.answers["x-cust-4711"] = [Refused(Problem("X1", "aase.b@example.com is refused for x-cust-4711"))]
    run(live, store)
    other = pack({"code": "REC104", "message": "two records of this read make the same key 'x-cust-4711'"})
    with store.writing() as connection:
        connection.execute(task.update().where(task.c.key == "x-cust-4712").values(reason=other))
    with RequestLog(store) as log:
        log.add({"client": "target", "path": "/content/objects/904711", "attempt": 4711})
        log.add({"client": "target", "path": "/content/objects/9", "request_body": '{"n": "Åse Bjørnstad-Ørå"}'})
        log.add({"client": "target", "path": "/x", "request_body": r'{"n": "\u00c5se Bj\u00f8rnstad-\u00d8r\u00e5"}'})
        log.add({"client": "source", "path": "/people/cust-4712"})


@pytest.mark.parametrize("key", ["cust-4711", "x-cust-4711"], ids=["by the source's key", "by the target's"])
def test_nothing_of_it_is_left_and_others_stay(key: str, store: Store) -> None:
    used(store, Numbered(), Shelf(people()))
    assert all(trace in everything(store) for trace in TRACES)
    found, counts = forget_key(store, key, None)
    assert (counts["items"], counts["records"], counts["tasks"], counts["requests"]) == (1, 1, 2, 3)
    left = everything(store)
    assert [trace for trace in (*TRACES, "5555 1234 xyz") if trace in left] == []
    assert "Somebody Else" in left
    assert "two records of this read make the same key '(forgotten)'" in left
    assert [one["path"] for one in latest(store)] == ["/people/cust-4712"]
    assert found.at_target == ["904711"]
    assert not known(store, "nobody")


def test_not_a_byte_of_it_is_left_in_the_file(store: Store) -> None:
    if not store.is_sqlite:
        pytest.skip("a property of the SQLite file")
    file = Path(str(store.engine.url.database))
    plain = {"name": "Personal-Value-XYZ"}
    shelf, target = Shelf([("cust-4711", plain), ("cust-4712", {"name": "Somebody Else"})]), Numbered()
    run(route(shelf, target), store)
    shelf.rows = [("cust-4711", {**plain, "n": 1}), shelf.rows[1]]
    run(route(shelf, target), store)
    traces = [b"Personal-Value-XYZ", b"cust-4711"]

    def bytes_of(pattern: str) -> bytes:
        return b"".join(one.read_bytes() for one in sorted(file.parent.glob(pattern)))

    assert all(trace in bytes_of(file.name + "*") for trace in traces)
    forget_key(store, "cust-4711", None)
    assert [trace for trace in traces if trace in bytes_of(file.name + "*")] == []
    assert b"cust-4712" in bytes_of(file.name + "*")


def test_afterwards_nothing_is_published_twice_and_nothing_is_put_away_by_a_wrong_name(store: Store) -> None:
    target, shelf = Numbered(), Shelf(people())
    live = route(shelf, target, when_missing="hide", max_deletes_percent=0.0)
    run(live, store)
    forget_key(store, "cust-4711", None)
    calls = len(target.calls)
    assert run(live, store).counts["unchanged"] == 2
    assert len(target.calls) == calls
    shelf.rows = people(phone="1")
    assert run(live, store).counts["updated"] == 1
    assert target.calls[-1].target_id == "904711"
    forget_key(store, "cust-4711", None)
    calls = len(target.calls)
    shelf.rows = shelf.rows[1:]
    assert run(live, store).counts["new"] == 0
    assert len(target.calls) == calls


def test_what_waits_is_not_sent_any_more_and_what_may_have_taken_effect_is_told(store: Store) -> None:
    target, shelf = Numbered(), Shelf(people())
    target.answers["x-cust-4711"] = [Unknown(Problem("X2", "the answer was lost"))]
    live = route(shelf, target, first_wait=3600.0)
    run(live, store)
    found, _ = forget_key(store, "x-cust-4711", None)
    assert found.unsure == 1
    calls = len(target.calls)
    run(live, store)
    assert len(target.calls) == calls
    assert {one["state"] for one in reports.tasks(store)} == {"skipped", "finished"}


def test_a_route_that_runs_is_waited_for(store: Store) -> None:
    run(route(Shelf(people()), Numbered()), store)
    leases.acquire(store, "things", identity(), datetime.now(UTC))
    with pytest.raises(RouteBusy):
        forget_key(store, "cust-4711", None)
    assert "cust-4711" in everything(store)


def test_an_id_of_the_target_that_names_the_key_goes_too(store: Store) -> None:
    live = route(Shelf(people()), Target())
    run(live, store)
    assert "tx-cust-4711" in everything(store)
    forget_key(store, "cust-4711", None)
    assert "cust-4711" not in everything(store)
    assert run(live, store).counts["unchanged"] == 2


def test_only_what_one_route_knows(store: Store) -> None:
    run(route(Shelf(people()), Numbered()), store)
    assert not known(store, "cust-4711", "others")
    assert known(store, "cust-4711", "things")


def test_the_same_key_read_twice_with_other_data(store: Store) -> None:
    run(route(Shelf([*people(), ("cust-4711", {"name": "Twice-Read"})]), Numbered()), store)
    forget_key(store, "cust-4711", None)
    assert re.findall("cust-4711|Twice-Read", everything(store)) == []


def test_one_record_that_made_several_items_is_forgotten_with_all_of_them(store: Store) -> None:
    class Two:
        version = "1"

        def messages(self, one: Any, now: datetime) -> list[Any]:
            from connector.core.model import Message

            return [Message(payload={"id": f"{part}-{one.key}", **one.data}) for part in ("a", "b")]

    live = route(Shelf(people()), Numbered())
    force_setattr(live, "chain", Two())
    run(live, store)
    forget_key(store, "b-cust-4711", None)
    assert re.findall("cust-4711|Bjørnstad", everything(store)) == []
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(record)).scalar() == 2
