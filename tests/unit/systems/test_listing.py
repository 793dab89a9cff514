"""Where a listing goes on, and where it ends."""

from __future__ import annotations

import pytest

from connector.core.errors import PagingError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.incoming.paging import Page
from connector.systems.catalogue import ibexa
from connector.systems.listing import Listing, query_node

TYPES = ibexa().get("content_type.list")
SEARCH = ibexa().get("content.search")
TRASH = ibexa().get("trash.list")
SECTIONS = ibexa().get("section.list")
CALENDAR = ibexa().get("calendar_event.list")


def page(records: list[Json], total: int | None, body: Json = None) -> Page:
    return Page(body, records, total)


def test_limit_and_offset_go_where_the_operation_takes_them() -> None:
    message = Message(query={"orderby": "name"})
    assert Listing.of(TYPES, message, 50).ask(message, 100).query == {"orderby": "name", "limit": 50, "offset": 100}
    body = Message(payload={"ViewInput": {"identifier": "a", "ContentQuery": {"Filter": {}}}})
    asked = Listing.of(SEARCH, body, 50).ask(body, 100).payload
    assert asked == {"identifier": "a", "ContentQuery": {"Filter": {}, "limit": 50, "offset": 100}}
    cart = Message(payload={})
    assert Listing.of(ibexa().get("cart.search"), cart, 5).ask(cart, 0).payload == {
        "CartQuery": {"offset": 0, "limit": 5}
    }


def test_a_query_for_locations_is_paged_in_its_own_place() -> None:
    body = Message(payload={"LocationQuery": {"limit": 7}})
    listing = Listing.of(SEARCH, body, 50)
    assert query_node(SEARCH, body.payload) == "LocationQuery"
    assert listing.size == 7
    assert listing.ask(body, 14).payload == {"LocationQuery": {"limit": 7, "offset": 14}}


def test_a_declared_limit_and_offset_win() -> None:
    listing = Listing.of(TYPES, Message(query={"limit": "20", "offset": 40}), 100)
    assert (listing.size, listing.start) == (20, 40)
    assert Listing.of(TYPES, Message(query={"limit": 0}), 100).size == 100


@pytest.mark.parametrize(
    ("offset", "length", "total", "follows"),
    [(0, 0, 0, None), (0, 1, 1, None), (0, 9, 9, None), (0, 10, 10, None), (0, 10, 11, 10), (10, 1, 11, None)],
)
def test_a_total_decides_the_end(offset: int, length: int, total: int, follows: int | None) -> None:
    assert Listing(SEARCH, 10).follow(offset, page(list(range(length)), total)) == follows


def test_a_server_that_caps_the_page_loses_nothing_when_it_says_the_total() -> None:
    assert Listing(SEARCH, 100).follow(0, page(list(range(25)), 60)) == 25


@pytest.mark.parametrize(("length", "follows"), [(0, None), (9, None), (10, 30), (15, None)])
def test_without_a_total_a_short_page_is_the_end(length: int, follows: int | None) -> None:
    assert Listing(TYPES, 10).follow(20, page(list(range(length)), None)) == follows


@pytest.mark.parametrize(("length", "follows"), [(0, None), (3, 30), (10, 30)])
def test_the_trash_ends_with_an_empty_page_only(length: int, follows: int | None) -> None:
    assert Listing(TRASH, 10).follow(20, page(list(range(length)), None)) == follows


def test_what_shrinks_while_it_is_read_is_read_again_from_where_it_slid_to() -> None:
    listing = Listing(SEARCH, 10)
    assert listing.follow(10, page(list(range(10)), 98), before=100) == 8
    assert listing.follow(90, page(list(range(8)), 98), before=100) == 88
    assert listing.follow(10, page(list(range(10)), 80), before=100) == 0
    assert listing.follow(90, page([], 50), before=100) == 40


def test_a_total_that_is_not_given_is_an_error_and_not_an_end() -> None:
    with pytest.raises(PagingError, match="says 50 and gives none from 10 on"):
        Listing(SEARCH, 10).follow(10, page([], 50), before=50)


def test_a_rest_that_cannot_be_asked_for_is_an_error() -> None:
    message = Message()
    with pytest.raises(PagingError, match="2 of 5"):
        Listing.of(CALENDAR, message, 10).follow(0, page([1, 2], 5))
    assert Listing.of(CALENDAR, message, 10, paged=False).follow(0, page([1, 2], 5)) is None
    assert Listing.of(SECTIONS, message, 10).follow(0, page([1] * 500, None)) is None
    assert Listing.of(SECTIONS, message, 10).ask(message, 0) is message


def test_a_calendar_goes_on_at_the_cursor_in_the_address_of_its_next_page() -> None:
    listing = Listing.of(CALENDAR, Message(query={"types": "x"}), 10)
    assert listing.ask(Message(query={"types": "x"}), 0).query == {"types": "x", "count": 10}
    assert listing.ask(Message(), "abc").query == {"count": 10, "cursor": "abc"}
    link = "/api/ibexa/v2/calendar/event?start=1&cursor=eyJh%3D&count=10"
    more: Json = {"EventList": {"_currentPage": "/x?cursor=now", "_nextPage": link, "events": []}}
    assert listing.follow(0, page([1], 5, more)) == "eyJh="
    assert listing.follow("eyJh=", page([1], 5, {"EventList": {"_currentPage": "/x"}})) is None
    assert listing.follow("eyJh=", page([1], 5, {"EventList": {"_nextPage": None}})) is None
    assert Listing.of(CALENDAR, Message(query={"count": "3"}), 10).size == 3


@pytest.mark.parametrize(
    "body", [None, [], {"EventList": 7}, {"EventList": {"_nextPage": 7}}, {"EventList": {"_nextPage": "/x"}}]
)
def test_an_answer_without_a_cursor_is_the_last(body: Json) -> None:
    assert Listing.of(CALENDAR, Message(), 10).follow(0, page([1, 2], 2, body)) is None
    with pytest.raises(PagingError, match="2 of 5"):
        Listing.of(CALENDAR, Message(), 10).follow(0, page([1, 2], 5, body))
