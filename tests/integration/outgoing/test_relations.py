"""relation.ensure against the sandbox, judged by the sandbox's own book."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown, Waits
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, Trigger
from connector.store import Store, tasks
from tests.integration.outgoing.shop import Shop
from tests.integration.outgoing.test_order import Plain
from tests.integration.store.test_engine_run import Shelf


class Related:
    """``a``, which is sent again and again; remembers as the engine does."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.memory = shop, None
        self.ids = {name: self._made(name) for name in ("a", "b", "c", "d")}
        self.outgoing = shop.outgoing("relation", "ensure")
        shop.sandbox.book.reset()

    def _made(self, name: str) -> int:
        outcome = self.shop.put(name)
        assert isinstance(outcome, Done)
        return int(outcome.target_id)

    def to(self, *names: str, exact: bool = False, **delivery: Any) -> Outcome:
        payload: Json = {"from": {"remote_id": "a"}, "to": [{"remote_id": one} for one in names]}
        payload |= {"exact": True} if exact else {}
        outcome = self.shop.send(self.outgoing, payload, memory=self.memory, **delivery)
        if outcome.memory is not None:
            self.memory = outcome.memory
        return outcome

    def by_editor(self, *names: str, without: bool = False) -> None:
        """What an editor does: a draft with these relations, published."""
        place = {"contentId": self.ids["a"]}
        made = self.shop.call("content_version.create_draft_from_current", **place)
        place |= {"versionNo": made["Version"]["VersionInfo"]["versionNo"]}
        listed = self.shop.call("relation.list", **place)["Relations"]["Relation"]
        for one in names:
            href = f"/api/ibexa/v2/content/objects/{self.ids[one]}"
            if without:
                [row] = [row for row in listed if row["DestinationContent"]["_href"] == href]
                self.shop.call("relation.delete", **place, relationId=row["_href"].rpartition("/")[2])
            else:
                self.shop.call("relation.create", {"Destination": {"_href": href}}, **place)
        self.shop.call("content_version.publish", **place)

    @property
    def now(self) -> list[str]:
        names = {number: name for name, number in self.ids.items()}
        return sorted(names[one] for one in self.shop.held(str(self.ids["a"])).version.related)


@pytest.fixture
def related(shop: Shop) -> Related:
    return Related(shop)


def test_it_is_related_in_one_version_and_the_second_time_nothing_is_written(related: Related) -> None:
    outcome = related.to("b", "c")
    assert isinstance(outcome, Done)
    assert outcome.target_id == str(related.ids["a"])
    assert related.now == ["b", "c"]
    assert related.shop.writes == {
        "content_version.create_draft_from_current": 1, "relation.create": 2, "content_version.publish": 1,
    }  # fmt: skip
    related.shop.sandbox.book.reset()
    assert isinstance(related.to("b", "c"), Skipped)
    assert related.shop.writes == {}
    assert related.shop.is_sound()


def test_what_we_made_goes_when_it_is_named_no_more_and_what_others_made_stays(related: Related) -> None:
    related.by_editor("d")
    related.to("b", "c")
    changed = related.to("c")
    assert isinstance(changed, Done)
    assert changed.detail["changed"] == [f"no longer related to {related.ids['b']}"]
    assert related.now == ["c", "d"]
    assert isinstance(related.to(), Done)
    assert related.now == ["d"]


def test_what_was_there_before_us_is_not_ours_though_we_name_it(related: Related) -> None:
    related.by_editor("b")
    related.to("b", "c")
    related.to()
    assert related.now == ["b"]


def test_a_lost_memory_makes_us_remove_less(related: Related) -> None:
    related.to("b", "c")
    related.memory = None
    assert isinstance(related.to("c"), Skipped)
    assert related.now == ["b", "c"]


def test_exact_removes_what_others_made_too(related: Related) -> None:
    related.by_editor("d")
    outcome = related.to("b", exact=True)
    assert isinstance(outcome, Done)
    assert related.now == ["b"]
    assert isinstance(related.to("b", exact=True), Skipped)


def test_one_that_a_field_makes_is_enough_and_is_left_to_the_field(related: Related) -> None:
    related.shop.put("a", related=[{"remote_id": "b"}])
    related.shop.sandbox.book.reset()
    assert isinstance(related.to("b", exact=True), Skipped)
    assert isinstance(related.to("c", exact=True), Done)
    assert related.now == ["c"]
    fields = related.shop.held(str(related.ids["a"])).version.fields["eng-GB"]
    assert fields["related"]["destinationContentIds"] == [related.ids["b"]]


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}, {"status": 503}])
@pytest.mark.parametrize(
    "op",
    [
        *("content_version.create_draft_from_current", "relation.create", "relation.delete"),
        *("content_version.publish", "relation.list"),
    ],
)
def test_whatever_is_lost_the_next_attempt_ends_it_without_a_leftover(related: Related, op: str, do: Any) -> None:
    related.to("b", "c")
    related.shop.fault(op, do, times=2)
    first = related.to("c", "d")
    assert isinstance(first, Done | Unknown | NotSent | Refused)
    related.shop.sandbox.faults.clear()
    if not isinstance(first, Done):
        assert isinstance(related.to("c", "d", suspect=True), Done | Skipped)
    assert related.now == ["c", "d"]
    assert related.shop.is_sound()
    related.shop.sandbox.book.reset()
    assert isinstance(related.to("c", "d"), Skipped)
    assert isinstance(related.to(), Done)
    assert related.now == []


