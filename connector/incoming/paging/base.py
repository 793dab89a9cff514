"""What a paginator is: pure answers to "what first" and "what next". The next request is the position."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, Protocol, Self, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import replace

from connector.core.errors import PagingError
from connector.core.jsonio import Json
from connector.core.spec import Spec

KEPT = 500
"""Names of what was read last: they stand in each checkpoint."""


class Moved(PagingError):
    """The listing moves too quickly to be gone on with from where it was left: begin anew."""


class PageRequest(Struct, frozen=True):
    """What to ask for one page: parameters over the declared ones, or a link that the last page gave.

    Attributes:
        query: by name; a name that begins with ``/`` is a place in the body.
        link: instead of them.
        known: names of records (see ``Page``) that were read already and may come again with this page.
        joins: one of them has to come with it, or the listing has moved.
        after: what the last record of the page before is listed by, where that matters.
    """

    query: Mapping[str, Json] = field(default_factory=dict)
    link: str = ""
    known: tuple[str, ...] = ()
    joins: bool = False
    after: Json = None

    def as_json(self) -> dict[str, Json]:
        """For the checkpoint."""
        found: dict[str, Json] = {"link": self.link} if self.link else {"query": dict(self.query)}
        more = {"known": list(self.known), "joins": self.joins, "after": self.after}
        return found | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> PageRequest:
        """From the checkpoint."""
        known, joins = tuple(value.get("known", ())), bool(value.get("joins"))
        return cls(value.get("query", {}), str(value.get("link", "")), known, joins, value.get("after"))


class Page(Struct, frozen=True):
    """What came back.

    Attributes:
        body: the whole answer.
        records: in it.
        total: how many there are in all, if known.
        size: its bytes, if known.
        headers: of the answer, names in lower case.
        names: of each record what tells it from all others, where the paginator looks at that (``Repeats``).
    """

    body: Json
    records: list[Json]
    total: int | None = None
    size: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()

    def without(self, known: Collection[str]) -> Page:
        """The same without the records of those names."""
        if not known:
            return self
        out = set(known)
        left = [record for record, name in zip(self.records, self.names, strict=True) if name not in out]
        return replace(self, records=left, names=[name for name in self.names if name not in out])


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


@runtime_checkable
class Repeats(Protocol):
    """A paginator whose pages may begin with what the page before ended with."""

    @property
    def repeats(self) -> bool:
        """Whether they do, as it is declared."""
        ...

    def earlier(self, request: PageRequest) -> PageRequest:
        """Further back, after a page with nothing that is known. At the very beginning nothing has to come."""
        ...

    def recheck(self, request: PageRequest) -> PageRequest | None:
        """The page before, to be asked for once more after that one: it must be as it was. None: no need."""
        ...

    def covered(self, request: PageRequest, page: Page) -> tuple[int, int] | None:
        """How many records of how many lie behind that page, where its own words say that; None: count them."""
        ...
