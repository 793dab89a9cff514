"""What the source no longer has is put away after a complete read only, never by mistake, and shown when it returns."""

from __future__ import annotations

import pytest

from connector.core.jsonio import Json
from connector.store import Store
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some


def test_what_is_missing_is_hidden_once_and_comes_back(store: Store) -> None:
    target, shelf = Target(), Shelf(some(8))
    live = route(shelf, target, when_missing="hide")
    assert run(live, store).counts["created"] == 8
    kept, shelf.rows = shelf.rows, shelf.rows[:-1]
    result = run(live, store)
    assert (result.counts["hidden"], result.exit_code, len(target.held)) == (1, 0, 7)
    assert target.calls[-1].action == "hide"
    calls = len(target.calls)
    assert run(live, store).counts["hidden"] == 0
    shelf.rows = kept
    assert run(live, store).counts["finished"] == 1
    assert (len(target.calls), len(target.held)) == (calls + 1, 8)
    assert target.calls[-1].hidden_by_us
    assert run(live, store).counts["finished"] == 0


def test_many_parts_are_put_away_in_one_run(store: Store) -> None:
    target, shelf = Target(), Shelf(some(1203))
    live = route(shelf, target, when_missing="hide", max_deletes_percent=0.0, concurrency=8)
    run(live, store)
    shelf.rows = shelf.rows[:2]
    assert run(live, store).counts["hidden"] == 1201


@pytest.mark.parametrize(
    ("left", "settings", "words"),
    [
        (19, {}, "11 of 30 items are no longer in the source, more than max_deletes allows"),
        (20, {"max_deletes_said": True}, "10 of 30 items"),
        (28, {"max_deletes_count": 1, "max_deletes_percent": 0.0}, "2 of 30"),
        (29, {"max_deletes_count": 0, "max_deletes_percent": 0.0}, "1 of 30"),
        (0, {"max_deletes_percent": 0.0}, "it listed no record at all"),
    ],
)
def test_too_many_at_once_put_nothing_away(store: Store, left: int, settings: dict[str, float], words: str) -> None:
    target, shelf = Target(), Shelf(some(30))
    live = route(shelf, target, when_missing="hide", **settings)
    run(live, store)
    shelf.rows = shelf.rows[:left]
    result = run(live, store)
    assert (result.state, result.exit_code, len(target.held)) == ("failed", 1, 30)
    assert result.problem is not None
    assert words in result.problem.message
    assert result.problem.hint


@pytest.mark.parametrize(("left", "hidden"), [(4, 4), (3, 0)])
def test_a_few_may_go_when_nothing_is_said_but_not_most_of_them(store: Store, left: int, hidden: int) -> None:
    target, shelf = Target(), Shelf(some(8))
    live = route(shelf, target, when_missing="hide")
    run(live, store)
    shelf.rows = shelf.rows[:left]
    assert run(live, store).counts["hidden"] == hidden


def test_a_read_that_breaks_off_and_the_one_that_goes_on_from_there_put_nothing_away(store: Store) -> None:
    target, shelf = Target(), Shelf(some(8))
    live = route(shelf, target, when_missing="hide", max_deletes_percent=0.0)
    run(live, store)
    shelf.rows, shelf.break_at = shelf.rows[:6], 1
    assert run(live, store).state == "failed"
    assert len(target.held) == 8
    shelf.break_at = None
    assert run(live, store).state == "finished"
    assert len(target.held) == 8, "it did not read the first page in this run"
    assert run(live, store).counts["hidden"] == 2


def test_a_record_that_cannot_be_mapped_or_named_is_not_missing(store: Store) -> None:
    target, shelf = Target(), Shelf(some(4))
    live = route(shelf, target, when_missing="hide", max_deletes_percent=0.0)
    run(live, store)
    broken: list[tuple[str, Json]] = [*shelf.rows[:3], ("3", {"boom": True})]
    shelf.rows = broken
    assert run(live, store).counts["hidden"] == 0
    shelf.rows = [*some(3), ("", {"n": 9})]
    assert run(live, store).counts["hidden"] == 0
    assert len(target.held) >= 4


def test_nothing_is_put_away_unless_the_route_says_so(store: Store) -> None:
    target, shelf = Target(), Shelf(some(8))
    run(route(shelf, target), store)
    shelf.rows = shelf.rows[:7]
    assert run(route(shelf, target), store).counts["hidden"] == 0
