"""What can be said of an HTTP subscriber's declaration without asking the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.incoming.paging import PAGINATORS


def findings(config: Mapping[str, Json]) -> list[Finding]:
    """Nothing sets a query parameter that something else sets too."""
    return list(_overlaps(config))


def _overlaps(config: Mapping[str, Json]) -> Iterator[Finding]:
    query, sent = _object(config.get("query")), _sent(config)
    paged = _paged(config)
    for name in paged:
        if name in query:
            hint = f"Remove it here: the size of a page is said in pagination, e.g. its {_size_key(config)}."
            yield Finding(f"/query/{name}#", "CFG143", f"the paging sets '{name}' by itself", hint)
        if name in sent:
            hint = "Rename one of them: the page would be asked for by the cursor's value."
            yield Finding(f"/cursor/send/query/{name}#", "CFG143", f"the paging and the cursor both set '{name}'", hint)
    for name in sent:
        if name in query:
            hint = 'Remove it here; what the first read sends is the cursor\'s "start".'
            yield Finding(f"/query/{name}#", "CFG143", f"the cursor sets '{name}' by itself", hint)


def _paged(config: Mapping[str, Json]) -> list[str]:
    pagination = _object(config.get("pagination"))
    kind = pagination.get("type")
    if not isinstance(kind, str) or kind not in PAGINATORS:
        return []
    filled = PAGINATORS.get(kind).spec.filled(pagination)
    return [name for key, name in filled.items() if key.endswith("_param") and isinstance(name, str)]


def _sent(config: Mapping[str, Json]) -> Mapping[str, Json]:
    return _object(_object(_object(config.get("cursor")).get("send")).get("query"))


def _size_key(config: Mapping[str, Json]) -> str:
    return {"offset": "limit", "page": "size"}.get(str(_object(config.get("pagination")).get("type")), "size")


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
