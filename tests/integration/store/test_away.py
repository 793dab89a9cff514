"""A target that goes away while a route sends: nothing is burnt, one asks for all, and it goes on by itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.core.clock import StopEvent, SystemClock
from connector.core.model import Delivery
from connector.core.outcome import NotSent, Outcome, Refused, Unknown
from connector.core.problem import Problem
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, clients, reports
from connector.store.clients import Down
from tests.integration.store.test_engine_run import Names, Shelf, Target, route, run, some

REFUSED = NotSent(Problem("NET001", "no connection"), client_down=True)
LOST = Unknown(Problem("NET002", "no answer in time"), client_down=True)
QUICK: dict[str, Any] = {"concurrency": 2, "away_first_probe": 0.01, "away_max_probe": 0.02, "away_give_up": 60.0}


class Unsteady(Target):
    """Is away from call ``first`` on for ``calls`` calls; or while somebody says so."""

    def __init__(self, outcome: Outcome, first: int = 0, calls: int = 0) -> None:
        super().__init__()
        self.outcome, self.gone = outcome, range(first, first + calls)
        self.away = False
        self.met: list[str] = []
        self.poison: set[str] = set()

    def send(self, delivery: Delivery) -> Outcome:
        with self.lock:
            self.met.append(delivery.key)
            away = self.away or len(self.met) - 1 in self.gone or delivery.key in self.poison
        return self.outcome if away else super().send(delivery)


@pytest.mark.parametrize("outcome", [REFUSED, LOST], ids=["refused", "lost"])
def test_when_it_is_back_the_run_goes_on_by_itself(store: Store, outcome: Outcome) -> None:
    target = Unsteady(outcome, first=5, calls=12)
    result = run(route(Shelf(some(40)), target, **QUICK), store)
    assert (result.state, result.exit_code, result.counts["created"]) == ("finished", 0, 40)
    assert result.counts["failed"] == 0
    assert {task["attempts"] for task in reports.tasks(store, limit=100)} == {1}, "no attempt is used up"
    assert len(target.met) == 40 + 12
    assert clients.down(store) == {}
    if outcome is LOST:
        assert sum(call.suspect for call in target.calls) > 0, "what may have taken effect is looked up"


def test_one_that_stays_away_is_one_problem_and_no_task_is_touched(store: Store) -> None:
    target = Unsteady(LOST)
    target.away = True
    live = route(Shelf(some(100)), target, **{**QUICK, "away_give_up": 0.2})
    first = run(live, store)
    assert (first.state, first.exit_code, first.counts["failed"]) == ("failed", 3, 0)
    assert first.problem is not None
    assert first.problem.code == "NET008"
    assert first.problem.message.startswith("client target is down since 20")
    tasks = reports.tasks(store, limit=200)
    assert {(task["state"], task["attempts"]) for task in tasks} == {("new", 0)}
    assert max(map(target.met.count, target.met)) <= 3, "the probes take turns"
    [down] = clients.down(store).values()
    before = len(target.met)
    second = run(live, store)
    assert (second.state, len(target.met) - before) == ("failed", 1), "the next run asks with one task"
    assert clients.down(store)["target"].since == down.since
    target.away = False
    third = run(live, store)
    assert (third.state, len(target.held)) == ("finished", 100)
    assert clients.down(store) == {}
    assert reports.tasks(store, state="failed") == []


def test_a_single_task_is_enough_to_see_it_and_to_come_back(store: Store) -> None:
    target = Unsteady(REFUSED, first=0, calls=3)
    result = run(route(Shelf(some(1)), target, **QUICK), store)
    assert (result.state, result.counts["created"], len(target.met)) == ("finished", 1, 4)


def test_one_message_that_the_system_never_answers_does_not_close_the_way_for_the_others(store: Store) -> None:
    target = Unsteady(LOST)
    target.poison = {"x-3"}
    result = run(route(Shelf(some(60)), target, **QUICK, first_wait=3600.0), store)
    assert (result.state, result.counts["created"], result.counts["failed"]) == ("finished", 59, 1)
    [failed] = reports.tasks(store, state="failed")
    assert (failed["key"], failed["attempts"], failed["suspect"]) == ("x-3", 1, True)


def test_what_is_refused_before_it_is_sent_does_not_say_that_the_system_is_back(store: Store) -> None:
    target = Unsteady(LOST)
    target.away = True
    live = route(Shelf(some(6)), target, **{**QUICK, "away_give_up": 0.1})
    run(live, store)
    target.away = False
    own = Refused(Problem("REC000", "the name is empty"))
    first = min(reports.tasks(store, state="new"), key=lambda task: task["id"])
    target.answers = {first["key"]: [own]}
    assert run(live, store).counts["created"] == 5


def test_a_system_that_asks_for_a_long_wait_is_not_asked_before(store: Store) -> None:
    limited = Problem("NET004", "target is rate limited until 12:00")
    target = Unsteady(NotSent(limited, wait_seconds=3600.0, client_down=True))
    target.away = True
    live = route(Shelf(some(20)), target, **QUICK)
    first = run(live, store)
    assert (first.state, first.exit_code, first.counts["failed"]) == ("failed", 3, 0)
    assert first.problem is not None
    assert first.problem.code == "NET004"
    before = len(target.met)
    assert run(live, store).state == "failed"
    assert len(target.met) == before


def test_two_routes_of_one_client_send_one_probe_a_window(store: Store) -> None:
    now = datetime.now(UTC)
    known = Down("target", now, Problem("NET001", "no connection"), 0, now)
    clients.mark_down(store, known, now)
    assert clients.may_probe(store, "target", now, now + timedelta(seconds=30))
    assert not clients.may_probe(store, "target", now, now + timedelta(seconds=30))


def wait(target: Target, store: Store, stop: StopEvent) -> RunResult:
    """A run whose own next probe is an hour away."""
    slow = {**QUICK, "away_first_probe": 3600.0, "away_max_probe": 3600.0, "away_give_up": 3600.0}
    live = route(Shelf(some(9)), target, **slow)
    return RouteRun(live, store, clock=SystemClock(), stop=stop).execute(Trigger(), lambda view: None)


def test_a_run_that_waits_goes_on_when_another_route_finds_the_client_back(store: Store) -> None:
    target = Unsteady(REFUSED)
    target.away = True
    ended: list[RunResult] = []
    stop = StopEvent()
    waiting = threading.Thread(target=lambda: ended.append(wait(target, store, stop)))
    waiting.start()
    try:
        while "target" not in clients.down(store):
            waiting.join(0.01)
        target.away = False
        other = LiveRoute("others", Shelf([("99", {"n": 1})]), Names(), target, Settings(**QUICK), {})
        assert run(other, store).state == "finished"
        waiting.join(30)
        assert [result.state for result in ended] == ["finished"]
    finally:
        stop.set()
        waiting.join(30)
    assert len(target.held) == 10


def test_somebody_who_asks_to_stop_does_not_wait_for_the_client(store: Store) -> None:
    target = Unsteady(REFUSED)
    target.away = True
    stop = StopEvent()
    ended: list[RunResult] = []
    waiting = threading.Thread(target=lambda: ended.append(wait(target, store, stop)))
    waiting.start()
    while "target" not in clients.down(store):
        waiting.join(0.01)
    stop.set()
    waiting.join(30)
    assert [result.state for result in ended] == ["stopped"]
    assert {task["attempts"] for task in reports.tasks(store, limit=100)} == {0}
