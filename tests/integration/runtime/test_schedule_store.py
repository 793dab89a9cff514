"""Schedules in the run log: one leads, each due time is decided on once, whoever leads."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from connector.core.errors import LeaseLost, StoreError
from connector.runtime.leader import Leadership
from connector.store import Store, engine, leases, open_store, runs
from connector.store import schedule as rows
from connector.store.schedule import Event

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ABROAD = "otherhost|1|2|abcd"
WANTED = {"things": "one schedule"}


@dataclass
class HandClock:
    """A clock that is set by hand; wall and monotonic time go together."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def lead(store: Store, now: datetime = NOW, owner: str = ABROAD) -> tuple[str, int]:
    fence = leases.acquire(store, rows.LEADER, owner, now)
    rows.begin(store, fence, WANTED, set(), now)
    return owner, fence


def fire(store: Store, leader: tuple[str, int], moment: datetime) -> bool:
    return rows.settle(store, leader, "things", [Event("fired", moment)], moment, to=moment)


def ran(store: Store, moment: datetime) -> int:
    return runs.open_run(store, runs.NewRun("things", "schedule", "me", "f", {}, moment), moment)


def settled(store: Store) -> datetime | None:
    return rows.states(store)["things"].settled_to


def events(store: Store) -> list[tuple[str, datetime | None]]:
    return [(row["event"], row["scheduled_at"]) for row in reversed(rows.history(store))]


def test_a_new_schedule_begins_now_and_another_one_begins_afresh(store: Store) -> None:
    _, fence = lead(store)
    assert rows.states(store)["things"].anchor == settled(store) == NOW
    rows.begin(store, fence, WANTED, set(), NOW + MINUTE)
    assert settled(store) == NOW
    rows.begin(store, fence, {"things": "another"}, set(), NOW + 2 * MINUTE)
    assert rows.states(store)["things"].anchor == settled(store) == NOW + 2 * MINUTE


def test_a_schedule_that_was_taken_away_has_missed_nothing_when_it_is_back(store: Store) -> None:
    _, fence = lead(store)
    rows.begin(store, fence, {}, set(), NOW + MINUTE)
    rows.begin(store, fence, WANTED, set(), NOW + 9 * MINUTE)
    assert settled(store) == NOW + 9 * MINUTE


def test_a_time_is_decided_on_once(store: Store) -> None:
    leader = lead(store)
    assert fire(store, leader, NOW + MINUTE)
    assert not fire(store, leader, NOW + MINUTE)
    ran(store, NOW + 2 * MINUTE)
    assert not fire(store, leader, NOW + 2 * MINUTE), "somebody has opened a run for it"
    assert fire(store, leader, NOW + 3 * MINUTE)
    assert not rows.settle(store, leader, "things", [Event("skipped", NOW)], NOW, to=NOW) or settled(store) != NOW
    assert settled(store) == NOW + 3 * MINUTE, "it never goes back"


def test_a_former_leader_fires_nothing(store: Store) -> None:
    former = lead(store)
    later = NOW + leases.TTL + MINUTE
    new = lead(store, later, "thirdhost|1|2|efgh")
    assert not rows.is_leader(store, former[1])
    with pytest.raises(LeaseLost):
        fire(store, former, later)
    with pytest.raises(LeaseLost):
        rows.begin(store, former[1], WANTED, set(), later)
    with pytest.raises(LeaseLost):
        rows.reopen(store, former[1], "things", later, later)
    assert events(store) == []
    assert fire(store, new, later)


def test_what_a_dead_leader_fired_without_a_run_is_due_again_and_with_a_run_it_is_not(store: Store) -> None:
    former = lead(store)
    fire(store, former, NOW + MINUTE)
    run = ran(store, NOW + MINUTE)
    fire(store, former, NOW + 2 * MINUTE)
    new = lead(store, NOW + 3 * MINUTE, "thirdhost|1|2|efgh")
    assert settled(store) is not None
    assert NOW + MINUTE < (settled(store) or NOW) < NOW + 2 * MINUTE
    assert events(store) == [("fired", NOW + MINUTE)]
    assert fire(store, new, NOW + 2 * MINUTE)
    ran(store, NOW + 2 * MINUTE)
    rows.begin(store, new[1], WANTED, set(), NOW + 4 * MINUTE)
    assert settled(store) == NOW + 2 * MINUTE
    assert [row["run"] for row in rows.history(store)] == [run + 1, run]


def test_what_is_about_to_run_here_is_not_due_again(store: Store) -> None:
    leader = lead(store)
    fire(store, leader, NOW + MINUTE)
    rows.begin(store, leader[1], WANTED, {"things"}, NOW + MINUTE)
    assert settled(store) == NOW + MINUTE


def test_what_came_of_a_fired_time_can_be_said_later(store: Store) -> None:
    leader = lead(store)
    fire(store, leader, NOW + MINUTE)
    rows.amend(store, "things", Event("failed", NOW + MINUTE, "no variable"), NOW)
    assert events(store) == [("failed", NOW + MINUTE)]
    fire(store, leader, NOW + 2 * MINUTE)
    ran(store, NOW + 2 * MINUTE)
    rows.amend(store, "things", Event("failed", NOW + 2 * MINUTE, "no"), NOW)
    assert events(store)[-1] == ("fired", NOW + 2 * MINUTE), "there is a run"
    fire(store, leader, NOW + 3 * MINUTE)
    rows.reopen(store, leader[1], "things", NOW + 3 * MINUTE, NOW)
    assert fire(store, leader, NOW + 3 * MINUTE)


