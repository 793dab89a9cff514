"""What a log-in name may be that is sent in a header, and where a base URL may end."""

from __future__ import annotations

import pytest

from connector.clients.ibexa import IbexaClient
from connector.clients.origin import checked_base
from connector.core.errors import ConfigError


@pytest.mark.parametrize("name", ["Łukasz", "a\nb", " anna"])
def test_a_log_in_name_that_no_header_holds_is_told_once_and_not_where_it_is_not_sent(name: str) -> None:
    config = {"base_url": "https://shop.example.com", "auth": {"type": "jwt", "username": name, "password": "${P}"}}
    assert [one.pointer for one in IbexaClient.lint(config, {})] == ["/auth/username"]
    assert IbexaClient.lint({**config, "expect_user": False}, {}) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example:99999",
        "https://a b.example",
        "https://a..example",
        "https://a.example?x=1",
        "https://u@a.example",
    ],
)
def test_an_address_that_no_request_can_begin_with_is_told_before_one_is_sent(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        checked_base(url, where="client pim")
    assert "u@" not in told.value.message


@pytest.mark.parametrize(
    "url", ["https://a.example/api", "http://[::1]:8080", "https://a_b.example.", "https://ø.example"]
)
def test_unusual_addresses_are_right(url: str) -> None:
    assert checked_base(url, where="client pim").startswith(url[:12])
