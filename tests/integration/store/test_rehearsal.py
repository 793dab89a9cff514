"""A dry run says what the next run does, and leaves no trace of itself."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.clock import StopEvent, SystemClock
from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.routes.foreseen import Foreseen
from connector.routes.live import LiveRoute
from connector.routes.rehearsal import Rehearsal
from connector.store import Store
from connector.store.tables import metadata
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some


def rehearse(live: LiveRoute, store: Store) -> Foreseen:
    return Rehearsal(live, store, clock=SystemClock(), stop=StopEvent()).execute(lambda view: None)


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.reading() as connection:
        tables = metadata.sorted_tables
        return {one.name: sorted(map(tuple, connection.execute(sa.select(one))), key=repr) for one in tables}


def changed_shelf() -> list[tuple[str, Json]]:
    """Of ``some(9)``: two new, two changed, one left out, one that fails, one twice, two gone."""
    rows = some(11)
    rows[1] = ("1", {"n": 1, "text": "other"})
    rows[2] = ("2", {"n": 2, "text": "other"})
    rows[3] = ("3", {"enabled": False})
    rows[4] = ("4", {"boom": True})
    return [*rows[:5], rows[0], *rows[7:]]


def test_it_foresees_what_the_next_run_does_and_leaves_no_trace(store: Store) -> None:
    target, shelf = Target(), Shelf(some(9))
    live = route(shelf, target, when_missing="hide", when_dropped="hide", max_deletes_percent=50.0)
    run(live, store)
    shelf.rows = changed_shelf()
    before, calls = everything(store), len(target.calls)
    found = rehearse(live, store)
    assert (everything(store), len(target.calls)) == (before, calls)
    assert found.keys == {
        "new": ["x-9", "x-10"],
        "changed": ["x-1", "x-2"],
        "dropped": ["x-3"],
        "failed": ["x-4"],
        "missing": ["x-5", "x-6"],
    }
    assert [(key, problem.message) for key, problem in found.failures] == [("x-4", "it went boom")]
    assert (found.whole, found.problem, found.exit_code) == (True, None, 1)
    done = run(live, store).counts
    assert found.counts["unchanged"] == done["unchanged"] == 3
    assert found.counts["duplicates"] == done["duplicates"] == 1
    assert (done["created"], done["updated"], done["failed"]) == (2, 2, 1)
    assert done["hidden"] == found.counts["dropped"] + found.counts["missing"] == 3


def test_before_the_first_run_all_is_new(store: Store) -> None:
    found = rehearse(route(Shelf(some(30)), Target()), store)
    assert (found.counts["new"], len(found.keys["new"]), found.exit_code) == (30, 20, 0)


def test_a_message_that_is_judged_never_to_be_sent_counts_as_failed(store: Store) -> None:
    refused = Problem("AST001", "downloads from elsewhere are not allowed")
    live = route(Shelf(some(3)), Target())
    rehearsal = Rehearsal(live, store, clock=SystemClock(), stop=StopEvent(), judge=lambda _message: refused)
    found = rehearsal.execute(lambda view: None)
    assert (found.counts["failed"], found.counts["new"], found.exit_code) == (3, 0, 1)
    assert {problem.code for _, problem in found.failures} == {"AST001"}


def test_after_a_run_nothing_is_left_to_do(store: Store) -> None:
    live = route(Shelf(some(7)), Target(), when_missing="hide")
    run(live, store)
    found = rehearse(live, store)
    assert +found.counts == {"read": 7, "unchanged": 7}


@pytest.mark.parametrize("left", [19, 0])
def test_too_many_missing_are_told_as_the_run_would_tell_them(store: Store, left: int) -> None:
    shelf = Shelf(some(30))
    live = route(shelf, Target(), when_missing="hide")
    run(live, store)
    shelf.rows = shelf.rows[:left]
    found = rehearse(live, store)
    told = run(live, store)
    assert found.problem is not None
    assert told.problem is not None
    assert (found.problem.message, found.exit_code) == (told.problem.message, told.exit_code)


def test_a_source_that_breaks_off_puts_nothing_away_and_says_so(store: Store) -> None:
    shelf = Shelf(some(8))
    live = route(shelf, Target(), when_missing="hide", max_deletes_percent=0.0)
    run(live, store)
    shelf.rows, shelf.break_at = some(8)[:6], 2
    found = rehearse(live, store)
    assert (found.whole, found.counts["missing"], found.counts["read"]) == (False, 0, 4)
    assert found.problem is not None
    assert found.problem.message == "the shelf broke"
    assert found.exit_code == run(live, store).exit_code == 1


def test_what_earlier_runs_left_is_told(store: Store) -> None:
    target, shelf = Target(), Shelf(some(3))
    target.answers = {"x-1": [RuntimeError("a fault")]}
    live = route(shelf, target)
    run(live, store)
    found = rehearse(live, store)
    assert found.left == {"new": 0, "processing": 0, "retry_later": 1}
    assert (found.counts["pending"], found.counts["new"]) == (0, 0)
