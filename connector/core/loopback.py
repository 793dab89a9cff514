"""Whether an address is this very machine, where what is sent meets nobody on its way."""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine by name; of what is no URL, not."""
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False
