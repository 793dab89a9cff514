"""The wire itself: what is remembered between requests must never change what is sent, or where to."""

from __future__ import annotations

import pytest

from connector.clients.packet import SMALL
from connector.clients.transport import Limits, Transport, _prepared
from tests.integration.clients.scripted import Scripted, js


def test_each_request_goes_to_its_own_origin() -> None:
    with Scripted(js({"one": 1})) as one, Scripted(js({"other": 1})) as other:
        wire = Transport(Limits())
        for _ in range(3):
            assert b"one" in wire.send("GET", f"{one.url}/a", {}, None).body
            assert b"other" in wire.send("GET", f"{other.url}/a", {}, None).body


def test_what_was_closed_is_opened_anew() -> None:
    with Scripted(js({})) as server:
        wire = Transport(Limits())
        for _ in range(2):
            wire.send("GET", f"{server.url}/a", {}, None)
        wire.close()
        wire.send("GET", f"{server.url}/a", {}, None)
        assert server.connections == 2


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
    made = _prepared("POST", "http://x/a", {"Accept": "one", "accept": "two", "content-length": "7"}, b"abc")
    assert sorted(made.headers.items()) == [("Content-Length", "3"), ("accept", "two")]


@pytest.mark.parametrize("headers", [{"A": "x\r\nB: y"}, {"A": "x\ny"}, {"A\r\nB": "x"}, {"": "x"}, {"A ": "x"}])
def test_a_header_is_one_line_or_nothing_is_sent(headers: dict[str, str]) -> None:
    with Scripted(js({})) as server:
        with pytest.raises(ValueError, match="cannot be sent"):
            Transport(Limits()).send("GET", f"{server.url}/a", headers, None)
        assert server.asked == []
