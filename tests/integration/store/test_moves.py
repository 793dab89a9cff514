"""A record that is mapped to another key than it was sent with makes things anew: told, counted, and only so many."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.model import Message, Record
from connector.core.outcome import Refused
from connector.core.problem import Problem
from connector.routes.foreseen import Foreseen
from connector.routes.live import LiveRoute, Settings
from connector.store import Store
from connector.store.replay import replay
from tests.integration.store.test_engine_run import Shelf, Target, run, some
from tests.integration.store.test_rehearsal import everything, rehearse


class Prefixed:
    """A chain: one message a key of ``keys``, or one by the record's own key; ``version`` is that of the prefix."""

    def __init__(self, prefix: str) -> None:
        self.version = prefix

    def messages(self, record: Record, now: Any) -> list[Message]:
        if not record.data.get("enabled", True):
            return []
        keys = record.data.get("keys", [record.key])
        return [Message(payload={"id": f"{self.version}-{key}", "n": record.data.get("n", 0)}) for key in keys]


def route(shelf: Shelf, target: Target, prefix: str = "p", **settings: Any) -> LiveRoute:
    return LiveRoute("things", shelf, Prefixed(prefix), target, Settings(**settings), {"route": "things"})


def both(live: LiveRoute, store: Store) -> tuple[Foreseen, Any]:
    """Rehearsed without a trace, then run: both say the same of what got another key."""
    before = everything(store)
    found = rehearse(live, store)
    assert everything(store) == before
    told = run(live, store)
    assert found.counts["moved"] == told.counts["moved"]
    same = [one and (one.code, one.message) for one in (found.problem, told.problem)]
    assert same[0] == same[1]
    return found, told


def test_a_few_are_named_counted_and_sent(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    target, shelf = Target(), Shelf(some(3))
    run(route(shelf, target), store)
    found, told = both(route(shelf, target, "q"), store)
    assert found.moved[0] == "source key 0 was p-0 until now, and is q-0: p-0 stays in target"
    assert found.moved[0] in caplog.text
    assert (told.state, told.counts["moved"], told.counts["created"]) == ("finished", 3, 3)
    again = run(route(shelf, target, "q"), store)
    assert (again.counts["moved"], again.counts["unchanged"]) == (0, 3), "it is told once"
    assert rehearse(route(shelf, target, "q"), store).counts["moved"] == 0


def test_more_than_max_deletes_allows_are_not_sent_until_somebody_agrees(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target), store)
    calls = len(target.calls)
    found, told = both(route(shelf, target, "q"), store)
    assert (told.state, told.exit_code, told.counts["moved"]) == ("failed", 1, 12)
    assert told.problem.code == "RUN240"
    assert "12 of 12 items would be made anew under another key" in told.problem.message
    assert "source key 0 was p-0 until now, and is q-0: p-0 stays in target" in told.problem.message
    assert "max_deletes" in told.problem.hint
    found, told = both(route(shelf, target, "q"), store)
    assert (told.problem.code, len(target.calls)) == ("RUN240", calls), "the next run does not let them slip through"
    _, told = both(route(shelf, target, "q", max_deletes_percent=100.0), store)
    assert (told.state, told.counts["created"]) == ("finished", 12)
    assert run(route(shelf, target, "q"), store).state == "finished"
    assert found.exit_code == 1


def test_what_is_new_is_sent_all_the_same(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target), store)
    calls, shelf.rows = len(target.calls), [*some(12), ("new", {"n": 1})]
    told = run(route(shelf, target, "q"), store)
    assert told.problem is not None
    assert [one.key for one in target.calls[calls:]] == ["q-new"]


@pytest.mark.parametrize("action", ["keep", "hide"])
def test_when_the_mapping_is_mended_nothing_was_sent(store: Store, action: str) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target, when_dropped=action), store)
    assert run(route(shelf, target, "q", when_dropped=action), store).problem is not None
    found, told = both(route(shelf, target, when_dropped=action), store)
    assert (told.state, found.problem) == ("finished", None)
    assert sorted(target.held) == sorted(f"p-{n}" for n in range(12))
    assert run(route(shelf, target, when_dropped=action), store).counts["new"] == 0


def test_what_changes_meanwhile_is_kept_back_as_well(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target), store)
    assert run(route(shelf, target, "q"), store).problem is not None
    shelf.rows = [(key, {"n": 99}) for key, _ in some(12)]
    found, told = both(route(shelf, target, "q"), store)
    assert (told.problem.code, found.counts["moved"]) == ("RUN240", 12)
    assert run(route(shelf, target, "q", max_deletes_percent=100.0), store).counts["created"] == 12
    assert target.held["q-3"] == {"id": "q-3", "n": 99}


