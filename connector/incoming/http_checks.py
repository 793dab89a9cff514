"""What can be said of an HTTP subscriber's declaration without asking the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from connector.config.pointer import below
from connector.config.run_values import cursor_goes
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.incoming.address_checks import address_findings
from connector.incoming.cursor import moment_of
from connector.incoming.paging import PAGINATORS
from connector.incoming.paging.checks import paging_findings
from connector.incoming.place_checks import place_findings
from connector.incoming.request_body import holds, is_place, misplaced

_SIZES = frozenset({"limit_param", "size_param", "offset_param", "page_param"})
"""What the first page has, too: what a body holds there says nothing."""
_CURSOR = re.compile(r"(?<!\$)\{cursor\}")
"""With a dollar sign it is a variable, of which others tell."""
_PLACE = re.compile(r"(?<!\$)\{\w+\}")
_FOREIGN = re.compile(r"\{\{?\s*[a-z]\w*\s*\}?\}|\$[a-z]\w*|<[a-z]\w*>|%[a-z]\w*%")
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}\b")


def findings(config: Mapping[str, Json]) -> list[Finding]:
    """Nothing sets a parameter that something else sets too; the cursor is sent, and begins somewhere."""
    paging = paging_findings(_object(config.get("pagination")))
    own = [*_overlaps(config), *_cursor(config), *_endpoint(config), *_body(config)]
    paged, sent = _paged(config), _sent(config)
    return [*own, *place_findings(config, paged, sent), *address_findings(config, dict(paged), sent), *paging]


def _body(config: Mapping[str, Json]) -> Iterator[Finding]:
    """A body that no request has, and parameters that are no places in it."""
    post, body = config.get("method") == "POST", _object(config.get("body"))
    if "body" in config and not post:
        yield Finding("/body#", "CFG200", "a GET has no body: this would never be sent", 'Say "method": "POST".')
    for pointer, name in _parameters(config):
        fault = misplaced(body, name) if post and is_place(name) else ""
        if is_place(name) and not post:
            hint = 'Say "method": "POST", or name a parameter of the query.'
            yield Finding(pointer, "CFG200", f"'{name}' is a place in a body, and a GET has none", hint)
        elif fault:
            hint = "Declare it in the body, with what it shall hold on the first page."
            yield Finding(pointer, "CFG201", f"'{name}' is no place in the body: {fault}", hint)


def _parameters(config: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Where a parameter is named, and its name."""
    for key, name in _object(config.get("pagination")).items():
        if key.endswith("_param") and isinstance(name, str):
            yield f"/pagination/{key}", name
    for family, names in (("/query", _object(config.get("query"))), ("/cursor/send/query", _sent(config))):
        yield from ((f"{below(family, name)}#", name) for name in names)


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
            yield Finding(
                below("/query", name), "CFG114", "{cursor} is filled in below cursor.send only", hint, "warning"
            )
        elif _like_a_place(text):
            message = f"'{shown(text, 40)}' is sent as it is: nothing is filled in here"
            hint = "${NAME} is a variable of the environment; a request_transformer gets cursor and now."
            yield Finding(below("/query", name), "CFG114", message, hint, "warning")
    for name, text in sent.items():
        if "{{cursor}}" in str(text):
            message = "of {{cursor}} only the inner braces are filled in: the outer ones are sent"
            yield Finding(below("/cursor/send/query", name), "CFG114", message, "Write {cursor}.", "warning")
    texts = [text for text in sent.values() if isinstance(text, str)]  # of others it is told that they are none
    if texts and not any("{cursor}" in text or "${" in text for text in texts):
        hint = f'Write {{cursor}} where the value goes, e.g. "{next(iter(sent))}": "{{cursor}}".'
        yield Finding("/cursor/send/query", "CFG114", "no parameter holds {cursor}: every read would be whole", hint)
    if isinstance(start, str) and _is_no_start(start):
        yield Finding("/cursor/start", "CFG114", f"'{shown(start, 40)}' is no time", "Such as 2026-01-31T00:00:00Z.")


def _is_no_start(text: str) -> bool:
    """Neither a time nor what may be a number or a mark of the source: a day in words, or one that no calendar has."""
    if moment_of(text) is not None or "${" in text:
        return False
    return bool(_LIKE_A_DATE.match(text)) or text.replace("-", "").replace(" ", "").isalpha()


def _like_a_place(text: Json) -> bool:
    """Whether all of it is written like what is filled in elsewhere: ``{last_run}``, ``{{now}}``, ``$since``."""
    return isinstance(text, str) and bool(_FOREIGN.fullmatch(text))


def _overlaps(config: Mapping[str, Json]) -> Iterator[Finding]:
    query, sent = _object(config.get("query")), _sent(config)
    for key, name in _paged(config):
        if name in query or (key in _SIZES and is_place(name) and holds(config.get("body"), name)):
            place = f"{below('/query', name)}#" if name in query else f"/body{name}#"
            yield Finding(place, "CFG143", f"the paging sets '{name}' by itself", _instead(config, key))
        if name in sent:
            hint = "Rename one of them: the page would be asked for by the cursor's value."
            message = f"the paging and the cursor both set '{name}'"
            yield Finding(f"{below('/cursor/send/query', name)}#", "CFG143", message, hint)
    for name in sent:
        if name in query:
            hint = 'Remove it here; what the first read sends is the cursor\'s "start".'
            yield Finding(f"{below('/query', name)}#", "CFG143", f"the cursor sets '{name}' by itself", hint)


def _paged(config: Mapping[str, Json]) -> list[tuple[str, str]]:
    """The parameters that the paging sets: the key in pagination, and the name."""
    pagination = _object(config.get("pagination"))
    kind = pagination.get("type")
    if not isinstance(kind, str) or kind not in PAGINATORS:
        return []
    filled = PAGINATORS.get(kind).spec.filled(pagination)
    return [(key, name) for key, name in filled.items() if key.endswith("_param") and isinstance(name, str)]


def _sent(config: Mapping[str, Json]) -> Mapping[str, Json]:
    return _object(_object(_object(config.get("cursor")).get("send")).get("query"))


def _instead(config: Mapping[str, Json], key: str) -> str:
    if key == "key_param":
        return 'Remove it here; what the first page is asked by is the paging\'s "start".'
    if key == "token_param":
        return "Remove it here: the first page has no token, and the others have that of the page before."
    if key in ("offset_param", "page_param"):
        return "Remove it here: the paging counts by itself."
    size = "size" if _object(config.get("pagination")).get("type") == "page" else "limit"
    return f"Remove it here: the size of a page is said in pagination, e.g. its {size}."


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
