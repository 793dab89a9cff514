"""What is said of a link that leads away names what differs."""

from __future__ import annotations

import pytest

from connector.clients.origin import resolve_link
from connector.core.errors import OriginRefused


def test_a_port_that_is_all_that_differs_is_said() -> None:
    with pytest.raises(OriginRefused, match="the link to https://pim.example:8443/x is not followed"):
        resolve_link("https://pim.example:8443/x?token=1", "https://pim.example/y", "https://pim.example:443")
