"""Names of what a run fills in by itself, where somebody has written them as variables: ``${cursor}``, ``${page}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector.config.pointer import last
from connector.core.jsonio import Json

_SINCE = frozenset({"cursor", "last_cursor", "since", "last_run", "last_sync", "changed_since", "updated_since"})
_PAGE = frozenset({"page", "offset", "limit", "page_size", "per_page"})
_NOW = frozenset({"now", "today", "run_id"})


def not_a_variable(family: str, data: Json, pointer: str, name: str) -> tuple[str, str] | None:
    """Message and hint for a reference in an incoming that has no value and most likely means what a run knows.

    Args:
        family: of the declaration.
        data: the declaration.
        pointer: of the text with the reference.
        name: of the variable.
    """
    if family != "incoming" or not isinstance(data, dict):
        return None
    known = "cursor" if name.lower() == "cursor" else name  # variables have capital letters, mostly
    hint = next((made for names, made in _HINTS.items() if known in names), None)
    if hint is None:
        return None
    message = f"the variable {name} is not set, and ${{…}} gives only variables of the environment"
    return message, hint(data, pointer)


def cursor_goes(name: str) -> str:
    """How an incoming over HTTP sends its cursor as the query parameter ``name``."""
    return f'"cursor": {{ "at": "updated", "send": {{ "query": {{ "{name}": "{{cursor}}" }} }} }}'


def _cursor(data: Mapping[str, Json], pointer: str) -> str:
    if data.get("type") == "ibexa":
        return 'For what changed since the last read, leave it out here and write "cursor": {}: it is sent by itself.'
    inner = pointer.startswith(("/query/", "/cursor/"))
    given = f"write {cursor_goes(last(pointer) if inner else 'updated_since')}, with the path of the date in at"
    return f"For what changed since the last read, leave it out here and {given}."


def _page(data: Mapping[str, Json], _pointer: str) -> str:
    if data.get("type") == "ibexa":
        return "Leave it out: it pages by itself, and page_size says how many records at a time."
    return 'Leave it out here and say how the listing pages: "pagination": { "type": "page" }, or offset or next_link.'


def _now(_data: Mapping[str, Json], _pointer: str) -> str:
    return "A request_transformer gets now and cursor, and changes the request by them."


_HINTS: Mapping[frozenset[str], Callable[[Mapping[str, Json], str], str]] = {_SINCE: _cursor, _PAGE: _page, _NOW: _now}
