"""Whole catalogues in any order end complete: parents, relations, circles; over the engine and the real sandbox."""

from __future__ import annotations

import random
from typing import Any

from connector.core.clock import StopEvent, SystemClock
from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, causes
from tests.integration.outgoing.shop import Shop
from tests.integration.store.test_engine_run import Shelf


class Plain:
    """Records that are payloads already."""

    version = "1"

    def messages(self, record: Record, now: object) -> list[Message]:
        return [Message(payload=record.data)]


def run(shop: Shop, store: Store, rows: list[tuple[str, Json]], size: int = 2, **settings: Any) -> RunResult:
    live = LiveRoute("catalogue", Shelf(rows, size), Plain(), shop.upsert, Settings(concurrency=8, **settings), {})
    return RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(Trigger(), lambda view: None)


def thing(key: str, parent: str | None = None, related: list[str] | None = None) -> tuple[str, Json]:
    fields: dict[str, Json] = {"name": key, "sku": key}
    if related is not None:
        fields["related"] = [{"remote_id": one} for one in related]
    payload: dict[str, Json] = {"remote_id": key, "fields": fields}
    if parent is not None:
        payload["parent"] = {"remote_id": parent}
    return key, payload


def related(shop: Shop, key: str) -> set[str]:
    contents = shop.sandbox.repository.contents.values()
    by_id = {one.id: one.remote_id for one in contents}
    [held] = [one for one in contents if one.remote_id == key]
    value = held.version.fields["eng-GB"]["related"] or {}
    return {by_id[number] for number in value.get("destinationContentIds", [])}


def test_a_catalogue_in_random_order_is_complete_after_one_run(shop: Shop, store: Store) -> None:
    chance = random.Random(4711)
    tree = [thing(f"c{n}", f"c{(n - 1) // 3}" if n else None) for n in range(60)]
    products = [
        thing(f"p{n}", f"c{chance.randrange(60)}", [f"p{m}" for m in chance.sample(range(150), 3)]) for n in range(150)
    ]
    rows = [*tree, *products]
    chance.shuffle(rows)
    result = run(shop, store, rows)
    failed = causes.failures(store)
    assert (result.exit_code, result.counts["failed"], result.counts["waiting"], failed) == (0, 0, 0, [])
    for key, payload in products:
        assert related(shop, key) == {one["remote_id"] for one in payload["fields"]["related"]}
    assert shop.is_sound()
    shop.sandbox.book.reset()
    again = run(shop, store, rows)
    assert (again.counts["unchanged"], again.counts["new"], shop.writes) == (210, 0, {})


def test_a_circle_costs_one_more_version_and_no_more(shop: Shop, store: Store) -> None:
    rows = [thing("a", related=["b"]), thing("b", related=["c"]), thing("c", related=["a"])]
    assert run(shop, store, rows).counts["finished"] == 3
    assert [related(shop, key) for key in "abc"] == [{"b"}, {"c"}, {"a"}]
    assert shop.writes["content.create"] == 3
    assert shop.writes["content_version.publish"] == 4
    assert shop.is_sound()


def test_what_never_appears_is_named_and_sent_by_itself_when_it_does(shop: Shop, store: Store) -> None:
    rows = [thing("a", related=["b"]), thing("b", "nowhere"), thing("c")]
    result = run(shop, store, rows)
    assert (result.counts["finished"], result.counts["failed"]) == (1, 2)
    told = sorted(one["message"] for one in causes.failures(store))
    assert told == [
        "the parent 'nowhere' is not in Ibexa yet",
        "thing.related refers to 'b', which is not in Ibexa yet",
    ]
    assert run(shop, store, [*rows, thing("nowhere")]).counts["finished"] == 3
    assert related(shop, "a") == {"b"}
    assert causes.failures(store) == []


def test_a_parent_that_somebody_saw_while_it_was_a_draft_is_looked_up_again(shop: Shop, store: Store) -> None:
    """Else all that lies below it would wait in vain for as long as that is remembered."""
    assert run(shop, store, [thing("above")]).counts["finished"] == 1
    [number] = [one.id for one in shop.sandbox.repository.contents.values() if one.remote_id == "above"]
    shop.upsert._gateway.learn_content("above", number, None)
    result = run(shop, store, [thing("above"), thing("below", "above")])
    assert (result.counts["created"], result.counts["failed"]) == (1, 0)


def test_a_circle_of_parents_is_told(shop: Shop, store: Store) -> None:
    result = run(shop, store, [thing("a", "b"), thing("b", "a"), thing("c")])
    assert (result.counts["finished"], result.counts["failed"]) == (1, 2)
    [cause] = causes.failures(store)
    assert (cause["cause_message"], cause["count"]) == ("the parent '…' is not in Ibexa yet", 2)
