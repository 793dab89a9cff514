"""A system that asks to wait: who asks it again, and when. The server's book of arrivals is the judge."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from connector.clients import HttpClient
from connector.clients.request import Request, Response
from connector.clients.retry import RetryPolicy, retry_after
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import RateLimited, Unreachable
from connector.core.services import Services
from connector.sandbox.http import Response as Answer
from tests.integration.clients.scripted import Scripted, js

QUICK = {"max_attempts": 3, "first_wait": "1ms", "max_wait": "2ms"}


def client(url: str, **config: Any) -> HttpClient:
    services = Services(Path(), lambda name: None, SystemClock(), StopEvent())
    return HttpClient.build("pim", {"base_url": url, "max_in_flight": 16, "retry": QUICK, **config}, services)


class Book:
    """Refuses the first ``together`` requests at once, when all are there, and then ``more`` single ones."""

    def __init__(self, together: int, more: int, asked: str) -> None:
        self.together, self.refusing, self.asked = together, together + more, asked
        self.arrived: list[float] = []
        self.refused: list[float] = []
        self._all_there = threading.Barrier(together)
        self._lock = threading.Lock()

    def __call__(self, _: Any) -> Answer:
        with self._lock:
            self.arrived.append(time.monotonic())
            number = len(self.arrived)
        if number <= self.together:
            self._all_there.wait(20)
        if number > self.refusing:
            return js({})
        with self._lock:
            self.refused.append(time.monotonic())
        return js({}, 429, Retry_After=self.asked)


def send_all(http: HttpClient, workers: int, method: str = "GET") -> list[Future[Response]]:
    with ThreadPoolExecutor(workers) as pool:
        return [pool.submit(http.send, Request(method, "/a", body=b"{}")) for _ in range(workers)]


@pytest.mark.parametrize("in_flight", [16, 4])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sixteen_workers_ask_once_a_window_and_never_before_the_time(in_flight: int, method: str) -> None:
    book = Book(together=in_flight, more=4, asked="0.2")
    with Scripted(book) as server:
        answers = send_all(client(server.url, max_in_flight=in_flight), 16, method)
    assert [answer.result().status for answer in answers] == [200] * 16
    storm, later = in_flight, book.arrived[in_flight:]
    assert len(book.arrived) == storm + 4 + 16, "what was refused, one request for each window, and each one's own"
    assert later[0] - book.refused[storm - 1] >= 0.2
    for number in range(1, 5):
        assert later[number] - book.refused[storm + number - 1] >= 0.2, f"window {number}"


def test_a_good_answer_to_an_earlier_request_does_not_open_the_gate() -> None:
    arrived: list[float] = []
    both, refused = threading.Barrier(2), threading.Event()

    def answer(request: Any) -> Answer:
        arrived.append(time.monotonic())
        if len(arrived) > 2:
            return js({})
        both.wait(20)
        if request.path == "/refused":
            return js({}, 429, Retry_After="0.4")
        refused.wait(20)
        return js({})

    with Scripted(answer) as server:
        http = client(server.url)
        with ThreadPoolExecutor(2) as pool:
            again = pool.submit(http.send, Request("GET", "/refused"))
            early = pool.submit(http.send, Request("GET", "/well"))
            both_in = time.monotonic()
            while http._gate._closed_until is None and time.monotonic() < both_in + 20:
                time.sleep(0.005)
            closed = time.monotonic()
            refused.set()
            assert early.result(20).status == 200
            assert http.send(Request("GET", "/third")).status == 200
            assert again.result(20).status == 200
    assert arrived[2] - closed >= 0.3


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        ({"Retry_After": "0.3"}, 0.3),
        ({"Retry_After": "in two seconds"}, 1.0),  # as a date, which has whole seconds
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),  # past
        ({"Retry_After": "-5"}, 0.0),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "soon"}, 0.0),
        ({"Retry_After": "nan"}, 0.0),
        ({"Retry_After": ""}, 0.0),
        ({}, 0.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_all_its_forms(headers: dict[str, str], least: float, status: int) -> None:
    arrived: list[float] = []
    if headers.get("Retry_After") == "in two seconds":
        headers = {"Retry_After": formatdate(time.time() + 2, usegmt=True)}

    def answer(_: Any) -> Answer:
        arrived.append(time.monotonic())
        return js({}, status, **headers) if len(arrived) == 1 else js({})

    with Scripted(answer) as server:
        assert client(server.url).send(Request("GET", "/a")).status == 200
    assert len(arrived) == 2
    assert arrived[1] - arrived[0] >= least


def test_a_date_is_counted_from_the_clock_of_the_server() -> None:
    headers = {"date": "Wed, 21 Oct 2015 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"}
    assert retry_after(Response(429, headers, b"", "http://x", 0.0)) == 30.0


@pytest.mark.parametrize("value", ["1e9", "99999999", "999999999999", "Wed, 21 Oct 2099 07:28:00 GMT", "121"])
def test_a_wait_beyond_the_limit_is_not_waited_for_and_nobody_asks_before(value: str) -> None:
    with Scripted(js({}, 429, Retry_After=value), js({})) as server:
        http = client(server.url)
        with pytest.raises(RateLimited, match=r"pim is rate limited until 20\d\d-.*Z"):
            http.send(Request("GET", "/a"))
        for answer in send_all(http, 16):
            assert isinstance(answer.exception(), RateLimited)
        assert len(server.asked) == 1


def test_a_system_that_refuses_without_end_is_asked_for_max_elapsed_only() -> None:
    retry = {**QUICK, "max_attempts": 20, "max_wait": "20ms", "max_elapsed": "300ms"}
    with Scripted(js({}, 429)) as server, pytest.raises(RateLimited):
        client(server.url, retry=retry).send(Request("GET", "/a"))


def test_no_connection_is_tried_for_max_elapsed_only() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable):
        client(url, retry={"max_attempts": 20, "first_wait": "100ms", "max_wait": "1h", "max_elapsed": "200ms"}).send(
            Request("GET", "/a")
        )


def test_one_attempt_means_one_request() -> None:
    with Scripted(js({}, 429, Retry_After="0"), js({})) as server:
        with pytest.raises(RateLimited):
            client(server.url, retry={"max_attempts": 1}).send(Request("GET", "/a"))
        assert len(server.asked) == 1


def test_waits_are_drawn_from_nothing_to_a_limit_that_doubles() -> None:
    drawn: list[tuple[float, float]] = []
    policy = RetryPolicy(first_wait=1.0, max_wait=5.0)

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    for attempt in (1, 2, 3, 4, 99):
        policy.wait(attempt, draw)
    assert drawn == [(0.0, 1.0), (0.0, 2.0), (0.0, 4.0), (0.0, 5.0), (0.0, 5.0)]
