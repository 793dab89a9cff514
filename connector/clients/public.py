"""Where a download may lead: a host is looked up once, and only a public address of it is connected to.

What data says must not reach this machine or a network behind it. The address that was judged is the one that is
connected to, so a name that answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from connector.clients.addresses import is_public

MayBePrivate = Callable[[str, int], bool]
"""Whether a host (small letters) at a port may be fetched from at any address."""


class NotPublic(NewConnectionError):
    """Every address of the host is of this machine, of a private network or reserved; nothing was connected to."""


class Public(HTTPConnection):
    """To be mixed into a connection of urllib3."""

    may_be_private: MayBePrivate

    def _new_conn(self) -> socket.socket:
        """A socket connected to a public address of the host.

        Raises:
            NotPublic: it has none.
            NewConnectionError, ConnectTimeoutError: as the base.
        """
        port = self.port or 0
        if type(self).may_be_private(self.host.lower(), port):
            return super()._new_conn()
        try:
            rows = socket.getaddrinfo(self._dns_host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except UnicodeError:
            raise NewConnectionError(self, "unknown host: it is no name") from None
        public = [place for place in dict.fromkeys(str(row[4][0]) for row in rows) if is_public(place)]
        if not public:
            raise NotPublic(self, "the host has no public address")
        return self._first_of(public)

    def _first_of(self, places: list[str]) -> socket.socket:
        name = self._dns_host
        try:
            for number, place in enumerate(places, 1):
                self._dns_host = place  # the host that TLS and the server are told is set again below
                try:
                    return super()._new_conn()
                except (NewConnectionError, ConnectTimeoutError):
                    if number == len(places):
                        raise
        finally:
            self._dns_host = name
        raise AssertionError("there is at least one place")
