"""What can be said of an HTTP subscriber's declaration without asking the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from connector.config.run_values import cursor_goes
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.incoming.cursor import moment_of
from connector.incoming.paging import PAGINATORS

_CURSOR = re.compile(r"(?<!\$)\{cursor\}")
"""With a dollar sign it is a variable, of which others tell."""
_PLACE = re.compile(r"(?<!\$)\{\w+\}")
_FOREIGN = re.compile(r"\{\{?\s*[a-z]\w*\s*\}?\}|\$[a-z]\w*|<[a-z]\w*>|%[a-z]\w*%")
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}\b")


def findings(config: Mapping[str, Json]) -> list[Finding]:
    """Nothing sets a query parameter that something else sets too; the cursor is sent, and begins somewhere."""
    return [*_overlaps(config), *_cursor(config), *_endpoint(config)]


def _endpoint(config: Mapping[str, Json]) -> Iterator[Finding]:
    """Places in an address that nothing fills in."""
    found = _PLACE.search(str(config.get("endpoint") or ""))
    if found:
        hint = "Write the address itself, or ${NAME} for a variable."
        if found[0] == "{cursor}":
            hint = f"Leave it out here and write {cursor_goes('updated_since')}, with the path of the date in at."
        message = f"'{found[0]}' is asked for as it is: nothing is filled in here"
        yield Finding("/endpoint", "CFG114", message, hint, "warning", found.start())


def _cursor(config: Mapping[str, Json]) -> Iterator[Finding]:
    sent, start = _sent(config), _object(config.get("cursor")).get("start")
    for name, text in _object(config.get("query")).items():
        if _CURSOR.search(str(text)):
            hint = f"Leave it out here and write {cursor_goes(name)}, with the path of the date in at."
            yield Finding(f"/query/{name}", "CFG114", "{cursor} is filled in below cursor.send only", hint, "warning")
        elif _like_a_place(text):
            message = f"'{shown(text, 40)}' is sent as it is: nothing is filled in here"
            hint = "${NAME} is a variable of the environment; a request_transformer gets cursor and now."
            yield Finding(f"/query/{name}", "CFG114", message, hint, "warning")
    for name, text in sent.items():
        if "{{cursor}}" in str(text):
            message = "of {{cursor}} only the inner braces are filled in: the outer ones are sent"
            yield Finding(f"/cursor/send/query/{name}", "CFG114", message, "Write {cursor}.", "warning")
    if sent and not any("{cursor}" in str(text) or "${" in str(text) for text in sent.values()):
        hint = f'Write {{cursor}} where the value goes, e.g. "{next(iter(sent))}": "{{cursor}}".'
        yield Finding("/cursor/send/query", "CFG114", "no parameter holds {cursor}: every read would be whole", hint)
    if isinstance(start, str) and _LIKE_A_DATE.match(start) and moment_of(start) is None:
        yield Finding("/cursor/start", "CFG114", f"'{shown(start, 40)}' is no time", "Such as 2026-01-31T00:00:00Z.")


def _like_a_place(text: Json) -> bool:
    """Whether all of it is written like what is filled in elsewhere: ``{last_run}``, ``{{now}}``, ``$since``."""
    return isinstance(text, str) and bool(_FOREIGN.fullmatch(text))


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
