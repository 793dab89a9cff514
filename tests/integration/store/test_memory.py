"""What an outgoing wants to be told again is told with the next delivery of the key; what it left alone is counted."""

from __future__ import annotations

from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown
from connector.core.problem import Problem
from connector.store import Store, reports
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some


def test_it_comes_back_with_the_next_delivery_of_that_key_and_stays_until_it_is_replaced(store: Store) -> None:
    target, shelf = Target(), Shelf(some(2))
    long = {"fields": {f"field {n}": "æøå" for n in range(50)}}
    target.answers = {"x-0": [Done("created", "7", memory=long), Done("updated", "7"), Skipped("unchanged", memory={})]}
    live = route(shelf, target)
    told = []
    for turn in range(4):
        shelf.rows[0] = ("0", {"turn": turn})
        run(live, store)
        told.append(next(one.memory for one in reversed(target.calls) if one.key == "x-0"))
    assert told == [None, long, long, {}]
    assert {one.memory for one in target.calls if one.key == "x-1"} == {None}


def test_what_a_failed_attempt_wrote_before_it_failed_is_remembered_too(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    wrong = Problem("IBX400", "no")
    target.answers = {
        "x-0": [Refused(wrong, memory={"half": 1}), Done("updated", "7")],
        "x-1": [NotSent(wrong, memory={"half": 2}), Done("updated", "7")],
        "x-2": [Unknown(wrong, memory={"half": 3}), Done("updated", "7")],
    }
    live = route(shelf, target, first_wait=0.0, max_wait=0.0)
    run(live, store)
    for number in range(3):
        shelf.rows[number] = (str(number), {"n": "new"})
    run(live, store)
    last = {one.key: one.memory for one in target.calls}
    assert last == {"x-0": {"half": 1}, "x-1": {"half": 2}, "x-2": {"half": 3}}


def test_what_failed_changes_nothing_in_it(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1))
    later = NotSent(Problem("NET001", "away"))
    target.answers = {"x-0": [Done("created", "7", memory={"a": 1}), later, Done("updated", "7")]}
    live = route(shelf, target, first_wait=0.0, max_wait=0.0)
    run(live, store)
    shelf.rows[0] = ("0", {"n": "new"})
    run(live, store)
    run(live, store)
    assert [one.memory for one in target.calls] == [None, {"a": 1}, {"a": 1}]


def test_what_was_left_alone_is_counted_and_listed(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    target.answers = {
        "x-0": [Done("updated", "7", {"changed": ["sku"], "left": ["title: an editor changed it", "parent"]})],
        "x-1": [Skipped("unchanged", "8", {"left": ["title: an editor changed it"]})],
    }
    assert run(route(shelf, target), store).counts["left_alone"] == 3
    listed = {one["key"]: one["left"] for one in reports.tasks(store)}
    assert listed == {
        "x-0": ["title: an editor changed it", "parent"],
        "x-1": ["title: an editor changed it"],
        "x-2": [],
    }
