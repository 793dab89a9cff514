"""What an editor can complete of what was discovered, in the payload of an outgoing and the search of an incoming.

Only offered, never demanded: a variable may stand anywhere, and ``validate`` tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.content.wanted import OWNERS
from connector.systems.ibexa.editor import rules_added, when
from connector.systems.ibexa.known import Known, known_of
from connector.systems.ibexa.type_document import FIELD, TYPE, type_of_document


def with_types(schema: Mapping[str, Any], discovered: Mapping[str, tuple[Json, Sequence[Json]]]) -> dict[str, Json]:
    """The outgoing family's schema with what was discovered.

    Args:
        schema: as ``with_writing`` gives it, with the payloads of composed actions.
        discovered: by client, the document of its server (None: there is none) and those of its content types.
    """
    found = dict(schema)
    for client, (server, documents) in discovered.items():
        found = rules_added(found, [_of_client(client, server, documents)])
    return found


def with_searches(schema: Mapping[str, Any], discovered: Mapping[str, tuple[Json, Sequence[Json]]]) -> dict[str, Json]:
    """The incoming family's schema with what was discovered, for ``find``; arguments as of ``with_types``."""
    found = dict(schema)
    for client, (server, documents) in discovered.items():
        known = known_of(server, documents)
        lists = {"content_types": known.names, "languages": known.languages}
        find = {word: {"items": _one_of(names)} for word, names in lists.items()}
        states = {group: {"items": _one_of(names)} for group, names in known.states.items()}
        find |= {"section": _one_of(known.sections), "states": {"properties": states}}
        search: Json = {"properties": {"find": {"properties": find}}}
        found = rules_added(found, [when({"client": client}, search, ("client",))])
    return found


def _named(known: Known) -> dict[str, Json]:
    """What a payload names by an identifier, whatever its content type."""
    states = {group: _one_of(names) for group, names in known.states.items()}
    return {
        "content_type": _one_of(known.names),
        "main_language": _one_of(known.languages),
        "translations": {"properties": {code: {} for code in known.languages}},
        "section": _one_of(known.sections),
        "states": {"properties": states},
        "roles": {"items": _one_of(known.roles)},
    }


def _of_client(client: str, server: Json, documents: Sequence[Json]) -> Json:
    known = known_of(server, documents)
    rules = [_payload(_named(known))]
    for document in documents:
        if type_of_document(document) is not None:
            its_type = {"content_type": {"const": document[TYPE]["identifier"]}}
            named = {"properties": its_type, "required": [*its_type]}
            given = {"properties": {"payload": named}, "required": ["payload"]}
            rules.append({"if": given, "then": _payload(_of_type(document, known.languages))})
    return when({"client": client}, {"allOf": rules}, ("client",))


def _of_type(document: Mapping[str, Any], languages: Iterable[str]) -> dict[str, Json]:
    fields = {name: _offered(one) for name, one in document["properties"].items()}
    kept = {name: fields[name] for name, one in document["properties"].items() if one[FIELD].get("translatable", True)}
    searchable = [name for name, one in document["properties"].items() if one[FIELD].get("searchable", True)]
    return {
        "fields": {"properties": fields},
        "translations": {"properties": {code: {"properties": kept} for code in languages}},
        "owners": {"properties": {name: {**_words(one), **_one_of(OWNERS)} for name, one in fields.items()}},
        "match": {"properties": {"field": _one_of(searchable)}},
    }


def _offered(document: Mapping[str, Any]) -> dict[str, Json]:
    return {**_words(document), "anyOf": [dict(document), {}]}


def _words(document: Mapping[str, Any]) -> dict[str, Json]:
    return {key: document[key] for key in ("title", "description") if key in document}


def _one_of(names: Iterable[str]) -> dict[str, Json]:
    return {"anyOf": [{"enum": list(names)}, {}]} if names else {}


def _payload(properties: Mapping[str, Json]) -> dict[str, Json]:
    return {"properties": {"payload": {"properties": dict(properties)}}}