def test_a_pause_is_kept_with_its_reason_and_ends_without_a_past(store: Store) -> None:
    assert rows.pause(store, "things", "stocktaking", NOW)
    lead(store)
    state = rows.states(store)["things"]
    assert (state.paused, state.paused_at, state.settled_to) == ("stocktaking", NOW, NOW)
    assert not rows.pause(store, "things", "still", NOW + MINUTE)
    assert rows.states(store)["things"].paused == "still"
    assert rows.states(store)["things"].paused_at == NOW
    assert rows.resume(store, "things", NOW + 9 * MINUTE)
    assert not rows.resume(store, "things", NOW + 9 * MINUTE)
    assert not rows.resume(store, "unknown", NOW)
    state = rows.states(store)["things"]
    assert (state.paused, state.anchor, state.settled_to) == (None, NOW, NOW + 9 * MINUTE)
    assert [one for one, _ in events(store)] == ["paused", "resumed"]


def test_a_route_that_was_never_scheduled_can_be_paused_and_resumed(store: Store) -> None:
    assert rows.pause(store, "things", "", NOW)
    assert rows.states(store)["things"].paused == ""
    assert rows.resume(store, "things", NOW)
    assert settled(store) is None


def test_a_resume_does_not_make_a_decided_time_due_again(store: Store) -> None:
    leader = lead(store)
    rows.pause(store, "things", "", NOW)
    rows.settle(store, leader, "things", [Event("skipped", NOW + MINUTE)], NOW + MINUTE, to=NOW + MINUTE)
    rows.resume(store, "things", NOW + MINUTE / 2)
    assert settled(store) == NOW + MINUTE


def test_two_pauses_at_once_are_one(store: Store) -> None:
    changed: list[bool] = []
    start = threading.Barrier(4)

    def pause() -> None:
        start.wait()
        changed.append(rows.pause(store, "things", "", NOW))

    threads = [threading.Thread(target=pause) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, False, False, True]


def test_old_events_are_removed(store: Store) -> None:
    leader = lead(store)
    for day in range(0, 200, 50):
        moment = NOW + timedelta(days=day)
        rows.settle(store, leader, "things", [Event("skipped", moment)], moment, to=moment)
    rows.prune(store, NOW + timedelta(days=151))
    assert [moment for _, moment in events(store)] == [NOW + timedelta(days=100), NOW + timedelta(days=150)]
    assert rows.history(store, route="other") == []


def test_one_of_many_becomes_leader_and_the_next_when_it_is_silent(store: Store) -> None:
    clock = HandClock()
    many = [Leadership(store, clock) for _ in range(5)]
    start = threading.Barrier(5)

    def take(one: Leadership) -> None:
        start.wait()
        one.keep()

    threads = [threading.Thread(target=take, args=(one,)) for one in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [first] = [one for one in many if one.fence is not None]
    others = [one for one in many if one is not first]
    assert "process" in others[0].other()
    for second in range(1, 60):
        clock.seconds = second
        assert first.keep()
        assert not any(one.keep() for one in others)
    while not any(one.keep() for one in others):  # from here on the first is silent
        clock.seconds += 0.5
    assert clock.seconds - 59 <= leases.TTL.total_seconds() + 5
    assert first.fence is not None, "it does not know yet"
    assert not first.keep()


def test_a_leader_that_resigns_is_followed_at_once_and_one_that_lost_gives_nothing_back(store: Store) -> None:
    clock = HandClock()
    first, second = Leadership(store, clock), Leadership(store, clock)
    assert first.keep()
    assert not second.keep()
    first.resign()
    clock.sleep(2)
    assert second.keep()
    first.resign()
    first.lose()
    assert second.fence == 2
    assert rows.is_leader(store, 2)


def test_a_leader_that_freezes_inside_a_transaction_does_not_keep_the_lease_for_ever(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has no way to end another process's transaction")
    monkeypatch.setattr(engine, "FROZEN_MILLISECONDS", 1000)
    frozen, clock = open_store(database_url), HandClock()
    _, fence = lead(frozen)
    other = Leadership(store, clock)
    clock.seconds = leases.TTL.total_seconds() + 1
    with pytest.raises(StoreError):
        with frozen.writing() as connection:
            leases.guard(connection, rows.LEADER, fence)
            assert other.keep(), "it waits for the lock, which PostgreSQL takes away"
            connection.execute(sa.text("SELECT 1"))
    frozen.close()


def test_without_a_database_nobody_leads_longer_than_the_lease(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gone")
    store, clock = open_store(f"sqlite:///{folder}/run.db"), HandClock()
    leader = Leadership(store, clock)
    assert leader.keep()
    store.close()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    kept = []
    for second in range(1, 40):
        clock.seconds = second
        with suppress(StoreError):
            leader.keep()
        kept.append(leader.fence is not None)
    assert kept[:20] == [True] * 20
    assert kept[29:] == [False] * 10
    store.close()
