"""Credentials that are the same for every request: none, bearer token, HTTP Basic, API key."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import ClassVar, Self

from connector.clients.auth.base import SendPlain
from connector.clients.request import Response
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.protocols import Clock
from connector.core.secrets import Secret, redactor
from connector.core.spec import HEADER, TEXT, Field, Spec


class _Fixed:
    """Headers that never change and cannot be renewed."""

    def __init__(self, headers: Mapping[str, str], user: str = "") -> None:
        for name, value in headers.items():
            if not all(31 < ord(char) < 256 and ord(char) != 127 for char in value):
                hint = "Is there a line break or a character from elsewhere in its variable or file?"
                raise ConfigError(f"the credentials for {name} hold what no header can", hint=hint)
        self._headers = headers
        self.user = user

    def headers(self) -> Mapping[str, str]:
        """The same every time."""
        return self._headers

    def renew(self, response: Response, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - the protocol's words
        """There is nothing to renew."""
        return False


class NoAuth(_Fixed):
    """A system that asks for nothing."""

    spec: ClassVar[Spec] = Spec("none", "No authentication", "For systems that ask for none.")

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:  # noqa: ARG003
        """Nothing to know."""
        return cls({})


class Bearer(_Fixed):
    """A fixed token in the Authorization header."""

    spec: ClassVar[Spec] = Spec(
        "bearer",
        "Bearer token",
        "A token that was given out once, sent as `Authorization: Bearer …`.",
        {"token": Field(TEXT, "The token.", required=True, secret=True, example="${PIM_TOKEN}")},
    )

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:  # noqa: ARG003
        """From the token."""
        return cls({"Authorization": f"Bearer {_reveal(config['token'])}"})


class Basic(_Fixed):
    """User name and password in the Authorization header."""

    spec: ClassVar[Spec] = Spec(
        "basic",
        "HTTP Basic",
        "User name and password with every request.",
        {
            "username": Field(
                {"type": "string"},
                "The user name; empty where a token is the password.",
                required=True,
                example="${ERP_USER}",
            ),
            "password": Field(TEXT, "The password.", required=True, secret=True, example="${ERP_PASSWORD}"),
        },
    )

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:  # noqa: ARG003
        """From user name and password."""
        user, password = str(config["username"]), _reveal(config["password"])
        redactor.add_pair(user, password)
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return cls({"Authorization": f"Basic {pair}"}, user)


class ApiKey(_Fixed):
    """A key in a header of its own."""

    spec: ClassVar[Spec] = Spec(
        "api_key",
        "API key",
        "A key in a header that the system names.",
        {
            "header": Field(HEADER, "The header's name.", default="X-Api-Key", example="X-Api-Key"),
            "key": Field(TEXT, "The key.", required=True, secret=True, example="${SHOP_KEY}"),
        },
    )

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:  # noqa: ARG003
        """From header and key."""
        return cls({str(cls.spec.filled(config)["header"]): _reveal(config["key"])})


def _reveal(value: Json) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)
