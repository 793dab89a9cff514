"""Who goes first where all wait for each other: few, never those that cannot, and then no circle is left."""

from __future__ import annotations

import random
import time
from collections.abc import Collection

import pytest

from connector.store.knots import knots, openers


def without(waiting: dict[str, list[str]], gone: Collection[str]) -> dict[str, list[str]]:
    return {one: [other for other in others if other not in gone] for one, others in waiting.items() if one not in gone}


def tangle(chance: random.Random, size: int, each: int) -> dict[str, list[str]]:
    return {f"{n}": [f"{chance.randrange(size)}" for _ in range(each)] for n in range(size)}


def test_a_circle_is_opened_at_its_oldest_and_what_hangs_on_it_is_not() -> None:
    waiting = {"z": ["a"], "c": ["b"], "a": ["c"], "b": ["a", "nowhere"], "alone": ["nowhere"]}
    assert [sorted(one) for one in knots(waiting)] == [["a", "b", "c"]]
    assert openers(waiting) == ["c"]


def test_who_waits_for_itself_is_a_circle() -> None:
    assert openers({"a": ["a"], "b": ["a"]}) == ["a"]


def test_a_way_between_two_circles_is_in_neither() -> None:
    waiting = {"way": ["c"], "a": ["b"], "b": ["a", "way"], "c": ["d"], "d": ["c"]}
    assert sorted(openers(waiting)) == ["a", "c"]


def test_the_one_that_all_circles_lead_through_is_enough() -> None:
    spokes = {f"{n}": ["hub"] for n in range(50)}
    assert openers({**spokes, "hub": list(spokes)}) == ["hub"]


@pytest.mark.parametrize("seed", range(20))
def test_no_circle_is_left_and_few_go_first(seed: int) -> None:
    chance = random.Random(seed)
    waiting = tangle(chance, chance.randrange(2, 400), chance.randrange(1, 5))
    first = openers(waiting)
    assert len(first) == len(set(first))
    assert knots(without(waiting, first)) == []


@pytest.mark.parametrize("seed", range(20))
def test_who_cannot_go_first_never_does_and_only_circles_of_such_stay_closed(seed: int) -> None:
    chance = random.Random(seed)
    waiting = tangle(chance, 120, 2)
    fixed = [one for one in waiting if chance.random() < 0.5]
    first = openers(waiting, fixed=fixed)
    assert not set(first) & set(fixed)
    closed = {one for knot in knots(without(waiting, [one for one in waiting if one not in fixed])) for one in knot}
    left = knots(without(waiting, first))
    assert all(set(knot) & closed for knot in left)
    assert not knots(without(waiting, [*first, *closed]))


def test_a_knot_of_thousands_takes_seconds_and_less_than_a_quarter_of_them() -> None:
    waiting = tangle(random.Random(4711), 5000, 3)
    started = time.process_time()
    first = openers(waiting)
    assert time.process_time() - started < 10
    assert knots(without(waiting, set(first))) == []
    assert len(first) < 5000 // 4


def test_a_long_way_round_needs_no_deep_stack() -> None:
    size = 20_000
    assert openers({f"{n}": [f"{(n + 1) % size}"] for n in range(size)}) == ["0"]
