"""The figures of docs/reliability.md, small: ``python -m bench.faults --full`` gives them in full."""

from __future__ import annotations

import pytest

from bench.faults.canaries import secrets
from bench.faults.run_log import frozen, overlap, sqlite
from bench.faults.upserts import tree, weather
from bench.faults.wire import loops, lost_answers, origins, tokens
from tests.faults.test_leases import needs_postgres


def test_answers_that_are_lost_after_the_commit_make_no_second_entity() -> None:
    found = lost_answers(150)
    assert found["answers lost"] == 150
    assert (found["second entities"], found["not published"], found["drafts left over"]) == (0, 0, 0)


def test_the_loop_guard_asks_at_most_once_too_often_and_gives_no_false_alarm() -> None:
    found = loops(40, 40)
    assert (found["requests too many, at most"], found["not noticed"], found["false alarms"]) == (1, 0, 0)


def test_no_credentials_go_to_another_origin() -> None:
    found = origins()
    assert found["attempts"] == 120
    assert (found["requests to another origin"], found["credentials sent"]) == (0, 0)


def test_sixteen_workers_log_in_once_an_expiry() -> None:
    found = tokens(10)
    assert (found["log-ins"], found["failed"]) == (10, 0)


def test_sixty_writers_on_sqlite_are_never_told_that_it_is_locked() -> None:
    found = sqlite(1200)
    assert (found["commits"], found["locked or otherwise failed"], found["lost"]) == (1200, 0, 0)


@needs_postgres
def test_a_frozen_owner_is_followed_within_its_lease_and_cannot_write_late() -> None:
    found = frozen(2.0)
    assert found["taken over after, s"] <= 2 + 5
    assert (found["late writes that came through"], found["what the former owner got"]) == (0, "LeaseLost")
    assert found["fence of the new owner still held"]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def test_overlapping_triggers_never_run_a_route_twice_at_once(kind: str) -> None:
    found = overlap(120, kind)
    assert found["triggers"] == 120
    assert found["runs"] > 0
    assert found["refused as busy"] > 0, "they did overlap"
    assert found["two at once"] == 0


def test_canaries_in_every_credential_and_encoding_are_found_nowhere() -> None:
    found = secrets()
    assert found["canaries that really went out"] == found["canaries"] == 20
    assert found["echoes sent by the servers"] >= 60
    assert found["hits"] == 0, found["where"]


def test_upserts_in_bad_weather_are_neither_doubled_nor_lost_nor_left_as_drafts() -> None:
    found = weather(600, token_seconds=1.0)
    assert found["answered with 500"] >= 10, "it was bad weather"
    assert found["carried out, not answered"] >= 10
    assert found["log-ins"] >= 2
    assert (found["duplicates"], found["lost"], found["drafts left over"]) == (0, 0, 0), found
    assert found["runs until nothing had failed"] != "more than allowed", found


def test_a_tree_with_relations_in_any_order_is_complete_after_one_run() -> None:
    found = tree(20, 80)
    assert found["fed before their parent"] >= 20, "it was out of order"
    assert found["relations"] >= 200
    assert (found["exit code"], found["failed"], found["missing or other than fed"]) == (0, 0, 0), found
    assert (found["duplicates"], found["drafts left over"]) == (0, 0), found
