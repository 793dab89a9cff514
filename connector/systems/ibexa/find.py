"""The readable ``find`` of content: a few words that become the body of a search. It sends nothing.

The server ignores keys that it does not know and then finds everything, and a filter that is left empty is no filter
(both seen on 4.6.25). So what is not exactly understood is refused here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from connector.core.errors import RecordError
from connector.core.jsonio import Json, dumps, merge, shown, type_name
from connector.core.synonyms import key_meant

_TEXTS: Mapping[str, Json] = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_IDS: Mapping[str, Json] = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "content_types": {**_TEXTS, "description": "Identifiers of content types."},
        "under": {
            "type": "string",
            "pattern": r"^/?1(/[0-9]+)*/?$",
            "description": "A Location path, e.g. /1/2: that item and everything below it.",
        },
        "parent": {"type": "integer", "description": "Directly below the Location with this id."},
        "changed_since": {
            "type": "string",
            "description": "ISO 8601, with its offset or in UTC; modified at or after.",
        },
        "languages": {**_TEXTS, "description": "Language codes: has a translation in one of them."},
        "remote_ids": {**_TEXTS, "description": "Remote ids."},
        "ids": {**_IDS, "description": "Content ids."},
        "section": {"type": "string", "minLength": 1, "description": "Identifier of a section."},
        "states": {
            "type": "object",
            "additionalProperties": _TEXTS,
            "minProperties": 1,
            "maxProperties": 1,
            "description": 'A group and its object states, e.g. {"ez_lock": ["not_locked"]}: in one of them.',
        },
        "text": {"type": "string", "minLength": 1, "description": "Words, by the server's full text search."},
        "criteria": {"type": "object", "minProperties": 1, "description": "More criteria, in the API's own words."},
    },
    "additionalProperties": False,
    "minProperties": 1,
}

_VIEW_KEYS = frozenset({"identifier", "languageCode", "useAlwaysAvailable", "public", "ContentQuery", "LocationQuery"})
_QUERY_KEYS = frozenset({"Filter", "Query", "limit", "offset", "SortClauses", "Aggregations", "FacetBuilders"})


def view_input(find: Mapping[str, Json], name: str = "connector") -> dict[str, Json]:
    """The payload of content.search, in the order of content ids: the one order in which pages hold still.

    Args:
        find: the words; ``null`` is "not said", an empty object finds everything.
        name: the view's identifier, which the server wants and only repeats.

    Raises:
        RecordError: a word or value that cannot be searched for; ``step`` is ``find.<word>``.
    """
    criteria: dict[str, Json] = {}
    for word, value in find.items():
        if word not in _WORDS:
            raise _error(word, f"find knows no '{word}'", key_meant(word, _WORDS).strip() or _LISTED)
        if value is not None:
            _add(criteria, word, _WORDS[word](word, value))
    query: dict[str, Json] = {"Filter": criteria} if criteria else {}
    return {"identifier": name, "ContentQuery": {**query, "SortClauses": {"ContentId": "ascending"}}}


def search_body(find: Mapping[str, Json], payload: Json, name: str) -> dict[str, Json]:
    """The payload of content.search: ``find`` and the API's own words together, always in a stable order.

    Args:
        find: the readable words; may be empty.
        payload: the API's own words, with or without ``ViewInput``; they win. None: none.
        name: as in ``view_input``.

    Raises:
        RecordError: a word, key or value that cannot be searched for.
    """
    own = _below_root(payload)
    _refuse_unknown(own, _VIEW_KEYS, "payload")
    node = "LocationQuery" if "LocationQuery" in own else "ContentQuery"
    if find and node != "ContentQuery":
        raise RecordError(f"find makes a ContentQuery, payload a {node}", hint="Use one of them.", step="find")
    made = view_input(find, name)
    order = {"SortClauses": {"ContentId": "ascending"} if node == "ContentQuery" else {"LocationId": "ascending"}}
    query = own.get(node)
    if query is not None and not isinstance(query, dict):
        raise RecordError(f"{node} is {type_name(query)}, not an object", step=f"payload.{node}")
    _refuse_unknown(query or {}, _QUERY_KEYS, f"payload.{node}")
    base = made["ContentQuery"] if node == "ContentQuery" else {}
    return {"identifier": name, **own, node: {**order, **merge(base, query or {}), **_own_order(query)}}


def _refuse_unknown(given: Mapping[str, Json], known: frozenset[str], place: str) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known are: {', '.join(sorted(known))}."
            message = f"'{key}' is no part of a search: the server would ignore it, and find everything"
            raise RecordError(message, hint=hint, step=f"{place}.{key}")


def _own_order(query: Json) -> dict[str, Json]:
    """Sort clauses are replaced, never mixed: their order counts."""
    return {"SortClauses": query["SortClauses"]} if isinstance(query, dict) and query.get("SortClauses") else {}


def _below_root(payload: Json) -> dict[str, Json]:
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise RecordError(f"a view is an object, not {type_name(payload)}", step="payload")
    inner = payload["ViewInput"] if list(payload) == ["ViewInput"] else payload
    if not isinstance(inner, dict):
        raise RecordError(f"ViewInput is an object, not {type_name(inner)}", step="payload.ViewInput")
    return inner


def _add(criteria: dict[str, Json], word: str, found: Mapping[str, Json]) -> None:
    for criterion, value in found.items():
        if criterion in criteria:
            raise _error(word, f"{criterion} is there twice", 'Put one of them into "AND" in find.criteria.')
        criteria[criterion] = value


# -- one function a word: word, value -> criteria ---------------------------------------------------------------------


def _content_types(word: str, value: Json) -> dict[str, Json]:
    return {"ContentTypeIdentifierCriterion": _texts(word, value)}  # the one criterion here that takes a list


def _under(word: str, value: Json) -> dict[str, Json]:
    text = str(value).strip("/")
    if not isinstance(value, str) or not re.fullmatch(r"1(/[0-9]+)*", text):
        raise _error(word, f"find.under wants a Location path, not {shown(value, 40)!r}", "All of it: /1/2.")
    return {"SubtreeCriterion": f"/{text}/"}  # without the last slash it is a 500


def _parent(word: str, value: Json) -> dict[str, Json]:
    return {"ParentLocationIdCriterion": _number(word, value)}


def _changed_since(word: str, value: Json) -> dict[str, Json]:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        message = f"find.changed_since wants a time in ISO 8601, not {shown(value, 40)!r}"
        of_run = 'What changed since the last read is asked for by "cursor": {}, without find.changed_since.'
        hint = of_run if "cursor" in str(value).lower() else "Such as 2026-03-02T04:55:00+01:00."
        raise _error(word, message, hint) from None
    seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return {"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": seconds}}


def _languages(word: str, value: Json) -> dict[str, Json]:
    return {"LanguageCodeCriterion": _joined(word, _texts(word, value))}


def _remote_ids(word: str, value: Json) -> dict[str, Json]:
    return {"ContentRemoteIdCriterion": _joined(word, _texts(word, value))}


def _ids(word: str, value: Json) -> dict[str, Json]:
    if not isinstance(value, list) or not value:
        raise _error(word, f"find.{word} wants a list of numbers, not {_what(value)}", _NOT_EMPTY)
    return {"ContentIdCriterion": ",".join(str(_number(word, one)) for one in value)}


def _section(word: str, value: Json) -> dict[str, Json]:
    text = _text(word, value)
    if "," in text:
        hint = f'For one of several write find.criteria: {{"SectionIdentifierCriterion": {dumps(text).decode()}}}.'
        raise _error(word, f"find.section wants one section, not {shown(text, 60)!r}", hint)
    return {"SectionIdentifierCriterion": text}


def _states(word: str, value: Json) -> dict[str, Json]:
    if not isinstance(value, dict) or len(value) != 1:
        hint = 'Such as {"ez_lock": ["not_locked"]}; more groups go into find.criteria, below "AND".'
        raise _error(word, f"find.{word} wants one group with its states, not {_what(value)}", hint)
    group, states = next(iter(value.items()))
    return {"ObjectStateIdentifierCriterion": {"value": _joined(word, _texts(word, states)), "target": group}}


def _words(word: str, value: Json) -> dict[str, Json]:
    return {"FullTextCriterion": _text(word, value)}


def _criteria(word: str, value: Json) -> dict[str, Json]:
    if not isinstance(value, dict) or not value:
        raise _error(word, f"find.criteria wants an object of criteria, not {_what(value)}", _NOT_EMPTY)
    empty = next((name for name, one in value.items() if name in ("AND", "OR", "NOT") and not one), None)
    if empty:
        raise _error(word, f"{empty} in find.criteria is empty: it would not filter at all", _NOT_EMPTY)
    return value


_WORDS: Mapping[str, Callable[[str, Json], dict[str, Json]]] = {
    "content_types": _content_types,
    "under": _under,
    "parent": _parent,
    "changed_since": _changed_since,
    "languages": _languages,
    "remote_ids": _remote_ids,
    "ids": _ids,
    "section": _section,
    "states": _states,
    "text": _words,
    "criteria": _criteria,
}
_LISTED = f"It knows: {', '.join(_WORDS)}."
_NOT_EMPTY = "Leave it out to find without regard to it."


# -- values -----------------------------------------------------------------------------------------------------------


def _texts(word: str, value: Json) -> list[str]:
    if not isinstance(value, list) or not value:
        raise _error(word, f"find.{word} wants a list of texts, not {_what(value)}", _NOT_EMPTY)
    return [_text(word, one) for one in value]


def _text(word: str, value: Json) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _error(word, f"find.{word} wants text, not {_what(value)}", _NOT_EMPTY)
    return value


def _number(word: str, value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _error(word, f"find.{word} wants a whole number, not {_what(value)}", "Give the id itself.")
    return value


def _joined(word: str, texts: list[str]) -> str:
    for one in texts:
        if "," in one:
            hint = f"Write each by itself: {dumps([part.strip() for part in one.split(',')]).decode()}."
            if word == "remote_ids":
                hint = "The server splits there; read that one by content.find, with query.remoteId."
            raise _error(word, f"{shown(one, 60)!r} in find.{word} holds a comma and cannot be searched for", hint)
    return ",".join(texts)


def _what(value: Json) -> str:
    return f"an empty {type_name(value)}" if value in ("", [], {}) else type_name(value)


def _error(word: str, message: str, hint: str) -> RecordError:
    return RecordError(message, hint=hint, step=f"find.{word}")
