"""Log-ins that go wrong: bad moments, wrong clocks, tokens that nobody takes (cases 1 to 5)."""

from __future__ import annotations

import time

import pytest

from connector.clients.request import Request
from connector.core.errors import AnswerLost, AuthRefused, ClientError
from connector.sandbox.http import Response
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.rig import at_once, ibexa_client
from tests.integration.clients.scripted import Scripted, js

LISTING = Request("GET", "/content/sections")


class Ahead:
    """A clock that can be set forward; it never sleeps."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> object:
        from datetime import UTC, datetime, timedelta

        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


def test_a_token_that_ends_between_pages_is_renewed_before_with_one_log_in() -> None:
    clock = Ahead()
    with IbexaSandbox(login_seconds=0.05, token_ttl=300, clock=lambda: time.time() + clock.ahead) as sandbox:
        http = ibexa_client(sandbox.url, max_in_flight=16, clock=clock)
        for page in range(1, 6):
            assert at_once(16, lambda _: http.send(LISTING).status) == [200] * 16
            assert sandbox.book.snapshot()["logins"] == page
            clock.ahead += 250
        assert "401" not in sandbox.book.snapshot()["statuses"]


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_server_whose_clock_is_wrong_is_no_reason_to_log_in_again(minutes: int) -> None:
    with IbexaSandbox(login_seconds=0, clock=lambda: time.time() + minutes * 60) as sandbox:
        http = ibexa_client(sandbox.url)
        for _ in range(20):
            assert http.send(LISTING).status == 200
        book = sandbox.book.snapshot()
    assert (book["logins"], "401" in book["statuses"]) == (1, False)


@pytest.mark.parametrize("status", [429, 503])
def test_a_log_in_that_is_put_off_is_repeated(status: int) -> None:
    with IbexaSandbox(login_seconds=0) as sandbox:
        sandbox.faults.add({"match": {"op": "token.create"}, "when": {"times": 2}, "do": {"status": status}})
        assert ibexa_client(sandbox.url).send(LISTING).status == 200
        assert sandbox.book.snapshot()["requests"]["by_op"]["token.create"] == 3


@pytest.mark.parametrize("do", [{"hang_seconds": 1}, {"cut": "before"}, {"status": 503}, {"html": True}])
def test_a_log_in_that_never_comes_through_ends_in_an_error_without_the_password(do: dict[str, object]) -> None:
    with IbexaSandbox(login_seconds=0, password="pass-canary-99") as sandbox:
        sandbox.faults.add({"match": {"op": "token.create"}, "do": do})
        config = {"timeout": {"read": "100ms", "total": "200ms"}, "retry": {"max_attempts": 2, "first_wait": "1ms"}}
        with pytest.raises(ClientError) as caught:
            ibexa_client(sandbox.url, password="pass-canary-99", **config).send(LISTING)
        assert "canary" not in repr(caught.value.problem())
        assert sandbox.book.snapshot()["requests"]["by_op"]["token.create"] <= 2


def test_a_fresh_token_that_is_refused_ends_the_run_and_not_in_a_loop() -> None:
    """A proxy that drops the Authorization header: whatever the token, the firewall sees none."""

    def answer(request: object) -> Response:
        path = getattr(request, "path", "")
        if path.endswith("/user/token/jwt"):
            return js({"JWT": {"token": f"t-{len(server.asked)}"}})
        return js({"code": 401, "message": "JWT Token not found"}, 401, WWW_Authenticate="Bearer")

    with Scripted(answer) as server:
        http = ibexa_client(server.url)
        with pytest.raises(AuthRefused, match="token that it gave out itself") as caught:
            http.send(Request("POST", "/content/objects", body=b"{}"))
        assert "proxy" in caught.value.hint
        assert len(server.asked) <= 8


def test_a_log_in_whose_answer_is_lost_is_no_lost_write() -> None:
    with IbexaSandbox(login_seconds=0) as sandbox:
        sandbox.faults.add({"match": {"op": "token.create"}, "when": {"times": 1}, "do": {"cut": "after"}})
        assert ibexa_client(sandbox.url).send(LISTING).status == 200
        sandbox.faults.add({"match": {"op": "section.create"}, "when": {"times": 1}, "do": {"cut": "after"}})
        body = b'{"SectionInput": {"identifier": "a", "name": "A"}}'
        headers = {"Content-Type": "application/vnd.ibexa.api.SectionInput+json"}
        with pytest.raises(AnswerLost):
            ibexa_client(sandbox.url).send(Request("POST", "/content/sections", headers=headers, body=body))
        assert sandbox.book.snapshot()["requests"]["by_op"]["section.create"] == 1
