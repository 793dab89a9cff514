"""The sending half of a connection: a small body goes out with its head, and each line of a head is made once.

A packet and a system call less a request; each system call lets go of the interpreter, which another thread then has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from urllib3.connection import HTTPConnection

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS = re.compile(r"[\r\n\0]")
SMALL = 65536
"""Bytes of a body that is copied behind its head."""


class OnePacket(HTTPConnection):
    """To be mixed into a connection of urllib3; the head must hold the body's length."""

    _body = b""

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        """As the base, but the body waits for the head."""
        self._body = body or b""
        super().request(method, url, None, headers, **options)

    def putheader(self, header: Any, *values: Any) -> None:
        """The same few lines again and again: checked and encoded once each."""
        if len(values) == 1 and isinstance(header, str) and isinstance(values[0], str):
            self._output(_line(header, values[0]))  # type: ignore[attr-defined]
        else:  # the host at its scheme's own port comes as bytes
            super().putheader(header, *values)

    def send(self, data: Any) -> None:
        """The head, and what has waited for it."""
        body, self._body = self._body, b""
        if len(body) <= SMALL:
            super().send(data + body)
        else:
            super().send(data)
            super().send(body)


@lru_cache(maxsize=256)
def _line(name: str, value: str) -> bytes:
    """A line of the head.

    Raises:
        ValueError: it would be more than one line, or no header's name; the value is not shown, it may be a secret.
    """
    if not _NAME.fullmatch(name) or _BREAKS.search(value):
        raise ValueError(f"the header {name!r} cannot be sent")
    return f"{name}: {value}".encode("latin-1")
