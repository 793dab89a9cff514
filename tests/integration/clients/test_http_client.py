"""The HTTP client over real sockets: what it repeats, what it refuses, and where credentials never go."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import (
    AnswerLost,
    AnswerTooLarge,
    BadAnswer,
    ConfigError,
    OriginRefused,
    RecordError,
    Stopped,
    Unreachable,
)
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.sandbox.http import Response
from tests.integration.clients.scripted import Scripted, js

LOG: list[Any] = []
QUICK = {"max_attempts": 3, "first_wait": "10ms", "max_wait": "20ms"}
TOKEN = "tok-4711-canary"


def services(stop: StopEvent | None = None) -> Services:
    return Services(Path(), lambda name: None, SystemClock(), StopEvent() if stop is None else stop, LOG.append)


def client(url: str, **config: Any) -> HttpClient:
    auth = {"type": "bearer", "token": Secret(TOKEN)}
    return HttpClient.build("pim", {"base_url": url, "auth": auth, "retry": QUICK, **config}, services())


def test_fifty_requests_use_one_connection_and_carry_the_credentials() -> None:
    with Scripted(js({"ok": True})) as server:
        http = client(server.url)
        for _ in range(50):
            assert http.send(Request("GET", "/a")).json() == {"ok": True}
        assert server.connections == 1
        assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_read_is_repeated_and_a_write_is_sent_once() -> None:
    for method, expected in (("GET", 3), ("POST", 1)):
        with Scripted(js({}, 503)) as server:
            assert client(server.url).send(Request(method, "/a", body=b"{}")).status == 503
            assert len(server.asked) == expected


def test_a_write_whose_answer_is_cut_is_sent_once_and_reported_as_lost() -> None:
    with Scripted(Response(200, [], b"", cut="before")) as server:
        with pytest.raises(AnswerLost):
            client(server.url).send(Request("POST", "/a", body=b"{}"))
        assert len(server.asked) == 1


def test_a_body_cut_half_way_is_lost_not_short() -> None:
    with Scripted(Response(200, [("Content-Type", "application/json")], b'{"a": 1}' * 99, cut="partial")) as server:
        with pytest.raises(AnswerLost):
            client(server.url, retry={"max_attempts": 1}).send(Request("GET", "/a"))


def test_a_refused_connection_was_not_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        client(f"http://127.0.0.1:{port}").send(Request("POST", "/a", body=b"{}"))


def test_an_unknown_host_says_so() -> None:
    with pytest.raises(Unreachable, match="unknown host"):
        client("http://no-such-host.invalid", retry={"max_attempts": 1}).send(Request("GET", "/a"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_429_is_waited_for_and_repeated_whatever_the_method(method: str) -> None:
    with Scripted(js({}, 429, Retry_After="0.2"), js({"ok": 1})) as server:
        started = time.monotonic()
        assert client(server.url).send(Request(method, "/a", body=b"{}")).status == 200
        assert time.monotonic() - started >= 0.2
        assert len(server.asked) == 2


def test_a_redirect_of_a_read_is_followed_on_the_own_host_only() -> None:
    with Scripted(js({"stolen": True})) as thief, Scripted(js({}, 302, Location=f"{thief.url}/steal")) as server:
        with pytest.raises(OriginRefused, match="leaves"):
            client(server.url).send(Request("GET", "/a"))
        assert thief.asked == []
    with Scripted(js({}, 307, Location="/b"), js({"here": 1})) as server:
        assert client(server.url).send(Request("GET", "/a")).json() == {"here": 1}
        assert server.asked[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_redirect_of_a_write_is_an_answer_not_an_order() -> None:
    with Scripted(js({}, 301, Location="/b")) as server:
        assert client(server.url).send(Request("POST", "/a", body=b"{}")).status == 301
        assert len(server.asked) == 1


def test_a_redirect_without_end_ends() -> None:
    with Scripted(js({}, 302, Location="/a")) as server:
        with pytest.raises(BadAnswer, match="without end"):
            client(server.url).send(Request("GET", "/a"))
        assert len(server.asked) <= 7


LINKS = [
    "//evil.example/a",
    "http://127.0.0.1:1/a",
    "https://{host}/a",
    "http://user@{host}/a",
    "http:\\\\evil",
    "",
    "a\nb",
]


@pytest.mark.parametrize("link", [*LINKS, "ftp://{host}/a", "http://127.0.0.1.evil.example/", "javascript:alert(1)"])
def test_a_link_that_leads_elsewhere_is_refused_before_anything_is_sent(link: str) -> None:
    with Scripted(js({})) as server:
        host = server.url.removeprefix("http://")
        with pytest.raises(OriginRefused):
            client(server.url).send(Request("GET", link=link.format(host=host) or " "))
        assert server.asked == []


def test_a_gzip_bomb_is_refused_at_the_limit() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    with Scripted(Response(200, [("Content-Encoding", "gzip")], bomb)) as server, pytest.raises(AnswerTooLarge):
        client(server.url, max_body="1MiB").send(Request("GET", "/a"))


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "gzip,deflate"])
def test_codings_that_were_not_asked_for_are_refused(coding: str) -> None:
    twice = gzip.compress(gzip.compress(b"0" * 1000))
    with Scripted(Response(200, [("Content-Encoding", coding)], twice)) as server, pytest.raises(BadAnswer):
        client(server.url).send(Request("GET", "/a"))


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("", bytes)])
def test_honest_codings_are_read(coding: str, pack: Callable[[bytes], bytes]) -> None:
    body = b'{"text": "' + b"abc " * 5000 + b'"}'
    with Scripted(Response(200, [("Content-Encoding", coding)] if coding else [], pack(body))) as server:
        assert client(server.url).send(Request("GET", "/a")).body == body


def test_a_trickle_ends_at_the_total_time_out() -> None:
    with Scripted(Response(200, [], b"x" * 10_000, trickle_bytes_per_second=100)) as server:
        started = time.monotonic()
        http = client(server.url, timeout={"read": "5s", "total": "600ms"}, retry={"max_attempts": 1})
        with pytest.raises(AnswerLost):
            http.send(Request("GET", "/a"))
        assert time.monotonic() - started < 3


BODIES = [
    b"",
    b"<html>log in</html>",
    b'{"a": 1, "a": 2}',
    b'{"a": NaN}',
    b'{"a": 1e9999}',
    b'{"a": "\\ud800"}',
    b"\xff{}",
]


@pytest.mark.parametrize("body", [*BODIES, b'{"a": ', b"[" * 5000 + b"]" * 5000, b'{"a": ' + b"9" * 6000 + b"}"])
def test_an_answer_that_is_no_strict_json_is_a_bad_answer(body: bytes) -> None:
    with Scripted(Response(200, [("Content-Type", "text/html")], body)) as server:
        with pytest.raises(BadAnswer, match="answered 200"):
            client(server.url).send(Request("GET", "/a")).json()


def test_big_numbers_and_decimals_are_kept_as_they_are() -> None:
    with Scripted(Response(200, [], b'{"id": 123456789012345678901234567890, "price": 0.1}')) as server:
        assert client(server.url).send(Request("GET", "/a")).json() == {
            "id": 123456789012345678901234567890,
            "price": 0.1,
        }


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "emoji 🌲"])
def test_header_values_that_could_split_a_request_are_refused(value: str) -> None:
    with Scripted(js({})) as server:
        with pytest.raises(RecordError):
            client(server.url).send(Request("GET", "/a", headers={"X-Thing": value}))
        assert server.asked == []


def test_query_values_are_encoded_whatever_they_hold() -> None:
    with Scripted(js({})) as server:
        client(server.url).send(Request("GET", "/a", query=(("q", "a&b=c#d æ 🌲/.."),)))
        assert server.asked[0].query == [("q", "a&b=c#d æ 🌲/..")]


def test_no_secret_reaches_the_request_log_or_an_error() -> None:
    LOG.clear()
    echo = Response(500, [("Content-Type", "application/json")], f'{{"message": "bad token {TOKEN}"}}'.encode())
    with Scripted(echo) as server:
        http = client(server.url, request_log="full", headers={"X-Key": "abc"}, retry={"max_attempts": 1})
        response = http.send(Request("GET", "/a", query=(("token", TOKEN),)))
        assert response.status == 500
    assert len(LOG) == 1
    assert TOKEN not in str(LOG)
    assert LOG[0]["status"] == 500


def test_asked_to_stop_a_waiting_client_does_not_wait_on() -> None:
    stop = StopEvent()
    with Scripted(js({}, 503)) as server:
        config = {"base_url": server.url, "retry": {"max_attempts": 5, "first_wait": "30s", "max_wait": "60s"}}
        http = HttpClient.build("pim", config, services(stop))
        threading.Timer(0.3, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Stopped):
            for _ in range(50):
                http.send(Request("GET", "/a"))
        assert time.monotonic() - started < 10


def test_a_rate_limit_holds() -> None:
    with Scripted(js({})) as server:
        http = client(server.url, rate_limit={"requests": 5, "per": "500ms"}, max_in_flight=8)
        started = time.monotonic()
        threads = [threading.Thread(target=http.send, args=(Request("GET", "/a"),)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started >= 0.9


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://", "http://user:pw@x", "http://x?a=1", "http://x#f"])
def test_base_urls_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        client(url)
    assert "pw" not in str(caught.value)
