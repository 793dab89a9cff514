"""TLS: whom the client trusts, and that what was sent over it is never taken for unsent."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import AnswerLost, ConfigError, Unreachable
from connector.core.services import Services
from tests.faults.raw_server import RawServer
from tests.integration.clients.scripted import Scripted, js
from tests.tls import Authority, Fault, Tls

POST = Request("POST", "/a", body=b"{}")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def client(tmp_path: Path) -> Callable[..., HttpClient]:
    services = Services(tmp_path, lambda name: None, SystemClock(), StopEvent(), lambda entry: None)

    def build(url: str, **config: Any) -> HttpClient:
        return HttpClient.build("pim", {"base_url": url, "retry": {"max_attempts": 1}, **config}, services)

    return build


def test_an_authority_of_ones_own_is_trusted_when_it_is_named(authority: Authority, client: Any) -> None:
    with Scripted(js({"ok": True})) as server, Tls(server.url, authority.context()) as tls:
        http = client(tls.url, ca_file="ca.pem")
        for _ in range(20):
            assert http.send(POST).json() == {"ok": True}
        assert server.connections == 1


def test_an_authority_that_nobody_named_is_not_trusted(authority: Authority, client: Any) -> None:
    with Scripted(js({})) as server, Tls(server.url, authority.context()) as tls:
        with pytest.raises(Unreachable, match="no trusted TLS connection") as told:
            client(tls.url).send(POST)
        assert "ca_file" in told.value.hint
        assert server.asked == []


@pytest.mark.parametrize(("names", "expired", "word"), [(["other.example"], False, "127.0.0.1"), ([], True, "expired")])
def test_a_certificate_of_another_host_or_time_is_said(
    names: list[str], expired: bool, word: str, authority: Authority, client: Any
) -> None:
    with Scripted(js({})) as server, Tls(server.url, authority.context(*names, expired=expired)) as tls:
        with pytest.raises(Unreachable, match=word):
            client(tls.url, ca_file="ca.pem").send(POST)
        assert server.asked == []


def test_a_server_without_tls_is_said(client: Any) -> None:
    with Scripted(js({})) as server:
        with pytest.raises(Unreachable, match="TLS") as told:
            client(server.url.replace("http:", "https:")).send(POST)
        assert "http://" in told.value.hint


@pytest.mark.parametrize("fault", ["garbage", "reset", "cut"])
def test_what_breaks_after_the_request_is_lost_and_not_unsent(fault: Fault, authority: Authority, client: Any) -> None:
    with Scripted(js({})) as server, Tls(server.url, authority.context(), fault) as tls:
        with pytest.raises(AnswerLost):
            client(tls.url, ca_file="ca.pem").send(POST)
        assert len(server.asked) == 1


def test_a_trickle_under_tls_ends_at_the_total_time_out(authority: Authority, client: Any) -> None:
    with RawServer(b"HTTP/1.1 200 OK\r\n", forever=b"X-A: b\r\n", pause=0.05) as raw:
        with Tls(raw.url, authority.context()) as tls:
            began = time.monotonic()
            with pytest.raises(AnswerLost):
                client(tls.url, ca_file="ca.pem", timeout={"read": "5s", "total": "500ms"}).send(Request("GET", "/a"))
            assert time.monotonic() - began < 4


def test_a_file_of_certificates_that_is_none_is_said(tmp_path: Path, client: Any) -> None:
    (tmp_path / "ca.pem").write_text("this is no certificate")
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        client("https://127.0.0.1:9", ca_file="ca.pem").send(POST)
