"""Which addresses belong to the public internet."""

from __future__ import annotations

import pytest

from connector.clients.addresses import is_inside, is_public

PRIVATE = "0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.0.3 169.254.169.254 172.16.0.1 172.31.255.255 192.0.2.1"
PRIVATE += " 192.168.0.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255"
PRIVATE += " :: ::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1"
PRIVATE += " 2002:7f00:1::1 2002:a00:1::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe ::7f00:1 100::1"
PUBLIC = "8.8.8.8 93.184.215.14 172.32.0.1 100.128.0.1 2606:2800:21f:cb07:6820:80da:af6b:8b2c ::ffff:8.8.8.8"
PUBLIC += " 64:ff9b::808:808 2002:808:808::1"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_what_is_behind_us_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert is_inside(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)
    assert not is_inside(address)


def test_names_of_this_machine_are_inside() -> None:
    assert [one for one in ("localhost", "LOCALHOST.", "a.localhost", "cdn.example") if is_inside(one)] == [
        "localhost",
        "LOCALHOST.",
        "a.localhost",
    ]