def test_where_a_cursor_leaves_them_unread_a_replay_ends_them(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target), store)
    assert run(route(shelf, target, "q"), store).problem is not None
    shelf.rows = []
    assert run(route(shelf, target), store).problem is not None, "nobody has said anything of them yet"
    assert len(replay(store, "things", None, run_id=1, now=datetime(2026, 1, 1, tzinfo=UTC))) == 12
    told = run(route(shelf, target), store)
    assert (told.state, told.counts["moved"]) == ("finished", 0)
    assert not any(key.startswith("q-") for key in target.held)


def test_a_read_that_breaks_off_sends_none_of_them_nor_does_the_next(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    run(route(shelf, target), store)
    shelf.break_at = 1
    assert run(route(shelf, target, "q"), store).state == "failed"
    shelf.break_at = None
    told = run(route(shelf, target, "q"), store)
    assert told.problem is not None
    assert told.problem.code == "RUN240"
    assert not any(key.startswith("q-") for key in target.held)


def test_a_count_is_meant_as_it_is_said(store: Store) -> None:
    target, shelf = Target(), Shelf(some(30))
    run(route(shelf, target), store)
    rows: list[tuple[str, Json]] = [(str(n), {"n": n, "keys": [f"new-{n}"]}) for n in range(2)]
    shelf.rows = [*rows, *some(30)[2:]]
    _, told = both(route(shelf, target, max_deletes_count=1, max_deletes_percent=0.0), store)
    assert told.problem.code == "RUN240"
    _, told = both(route(shelf, target, max_deletes_count=2, max_deletes_percent=0.0), store)
    assert (told.state, told.counts["created"]) == ("finished", 2)


def test_what_is_put_away_instead_is_told_so_and_guarded_too(store: Store) -> None:
    target, shelf = Target(), Shelf(some(12))
    hides: dict[str, Any] = {"when_dropped": "hide"}
    run(route(shelf, target, **hides), store)
    found, told = both(route(shelf, target, "q", **hides), store)
    assert told.problem.code == "RUN240"
    assert "source key 0 was p-0 until now, and is q-0: p-0 is put away (hide)" in told.problem.message
    assert found.counts["dropped"] == 12
    assert sorted(target.held) == sorted(f"p-{n}" for n in range(12)), "neither hidden nor made anew"
    both(route(shelf, target, "q", max_deletes_percent=100.0, **hides), store)
    assert sorted(target.held) == sorted(f"q-{n}" for n in range(12))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a"], ["a", "b"]),  # one more of it
        (["a", "b"], ["a"]),  # one less
        (["a", "b"], ["a", "c"]),  # another variant beside one that stays
        (["a", "b"], []),
    ],
)
def test_several_messages_of_one_record_may_come_and_go(store: Store, before: list[str], after: list[str]) -> None:
    target = Target()
    shelf = Shelf([(str(n), {"keys": [f"{n}{one}" for one in before]}) for n in range(14)])
    run(route(shelf, target), store)
    shelf.rows = [(str(n), {"keys": [f"{n}{one}" for one in after]}) for n in range(14)]
    found, told = both(route(shelf, target), store)
    assert (told.state, told.counts["moved"], found.moved) == ("finished", 0, [])


def test_new_records_and_records_that_join_others_are_no_moves(store: Store) -> None:
    target, shelf = Target(), Shelf(some(14))
    run(route(shelf, target), store)
    rows: list[tuple[str, Json]] = [(f"s{n}", {"keys": [str(n)]}) for n in range(14)]  # the source's own keys changed
    shelf.rows = [*rows, *((f"n{n}", {"n": n}) for n in range(14))]
    _, told = both(route(shelf, target), store)
    assert (told.state, told.counts["moved"], told.counts["created"]) == ("finished", 0, 14)
    merged: list[tuple[str, Json]] = [("s0", {"keys": ["1"]}), *rows[2:]]  # what two records were is one now
    shelf.rows = merged
    _, told = both(route(shelf, target), store)
    assert (told.state, told.counts["moved"]) == ("finished", 0)


def test_what_was_never_sent_or_is_put_away_already_did_not_move(store: Store) -> None:
    target, shelf = Target(), Shelf(some(14))
    target.answers = {f"p-{n}": [Refused(Problem("X", "no"))] for n in range(14)}
    run(route(shelf, target), store)
    _, told = both(route(shelf, target, "q"), store)
    assert (told.state, told.counts["moved"], told.counts["created"]) == ("finished", 0, 14)
    shelf.rows = [(str(n), {"enabled": False}) for n in range(14)]
    run(route(shelf, target, "q", when_dropped="hide", max_deletes_percent=100.0), store)
    shelf.rows = some(14)
    _, told = both(route(shelf, target, "r", when_dropped="hide"), store)
    assert (told.counts["moved"], told.counts["created"]) == (0, 14)
