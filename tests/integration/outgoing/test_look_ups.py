"""How many requests an item costs, by the sandbox's own book; and that what a search says is believed only where it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped
from connector.store import Store, open_store
from connector.systems.ibexa.look_ups import AT_ONCE
from tests.integration.outgoing.shop import Shop
from tests.integration.outgoing.test_order import run, thing

MANY = 200
LOOKS = ("content.find", "content.get", "content.search")


def asked(shop: Shop) -> dict[str, int]:
    found: dict[str, int] = dict.fromkeys(LOOKS, 0) | shop.book["requests"]["by_op"]
    return found


def deliveries(shop: Shop, ids: list[str], **more: Any) -> list[Delivery]:
    """As the engine makes them, and told to the outgoing before the first is sent."""
    payloads = [{"remote_id": one, "fields": {"name": "A", **more.get("fields", {})}} for one in ids]
    messages = [shop.upsert.prepare(Message(payload=payload)) for payload in payloads]
    found = [Delivery(one, "upsert", shop.upsert.key(one) or "") for one in messages]
    shop.upsert.expect(found)
    return found


def sent(shop: Shop, ids: list[str], **more: Any) -> list[Outcome]:
    return [shop.upsert.send(one) for one in deliveries(shop, ids, **more)]


def test_what_an_item_costs(shop: Shop, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [thing(f"p{n:03}") for n in range(MANY)]
    changed = [(key, {**payload, "fields": {**payload["fields"], "sku": "new"}}) for key, payload in rows]
    counts: dict[str, dict[str, int]] = {}

    def measured(name: str, log: Store, what: Any) -> dict[str, int]:
        shop.sandbox.book.reset()
        result = run(shop, log, what, size=100)
        assert (result.exit_code, result.counts["failed"]) == (0, 0)
        counts[name] = asked(shop)
        return counts[name]

    def other_log(name: str) -> Store:
        return open_store(f"sqlite:///{tmp_path}/{name}.db")

    first = measured("new", store, rows)
    assert measured("unchanged, fingerprint known", store, rows) == dict.fromkeys(LOOKS, 0)
    by_id = measured("changed, id known", store, changed)
    lost, lost_too = other_log("lost"), other_log("lost-too")
    unchanged = measured("unchanged, run log lost", lost, changed)
    by_search = measured("changed, run log lost", lost_too, rows)
    lost.close()
    lost_too.close()
    with capsys.disabled():
        for name, found in counts.items():
            print(f"\n{name}: {sum(found.values()) / MANY:.2f} requests an item", found, end="")

    searches = MANY // AT_ONCE
    assert first["content.search"] <= searches + 1  # the page may be stored in two parts
    assert (first["content.create"], first["content_version.publish"]) == (MANY, MANY)
    assert first["content.find"] + first["content.get"] == 0
    assert sum(by_id.values()) <= 4 * MANY
    assert sum(unchanged.values()) <= searches + 5  # types and sections are read once
    assert sum(by_search.values()) <= 4 * MANY + searches + 5
    assert shop.is_sound()


def test_what_is_referred_to_is_looked_up_together_with_what_refers_to_it(shop: Shop, store: Store) -> None:
    for n in range(60):
        shop.put(f"c{n}")  # by another route
    other = shop.outgoing("content", "upsert", payload=shop.upsert._defaults["payload"])
    shop.upsert, first = other, shop.upsert
    assert first is not other
    shop.sandbox.book.reset()
    result = run(shop, store, [thing(f"p{n}", f"c{n % 60}", [f"c{(n + 7) % 60}"]) for n in range(90)], size=100)
    assert (result.exit_code, result.counts["created"]) == (0, 90)
    found = asked(shop)
    assert found["content.find"] + found["content.get"] == 0
    assert found["content.search"] <= (90 + 60) // AT_ONCE + 2


def test_what_is_refused_elsewhere_is_no_different_for_a_search(shop: Shop) -> None:
    """A draft and what lies in the trash are not found by a search, and are not made twice."""
    shop.put("trashed")
    [one] = [each for each in shop.sandbox.repository.contents.values() if each.remote_id == "trashed"]
    shop.send(shop.upsert, {"remote_id": "trashed", "fields": {}}, action="trash", target_id=str(one.id))
    shop.fault("content_version.publish", {"status": 503}, times=9)
    assert not isinstance(shop.put("draft"), Done)
    shop.sandbox.faults.clear()
    trashed, draft, new = sent(shop, ["trashed", "draft", "new"])
    assert isinstance(trashed, Refused)
    assert "trash" in trashed.problem.message
    assert isinstance(draft, Done)
    assert draft.detail["adopted"] is True
    assert isinstance(new, Done)
    assert shop.is_sound()


def test_a_search_that_has_missed_an_item_makes_no_second_one(shop: Shop) -> None:
    """It came after the search: an index that is behind is no different."""
    late = deliveries(shop, ["a", "b", "c"], fields={"sku": "1"})
    assert isinstance(shop.upsert.send(late[0]), Done)
    other = shop.outgoing("content", "upsert", payload=shop.upsert._defaults["payload"])
    shop.send(other, {"remote_id": "b", "fields": {"name": "A", "sku": "1"}})
    shop.send(other, {"remote_id": "c", "fields": {"name": "A", "sku": "0"}})
    assert isinstance(shop.upsert.send(late[1]), Skipped)
    changed = shop.upsert.send(late[2])
    assert isinstance(changed, Done)
    assert changed.detail["changed"] == ["sku (eng-GB)"]
    assert shop.is_sound()


def test_what_a_new_item_would_lack_is_no_fault_of_one_that_a_search_has_missed(shop: Shop) -> None:
    [first, late] = deliveries(shop, ["a", "b"])
    shop.upsert.send(first)
    other = shop.outgoing("content", "upsert", payload=shop.upsert._defaults["payload"])
    shop.send(other, {"remote_id": "b", "fields": {"name": "A"}})
    message = shop.upsert.prepare(Message(payload={"remote_id": "b", "fields": {"sku": "2"}}))  # and no name
    outcome = shop.upsert.send(Delivery(message, "upsert", "b"))
    assert isinstance(outcome, Done)
    assert outcome.change == "updated"
    assert late.key == "b"


def test_an_editor_who_came_after_the_search_is_not_overwritten(shop: Shop) -> None:
    for name in ("a", "b"):
        shop.put(name, sku="1", price=1)
    owned = shop.outgoing(
        "content", "upsert", payload={**shop.upsert._defaults["payload"], "owners": {"sku": "initial"}}
    )
    shop.upsert = owned
    first, second = deliveries(shop, ["a", "b"], fields={"sku": "1", "price": 2})
    owned.send(first)
    [item] = [each for each in shop.sandbox.repository.contents.values() if each.remote_id == "b"]
    shop.edit(str(item.id), sku="by hand")
    outcome = owned.send(second)
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["price (eng-GB)"]
    assert shop.held(str(item.id)).version.fields["eng-GB"]["sku"] == "by hand"


def test_what_was_written_meanwhile_is_not_taken_for_what_the_search_saw(shop: Shop) -> None:
    shop.put("a", sku="1")
    shop.put("b", sku="1")
    b, a = deliveries(shop, ["b", "a"], fields={"sku": "1"})
    assert isinstance(shop.upsert.send(b), Skipped)  # searched now, for both
    [item] = [each for each in shop.sandbox.repository.contents.values() if each.remote_id == "a"]
    assert isinstance(shop.put("a", {"target_id": str(item.id)}, sku="2"), Done)  # another route's, in between
    assert isinstance(shop.upsert.send(a), Done)
    assert item.version.fields["eng-GB"]["sku"] == "1"


def test_a_search_that_fails_costs_only_the_saving(shop: Shop) -> None:
    shop.put("a")
    shop.fault("content.search", {"status": 500}, times=9)
    same, new = sent(shop, ["a", "b"])
    assert isinstance(same, Skipped)
    assert isinstance(new, Done)


ODD = ["a,b", "it's", 'a "quote"', "æøå 🌲", "a/b?c=d&e#f", "x" * 100, "50%", "back\\slash", "a;b|c*", "123", "0012"]


def test_odd_remote_ids_are_found_whichever_way_they_are_looked_up(shop: Shop) -> None:
    made = sent(shop, ODD)
    assert all(isinstance(one, Done) and one.change == "created" for one in made), made
    shop.sandbox.book.reset()
    again = sent(shop, ODD)
    assert all(isinstance(one, Skipped) for one in again), again
    assert shop.writes == {}
    assert asked(shop)["content.search"] == 1
    assert asked(shop)["content.find"] == 1  # the one with a comma, of which a search would make two


@pytest.mark.parametrize(("there", "wanted"), [("Chair", "chair"), ("stühl", "stuhl"), ("é", "e\u0301")])
@pytest.mark.parametrize("together", [True, False])
def test_a_remote_id_that_only_looks_the_same_is_somebody_elses(
    shop: Shop, there: str, wanted: str, together: bool
) -> None:
    shop.put(there, sku="1")
    shop.sandbox.book.reset()
    outcome = sent(shop, [wanted])[0] if together else shop.put(wanted)
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "IBX422"
    assert there in outcome.problem.message
    for payload in ({"parent": {"remote_id": wanted}}, {"fields": {"name": "A", "related": [{"remote_id": wanted}]}}):
        message = shop.upsert.prepare(Message(payload={"remote_id": "z", "fields": {"name": "A"}, **payload}))
        delivery = Delivery(message, "upsert", "z")
        if together:
            shop.upsert.expect([delivery])
        refused = shop.upsert.send(delivery)
        assert isinstance(refused, Refused)
        assert refused.problem.code == "IBX422"
    assert "content_version.publish" not in shop.writes


def test_a_remote_id_that_no_item_can_have_is_not_searched_for(shop: Shop) -> None:
    payload = {"remote_id": "z", "fields": {"name": "A", "related": [{"remote_id": "x" * 101}]}}
    message = shop.upsert.prepare(Message(payload=payload))
    shop.upsert.expect([Delivery(message, "upsert", "z")])
    assert isinstance(shop.upsert.send(Delivery(message, "upsert", "z")), Refused)
    assert (asked(shop)["content.search"], asked(shop)["content.find"]) == (1, 1)


def test_threads_that_want_to_know_at_once_ask_once(shop: Shop) -> None:
    ids = [f"t{n}" for n in range(AT_ONCE)]
    sent(shop, ids)
    shop.sandbox.book.reset()
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(shop.upsert.send, deliveries(shop, ids)))
    assert all(isinstance(one, Skipped) for one in again)
    assert asked(shop) == dict.fromkeys(LOOKS, 0) | {"content.search": 1}
