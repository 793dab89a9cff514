"""Each way in which Ibexa pages, with 0, 1, n-1, n, n+1 and 2n+1 records, and with a limit that the server ignores."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.clients.ibexa import IbexaClient
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import PagingError
from connector.core.services import Services
from connector.incoming.ibexa import IbexaIncoming
from connector.sandbox.http import Request, Response
from tests.integration.clients.scripted import Scripted, js

SIZE = 4
COUNTS = [0, 1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1]
Answer = Callable[[list[Any], Request, bool], Any]


def by_query(records: list[Any], asked: Request, ignores: bool) -> Any:
    """content_type.list: offset and limit in the query, no total."""
    offset, limit = int(asked.param("offset") or 0), int(asked.param("limit") or 0)
    return {"ContentTypeList": {"ContentType": records if ignores else records[offset : offset + limit]}}


def with_total(records: list[Any], asked: Request, ignores: bool) -> Any:
    """bookmark.list: the same with a count."""
    offset, limit = int(asked.param("offset") or 0), int(asked.param("limit") or 0)
    items = records if ignores else records[offset : offset + limit]
    return {"BookmarkList": {"count": len(records), "items": items}}


def by_body(records: list[Any], asked: Request, ignores: bool) -> Any:
    """content.search: offset and limit in the body, a count in the answer."""
    query = json.loads(asked.body)["ViewInput"]["ContentQuery"]
    found = records if ignores else records[query["offset"] : query["offset"] + query["limit"]]
    hits = [{"value": {"Content": one}} for one in found]
    return {"View": {"Result": {"count": len(records), "searchHits": {"searchHit": hits}}}}


def by_cursor(records: list[Any], asked: Request, ignores: bool) -> Any:
    """calendar_event.list: each page gives the address of the next."""
    start, count = int(asked.param("cursor") or 0), int(asked.param("count") or 0)
    found, end = (records, len(records)) if ignores else (records[start : start + count], start + count)
    listing: dict[str, Any] = {"totalCount": len(records), "events": found}
    if end < len(records):
        listing["_nextPage"] = f"/api/ibexa/v2/calendar/event?count={count}&cursor={end}"
    return {"EventList": listing}


def all_at_once(records: list[Any], asked: Request, ignores: bool) -> Any:
    """section.list: everything in one answer, whatever is asked."""
    assert not asked.query, "no paging parameters where there is no paging"
    return {"SectionList": {"Section": records}}


def ragged(records: list[Any], asked: Request, ignores: bool) -> Any:
    """trash.list: what may not be read drops out after the cut, so a short page is not the end."""
    offset, limit = int(asked.param("offset") or 0), int(asked.param("limit") or 0)
    page = records if ignores and not offset else records[offset : offset + limit]
    return {"Trash": {"TrashItem": [one for one in page if one["id"] % 3]}}


STYLES: list[tuple[str, Answer]] = [
    ("content_type.list", by_query),
    ("bookmark.list", with_total),
    ("content.search", by_body),
    ("calendar_event.list", by_cursor),
    ("section.list", all_at_once),
    ("trash.list", ragged),
]


def read(operation: str, server: Scripted, root: Path) -> list[Any]:
    """All records' ids, in order."""
    services = Services(root, lambda name: client, SystemClock(), StopEvent())
    client = IbexaClient.build("ibexa", {"base_url": server.url, "auth": {"type": "none"}}, services)
    entity, _, action = operation.partition(".")
    config = {"client": "ibexa", "entity": entity, "action": action, "page_size": SIZE, "shape": "raw"}
    incoming = IbexaIncoming.build("proof", config, services)
    (reading,) = incoming.readings({}, datetime.now(UTC))
    batches = list(reading.batches(StopEvent()))
    client.close()
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    return [record.data["id"] for batch in batches for record in batch.records]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("operation", "answer"), STYLES, ids=[name for name, _ in STYLES])
def test_every_record_is_read_once(operation: str, answer: Answer, count: int, tmp_path: Path) -> None:
    records = [{"id": number} for number in range(1, count + 1)]
    with Scripted(lambda asked: js(answer(records, asked, False))) as server:
        found = read(operation, server, tmp_path)
    readable = [one["id"] for one in records if answer is not ragged or one["id"] % 3]
    assert found == readable


@pytest.mark.parametrize("count", [1, SIZE, 2 * SIZE + 1])
@pytest.mark.parametrize(("operation", "answer"), STYLES, ids=[name for name, _ in STYLES])
def test_a_limit_that_is_ignored_ends_the_reading_without_a_loop(
    operation: str, answer: Answer, count: int, tmp_path: Path
) -> None:
    records = [{"id": number} for number in range(1, count + 1)]
    with Scripted(lambda asked: js(answer(records, asked, True))) as server:
        if answer is by_query and count == SIZE:  # a full page without a total: only asking on tells, and that repeats
            with pytest.raises(PagingError, match="page 2 is the same as page 1"):
                read(operation, server, tmp_path)
            return
        found = read(operation, server, tmp_path)
        assert len(server.asked) <= 4
    readable = [one["id"] for one in records if answer is not ragged or one["id"] % 3]
    assert sorted(set(found)) == readable


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_page_that_fails_ends_the_reading_as_an_error(status: int, tmp_path: Path) -> None:
    def answer(asked: Request) -> Response:
        if asked.param("offset") == "0":
            return js(by_query([{"id": number} for number in range(9)], asked, False))
        return Response(status)

    with Scripted(answer) as server, pytest.raises(Exception, match="page 2"):
        read("content_type.list", server, tmp_path)
