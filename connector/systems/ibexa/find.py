"""The readable ``find`` of content: a few words that become the body of a search.

The server ignores keys that it does not know, and then finds everything: so unknown words are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from connector.core.errors import ConfigError
from connector.core.jsonio import Json, shown

_TEXTS: Mapping[str, Json] = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
SCHEMA: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "content_types": {**_TEXTS, "description": "Identifiers of content types."},
        "under": {
            "type": "string",
            "pattern": "^/[0-9/]+$",
            "description": "Everything below a Location path, e.g. /1/2.",
        },
        "parent": {"type": "integer", "description": "Directly below the Location with this id."},
        "changed_since": {"type": "string", "description": "ISO 8601; modified at or after."},
        "languages": {**_TEXTS, "description": "Language codes."},
        "remote_ids": {**_TEXTS, "description": "Remote ids."},
        "ids": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "description": "Content ids."},
        "section": {"type": "string", "description": "Identifier of a section."},
        "text": {"type": "string", "description": "Words, by the server's full text search."},
        "criteria": {"type": "object", "description": "Criteria in the API's own words."},
    },
    "additionalProperties": False,
    "minProperties": 1,
}
_SINGLE = {"under": "SubtreeCriterion", "parent": "ParentLocationIdCriterion", "section": "SectionIdentifierCriterion"}
_SINGLE |= {"text": "FullTextCriterion", "content_types": "ContentTypeIdentifierCriterion"}


def view_input(find: Mapping[str, Json], name: str = "connector") -> dict[str, Json]:
    """The payload of content.search, sorted by content id so that pages do not shift.

    Raises:
        ConfigError: a value that cannot be searched for.
    """
    criteria: dict[str, Json] = {}
    for key, criterion in _SINGLE.items():
        if find.get(key) is not None:
            criteria[criterion] = find[key]
    if "under" in find:
        criteria["SubtreeCriterion"] = str(find["under"]).rstrip("/") + "/"  # without the slash it is a 500
    if "languages" in find:
        criteria["LanguageCodeCriterion"] = ",".join(find["languages"])
    if "ids" in find:
        criteria["ContentIdCriterion"] = ",".join(str(one) for one in find["ids"])
    if "remote_ids" in find:
        criteria["ContentRemoteIdCriterion"] = _joined(find["remote_ids"])
    if "changed_since" in find:
        since = _seconds(str(find["changed_since"]))
        criteria["DateMetadataCriterion"] = {"Target": "modified", "Operator": "GTE", "Value": since}
    criteria |= find.get("criteria") or {}
    query: dict[str, Json] = {"Filter": criteria} if criteria else {}
    return {"identifier": name, "ContentQuery": {**query, "SortClauses": {"ContentId": "ascending"}}}


def _joined(remote_ids: list[str]) -> str:
    for one in remote_ids:
        if "," in one:
            hint = "The server splits at commas; read it by content.find instead."
            raise ConfigError(f"the remote id {shown(one, 60)!r} holds a comma and cannot be searched for", hint=hint)
    return ",".join(remote_ids)


def _seconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"changed_since wants ISO 8601, not {shown(text, 40)!r}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
