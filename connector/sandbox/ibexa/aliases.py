"""What the repository holds of addresses: plain records; the rules live in ``addresses``."""

from __future__ import annotations

from msgspec import Struct


class UrlAlias(Struct):
    """An address made by hand; it leads to ``location_id``, or to ``resource`` when that is None."""

    id: str
    path: str
    languages: list[str]
    location_id: int | None
    resource: str = ""
    always_available: bool = False
    forward: bool = False
    custom: bool = True


class UrlWildcard(Struct):
    """A rule from many addresses to others."""

    id: int
    source: str
    destination: str
    forward: bool
