"""A listing that ends too early, as its paging is declared, is never taken for the whole: over real sockets."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from connector.core.clock import StopEvent
from connector.core.errors import NotWhole, PagingError
from connector.core.model import Batch
from connector.sandbox.http import Request, Response
from tests.faults.rig import NOW, listing, read
from tests.integration.clients.scripted import Scripted, js

SINGLE = {"type": "single"}
HAL = {"type": "next_link", "next": "_links.next.href"}
SLIP = {"type": "next_link", "next": "_links.nxt.href"}
NUMBERED = {"type": "page", "size": 100}
CURSOR = {"at": "updated", "send": {"query": {"since": "{cursor}"}}}
COUNTED = {"type": "offset", "limit": 100}


def rows(start: int, end: int) -> list[dict[str, Any]]:
    return [{"id": f"k{n:03}", "next": "/of/a/record", "has_more": True} for n in range(start, end)]


class Pages:
    """25 records, ten a page, whatever is asked for; ``names`` makes what an answer says of the page that follows."""

    def __init__(self, names: Any, count: int = 25) -> None:
        self.names, self.count = names, count

    def __call__(self, request: Request) -> Response:
        start = int(dict(request.query).get("from", 0))
        end = min(start + 10, self.count)
        following = f"/things?from={end}" if end < self.count else None
        said = self.names(following)
        headers = said.pop("headers", {})
        return js({"items": rows(start, end), **said}, **headers)


NAMED = {
    "HAL": (lambda to: {"_links": {"self": {"href": "/things"}, **({"next": {"href": to}} if to else {})}}, "_links.next.href"),
    "OData": (lambda to: {"@odata.nextLink": to} if to else {}, '\\"@odata.nextLink\\"'),
    "Django": (lambda to: {"count": 25, "next": to, "previous": None}, '"next"'),
    "JSON API": (lambda to: {"links": {"self": "/things", "next": to}}, "links.next"),
    "Graph": (lambda to: {"paging": {"cursors": {"after": "x"}, **({"next": to} if to else {})}}, "paging.next"),
    "deep": (lambda to: {"meta": {"pagination": {"links": {"next": to}}}}, "meta.pagination.links.next"),
    "list of links": (lambda to: {"links": [{"rel": "self", "href": "/"}, *([{"rel": "next", "href": to}] if to else [])]},
                      "links[?rel=='next'].href | [0]"),
}  # fmt: skip
SAID = {
    "token": (lambda to: {"nextPageToken": to and "abc"}, "nextPageToken"),
    "flag": (lambda to: {"has_more": bool(to)}, "has_more"),
    "GraphQL": (lambda to: {"pageInfo": {"hasNextPage": bool(to), "endCursor": "x"}}, "pageInfo.hasNextPage"),
    "Spring": (lambda to: {"last": not to, "number": 0}, "last"),
    "number": (lambda to: {"meta": {"next_page": 2 if to else None}}, "meta.next_page"),
    "header": (lambda to: {"headers": {"Link": f'<{to}>; rel="next", </things>; rel="first"'} if to else {}}, "Link"),
}  # fmt: skip
WAYS = {**NAMED, **SAID}


def ended(
    names: Any, pagination: dict[str, Any], count: int = 25, **config: Any
) -> tuple[list[Batch], PagingError | None]:
    """What came, and what the read ended with."""
    batches: list[Batch] = []
    with Scripted(Pages(names, count)) as server:
        [reading] = listing(server.url, pagination=pagination, **config).readings({}, NOW)
        try:
            batches.extend(reading.batches(StopEvent()))
        except PagingError as error:
            return batches, error
    return batches, None


@pytest.mark.parametrize("pagination", [SINGLE, NUMBERED, COUNTED, SLIP], ids=lambda one: str(one["type"]))
@pytest.mark.parametrize("way", WAYS)
def test_a_next_page_that_is_named_and_not_followed_ends_the_read_with_an_error(
    way: str, pagination: dict[str, Any]
) -> None:
    names, where = WAYS[way]
    with Scripted(Pages(names)) as server, pytest.raises(NotWhole) as told:
        read(listing(server.url, pagination=pagination, cursor=CURSOR), {"cursor": "2026-01-01"})
    assert where in (told.value.hint if way in NAMED else told.value.message)
    assert "10 records came" in told.value.message


def test_what_came_is_kept_and_the_next_read_asks_for_it_again() -> None:
    with Scripted(Pages(NAMED["HAL"][0])) as server:
        source = listing(server.url, cursor=CURSOR)
        [reading] = source.readings({"": {"cursor": "2026-01-01"}}, NOW)
        batches = reading.batches(StopEvent())
        batch = next(batches)
        assert (len(batch.records), batch.last, batch.position) == (10, False, {"cursor": "2026-01-01"})
        [_, note] = batch.notes
        assert (note.pointer, note.code, note.severity) == ("/pagination", "CFG212", "error")
        with pytest.raises(NotWhole):
            next(batches)


@pytest.mark.parametrize("way", NAMED)
def test_the_paging_that_the_hint_names_reads_all(way: str) -> None:
    names, _ = NAMED[way]
    _, error = ended(names, SINGLE)
    assert error is not None
    declared = re.search(r'"pagination": (\{.*\})', error.hint.partition(" If only")[0])
    assert declared is not None, error.hint
    batches, error = ended(names, json.loads(declared[1]))
    assert error is None
    assert sum(len(one.records) for one in batches) == 25
    assert batches[-1].whole


def test_a_misspelt_pointer_is_told_with_what_is_there() -> None:
    _, error = ended(NAMED["HAL"][0], SLIP)
    assert error is not None
    assert "`_links.nxt.href` is in no answer; `_links` has: self, next." in error.hint
    assert 'Declare "next": "_links.next.href".' in error.hint


@pytest.mark.parametrize("pagination", [SINGLE, NUMBERED, COUNTED, HAL], ids=lambda one: str(one["type"]))
@pytest.mark.parametrize("way", WAYS)
def test_a_listing_of_one_page_is_whole(way: str, pagination: dict[str, Any]) -> None:
    batches, error = ended(WAYS[way][0], pagination, count=7)
    assert error is None
    assert (batches[-1].last, batches[-1].whole, batches[-1].notes) == (True, True, [])


@pytest.mark.parametrize("answer", [js({"items": []}), js({}, 404), js({"no": 1}, 400), js({"items": [{"id": "a"}]})])
@pytest.mark.parametrize("pagination", [SINGLE, NUMBERED], ids=lambda one: str(one["type"]))
def test_a_source_that_names_a_next_page_behind_its_last_is_whole(pagination: dict[str, Any], answer: Response) -> None:
    with Scripted(js({"items": [{"id": "a"}], "next": "/things?page=2"}), answer) as server:
        [batch] = read(listing(server.url, pagination=pagination))
    assert batch.last
    assert batch.whole
    assert len(server.asked) == 2, "the address was tried, once"


@pytest.mark.parametrize("answer", [js({"items": None}), js({}, 500), js({}, 403)])
def test_where_it_cannot_be_told_what_follows_the_answer_is_believed(answer: Response) -> None:
    with Scripted(js({"items": [{"id": "a"}], "next": "/things?page=2"}), answer) as server, pytest.raises(NotWhole):
        read(listing(server.url))


def test_a_total_that_was_reached_outweighs_a_word_but_not_records() -> None:
    with Scripted(js({"items": [{"id": "a"}], "total": 1, "has_more": True})) as server:
        assert read(listing(server.url, total="total"))[-1].whole
    with (
        Scripted(js({"items": [{"id": "a"}], "count": 1, "next": "/b"}), js({"items": [{"id": "b"}]})) as server,
        pytest.raises(NotWhole),
    ):
        read(listing(server.url, total="count"))


@pytest.mark.parametrize(
    "body",
    [
        {"next": None}, {"next": ""}, {"next": {"href": None}}, {"_links": {"next": None}}, {"next": "2026-02-01"},
        {"has_more": False}, {"next_page": 0}, {"product": {"next": "/of/another/thing"}}, {"links": "next"},
        {"last": True}, {"nextSyncToken": "abc"}, {"links": [{"rel": "prev", "href": "/a"}, "next", None]},
    ],
    ids=str,
)  # fmt: skip
def test_what_names_no_next_page_is_none(body: dict[str, Any]) -> None:
    with Scripted(js({"items": [{"id": "a", "next": "/b"}], **body})) as server:
        assert read(listing(server.url))[-1].whole
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [{"next": None}, {"next": ""}, {}])
def test_a_pointer_that_was_there_has_said_that_there_is_no_more(body: dict[str, Any]) -> None:
    """Whatever else an answer holds; and on the last page it may be left out."""
    answers = [
        js({"items": [{"id": "a"}], "next": "/things?n=2"}),
        js({"items": [{"id": "b"}], **body, "has_more": True}),
    ]
    with Scripted(*answers) as server:
        batches = read(listing(server.url, pagination={"type": "next_link", "next": "next"}))
    assert [one.last for one in batches] == [False, True]
    assert batches[-1].whole


# -- a full page without a word of the next -------------------------------------------------------------------------


def full(count: int, body: dict[str, Any], **config: Any) -> Batch:
    with Scripted(js({"items": rows(0, count), **body})) as server:
        [batch] = read(listing(server.url, **{"pagination": {"type": "next_link", "next": "page.nxt"}, **config}))
    return batch


@pytest.mark.parametrize(
    "config", [{"query": {"limit": 7}}, {"query": {"page[size]": "7"}}, {"query": {"pageSize": 5}}]
)
def test_a_full_page_without_the_pointer_is_not_certainly_whole(config: dict[str, Any]) -> None:
    batch = full(7, {"page": {"number": 1}}, cursor=CURSOR, **config)
    assert (batch.last, batch.whole, batch.position) == (True, False, {})
    [note] = [one for one in batch.notes if one.code == "CFG212"]
    assert (note.pointer, note.severity) == ("/pagination/next", "warning")
    assert "page 1 is full, and no answer has `page.nxt`: 7 records came" in note.message
    assert "`page` has: number." in note.hint


def test_where_no_size_is_asked_for_a_usual_one_is_full() -> None:
    assert not full(100, {}).whole
    assert full(99, {}).whole


@pytest.mark.parametrize(
    ("body", "config"),
    [
        ({}, {"query": {"limit": 8}}),
        ({"total": 7}, {"query": {"limit": 7}, "total": "total"}),
        ({"page": {"nxt": None}}, {"query": {"limit": 7}}),
        ({"page": None}, {"query": {"limit": 7}}),
        ({"page": {"self": "/a", "first": "/a"}}, {"query": {"limit": 7}}),
        ({}, {"query": {"limit": 7}, "pagination": {"type": "next_link", "next": "links[?rel=='next'].href | [0]"}}),
    ],
    ids=["not full", "total", "null", "null above", "other links", "an expression"],
)
def test_a_full_page_may_be_the_last(body: dict[str, Any], config: dict[str, Any]) -> None:
    batch = full(7, {"links": [], **body}, **config)
    assert batch.whole
    assert not batch.notes


@pytest.mark.parametrize(
    ("pagination", "at", "meant"),
    [
        ({"type": "next_link", "next": "paging.wieter"}, "next", "weiter"),
        ({"type": "next_link", "next": "pagng.weiter"}, "next", "paging"),
        ({"type": "token", "token": "paging.markr", "token_param": "m"}, "token", "marker"),
        ({"type": "token", "token": "paging.marker", "more": "paging.mehrr", "token_param": "m"}, "more", "mehr"),
        ({"type": "token", "token_header": "X-Wieter", "token_param": "m"}, "token_header", "x-weiter"),
        ({"type": "token", "token_header": "X_Weiter", "token_param": "m"}, "token_header", "x-weiter"),
    ],
)
def test_a_pointer_that_nearly_is_there_is_misspelt_and_the_read_not_certainly_whole(
    pagination: dict[str, Any], at: str, meant: str
) -> None:
    """However few records came: a source of its own names does not say it in a way that is known."""
    body = {"items": rows(0, 3), "paging": {"weiter": "/things?p=2", "marker": "abc", "mehr": True}}
    with Scripted(js(body, 200, **{"X-Weiter": "2"})) as server:
        [batch] = read(listing(server.url, pagination=pagination, cursor=CURSOR))
    assert (batch.last, batch.whole, batch.position) == (True, False, {})
    [note] = [one for one in batch.notes if one.code == "CFG212"]
    assert (note.pointer, note.severity) == (f"/pagination/{at}", "warning")
    assert "but one nearly like it: 3 records came, perhaps not all" in note.message
    assert f"Did you mean '{meant}'? " in note.hint


@pytest.mark.parametrize(
    ("pagination", "body"),
    [
        ({"token": "nextPageToken"}, {"prevPageToken": "abc"}),
        ({"token": "nextPageToken"}, {"nextSyncToken": "abc"}),
        ({"token": "next_cursor"}, {"prev_cursor": "abc", "cursor": "abc"}),
        ({"token": "paging.marker"}, {"paging": {"markr": "", "markar": None, "markers": {}}}),
        ({"token_header": "X-Weiter"}, {}),
        ({"token_header": "X-Next-Page"}, {}),
    ],
    ids=str,
)
def test_a_short_page_without_the_pointer_is_whole(pagination: dict[str, Any], body: dict[str, Any]) -> None:
    headers = {"X-Per-Page": "20", "X-Prev-Page": "1", "X-Page": "1", "X-Request-Id": "7"}
    with Scripted(js({"items": rows(0, 3), **body}, 200, **headers)) as server:
        [batch] = read(listing(server.url, pagination={"type": "token", "token_param": "m", **pagination}))
    assert (batch.whole, batch.notes) == (True, [])


def test_a_full_page_without_the_header_of_the_token_is_not_certainly_whole() -> None:
    paging = {"type": "token", "token_header": "X-Weiter", "token_param": "m"}
    batch = full(7, {}, query={"limit": 7}, pagination=paging)
    [note] = batch.notes
    assert (batch.whole, note.pointer, note.severity) == (False, "/pagination/token_header", "warning")
    assert "page 1 is full, and no answer has the header `X-Weiter`: 7 records came" in note.message
    assert "the head of the answer has: date, content-type" in note.hint


def test_when_only_the_first_page_is_wanted_nothing_else_is_missing() -> None:
    batches, error = ended(NAMED["HAL"][0], {**SINGLE, "only_first": True}, cursor=CURSOR)
    assert error is None
    assert [(one.last, one.whole, [note.code for note in one.notes]) for one in batches] == [(True, False, ["CFG211"])]


# -- what is declared and never found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([{"id": "a", "updated": "2026-01-01"}, {"id": "b"}], "no record has `updatet`"),
        ([{"id": "a", "updatet": "yesterday"}], "`updatet` is 'yesterday', no time and no number"),
        (
            [{"id": "a", "updatet": None}, {"id": "b", "updatet": True}],
            "`updatet` is boolean, no time and no number",
        ),
    ],
)
def test_a_cursor_that_no_record_has_is_told(records: list[Any], message: str) -> None:
    with Scripted(js({"items": records})) as server:
        [batch] = read(listing(server.url, cursor={**CURSOR, "at": "updatet"}))
    [note] = batch.notes
    assert (note.pointer, note.code, note.severity) == ("/cursor/at", "CFG211", "warning")
    assert note.message.startswith(message)
    assert "A record has: id" in note.hint
    assert batch.whole


def test_a_cursor_that_one_record_has_is_not_told_of() -> None:
    with Scripted(js({"items": [{"id": "a"}, {"id": "b", "updated": 4}]}), js({"items": []})) as server:
        source = listing(server.url, cursor=CURSOR)
        assert not read(source)[-1].notes
        assert not read(source, {"cursor": 4})[-1].notes, "nothing new is no mistake"


@pytest.mark.parametrize(
    ("said", "what"), [({"totl": 2}, "no answer has `total`"), ({"total": "2"}, "`total` is string, no whole number")]
)
def test_a_total_that_no_answer_has_is_told_and_the_read_is_not_certainly_whole(
    said: dict[str, Any], what: str
) -> None:
    with Scripted(js({"items": [{"id": "a"}], **said})) as server:
        [batch] = read(listing(server.url, total="total"))
    [note] = batch.notes
    assert (note.pointer, note.code, note.severity) == ("/total", "CFG211", "warning")
    assert note.message.startswith(what)
    assert (batch.last, batch.whole) == (True, False)


def test_a_total_on_the_first_page_only_is_enough() -> None:
    answers = [js({"items": [{"id": "a"}], "total": 2, "next": "/b"}), js({"items": [{"id": "b"}]})]
    with Scripted(*answers) as server:
        source = listing(server.url, total="total", pagination={"type": "next_link", "next": "next"})
        batches = read(source)
        assert batches[-1].whole
        assert not batches[-1].notes
        server.answers = [*answers[1:]]
        assert not read(source, batches[0].position)[-1].notes, "the first page was seen by an earlier read"
