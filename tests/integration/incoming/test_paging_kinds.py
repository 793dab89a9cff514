"""Paging by the last record's value, by a token, with an overlap and by POST, over real sockets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from connector.core.errors import BadAnswer, PagingError
from connector.core.model import Batch, Position
from connector.core.secrets import Secret
from connector.sandbox.http import Request, Response
from tests.faults.rig import NOW, QUICK, http_client, listing, read, services
from tests.integration.clients.scripted import Scripted, js

Rows = list[dict[str, Any]]
Between = dict[int, Callable[[Rows], Any]]

KEYSET = {"type": "keyset", "by": "n", "key_param": "after", "limit": 3}
FROM_ON = {**KEYSET, "inclusive": True}
OVERLAP = {"type": "offset", "limit": 6, "overlap": 2}
RECHECK = {"type": "page", "size": 6, "size_param": "limit", "recheck": True}


def keys(batches: list[Batch]) -> list[str]:
    return [record.key for batch in batches for record in batch.records]


def rows(count: int, *, per_value: int = 1) -> Rows:
    return [{"id": f"k{n:03}", "n": n // per_value} for n in range(count)]


class Shop:
    """A source that sorts by ``n``, takes ``after`` or ``offset``, and changes between two pages."""

    def __init__(self, held: Rows, *, least: bool = False, most: int = 1000, between: Between | None = None) -> None:
        self.held, self.most = held, most
        self.least = least
        self.between = between or {}
        self.pages = 0

    def __call__(self, request: Request) -> Response:
        self.pages += 1
        if self.pages in self.between:
            self.between.pop(self.pages)(self.held)
        query = dict(request.query)
        limit = min(int(query["limit"]), self.most)
        found = sorted(self.held, key=lambda row: (row["n"], row["id"]))
        if "after" in query:
            after = float(query["after"])
            found = [row for row in found if row["n"] > after or (self.least and row["n"] == after)]
        start = int(query.get("offset", (int(query.get("page", 1)) - 1) * limit))
        return js({"items": found[start : start + limit], "total": len(self.held)})


def read_on(shop: Callable[[Request], Response], **config: Any) -> list[Batch]:
    with Scripted(shop) as server:
        return read(listing(server.url, **config))


# -- keyset ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("paging", [KEYSET, FROM_ON, {**KEYSET, "start": -1}])
def test_by_keyset_every_record_is_read_once(count: int, paging: dict[str, Any]) -> None:
    batches = read_on(Shop(rows(count), least=paging is FROM_ON), pagination=paging, total="total")
    assert keys(batches) == [f"k{n:03}" for n in range(count)]
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert batches[-1].position == {}


@pytest.mark.parametrize("most", [1, 2, 3, 1000])
def test_a_source_with_smaller_pages_than_asked_for_is_read_to_its_end(most: int) -> None:
    paging = {**KEYSET, "limit": 1000 if most == 1000 else 5}
    assert len(keys(read_on(Shop(rows(11), most=most), pagination=paging))) == 11


def test_a_limit_that_is_ignored_does_no_harm() -> None:
    def all_at_once(request: Request) -> Response:
        return js({"items": [row for row in rows(9) if row["n"] > int(dict(request.query).get("after", -1))]})

    assert len(keys(read_on(all_at_once, pagination=KEYSET))) == 9


def test_what_goes_or_comes_while_it_is_read_makes_nothing_missed() -> None:
    between: Between = {
        2: lambda held: held.remove({"id": "k000", "n": 0}),
        3: lambda held: held.insert(0, {"id": "new", "n": -5}),
        4: lambda held: held.append({"id": "late", "n": 99}),
    }
    found = keys(read_on(Shop(rows(12), between=between), pagination=KEYSET))
    assert found == [f"k{n:03}" for n in range(12)] + ["late"]


@pytest.mark.parametrize("count", [1, 4, 5, 6, 13])
def test_records_that_share_a_value_are_read_once_where_the_source_answers_from_it_on(count: int) -> None:
    shop = Shop(rows(count, per_value=2), least=True)
    batches = read_on(shop, pagination=FROM_ON)
    assert sorted(keys(batches)) == [f"k{n:03}" for n in range(count)]


def test_a_whole_listing_of_one_value_that_fits_a_page_ends_well() -> None:
    assert len(keys(read_on(Shop(rows(2, per_value=9), least=True), pagination=FROM_ON))) == 2


def test_more_records_of_one_value_than_a_page_holds_are_no_whole_listing() -> None:
    with pytest.raises(PagingError, match="more than 3 records share the n 0"):
        read_on(Shop(rows(5, per_value=9), least=True), pagination=FROM_ON)


def test_records_that_share_a_value_are_noticed_where_the_source_answers_behind_it() -> None:
    with pytest.raises(PagingError, match=r"two records have the n 0.*missed"):
        read_on(Shop(rows(6, per_value=2)), pagination=KEYSET)


def test_a_source_that_answers_from_the_value_on_without_our_knowing_is_noticed() -> None:
    with pytest.raises(PagingError, match="two records have the n 2"):
        read_on(Shop(rows(6), least=True), pagination=KEYSET)


@pytest.mark.parametrize("inclusive", [False, True])
@pytest.mark.parametrize("by", ["n", "id"])
def test_a_source_that_ignores_the_value_is_noticed(by: str, inclusive: bool) -> None:
    with Scripted(js({"items": rows(3)})) as server:
        with pytest.raises(PagingError, match="not rising by|the same as"):
            read(listing(server.url, pagination={**KEYSET, "by": by, "inclusive": inclusive}))
        assert len(server.asked) <= 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, 3, 2], "2 comes after 3"),
        (["2026-01-02T00:00:00Z", "2026-01-02T00:30:00+01:00"], "not rising"),
        ([1, 2, None], "is null"),
        ([1, 2, ""], "an empty text"),
        ([1, 2, {"a": 1}], "is object"),
        ([1, 2, True], "is boolean"),
    ],
)
def test_an_order_that_is_none_is_no_whole_listing(values: list[Any], words: str) -> None:
    items = [{"id": str(at), "n": value} for at, value in enumerate(values)]
    with Scripted(js({"items": items})) as server:
        [reading] = listing(server.url, pagination=KEYSET).readings({}, NOW)
        batches = []
        with pytest.raises(PagingError, match=words):
            for batch in reading.batches(services().stop):
                batches.append(batch)
        assert not any(batch.last for batch in batches)


@pytest.mark.parametrize(
    "values", [["B", "a", "c"], ["9", "10"], ["Ærlig", "Øl", "Å"], [1, None, 2], ["2026-01-01", "2026-01-02"]]
)
def test_an_order_that_only_the_source_knows_is_believed(values: list[Any]) -> None:
    items = [{"id": str(at), "n": value} for at, value in enumerate(values)]
    with Scripted(js({"items": items}), js({"items": []})) as server:
        assert len(keys(read(listing(server.url, pagination=KEYSET)))) == len(values)


def test_a_falling_order_is_one_too() -> None:
    pages = [[9, 7, 5], [4, 3], []]
    answers = [js({"items": [{"id": str(n), "n": n} for n in page]}) for page in pages]
    with Scripted(*answers) as server:
        assert keys(read(listing(server.url, pagination={**KEYSET, "order": "falling"}))) == list("97543")
        assert [dict(one.query).get("after") for one in server.asked] == [None, "5", "3"]


def test_the_value_stands_in_an_expression_of_the_source() -> None:
    paging = {**KEYSET, "by": "id", "key_param": "$filter", "value": "id gt '{key}'", "limit_param": "$top"}
    with Scripted(js({"items": [{"id": "O'1"}]}), js({"items": []})) as server:
        read(listing(server.url, pagination=paging))
        assert dict(server.asked[1].query) == {"$filter": "id gt 'O'1'", "$top": "3"}


@pytest.mark.parametrize("paging", [KEYSET, FROM_ON, OVERLAP, RECHECK])
def test_a_read_that_was_interrupted_goes_on_there_and_gives_nothing_twice(paging: dict[str, Any]) -> None:
    with Scripted(Shop(rows(20, per_value=1 if paging is KEYSET else 2), least=True)) as server:
        if paging is KEYSET:
            server.answers = [Shop(rows(20))]
        source = listing(server.url, pagination=paging)
        whole = read(source)
        assert len(whole) > 3
        for at, batch in enumerate(whole[:-1]):
            position: Position = json.loads(json.dumps(batch.position))
            assert keys(read(source, position)) == keys(whole[at + 1 :])


@pytest.mark.parametrize("paging", [KEYSET, OVERLAP, {"type": "page"}])
def test_a_read_that_was_left_under_another_paging_begins_anew(paging: dict[str, Any]) -> None:
    with Scripted(Shop(rows(5))) as server:
        [left, *_] = read(listing(server.url, pagination={"type": "offset", "limit": 2}))
        if paging["type"] == "page":
            server.answers = [js({"items": rows(5)}), Shop(rows(5))]
        assert len(keys(read(listing(server.url, pagination=paging), left.position))) == 5
        assert len(keys(read(listing(server.url, pagination={"type": "offset", "limit": 2}), left.position))) == 3


# -- token ----------------------------------------------------------------------------------------------------------

TOKEN = {"type": "token", "token": "next", "token_param": "page_token"}


def by_token(count: int, size: int = 3, *, header: bool = False) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        given = dict(request.query).get("page_token", "t0")
        start = int(given[1:])
        items = [{"id": f"k{n}"} for n in range(start, min(start + size, count))]
        follows = f"t{start + size}" if start + size < count else None
        if header:
            return js({"items": items}, 200, **({"X_Next_Token": follows} if follows else {}))
        return js({"items": items, "next": follows})

    return answer


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("header", [False, True])
def test_by_token_every_record_is_read_once(count: int, header: bool) -> None:
    paging = {"type": "token", "token_header": "X-Next-Token", "token_param": "page_token"} if header else TOKEN
    assert keys(read_on(by_token(count, header=header), pagination=paging)) == [f"k{n}" for n in range(count)]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_tokens_that_go_round_are_noticed_at_the_first_repetition(length: int) -> None:
    asked = 0

    def answer(request: Request) -> Response:
        nonlocal asked
        asked += 1
        at = int(dict(request.query).get("page_token", "0"))
        return js({"items": [{"id": f"{asked}"}, {"id": f"x{asked}"}], "next": at % length + 1})

    with pytest.raises(PagingError, match="circle"):
        read_on(answer, pagination=TOKEN)
    assert asked <= length + 1


def test_an_identical_page_behind_a_new_token_is_noticed() -> None:
    numbers = iter(range(99))
    with pytest.raises(PagingError, match="the same as"):
        read_on(lambda _: js({"items": [{"id": "a"}], "next": f"t{next(numbers)}"}), pagination=TOKEN)


def test_an_empty_page_with_a_token_goes_on_and_caps_hold() -> None:
    pages = [{"items": [], "next": "a"}, {"items": [{"id": "x"}], "next": 7}, {"items": [], "next": ""}]
    with Scripted(*map(js, pages)) as server:
        assert keys(read(listing(server.url, pagination=TOKEN))) == ["x"]
    with pytest.raises(PagingError, match="more than 2 pages"):
        read_on(by_token(99), pagination=TOKEN, max_pages=2)


def test_more_says_where_the_end_is_although_there_is_a_token() -> None:
    page = {"items": [{"id": "a"}], "next": "t", "info": {"more": False}}
    assert keys(read_on(lambda _: js(page), pagination={**TOKEN, "more": "info.more"})) == ["a"]


def test_what_is_no_token_is_said() -> None:
    with pytest.raises(PagingError, match="next holds object instead of a token"):
        read_on(lambda _: js({"items": [], "next": {"a": 1}}), pagination=TOKEN)


# -- overlap --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [{}, {"total": "total"}])
@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 9, 10, 11, 30])
@pytest.mark.parametrize("paging", [OVERLAP, RECHECK])
def test_with_an_overlap_every_record_is_given_once(count: int, total: dict[str, str], paging: dict[str, Any]) -> None:
    batches = read_on(Shop(rows(count)), pagination=paging, **total)
    assert keys(batches) == [f"k{n:03}" for n in range(count)]
    assert batches[-1].last
    assert sum(batch.again for batch in batches) == 0


def gone(*which: int) -> Callable[[Rows], None]:
    """Those of the rows that are there, by their place, go."""

    def take(held: Rows) -> None:
        for at in sorted(which, reverse=True):
            del held[at]

    return take


MOVES: dict[str, tuple[Between, int]] = {
    "one goes": ({3: gone(0)}, 0),
    "the last one read goes": ({3: gone(9)}, 0),
    "one goes before each page": ({n: gone(0) for n in range(2, 8)}, 0),
    "as many go as overlap": ({3: gone(0, 1)}, 1),
    "many go": ({4: gone(*range(10))}, 2),
    "those that overlap go": ({3: gone(8, 9)}, 1),
    "all that was read goes": ({4: gone(*range(14))}, 3),
    "everything goes": ({4: lambda held: held.clear()}, 3),
    "one comes": ({3: lambda held: held.insert(0, {"id": "new", "n": -1})}, 0),
    "many come": ({3: lambda held: held.extend({"id": f"new{n}", "n": -n - 1} for n in range(9))}, 0),
    "one goes and one comes": ({3: gone(0), 4: lambda held: held.insert(0, {"id": "new", "n": -1})}, 0),
}


@pytest.mark.parametrize("total", [{}, {"total": "total"}])
@pytest.mark.parametrize("move", MOVES)
def test_whatever_moves_under_the_reader_nothing_is_missed_and_nothing_given_twice(
    move: str, total: dict[str, str]
) -> None:
    between, back = MOVES[move]
    shop = Shop(rows(34), between=dict(between))
    batches = read_on(shop, pagination=OVERLAP, **total)
    found = keys(batches)
    assert {row["id"] for row in shop.held if not row["id"].startswith("new")} <= set(found)
    assert len(found) == len(set(found))
    assert batches[-1].last
    assert (sum(batch.again for batch in batches) > 0) == (back > 0)


@pytest.mark.parametrize("total", [{}, {"total": "total"}])
@pytest.mark.parametrize("at", range(2, 12))
@pytest.mark.parametrize("move", [one for one in MOVES if one != "one goes and one comes"])
def test_by_page_number_too_nothing_is_missed_where_each_page_is_asked_for_twice(
    move: str, at: int, total: dict[str, str]
) -> None:
    """Whatever comes first: the page, the one before once more, or the change.

    What goes before the one and comes before the other looks as if nothing had been: the docs say so.
    """
    between = {at + number: change for number, change in enumerate(MOVES[move][0].values())}
    shop = Shop(rows(34), between=between)
    batches = read_on(shop, pagination=RECHECK, **total)
    found = keys(batches)
    assert {row["id"] for row in shop.held if not row["id"].startswith("new")} <= set(found)
    assert len(found) == len(set(found))
    assert batches[-1].last


def test_a_listing_in_another_order_for_each_page_is_given_up() -> None:
    count = 0

    def answer(request: Request) -> Response:
        nonlocal count
        count += 1
        return js({"items": [{"id": f"{count}-{n}"} for n in range(6)]})

    with pytest.raises(PagingError, match="never the same|moved by more"):
        read_on(answer, pagination=RECHECK)
    assert count < 100


def test_without_an_overlap_the_same_is_missed() -> None:
    between, _ = MOVES["one goes"]
    shop = Shop(rows(34), between=dict(between))
    assert {row["id"] for row in shop.held} - set(keys(read_on(shop, pagination={**OVERLAP, "overlap": 0}))) == {"k012"}


def test_a_listing_that_never_stands_still_is_given_up() -> None:
    count = 0

    def answer(request: Request) -> Response:
        nonlocal count
        count += 1
        return js({"items": [{"id": f"{count}-{n}"} for n in range(6)], "total": 100_000})

    paging = {**OVERLAP, "limit": 6}
    start: Position = {"next": {"query": {"offset": 6000, "limit": 6}, "known": ["a" * 12], "joins": True}}
    with Scripted(answer) as server:
        [reading] = listing(server.url, pagination=paging, total="total").readings({"": start}, NOW)
        given = reading.batches(services().stop)
        assert (next(given).position, count) == ({}, 21), "the next read begins anew"
        with pytest.raises(PagingError, match="moved by more than 20 pages"):
            next(given)


@pytest.mark.parametrize("total", [{}, {"total": "total"}])
def test_a_source_that_ignores_the_offset_is_noticed_with_an_overlap_too(total: dict[str, str]) -> None:
    with Scripted(js({"items": rows(6), "total": 600})) as server:
        with pytest.raises(PagingError, match="the same as"):
            read(listing(server.url, pagination=OVERLAP, **total))
        assert len(server.asked) == 2


def test_smaller_pages_than_the_overlap_still_come_forward() -> None:
    batches = read_on(Shop(rows(9), most=2), pagination={**OVERLAP, "overlap": 5}, total="total")
    assert keys(batches) == [f"k{n:03}" for n in range(9)]


def test_a_record_that_changes_between_two_pages_is_not_given_a_second_time() -> None:
    def change(held: Rows) -> None:
        held[5]["price"] = 9

    batches = read_on(Shop(rows(9), between={2: change}), pagination=OVERLAP)
    assert keys(batches).count("k005") == 1


# -- POST -----------------------------------------------------------------------------------------------------------

SEARCH = {
    "method": "POST",
    "body": {"filter": [{"type": "range", "field": "n", "parameters": {}}], "sort": [{"field": "n"}]},
}


def search(count: int) -> Callable[[Request], Response]:
    """As Shopware's: criteria in the body."""

    def answer(request: Request) -> Response:
        body = json.loads(request.body)
        after = body["filter"][0]["parameters"].get("gt", -1)
        start = (body.get("page", 1) - 1) * body["limit"] + body.get("from", {}).get("row", 0)
        found = [row for row in rows(count) if row["n"] > after][start : start + body["limit"]]
        return js({"items": found})

    return answer


