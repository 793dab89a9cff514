"""What can be said of a declared paging without asking the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.incoming.paging import PAGINATORS
from connector.incoming.paging.keyset import PLACE

_TYPES = ("offset", "keyset")


def paging_findings(pagination: Mapping[str, Json]) -> Iterator[Finding]:
    """Paging that could not get from one page to the next."""
    kind = pagination.get("type")
    if kind not in _TYPES:
        return
    filled = PAGINATORS.get(kind).spec.filled(pagination)
    limit, overlap, value = filled.get("limit"), filled.get("overlap"), filled.get("value")
    if isinstance(limit, int) and isinstance(overlap, int) and overlap >= limit > 0:
        message = f"an overlap of {overlap} is the whole page of {limit}: the next page would be the same"
        yield Finding("/pagination/overlap", "CFG202", message, "A few records are enough, such as 5.")
    if kind == "keyset" and isinstance(value, str) and PLACE not in value and "${" not in value:
        message = f"no {PLACE} in it: every page would be the first one"
        yield Finding("/pagination/value", "CFG202", message, f"Write {PLACE} where the value goes.")
    if kind == "keyset" and filled.get("inclusive") is True and limit == 1:
        message = "from the last value on, a page of one record is that record for ever"
        yield Finding("/pagination/limit", "CFG202", message, "Choose a larger page.")
