"""What is asked for in an HTTP subscriber's address: query values that are none, and a query in the endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from connector.config.pointer import below
from connector.core.jsonio import Json, type_name
from connector.core.problem import Finding
from connector.incoming.request_body import ONE_VALUE, is_place

_NAMES = {"object": "an object", "array": "a list in a list"}


def address_findings(
    config: Mapping[str, Json], paged: Mapping[str, str], sent: Mapping[str, Json]
) -> Iterator[Finding]:
    """Of one declaration.

    Args:
        config: the declaration.
        paged: the parameters that the paging sets: the key in pagination, and the name.
        sent: those that the cursor sets, by name.
    """
    yield from _values(config)
    yield from _endpoint(config, paged, sent)
    yield from _same(paged)


def _values(config: Mapping[str, Json]) -> Iterator[Finding]:
    query = config.get("query")
    post = config.get("method") == "POST"
    for name, value in query.items() if isinstance(query, dict) else ():
        if post and is_place(name):
            continue  # a place in the body may hold anything
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict | list):
                message = f"'{name}' is {_NAMES[type_name(one)]}, which no query can hold"
                yield Finding(below("/query", name), "CFG112", message, _instead(name, one))
                break


def _instead(name: str, value: Json) -> str:
    """With an object also how some systems want it; which, only they know."""
    if not isinstance(value, dict) or not value:
        return ONE_VALUE
    first = next(iter(value))
    return (
        f'{ONE_VALUE} Some systems want "{name}[{first}]" or "{name}.{first}" as a name of its own, or JSON in a text.'
    )


def _endpoint(config: Mapping[str, Json], paged: Mapping[str, str], sent: Mapping[str, Json]) -> Iterator[Finding]:
    """Parameters behind the path that something else sets as well: both would be sent, and one of them counts."""
    endpoint = config.get("endpoint")
    if not isinstance(endpoint, str):
        return
    path, _, query = endpoint.partition("?")
    declared = config.get("query")
    others = {
        **dict.fromkeys(declared if isinstance(declared, dict) else (), "query"),
        **dict.fromkeys(sent, "the cursor"),
        **dict.fromkeys(paged.values(), "the paging"),
    }
    for name, _ in parse_qsl(query.partition("#")[0], keep_blank_values=True):
        if name in others:
            message = f"{others[name]} sets '{name}' too: it would be sent twice"
            yield Finding("/endpoint", "CFG143", message, "Take it away here.", offset=len(path) + 1 + _at(query, name))
    if "#" in endpoint:
        message = "what stands behind the # is never sent"
        yield Finding(
            "/endpoint", "CFG114", message, "Leave it out; a # itself is %23.", "warning", endpoint.index("#")
        )


def _at(query: str, name: str) -> int:
    parts = query.split("&")
    before = next((at for at, part in enumerate(parts) if part.partition("=")[0] == name), 0)
    return sum(len(part) + 1 for part in parts[:before])


def _same(paged: Mapping[str, str]) -> Iterator[Finding]:
    """Two parameters of the paging with one name: only the last of them would be sent."""
    first: dict[str, str] = {}
    for key, name in paged.items():
        if name in first:
            message = f"{first[name]} and {key} are both '{name}': only one of them would be sent"
            hint = "Name two parameters, as the source calls them."
            yield Finding(f"/pagination/{key}", "CFG202", message, hint)
        first.setdefault(name, key)