IN_BODY: dict[str, dict[str, Any]] = {
    "page": {"type": "page", "page_param": "/page", "size_param": "/limit", "size": 3},
    "offset": {"type": "offset", "offset_param": "/from/row", "limit_param": "/limit", "limit": 3},
    "overlap": {"type": "offset", "offset_param": "/from/row", "limit_param": "/limit", "limit": 3, "overlap": 1},
    "keyset": {
        "type": "keyset", "by": "n", "key_param": "/filter/0/parameters/gt", "limit_param": "/limit", "limit": 3,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", IN_BODY)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_by_post_every_record_is_read_once_with_the_paging_in_the_body(kind: str, count: int) -> None:
    with Scripted(search(count)) as server:
        assert keys(read(listing(server.url, pagination=IN_BODY[kind], **SEARCH))) == [f"k{n:03}" for n in range(count)]
        for request in server.asked:
            assert (request.method, request.query) == ("POST", [])
            assert dict(request.headers)["content-type"] == "application/json"
            assert json.loads(request.body)["sort"] == [{"field": "n"}]


def test_a_post_with_a_token_as_graphql_wants_it() -> None:
    page = {"query": "{…}", "variables": {"first": 50}}
    answers = [
        {"data": {"items": [{"id": "a"}], "info": {"more": True, "end": "c1"}}},
        {"data": {"items": [{"id": "b"}], "info": {"more": False, "end": "c2"}}},
    ]
    paging = {"type": "token", "token": "data.info.end", "more": "data.info.more", "token_param": "/variables/after"}
    with Scripted(*map(js, answers)) as server:
        source = listing(server.url, records="data.items", method="POST", body=page, pagination=paging)
        assert keys(read(source)) == ["a", "b"]
        assert [json.loads(one.body) for one in server.asked] == [
            page, {"query": "{…}", "variables": {"first": 50, "after": "c1"}},
        ]  # fmt: skip


def test_a_cursor_stands_in_the_body_too() -> None:
    cursor = {"at": "updated", "send": {"query": {"/filter/0/parameters/gte": "{cursor}"}}}
    with Scripted(js({"items": [{"id": "a", "updated": "2026-01-01T00:00:00Z"}]})) as server:
        source = listing(server.url, cursor=cursor, **SEARCH)
        [batch] = read(source)
        read(source, batch.position)
        sent = [json.loads(one.body)["filter"][0]["parameters"] for one in server.asked]
    assert sent == [{}, {"gte": "2026-01-01T00:00:00Z"}]


def test_a_link_of_a_post_is_asked_with_the_same_body() -> None:
    pages = [js({"items": [{"id": "a"}], "next": "/things?after=1"}), js({"items": [{"id": "b"}]})]
    with Scripted(*pages) as server:
        assert keys(read(listing(server.url, pagination={"type": "next_link", "next": "next"}, **SEARCH))) == ["a", "b"]
        assert server.asked[0].body == server.asked[1].body != b""


def test_a_post_that_reads_is_repeated_like_a_get() -> None:
    from connector.incoming.http import HttpIncoming

    answers = [js({}, 500), Response(200, [], b"{}", cut="before"), js({"items": [{"id": "a"}]})]
    with Scripted(*answers) as server:
        client = http_client(server.url, retry=QUICK)
        declared = {"client": "pim", "endpoint": "/things", "records": "items", "key": "id", **SEARCH}
        source = HttpIncoming.build("things", declared, services(lambda _: client))
        assert keys(read(source)) == ["a"]
        assert [one.method for one in server.asked] == ["POST"] * 3


def test_a_redirect_of_a_post_keeps_its_body_or_is_an_error() -> None:
    for status in (307, 308):
        with Scripted(js({}, status, Location="/moved"), js({"items": [{"id": "a"}]})) as server:
            assert keys(read(listing(server.url, **SEARCH))) == ["a"]
            assert server.asked[0].body == server.asked[1].body
            assert server.asked[1].path == "/moved"
    for status in (301, 302, 303):
        with Scripted(js({}, status, Location="/moved")) as server:
            with pytest.raises(BadAnswer, match=f"answered {status}"):
                read(listing(server.url, **SEARCH))
            assert len(server.asked) == 1


def test_a_secret_in_a_body_is_not_in_the_request_log() -> None:
    from connector.incoming.http import HttpIncoming

    entries: list[Any] = []
    secret = Secret("canary-in-a-body-4711").reveal()
    with Scripted(js({"items": []})) as server:
        client = http_client(server.url, request_log="full", log=entries.append)
        declared = {"client": "pim", "endpoint": "/things", "records": "items", "key": "id", "method": "POST"}
        source = HttpIncoming.build("things", {**declared, "body": {"api_key": secret}}, services(lambda _: client))
        read(source)
        assert secret in server.asked[0].body.decode()
    assert [entry["request_body"] for entry in entries] == ['{"api_key":"***"}']


def test_a_request_transformer_changes_the_body() -> None:
    from pathlib import Path

    from connector.transformers.files import load

    shaping = load("r", Path("r.jmespath"), "{payload: {active: `true`, limit: null}}")
    with Scripted(js({"items": []})) as server:
        source = listing(server.url, method="POST", body={"limit": 5, "a": {"b": 1}}).with_request_transformer(shaping)
        read(source)
        assert json.loads(server.asked[0].body) == {"a": {"b": 1}, "active": True}
