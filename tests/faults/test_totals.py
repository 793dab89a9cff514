"""Totals that are too small: a listing that ends by its total alone is asked for what would follow (case 14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.core.errors import ConnectorError, NotWhole
from connector.core.model import Batch
from connector.sandbox.http import Request, Response
from tests.faults.rig import NOW, listing, read
from tests.integration.clients.scripted import Scripted, js

OFFSET = {"type": "offset", "limit": 5}
PAGES = {"type": "page", "size": 5}
OVERLAP = {"type": "offset", "limit": 5, "overlap": 2}
RECHECK = {"type": "page", "size": 5, "recheck": True}
KINDS = [OFFSET, PAGES, OVERLAP, RECHECK]


def shelf(rows: list[str], total: Callable[[list[str]], Any], after: Any = ()) -> Callable[[Request], Response]:
    """Rows by position or page number, whose total is what ``total`` says of a page."""

    def answer(request: Request) -> Response:
        query = dict(request.query)
        start = int(query["offset"]) if "offset" in query else (int(query["page"]) - 1) * 5
        page = rows[start : start + 5]
        if not page and after:
            return js(*after) if isinstance(after, tuple) else js(after)
        return js({"items": [{"id": key} for key in page], "total": total(page)})

    return answer


def all_batches(source: Any) -> tuple[list[Batch], Exception | None]:
    from connector.core.clock import StopEvent

    [reading] = source.readings({}, NOW)
    found: list[Batch] = []
    try:
        for one in reading.batches(StopEvent()):
            found.append(one)
    except NotWhole as error:
        return found, error
    return found, None


@pytest.mark.parametrize("paging", KINDS)
@pytest.mark.parametrize("total", [len, lambda page: 4, lambda page: 0], ids=["of the page", "of pages", "nothing"])
def test_a_total_that_is_less_than_there_is_ends_no_read_as_a_whole_one(
    paging: dict[str, Any], total: Callable[[list[str]], int]
) -> None:
    rows = [f"k{n}" for n in range(17)]
    with Scripted(shelf(rows, total)) as server:
        batches, error = all_batches(listing(server.url, pagination=paging, total="total"))
    assert isinstance(error, ConnectorError)
    assert "`total`" in str(error)
    assert "correct it, or leave it out" in (error.hint or "")
    assert not batches[-1].whole or not batches[-1].last, "nothing counts as missing"
    assert batches[-1].position == {}
    assert sum(len(one.records) for one in batches) >= 5, "what came is kept"


@pytest.mark.parametrize("paging", KINDS)
def test_a_total_below_zero_is_none(paging: dict[str, Any]) -> None:
    rows = [f"k{n}" for n in range(17)]
    with Scripted(shelf(rows, lambda page: -1)) as server:
        batches = read(listing(server.url, pagination=paging, total="total"))
    assert sum(len(one.records) for one in batches) == 17
    assert not batches[-1].whole
    assert "`total` is -1" in batches[-1].notes[0].message


AFTER = [
    ({"items": [], "total": 10},),
    ({"items": [{"id": f"k{n}"} for n in range(5, 10)], "total": 10},),
    ({"items": [{"id": f"k{n}"} for n in range(5)], "total": 10},),
    ({"items": [{"id": "k9", "read_at": 7}], "total": 10},),
    ({"error": "no such page"}, 404),
    ({"error": "window too large"}, 400),
    ({"items": [{"id": "new"}], "total": 11},),
]


@pytest.mark.parametrize("paging", [OFFSET, PAGES])
@pytest.mark.parametrize("after", AFTER, ids=str)
def test_a_total_that_is_right_raises_no_alarm_whatever_follows(paging: dict[str, Any], after: Any) -> None:
    """Nothing, the last page again, another page again, a refusal, or what was made meanwhile."""
    rows = [f"k{n}" for n in range(10)]
    with Scripted(shelf(rows, lambda page: 10, after)) as server:
        batches = read(listing(server.url, pagination=paging, total="total"))
        assert len(server.asked) == 3, "one request more, as the last page was full"
    assert sum(len(one.records) for one in batches) == 10
    assert batches[-1].whole


def test_a_last_page_that_is_not_full_needs_no_proof() -> None:
    rows = [f"k{n}" for n in range(8)]
    with Scripted(shelf(rows, lambda page: 8)) as server:
        assert read(listing(server.url, pagination=OFFSET, total="total"))[-1].whole
        assert len(server.asked) == 2
