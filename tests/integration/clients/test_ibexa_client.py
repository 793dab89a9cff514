"""Logging in at Ibexa: once for all workers, again when the token goes bad, never because a permission is missing."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.clients import IbexaClient
from connector.clients.ibexa import normalised
from connector.clients.request import Request
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import AuthRefused, ClientError, ConnectorError
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.sandbox.ibexa import IbexaSandbox
from connector.systems.ibexa.verify import verify
from tests.integration.clients.scripted import Scripted, js

LOG: list[Any] = []


@pytest.fixture(params=["4.6", "5.0"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[IbexaSandbox]:
    with IbexaSandbox(version=request.param, login_seconds=0.1) as running:
        yield running


def client(url: str, password: str = "publish", **config: Any) -> IbexaClient:
    auth = {"type": "jwt", "username": "admin", "password": Secret(password)}
    services = Services(Path(), lambda name: None, SystemClock(), StopEvent(), LOG.append)
    quick = {"max_attempts": 3, "first_wait": "10ms", "max_wait": "20ms"}
    return IbexaClient.build("ibexa", {"base_url": url, "auth": auth, "retry": quick, **config}, services)


def in_threads(http: IbexaClient, request: Request, count: int) -> list[int]:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(http.send(request).status)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_sixteen_workers_log_in_once(sandbox: IbexaSandbox) -> None:
    http = client(sandbox.url, max_in_flight=16)
    assert in_threads(http, Request("GET", "/content/sections"), 16) == [200] * 16
    assert sandbox.book.snapshot()["logins"] == 1


def test_a_token_that_goes_bad_is_replaced_once_and_the_request_sent_again(sandbox: IbexaSandbox) -> None:
    http = client(sandbox.url, max_in_flight=16)
    assert http.send(Request("GET", "/")).status == 200
    sandbox.tokens.revoke_all()
    assert in_threads(http, Request("GET", "/content/sections"), 16) == [200] * 16
    assert sandbox.book.snapshot()["logins"] == 2


def test_a_token_is_renewed_before_it_expires() -> None:
    with IbexaSandbox(login_seconds=0, token_ttl=2.0) as sandbox:
        http = client(sandbox.url)
        http.send(Request("GET", "/"))
        threading.Event().wait(1.75)
        http.send(Request("GET", "/"))
        book = sandbox.book.snapshot()
        assert book["logins"] == 2
        assert "401" not in book["statuses"]


@pytest.mark.parametrize(("status", "refused"), [(500, True), (501, True), (302, True), (502, False), (503, False)])
def test_a_log_in_that_no_task_can_help_is_the_clients_own_trouble(
    sandbox: IbexaSandbox, status: int, *, refused: bool
) -> None:
    """So the real server answers for a siteaccess that it does not know, and any server that is no Ibexa."""
    sandbox.faults.add({"match": {"op": "token.create"}, "do": {"status": status}})
    with pytest.raises(ClientError) as caught:
        client(sandbox.url, siteaccess="adminn").send(Request("GET", "/content/sections"))
    assert isinstance(caught.value, AuthRefused) == refused
    assert f"answered {status}" in caught.value.message
    assert not refused or "siteaccess" in caught.value.hint


def test_a_missing_permission_is_no_reason_to_log_in_again() -> None:
    forbidden = {"ErrorMessage": {"errorCode": 401, "errorDescription": "The User does not have the 'read' permission"}}
    token = js({"JWT": {"token": "abc.def.ghi", "_token": "abc.def.ghi"}})
    with Scripted(token, js(forbidden, 401)) as server:
        http = client(server.url)
        assert http.send(Request("GET", "/a")).status == 401
        assert [request.path.rpartition("/")[2] for request in server.asked] == ["jwt", "a"]


def test_wrong_credentials_are_said_once_and_in_our_own_words(sandbox: IbexaSandbox) -> None:
    http = client(sandbox.url, password="wrong-4711")
    for _ in range(5):
        with pytest.raises(AuthRefused, match="log-in as 'admin' was refused") as caught:
            http.send(Request("GET", "/"))
        assert "wrong-4711" not in str(caught.value) + caught.value.hint
    assert sandbox.book.snapshot()["refused_logins"] == 1, "the account would be locked"


def test_a_log_in_that_fails_for_a_moment_is_repeated(sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "token.create"}, "when": {"times": 2}, "do": {"status": 503}})
    assert client(sandbox.url).send(Request("GET", "/content/sections")).status == 200


def test_a_lost_log_in_is_refused_instead_of_an_empty_shop(sandbox: IbexaSandbox) -> None:
    http = client(sandbox.url)
    http.login()
    request = Request("GET", "/content/sections", headers={"X-Expected-User": "admin"})
    anonymous = IbexaClient.build(
        "anonymous", {"base_url": sandbox.url}, Services(Path(), lambda name: None, SystemClock(), StopEvent())
    )
    assert anonymous.send(request).status == 401


def test_custom_methods_travel_as_post(sandbox: IbexaSandbox) -> None:
    http = client(sandbox.url)
    response = http.send(Request("PUBLISH", "/content/objects/999/versions/1"))
    assert response.status == 404
    assert sandbox.book.snapshot()["writes"]["by_op"] == {"content_version.publish": 1}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://x", "https://x/api/ibexa/v2"),
        ("https://x/", "https://x/api/ibexa/v2"),
        ("https://x/api/ibexa/v2", "https://x/api/ibexa/v2"),
        ("https://x/api/ibexa/v2/", "https://x/api/ibexa/v2"),
        ("https://x/shop", "https://x/shop/api/ibexa/v2"),
    ],
)
def test_the_base_path_is_there_exactly_once(given: str, wanted: str) -> None:
    assert normalised(given) == wanted


def test_password_and_token_are_in_no_log_entry(sandbox: IbexaSandbox) -> None:
    LOG.clear()
    http = client(sandbox.url, request_log="full")
    http.send(Request("GET", "/user/current"))
    with pytest.raises(ConnectorError):
        client(sandbox.url, password="another-4711", request_log="full").send(Request("GET", "/"))
    text = str(LOG)
    assert len(LOG) >= 3
    assert not re.search(r"(?<![A-Za-z_])publish(?![A-Za-z_])", text), "by itself it is a password; in publishDate not"
    assert "another-4711" not in text
    assert "eyJ" not in text, "a token begins so"


def test_basic_where_the_server_takes_none_is_said_and_is_no_matter_of_permissions(sandbox: IbexaSandbox) -> None:
    auth = {"type": "basic", "username": "admin", "password": Secret("publish")}
    http = client(sandbox.url, auth=auth)
    with pytest.raises(AuthRefused, match="did not take the log-in of 'admin'") as found:
        http.send(Request("GET", "/content/sections"))
    assert "Is HTTP Basic switched on for REST" in found.value.hint
    for expects in (True, False):
        with pytest.raises(AuthRefused) as refused:
            verify(client(sandbox.url, auth=auth, expect_user=expects))
        assert "HTTP Basic" in refused.value.hint
        assert "JWT switched" not in refused.value.hint


def test_a_token_that_the_server_gives_and_then_ignores_is_said() -> None:
    changed = js({"ErrorMessage": {"errorCode": 401, "errorDescription": "Expectation failed. User changed."}}, 401)
    with Scripted(js({"JWT": {"_token": "a.b.c", "token": "a.b.c"}}), changed) as server:
        with pytest.raises(AuthRefused, match="did not take the log-in of 'admin'") as found:
            client(server.url).send(Request("GET", "/content/sections"))
    assert "Is JWT switched on" in found.value.hint