def test_what_an_attempt_made_that_we_never_heard_of_is_ours(related: Related) -> None:
    related.to("b")
    related.memory = None  # the process died before it could note what it had made
    assert isinstance(related.to("b", suspect=True), Skipped)
    assert isinstance(related.to(), Done)
    assert related.now == []


def test_a_draft_with_somebodys_relations_is_not_touched(related: Related) -> None:
    made = related.shop.call("content_version.create_draft_from_current", contentId=related.ids["a"])
    place = {"contentId": related.ids["a"], "versionNo": made["Version"]["VersionInfo"]["versionNo"]}
    href = f"/api/ibexa/v2/content/objects/{related.ids['d']}"
    related.shop.call("relation.create", {"Destination": {"_href": href}}, **place)
    assert isinstance(related.to("b", suspect=True), Done)
    assert related.now == ["b"]
    drafts = [one for one in related.shop.held(str(related.ids["a"])).versions.values() if one.status == "DRAFT"]
    assert [one.related for one in drafts] == [[related.ids["d"]]]


def test_what_it_needs_may_come_later(related: Related) -> None:
    for payload in (
        {"from": {"remote_id": "later"}, "to": [{"remote_id": "b"}]},
        {"from": {"remote_id": "a"}, "to": [{"remote_id": "later"}]},
    ):
        outcome = related.shop.send(related.outgoing, payload)
        assert isinstance(outcome, Waits)
        assert outcome.needs == "later"
    assert related.shop.writes == {}


def test_what_waits_says_all_that_it_refers_to(related: Related) -> None:
    outcome = related.to("later", "b", "latest")
    assert isinstance(outcome, Waits)
    assert set(outcome.refers) == {"later", "b", "latest"}, "not itself: it is in its own lane"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"from": {"remote_id": "a"}},
        {"from": {"remote_id": "a"}, "to": {"remote_id": "b"}},
        {"from": {"remote_id": "a"}, "to": ["b"]},
        {"from": {"remote_id": "a"}, "to": [], "exact": "yes"},
        {"from": {"remote_id": "a"}, "to": [{"remote_id": "a"}]},
        {"from": {"remote_id": "a"}, "to": [], "only": True},
    ],
)
def test_what_is_no_message_is_refused_before_anything_is_asked(related: Related, payload: Any) -> None:
    with pytest.raises(RecordError):
        related.outgoing.prepare(Message(payload=payload))


def test_it_takes_turns_with_the_upsert_of_the_same_item(related: Related) -> None:
    relation = related.outgoing.key(Message(payload={"from": {"remote_id": "a"}, "to": []}))
    assert relation == related.shop.upsert.key(Message(payload={"remote_id": "a"}))


def test_a_run_relates_what_is_there_and_a_later_one_what_has_come(shop: Shop, store: Store) -> None:
    rows: list[tuple[str, Json]] = [
        (f"p{n}", {"from": {"remote_id": f"p{n}"}, "to": [{"remote_id": f"p{(n + 1) % 20}"}]}) for n in range(20)
    ]

    def run() -> Any:
        outgoing = shop.outgoing("relation", "ensure")
        live = LiveRoute("relations", Shelf(rows, 20), Plain(), outgoing, Settings(concurrency=4), {})
        return RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(Trigger(), lambda view: None)

    for n in range(19):
        shop.put(f"p{n}")
    first = run()
    assert (first.counts["updated"], first.counts["failed"]) == (18, 2)
    shop.put("p19")
    assert tasks.retry(store, route="relations") == 2
    second = run()
    assert (second.exit_code, second.counts["updated"]) == (0, 2)
    assert shop.is_sound()


def test_what_waits_for_two_is_woken_when_both_have_come_by_another_route(shop: Shop, store: Store) -> None:
    shop.put("a")
    rows: list[tuple[str, Json]] = [("a", {"from": {"remote_id": "a"}, "to": [{"remote_id": "x"}, {"remote_id": "y"}]})]

    def run(name: str, outgoing: Any, rows: list[tuple[str, Json]]) -> Any:
        live = LiveRoute(name, Shelf(rows, 20), Plain(), outgoing, Settings(concurrency=4), {})
        return RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(Trigger(), lambda view: None)

    relation = shop.outgoing("relation", "ensure")
    assert run("relations", relation, rows).counts["failed"] == 1
    things: list[tuple[str, Json]] = [(one, {"remote_id": one, "fields": {"name": one}}) for one in ("x", "y")]
    assert run("things", shop.upsert, things).counts["created"] == 2
    last = run("relations", relation, rows)
    assert (last.exit_code, last.counts["updated"]) == (0, 1)
    assert shop.is_sound()


@pytest.mark.parametrize("number", [99999, -5, 2**40])
def test_an_id_that_nothing_has_is_refused_before_a_draft_is_made(shop: Shop, number: int) -> None:
    related = Related(shop)
    there, nowhere = {"id": related.ids["b"]}, {"id": number}
    for payload in ({"from": {"remote_id": "a"}, "to": [there, nowhere]}, {"from": nowhere, "to": [there]}):
        outcome = shop.send(related.outgoing, payload)
        assert isinstance(outcome, Refused)
        assert outcome.problem.code == "IBX470"
        assert f"content {number}" in outcome.problem.message
    assert shop.writes == {}
