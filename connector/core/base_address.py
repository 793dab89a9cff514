"""What a base URL may be: http or https, a host, perhaps a port and a path. Nothing else has a place in it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

_BEGINS = re.compile(r"https?://(?:\$\{|[^/?#\s])", re.IGNORECASE)
_USER = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?/{0,2}[^/?#\s]*@")
_LONGEST_LABEL = 63


class AddressFault(Struct, frozen=True):
    """What is wrong; ``message`` goes on after the address or what it is called, and never quotes it.

    Attributes:
        secret: what is wrong is that it holds what may be one.
    """

    message: str
    hint: str
    secret: bool = False


def address_fault(text: str) -> AddressFault | None:
    """Why no client can begin its requests with it; None: it can."""
    plain = text.strip()
    if _USER.match(plain):
        hint = 'Take them out, and write "auth": { "type": "basic", "username": …, "password": "${NAME}" }.'
        return AddressFault("holds a user name or a password", hint, secret=True)
    if not _BEGINS.match(plain):
        return AddressFault("is no address of a server", "It begins with https:// or http:// and a host.")
    if re.search(r"\s", plain):
        return AddressFault("has a blank in it", "Take it out; in a path write %20 for it.")
    if re.search(r"[?#]", plain):
        return AddressFault("goes on after its path", "Put what stands behind the ? into `query` of the incoming.")
    return _of_server(plain)


def _of_server(plain: str) -> AddressFault | None:
    try:
        parts = urlsplit(plain)
        host = parts.hostname or ""
    except ValueError:
        return AddressFault("is no address of a server", "Its host cannot be read: https://shop.example.com.")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        return AddressFault("has a port that there is not", "A port is a number from 1 to 65535.")
    labels = host.removesuffix(".").split(".")
    if ":" not in host and any(not one or len(one) > _LONGEST_LABEL for one in labels):
        return AddressFault("is no address of a server", "A part between two dots of its host is empty or too long.")
    return None
