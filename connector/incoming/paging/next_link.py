"""``next_link``: each answer names the address of the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import jmespath

from connector.core.errors import PagingError
from connector.core.jsonio import Json, type_name
from connector.core.spec import JMESPATH, Field, Spec
from connector.incoming.paging.base import Page, PageRequest


class NextLink:
    """Follows links until there is none. An empty page with a link goes on."""

    spec: ClassVar[Spec] = Spec(
        "next_link",
        "Link to the next page",
        "Follows the address that each answer gives for the next one, on the client's own host only.",
        {"next": Field(JMESPATH, "Where the address is.", required=True, example="_links.next.href")},
    )

    def __init__(self, path: str) -> None:
        self._path = path
        self._find = jmespath.compile(path)

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From where the link is."""
        return cls(str(config["next"]))

    def first(self) -> PageRequest:
        """The declared request."""
        return PageRequest()

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:  # noqa: ARG002 - the protocol's words
        """The link, if there is one.

        Raises:
            PagingError: what is there is no text.
        """
        link = self._find.search(page.body)
        if link in (None, ""):
            return None
        if not isinstance(link, str):
            raise PagingError(
                f"{self._path} holds {type_name(link)} instead of an address", hint="Correct pagination.next."
            )
        return PageRequest(link=link)
