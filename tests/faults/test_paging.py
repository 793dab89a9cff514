"""Listings that move, shrink, lie or repeat themselves while they are read (cases 9 to 15)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from connector.core.errors import PagingError
from connector.core.model import Batch
from connector.sandbox.http import Request, Response
from tests.faults.rig import NOW, listing, read
from tests.integration.clients.scripted import Scripted, js

OFFSET = {"type": "offset", "limit": 10}


class Shelf:
    """A listing by offset over rows that a test changes between two pages."""

    def __init__(self, count: int) -> None:
        self.rows = [f"k{n:03}" for n in range(count)]
        self.between: dict[int, Callable[[list[str]], None]] = {}
        self.pages = 0

    def answer(self, request: Request) -> Response:
        self.pages += 1
        if self.pages in self.between:
            self.between.pop(self.pages)(self.rows)
        query = dict(request.query)
        start = int(query["offset"])
        items = [{"id": key} for key in self.rows[start : start + int(query["limit"])]]
        return js({"items": items, "total": len(self.rows)})


def keys(batches: list[Any]) -> list[str]:
    return [record.key for batch in batches for record in batch.records]


def test_rows_that_come_in_front_while_it_is_read_are_doubles_and_nothing_is_lost() -> None:
    shelf = Shelf(35)
    shelf.between[3] = lambda rows: rows.insert(0, "new")
    with Scripted(shelf.answer) as server:
        found = keys(read(listing(server.url, pagination=OFFSET, total="total")))
    assert set(found) == set(shelf.rows) - {"new"}
    assert len(found) == 36, "one is read twice; the engine takes it once"


def test_a_row_that_goes_while_it_is_read_makes_the_read_no_whole_one_and_the_next_reads_all() -> None:
    shelf = Shelf(35)
    shelf.between[3] = lambda rows: rows.remove("k000")
    with Scripted(shelf.answer) as server:
        source = listing(server.url, pagination=OFFSET, total="total")
        [reading] = source.readings({}, NOW)
        batches: list[Batch] = []
        with pytest.raises(PagingError, match="ended after 34 of the 35 records"):
            batches.extend(_until_it_breaks(reading, batches))
        assert [one.last for one in batches] == [False] * 4
        assert batches[-1].position == {}, "from the beginning"
        lost = set(shelf.rows) - set(keys(batches))
        assert lost == {"k020"}
        assert set(keys(read(source, batches[-1].position))) == set(shelf.rows)


def _until_it_breaks(reading: Any, batches: list[Any]) -> list[Any]:
    from connector.core.clock import StopEvent

    for batch in reading.batches(StopEvent()):
        batches.append(batch)
    return []


def test_a_shorter_listing_keeps_the_cursor_where_it_was() -> None:
    cursor = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}
    rows = [{"id": "1", "updated": "2026-02-01T00:00:00Z"}]
    with Scripted(js({"items": rows, "total": 2})) as server:
        source = listing(server.url, total="total", cursor=cursor)
        before = {"cursor": "2026-01-01T00:00:00Z"}
        [reading] = source.readings({"": before}, NOW)
        batches: list[Any] = []
        with pytest.raises(PagingError):
            _until_it_breaks(reading, batches)
    assert batches[-1].position == before


def test_a_read_that_goes_on_half_way_counts_what_came_before() -> None:
    shelf = Shelf(35)
    with Scripted(shelf.answer) as server:
        source = listing(server.url, pagination=OFFSET, total="total")
        whole = read(source)
        for batch in whole[:-1]:
            position = json.loads(json.dumps(batch.position))
            assert read(source, position)[-1].last
            position["guard"] = dict[str, Any](pages=1, last="")  # as an earlier version kept it
            assert read(source, position)[-1].last


def test_paging_counts_what_came_not_what_was_taken() -> None:
    """A page full of records without a key is a full page."""
    answers: list[Any] = [{"items": [{"odd": n} for n in range(page * 10, page * 10 + 10)]} for page in range(3)]
    answers.append({"items": [{"id": "last"}]})
    with Scripted(*[js(one) for one in answers]) as server:
        batches = read(listing(server.url, pagination=OFFSET))
    assert [len(one.records) for one in batches] == [10, 10, 10, 1]
    assert batches[-1].records[0].key == "last"


@pytest.mark.parametrize("said", [0, 5, 34])
def test_a_total_that_is_too_small_is_noticed_or_does_no_harm(said: int) -> None:
    """Less than came on the first page alone: nothing proves it wrong, but nothing that came is dropped."""
    shelf = Shelf(10)

    def answer(request: Request) -> Response:
        body = json.loads(shelf.answer(request).body)
        return js({**body, "total": min(said, 10)})

    with Scripted(answer) as server:
        found = keys(read(listing(server.url, pagination=OFFSET, total="total")))
    assert found == shelf.rows


def test_one_answer_of_many_that_names_more_is_not_taken_for_all() -> None:
    with Scripted(js({"items": [{"id": str(n)} for n in range(20)], "total": 500})) as server:
        with pytest.raises(PagingError, match="20 of the 500"):
            read(listing(server.url, total="total"))


def test_a_server_with_smaller_pages_than_asked_for_is_noticed_when_it_names_its_total() -> None:
    def answer(request: Request) -> Response:
        start = (int(dict(request.query)["page"]) - 1) * 5
        return js({"items": [{"id": str(n)} for n in range(start, min(start + 5, 40))], "total": 40})

    with Scripted(answer) as server, pytest.raises(PagingError, match="of the 40 records"):
        read(listing(server.url, pagination={"type": "page", "size": 10}, total="total"))


def test_a_record_that_is_honestly_listed_twice_is_no_circle() -> None:
    rows = ["a", "b", "a", "c"]

    def answer(request: Request) -> Response:
        start = int(dict(request.query)["offset"])
        return js({"items": [{"id": key} for key in rows[start : start + 1]]})

    with Scripted(answer) as server:
        assert keys(read(listing(server.url, pagination={"type": "offset", "limit": 1}))) == rows


CHANGES: list[dict[str, Any]] = [
    {"query": {"category": "other"}},
    {"endpoint": "/others"},
    {"headers": {"X-Tenant": "b"}},
    {"records": "items[?id]"},
    {"pagination": {"type": "offset", "limit": 7}},
    {"method": "POST", "body": {"category": "other"}},
    {"key": "concat('x', id)"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_read_left_half_way_is_begun_anew_when_something_else_is_asked_for(change: dict[str, Any]) -> None:
    """Behind page 1 of one listing lies page 2 of another one, and nobody would ever read its first."""
    shelf = Shelf(35)
    with Scripted(shelf.answer) as server:
        before = {"type": "offset", "limit": 10}
        left = read(listing(server.url, pagination=before))[0].position
        assert "next" in left
        asked = len(server.asked)
        read(listing(server.url, **{"pagination": before, **change}), left)
        assert dict(server.asked[asked].query)["offset"] == "0"


@pytest.mark.parametrize("change", [{"max_pages": 99}, {"max_record": "1MiB"}, {"total": "total"}], ids=str)
def test_and_goes_on_where_it_was_when_only_its_limits_change(change: dict[str, Any]) -> None:
    shelf = Shelf(35)
    with Scripted(shelf.answer) as server:
        left = read(listing(server.url, pagination=OFFSET))[0].position
        asked = len(server.asked)
        read(listing(server.url, pagination=OFFSET, **change), left)
        assert dict(server.asked[asked].query)["offset"] == "10"
