"""What a paginator is: pure answers to "what first" and "what next". The next request is the position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from connector.core.jsonio import Json
from connector.core.spec import Spec


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What to ask for one page: query parameters over the declared ones, or a link that the last page gave."""

    query: Mapping[str, Json] = field(default_factory=dict)
    link: str = ""

    def as_json(self) -> dict[str, Json]:
        """For the checkpoint."""
        return {"link": self.link} if self.link else {"query": dict(self.query)}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> PageRequest:
        """From the checkpoint."""
        return cls(query=value.get("query", {}), link=str(value.get("link", "")))


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the whole answer, the records in it, how many there are in all, and its bytes, if known."""

    body: Json
    records: list[Json]
    total: int | None = None
    size: int | None = None


class Paginator(Protocol):
    """One way of paging. Has no state."""

    spec: ClassVar[Spec]

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From the declaration."""
        ...

    def first(self) -> PageRequest:
        """What to ask first."""
        ...

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """What to ask after this page; None: it was the last."""
        ...
