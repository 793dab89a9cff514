"""What every way of authentication answers: which headers to send, and whether a refused request may be tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Protocol, Self

from connector.clients.request import Request, Response
from connector.core.jsonio import Json
from connector.core.protocols import Clock
from connector.core.spec import Spec

SendPlain = Callable[[Request], Response]
"""Sends a request of the log-in itself: without credentials, with the client's retries."""


class Auth(Protocol):
    """One client's credentials. Shared by all its threads."""

    spec: ClassVar[Spec]

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:
        """From the declaration; nothing is sent yet."""
        ...

    def headers(self) -> Mapping[str, str]:
        """To be added to a request to the own origin; may log in first.

        Raises:
            AuthRefused: the credentials are wrong.
            ClientError: the log-in did not get through.
        """
        ...

    def renew(self, response: Response, used: Mapping[str, str]) -> bool:
        """After a 401: True when new credentials are there and the request is worth one more try."""
        ...

    @property
    def user(self) -> str:
        """Who we are, for people; empty when the credentials do not say."""
        ...
