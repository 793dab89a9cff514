"""Failures by cause: one fault is one group, whatever keys and values its messages hold; retried as a group."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.core.outcome import Refused
from connector.core.problem import Problem
from connector.store import causes, open_store, reports, tasks
from tests.integration.store.test_engine_run import Shelf, Target, route, run, some


def of(message: str, key: str = "k-1", where: str = "", code: str = "X") -> str:
    return causes.cause_id(causes.cause_of({"code": code, "message": message, "where": where}, key))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the remote id 'p-1' is taken", "the remote id 'q-22' is taken"),
        ('"12,5" is no number', '"abc" is no number'),
        ("content 4711 is locked", "content 12 is locked"),
        ("no such id 8d3f2c1a9b0e", "no such id 77aa21"),
        ("parent /1/2/55 is not there", "parent /1/2/901/3 is not there"),
        ("not one of 1, 2, 3", "not one of 4, 5"),
        ("k-1 is too long", "k-1 is too long"),
    ],
)
def test_what_differs_from_key_to_key_makes_no_cause(one: str, other: str) -> None:
    assert of(one) == of(other)


def test_the_line_of_a_file_makes_no_cause_and_the_step_does() -> None:
    assert of("the key is empty", where="things.csv line 2") == of("the key is empty", where="things.csv line 30")
    assert of("it is empty", where="a.json step 1 (map)") != of("it is empty", where="a.json step 2 (map)")


def test_the_key_itself_makes_no_cause() -> None:
    assert of("sku-abc is too long", "sku-abc") == of("sku-xyz is too long", "sku-xyz")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Could not find 'Language' with identifier 'xx-XX'", "Could not find 'location' with identifier '9999'"),
        ("Argument '$mainLanguageCode' is invalid", "Argument '$remoteId' is invalid"),
    ],
)
def test_another_kind_of_thing_is_another_cause(one: str, other: str) -> None:
    assert of(one) != of(other)


def test_code_step_field_and_words_make_a_cause() -> None:
    found = {
        of("too long"), of("too short"), of("too long", code="Y"), of("too long", where="product.json step 2"),
        of("too long", where="product.json step 3"), of("too long", where="payload.fields.name"),
    }  # fmt: skip
    assert len(found) == 6
    assert of("too long", where="payload.items[3].name") == of("too long", where="payload.items[40].name")


def test_ids_are_short_and_the_same_everywhere() -> None:
    assert of("the remote id 'p-1' is taken") == "bae61855"


def test_one_cause_is_retried_and_the_other_stays(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/run.db")
    target, shelf = Target(), Shelf(some(1200))
    for n in range(1200):
        words = f"'{n}' is no number" if n < 1100 else f"the parent {n} is missing"
        target.answers[f"x-{n}"] = [Refused(Problem("IBX400", words))]
    run(route(shelf, target, concurrency=8), store)
    many, few = causes.failures(store)
    assert (many["count"], few["count"], few["cause_message"]) == (1100, 100, "the parent … is missing")
    ids = causes.task_ids(store, many["cause"])
    assert tasks.retry(store, ids=ids) == 1100
    assert [group["cause"] for group in causes.failures(store)] == [few["cause"]]
    assert reports.count_failed(store, "things") == 100
    assert causes.task_ids(store, "00000000") == []
    store.close()
