"""``single``: everything comes in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.spec import BOOLEAN, Field, Spec
from connector.incoming.paging.base import Page, PageRequest


class Single:
    """One page."""

    spec: ClassVar[Spec] = Spec(
        "single",
        "One answer",
        "The listing comes in one answer.",
        {
            "only_first": Field(
                BOOLEAN,
                "The first page is all that is wanted: what the source has besides is left out, and not missing.",
                default=False,
            ),
        },
    )

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:  # noqa: ARG003 - there is nothing to declare
        """Nothing to know."""
        return cls()

    def first(self) -> PageRequest:
        """The only one."""
        return PageRequest()

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:  # noqa: ARG002 - the protocol's words
        """There is no next."""
        return None
