"""A transport that is kept to public addresses, over real sockets; names are ours to answer."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.clients.transport import Limits, Transport
from connector.core.errors import AddressRefused, Unreachable
from tests.integration.clients.scripted import Scripted, js
from tests.tls import Authority, Tls

Names = Callable[[dict[str, list[str]]], None]


def nobody(_host: str, _port: int) -> bool:
    return False


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Says what names lead to; public addresses lead to this machine, where the servers are."""
    real = socket.getaddrinfo

    def answering(known: dict[str, list[str]]) -> None:
        def look_up(host: Any, port: Any, *given: Any, **named: Any) -> Any:
            if host in known:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known[host]]
            return real("127.0.0.1" if str(host).startswith("8.") else host, port, *given, **named)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return answering


def test_over_tls_the_certificate_is_still_that_of_the_name(names: Names, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    names({"cdn.example": ["8.8.8.8"], "other.example": ["8.8.8.8"]})
    with Scripted(js({"ok": True})) as server, Tls(server.url, authority.context("cdn.example")) as tls:
        port = tls.url.rpartition(":")[2]
        wire = Transport(Limits(), verify=str(authority.file), may_be_private=nobody)
        assert wire.send("GET", f"https://cdn.example:{port}/a", {}, None).status == 200
        assert server.asked[0].headers["host"] == f"cdn.example:{port}"
        with pytest.raises(Unreachable, match="no trusted TLS connection"):
            wire.send("GET", f"https://other.example:{port}/a", {}, None)


def test_nothing_is_connected_to_at_a_private_address(names: Names) -> None:
    names({"cdn.example": ["127.0.0.1", "10.0.0.1"]})
    with Scripted(js({})) as server:
        port = server.url.rpartition(":")[2]
        wire = Transport(Limits(), may_be_private=nobody)
        for host in ("cdn.example", "127.0.0.1", "localhost"):
            with pytest.raises(AddressRefused, match="private network"):
                wire.send("GET", f"http://{host}:{port}/a", {}, None)
        assert server.connections == 0


def test_an_address_that_does_not_answer_gives_way_to_the_next(names: Names) -> None:
    names({"cdn.example": ["8.8.8.8", "8.8.4.4"], "8.8.8.8": []})
    with Scripted(js({})) as server:
        port = server.url.rpartition(":")[2]
        wire = Transport(Limits(), may_be_private=nobody)
        assert wire.send("GET", f"http://cdn.example:{port}/a", {}, None).status == 200


def test_a_name_that_nobody_knows_is_said_so() -> None:
    with pytest.raises(Unreachable, match="unknown host"):
        Transport(Limits(), may_be_private=nobody).send("GET", "http://nowhere.invalid/a", {}, None)
