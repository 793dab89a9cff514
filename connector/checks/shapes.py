"""What a record of an incoming looks like, where that is known without reading one: content, in the readable shape."""

from __future__ import annotations

from collections.abc import Iterator

from connector.checks.mapping import Found, object_in, text_in
from connector.checks.sentences import Described
from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.model import MESSAGE_KEYS
from connector.core.problem import Finding
from connector.systems.ibexa.known import Known, known_of
from connector.transformers.unknown import UNKNOWN

_SHAPED = frozenset({"", "search"})
"""Actions that give content with its fields."""
_MAY_GIVE_CONTENT = frozenset({"content", "content_version", "location", "trash", "relation", "bookmark"})
"""Some of their operations do, and their records come in its shape then."""


def shape_of(project: Project, incoming: Declaration) -> Json:
    """A record whose values are not known; None when its form is not known either."""
    data = incoming.data
    if text_in(incoming, "type") != "ibexa" or text_in(incoming, "entity") != "content":
        return None
    if text_in(incoming, "action") not in _SHAPED or data.get("shape", "upsert") != "upsert" or data.get("expand"):
        return None
    files = project.discovered.get(text_in(incoming, "client"))
    known = known_of(files.server and files.server.data, [one.data for one in files.types]) if files else None
    names = object_in(incoming, "find").get("content_types")
    fields = _fields(known, names if isinstance(names, list) else [])
    single = ("remote_id", "content_type", "main_language", "section", "always_available", "priority", "hidden")
    parent = {"remote_id": UNKNOWN, "path": UNKNOWN}
    translations = dict.fromkeys(known.languages, fields) if known and known.languages else UNKNOWN
    payload = {**dict.fromkeys(single, UNKNOWN), "parent": parent, "fields": fields, "translations": translations}
    return {"payload": payload}


def in_own_form(incoming: Declaration) -> bool:
    """Whether it surely gives records as the server has them, which are no messages: all but content in its shape."""
    if text_in(incoming, "type") != "ibexa" or "${" in text_in(incoming, "entity"):
        return False
    return incoming.data.get("shape") == "raw" or text_in(incoming, "entity") not in _MAY_GIVE_CONTENT


def has_rows(incoming: Declaration) -> bool:
    """Whether its records are rows of a table, whose values are texts."""
    if text_in(incoming, "type") != "file" or "${" in text_in(incoming, "format"):
        return False
    return (text_in(incoming, "format") or text_in(incoming, "path").rpartition(".")[2]).lower() == "csv"


def makes_messages(project: Project, route: Declaration) -> bool:
    """Whether a transformer of it may make something else of a record: one that only filters leaves it as it is."""
    names = route.data.get("transformers") if isinstance(route.data, dict) else None
    if not isinstance(names, list):
        return bool(names)
    sources = [project.transformers.get(str(one)) for one in names]
    return any(one is None or one.shown in project.unsound or not _only_filters(one.data) for one in sources)


def _only_filters(steps: Json) -> bool:
    known = isinstance(steps, list) and bool(steps)
    return known and all(isinstance(one, dict) and one.get("type") == "filter" for one in steps)


def no_messages(route: Declaration, described: Described) -> Iterator[Found]:
    """Records that go to the outgoing as they are, and have keys of their own."""
    others = [{str(key) for key in one} - set(MESSAGE_KEYS) for one in described.records if isinstance(one, dict)]
    if others and all(others):
        pointer = "/transformers" if "transformers" in route.data else "/incoming"
        message = f"the records of {described.file} are no messages: '{min(others[0])}' is no part of one"
        hint = 'Name a transformer that makes messages: "transformers": ["…"], with { "payload": { … } }.'
        yield route, Finding(pointer, "CFG226", message, hint, "warning")


def _fields(known: Known | None, names: list[Json]) -> Json:
    """By identifier; unknown unless all types that are searched for were discovered."""
    types = [known.types.get(str(one)) for one in names] if known else []
    if not types or any(one is None for one in types):
        return UNKNOWN
    return {identifier: UNKNOWN for one in types if one is not None for identifier in one.fields}
