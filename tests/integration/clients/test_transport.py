"""The wire itself: what is remembered between requests must never change what is sent, or where to."""

from __future__ import annotations

import pytest

from connector.clients.packet import SMALL
from connector.clients.transport import Limits, Transport
from tests.integration.clients.scripted import Scripted, js


def test_a_pool_that_another_origin_closed_is_not_used_again() -> None:
    with Scripted(js({"one": 1})) as one, Scripted(js({"other": 1})) as other:
        wire = Transport(Limits())
        for _ in range(3):
            assert b"one" in wire.send("GET", f"{one.url}/a", {}, None).body
            assert b"other" in wire.send("GET", f"{other.url}/a", {}, None).body
        # What the slower of two threads leaves behind: the pool that the other one has closed.
        wire.send("GET", f"{one.url}/a", {}, None)
        left = wire._adapter._known
        wire.send("GET", f"{other.url}/a", {}, None)
        wire._adapter._known = left
        assert b"one" in wire.send("GET", f"{one.url}/a", {}, None).body


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, 3_000_000])
def test_a_body_of_any_size_arrives_whole_and_belongs_to_its_own_request(size: int) -> None:
    with Scripted(js({})) as server:
        wire = Transport(Limits())
        wire.send("POST", f"{server.url}/a", {}, b"x" * size)
        wire.send("GET", f"{server.url}/b?q=1#part", {}, None)
        assert [len(one.body) for one in server.asked] == [size, 0]
        assert [one.headers.get("content-length") for one in server.asked] == [str(size), None]
        assert server.connections == 1


def test_of_headers_that_differ_in_case_only_the_last_is_sent() -> None:
    with Scripted(js({})) as server:
        wire = Transport(Limits())
        wire.send("POST", f"{server.url}/a", {"Accept": "one", "accept": "two", "content-length": "7"}, b"abc")
        assert server.asked[0].headers["accept"] == "two"
        assert server.asked[0].body == b"abc"


@pytest.mark.parametrize("headers", [{"A": "x\r\nB: y"}, {"A": "x\ny"}, {"A\r\nB": "x"}, {"": "x"}, {"A ": "x"}])
def test_a_header_is_one_line_or_nothing_is_sent(headers: dict[str, str]) -> None:
    with Scripted(js({})) as server:
        with pytest.raises(ValueError, match="cannot be sent"):
            Transport(Limits()).send("GET", f"{server.url}/a", headers, None)
        assert server.asked == []
