"""``token``: each answer gives a token, and the next request gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import jmespath

from connector.core.errors import PagingError
from connector.core.jsonio import Json, type_name
from connector.core.numbers import Number
from connector.core.spec import HEADER, JMESPATH, TEXT, Field, Spec
from connector.incoming.paging.base import Page, PageRequest


class Token:
    """Goes on until there is no token. An empty page with a token goes on."""

    spec: ClassVar[Spec] = Spec(
        "token",
        "Token of the next page",
        "Gives back the token that each answer has for the next page: as it is, it means something to the source only.",
        {
            "token": Field(JMESPATH, "Where an answer has the token.", example="meta.next_token"),
            "token_header": Field(HEADER, "The header of an answer that is the token instead.", example="X-Next-Token"),
            "token_param": Field(
                TEXT,
                "Name of the parameter for it; `/a/b` is a place in the body.",
                required=True,
                example="page_token",
            ),
            "more": Field(
                JMESPATH,
                "Where an answer says whether there are more: the end is where it is not true, whatever the token.",
                example="pageInfo.hasNextPage",
            ),
        },
        rules={"oneOf": [{"required": ["token"]}, {"required": ["token_header"]}]},
    )

    def __init__(self, config: Mapping[str, Json]) -> None:
        self._path = str(config.get("token", ""))
        self._find = jmespath.compile(self._path) if self._path else None
        self._header = str(config.get("token_header", "")).lower()
        self._param = str(config["token_param"])
        self._more = jmespath.compile(str(config["more"])) if "more" in config else None

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From where the token is, and where it goes."""
        return cls(config)

    def first(self) -> PageRequest:
        """The declared request."""
        return PageRequest()

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:  # noqa: ARG002 - the protocol's words
        """The token, if there is one.

        Raises:
            PagingError: what is there is neither text nor number.
        """
        if self._more is not None and self._more.search(page.body) is not True:
            return None
        token = self._find.search(page.body) if self._find else page.headers.get(self._header)
        if token is None or token is False or token == "":
            return None
        if isinstance(token, bool) or not isinstance(token, str | Number):
            message = f"{self._path} holds {type_name(token)} instead of a token"
            raise PagingError(message, hint="Correct pagination.token.")
        return PageRequest({self._param: token})
