"""What becomes of a due time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.config.route_spec import RouteSettings
from connector.runtime.schedule import Due
from connector.runtime.schedule_rules import Decision, Pending, Situation, decide

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(now: datetime = NOON, due: Due | None = None, schedule: dict[str, Any] | None = None, **more: Any) -> Situation:
    config = {"incoming": "a", "outgoing": "b", "schedule": {"cron": "0 * * * *", **(schedule or {})}}
    return Situation(RouteSettings.from_config(config), due or Due(NOON), now, **more)


def decided(situation: Situation, chance: float = 0.5) -> Decision:
    return decide(situation, lambda: chance)


def told(decision: Decision) -> list[tuple[str, int]]:
    return [(event.event, event.times) for event in decision.events]


def down_for_three_days(now: datetime) -> Due:
    return Due(NOON, 71, NOON - 71 * HOUR, NOON - HOUR)


def test_a_time_fires_when_it_comes() -> None:
    found = decided(at())
    assert (told(found), found.fire, found.settled_to, found.pending) == ([("fired", 1)], NOON, NOON, None)
    assert found.events[0].reason == ""


@pytest.mark.parametrize("seconds", [0, 35, 60])
def test_a_take_over_is_no_missed_time(seconds: int) -> None:
    assert decided(at(NOON + timedelta(seconds=seconds), schedule={"if_missed": "skip"})).fire == NOON


def test_after_three_days_exactly_one_run_makes_up_for_all_and_the_others_are_told() -> None:
    found = decided(at(NOON + HOUR / 3, down_for_three_days(NOON)))
    assert told(found) == [("missed", 71), ("fired", 1)]
    assert found.fire == found.settled_to == NOON
    assert found.events[0].first_at == NOON - 71 * HOUR
    assert found.events[1].reason == "missed; made up for 20 minutes later"


def test_missed_times_are_not_made_up_for_when_the_route_says_so() -> None:
    found = decided(at(NOON + HOUR / 3, down_for_three_days(NOON), {"if_missed": "skip"}))
    assert (told(found), found.fire, found.settled_to) == ([("missed", 72)], None, NOON)
    assert "if_missed: skip" in found.events[0].reason


@pytest.mark.parametrize(("minutes", "fires"), [(2, True), (120, True), (121, False)])
def test_missed_times_are_made_up_for_within_a_window(minutes: int, fires: bool) -> None:
    found = decided(at(NOON + timedelta(minutes=minutes), schedule={"if_missed": {"run_once_within": "2h"}}))
    assert (found.fire == NOON) is fires
    assert told(found) == [("fired" if fires else "missed", 1)]


def test_back_on_time_the_newest_fires_as_if_nothing_had_been() -> None:
    found = decided(at(NOON, down_for_three_days(NOON), {"if_missed": "skip"}))
    assert (told(found), found.fire) == ([("missed", 71), ("fired", 1)], NOON)


def test_paused_nothing_fires_and_nothing_is_missed() -> None:
    found = decided(at(NOON, down_for_three_days(NOON), paused="stocktaking"))
    assert (told(found), found.fire, found.settled_to) == ([("skipped", 72)], None, NOON)
    assert found.events[0].reason == "paused: stocktaking"


def test_while_it_runs_a_time_is_skipped_or_waits() -> None:
    skipped = decided(at(running=True))
    assert (told(skipped), skipped.fire, skipped.settled_to) == ([("skipped", 1)], None, NOON)
    waiting = decided(at(running=True, schedule={"if_running": "queue"}))
    assert (waiting.events, waiting.settled_to, waiting.fire) == ([], None, None)
    assert waiting.pending is not None
    after = decided(at(NOON + 5 * HOUR, schedule={"if_running": "queue"}, pending=waiting.pending))
    assert (after.fire, after.events[0].reason) == (NOON, "waited for the end of the last run")


def test_the_queue_holds_one() -> None:
    waiting = decided(at(running=True, schedule={"if_running": "queue"})).pending
    later = Due(NOON + HOUR, 1, NOON, NOON)
    found = decided(at(NOON + HOUR, later, {"if_running": "queue"}, running=True, pending=waiting))
    assert (told(found), found.fire, found.settled_to) == ([("skipped", 1)], None, NOON)
    assert found.events[0].reason == "it waited for the end of the last run until the next time came"
    assert found.pending is not None
    assert found.pending.scheduled_at == NOON + HOUR


def test_it_waits_for_the_routes_it_comes_after() -> None:
    waiting = decided(at(waits_for=("categories",)))
    assert (waiting.events, waiting.fire) == ([], None)
    found = decided(at(NOON + HOUR / 2, pending=waiting.pending))
    assert (found.fire, found.events[0].reason) == (NOON, "waited for categories")


def test_it_is_skipped_when_one_of_them_did_not_end_well() -> None:
    waiting = decided(at(waits_for=("categories",)))
    found = decided(at(NOON + HOUR / 2, pending=waiting.pending, failed_before={"categories": "failed (run 7)"}))
    assert (told(found), found.fire, found.settled_to) == ([("skipped", 1)], None, NOON)
    assert found.events[0].reason == "not run: it comes after 'categories' failed (run 7)"


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_jitter_is_drawn_once(chance: float) -> None:
    jitter = {"jitter": "30s"}
    first = decided(at(NOON, schedule=jitter), chance)
    ready = NOON + timedelta(seconds=30 * chance)
    if chance == 0:
        assert first.fire == NOON
        return
    assert first.pending == Pending(NOON, ready, late=False)
    early = decided(at(ready - timedelta(seconds=1), schedule=jitter, pending=first.pending), 0.0)
    assert (early.fire, early.pending) == (None, first.pending)
    assert decided(at(ready, schedule=jitter, pending=first.pending), 0.9).fire == NOON


def test_long_jitter_does_not_make_a_take_over_a_missed_time() -> None:
    schedule = {"jitter": "10m", "if_missed": "skip"}
    assert decided(at(NOON + timedelta(minutes=10, seconds=35), schedule=schedule), 1.0).fire == NOON
