"""Reading JSON APIs over real sockets: every record once, loops noticed, nothing mistaken for an empty source."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.clients import HttpClient
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import BadAnswer, ClientError, OriginRefused, PagingError, SourceError, Stopped
from connector.core.model import Batch, Position
from connector.core.services import Services
from connector.incoming.http import HttpIncoming
from connector.sandbox.http import Request, Response
from connector.transformers.files import load
from tests.integration.clients.scripted import Scripted, js

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAGING: dict[str, dict[str, Any]] = {
    "offset": {"type": "offset", "limit": 3},
    "page": {"type": "page", "size": 3, "size_param": "limit"},
    "next_link": {"type": "next_link", "next": "next"},
    "single": {"type": "single"},
}


def incoming(server: Scripted, **config: Any) -> HttpIncoming:
    client = HttpClient.build(
        "pim",
        {"base_url": server.url, "retry": {"max_attempts": 1}},
        Services(Path(), lambda name: None, SystemClock(), StopEvent()),
    )
    declared = {"client": "pim", "endpoint": "/things", "records": "items", "key": "id", **config}
    return HttpIncoming.build("things", declared, Services(Path(), lambda name: client, SystemClock(), StopEvent()))


def read(source: HttpIncoming, position: Position | None = None, stop: StopEvent | None = None) -> list[Batch]:
    [reading] = source.readings({"": position} if position else {}, NOW)
    return list(reading.batches(stop or StopEvent()))


def listing(count: int, *, total: bool = False, base: list[str] | None = None) -> Callable[[Request], Response]:
    """A source that pages in every way."""

    def answer(request: Request) -> Response:
        query = dict(request.query)
        limit = int(query.get("limit", "3" if "after" in query or not query else "100"))
        start = int(query.get("offset", query.get("after", (int(query.get("page", "1")) - 1) * limit)))
        if not query and base == ["single"]:
            start, limit = 0, 10_000
        items = [{"id": f"k{n}", "n": n} for n in range(start, min(start + limit, count))]
        body: dict[str, Any] = {"items": items}
        if start + limit < count:
            body["next"] = f"/things?after={start + limit}"
        if total:
            body["total"] = count
        return js(body)

    return answer


@pytest.mark.parametrize("kind", sorted(PAGING))
@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_every_record_is_read_once_however_the_source_pages(kind: str, count: int, total: bool) -> None:
    with Scripted(listing(count, total=total, base=[kind])) as server:
        source = incoming(server, pagination=PAGING[kind], **({"total": "total"} if total else {}))
        batches = read(source)
    assert [record.key for batch in batches for record in batch.records] == [f"k{n}" for n in range(count)]
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert batches[-1].position == {}


@pytest.mark.parametrize("kind", ["offset", "page", "next_link"])
def test_a_read_that_was_interrupted_goes_on_at_the_next_page(kind: str) -> None:
    with Scripted(listing(10)) as server:
        whole = read(incoming(server, pagination=PAGING[kind]))
        for at, batch in enumerate(whole[:-1]):
            position = json.loads(json.dumps(batch.position))
            rest = read(incoming(server, pagination=PAGING[kind]), position)
            keys = [record.key for one in rest for record in one.records]
            assert keys == [record.key for one in whole[at + 1 :] for record in one.records]


@pytest.mark.parametrize("length", [1, 2, 7])
def test_links_that_go_round_in_a_circle_are_noticed_at_the_first_repetition(length: int) -> None:
    def answer(request: Request) -> Response:
        at = int(dict(request.query).get("after", "0"))
        return js({"items": [{"id": f"k{at}"}], "next": f"/things?after={at % length + 1}"})

    with Scripted(answer) as server:
        with pytest.raises(PagingError, match="circle|same"):
            read(incoming(server, pagination=PAGING["next_link"]))
        assert len(server.asked) <= length + 2


@pytest.mark.parametrize("kind", ["offset", "page"])
def test_a_source_that_ignores_its_paging_parameters_is_noticed(kind: str) -> None:
    with Scripted(js({"items": [{"id": "a"}, {"id": "b"}, {"id": "c"}]})) as server:
        with pytest.raises(PagingError, match="the same as"):
            read(incoming(server, pagination=PAGING[kind]))
        assert len(server.asked) == 2


def test_too_many_pages_are_a_fault_that_is_said() -> None:
    with Scripted(listing(100)) as server, pytest.raises(PagingError, match="more than 2 pages"):
        read(incoming(server, pagination=PAGING["offset"], max_pages=2))


def test_an_empty_page_with_a_link_goes_on() -> None:
    pages = [
        {"items": [{"id": "a"}], "next": "/things?p=2"},
        {"items": [], "next": "/things?p=3"},
        {"items": [{"id": "b"}]},
    ]
    with Scripted(*[js(page) for page in pages]) as server:
        batches = read(incoming(server, pagination=PAGING["next_link"]))
    assert [len(batch.records) for batch in batches] == [1, 0, 1]


def test_a_next_link_to_another_host_is_refused_and_what_came_before_is_kept() -> None:
    with Scripted(js({"items": [{"id": "a"}], "next": "https://evil.example/things"})) as server:
        [reading] = incoming(server, pagination=PAGING["next_link"]).readings({}, NOW)
        batches = reading.batches(StopEvent())
        assert [record.key for record in next(batches).records] == ["a"]
        with pytest.raises(OriginRefused):
            next(batches)


ANSWERS = [
    (js({"things": []}), SourceError, "finds nothing instead of a list"),
    (js({"items": {"a": 1}}), SourceError, "object instead of a list"),
    (js([]), SourceError, "finds nothing"),
    (Response(200, [("Content-Type", "text/html")], b"<html>log in</html>"), BadAnswer, "HTML page"),
    (Response(200, [], b'{"items": [{"id": "a"'), BadAnswer, "not JSON"),
    (Response(200, [], b""), BadAnswer, "empty body"),
    (js({}, 401), BadAnswer, "answered 401"),
    (js({}, 404), BadAnswer, "answered 404"),
    (js({}, 422), BadAnswer, "answered 422"),
    (js({}, 500), BadAnswer, "answered 500"),
    (Response(200, [], b"{}", cut="before"), ClientError, "broke"),
    (js({"items": [], "next": 7}), PagingError, "number instead of an address"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), ANSWERS)
def test_an_answer_that_is_no_listing_is_never_an_empty_one(
    answer: Response, kind: type[Exception], words: str
) -> None:
    with Scripted(answer) as server, pytest.raises(kind, match=words):
        read(incoming(server, pagination=PAGING["next_link"]))


def test_records_that_cannot_be_taken_are_told_apart_and_the_rest_goes_on() -> None:
    odd: list[Any] = [
        {"id": "ok"},
        {},
        {"id": None},
        {"id": ""},
        {"id": {}},
        {"id": True},
        "text",
        None,
        5,
        {"id": "k" * 501},
        {"id": 7},
    ]
    with Scripted(js({"items": odd})) as server:
        [batch] = read(incoming(server))
    assert [(record.key, record.problem.code if record.problem else "") for record in batch.records] == [
        ("ok", ""), ("", "REC111"), ("", "REC111"), ("", "REC111"), ("", "REC111"), ("", "REC111"),
        ("", "REC110"), ("", "REC110"), ("", "REC110"), ("", "REC112"), ("7", ""),
    ]  # fmt: skip


def test_half_a_character_in_one_record_does_not_stop_the_others() -> None:
    with Scripted(Response(200, [], b'{"items": [{"id": "a", "t": "\\ud800"}, {"id": "b"}]}')) as server:
        [batch] = read(incoming(server))
    assert [record.key for record in batch.records] == ["a", "b"]


def test_a_record_over_the_limit_is_a_failed_one_and_not_kept() -> None:
    with Scripted(js({"items": [{"id": "a", "text": "x" * 2_000_000}, {"id": "b"}]})) as server:
        [batch] = read(incoming(server, max_record="1MiB"))
    assert batch.records[0].problem is not None
    assert batch.records[0].data == {"too_large": True}
    assert batch.records[1].problem is None


def test_the_cursor_is_the_newest_change_and_is_sent_with_a_look_back() -> None:
    cursor = {"at": "updated", "send": {"query": {"since": "{cursor}"}}, "lookback": "5m"}
    rows = [
        {"id": "a", "updated": "2026-02-01T10:00:00+00:00"},
        {"id": "b", "updated": "2026-02-03T10:00:00+01:00"},
        {"id": "c", "updated": None},
        {"id": "d", "updated": "9999-01-01T00:00:00+00:00"},
        {"id": "e", "updated": "not a time"},
    ]
    with Scripted(js({"items": rows})) as server:
        source = incoming(server, cursor=cursor)
        [batch] = read(source)
        assert batch.position["cursor"] == "2026-02-03T10:00:00+01:00"
        read(source, batch.position)
        assert server.asked[0].query == []
        assert server.asked[1].query == [("since", "2026-02-03T09:55:00+01:00")]


def test_a_cursor_does_not_go_back_when_nothing_new_came() -> None:
    cursor = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}
    with Scripted(js({"items": []})) as server:
        [batch] = read(incoming(server, cursor=cursor), {"cursor": "2026-02-03T10:00:00+01:00"})
    assert batch.position["cursor"] == "2026-02-03T10:00:00+01:00"


def test_a_request_transformer_changes_the_request_and_may_split_the_read() -> None:
    shaping = load("r", Path("r.jmespath"), "[{query: {channel: 'web', drop: null}}, {query: {channel: 'print'}}]")
    with Scripted(js({"items": [{"id": "a"}]})) as server:
        source = incoming(server, query={"limit": 5, "drop": 1}).with_request_transformer(shaping)
        readings = source.readings({}, NOW)
        assert [reading.partition for reading in readings] == ["1", "2"]
        for reading in readings:
            list(reading.batches(StopEvent()))
        assert [dict(request.query) for request in server.asked] == [
            {"limit": "5", "channel": "web"},
            {"limit": "5", "drop": "1", "channel": "print"},
        ]


def test_asked_to_stop_it_stops_before_the_next_page() -> None:
    stop = StopEvent()
    with Scripted(listing(9)) as server:
        [reading] = incoming(server, pagination=PAGING["offset"]).readings({}, NOW)
        batches = reading.batches(stop)
        next(batches)
        stop.set()
        with pytest.raises(Stopped):
            next(batches)
        assert len(server.asked) == 1
