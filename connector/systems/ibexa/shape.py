"""A content item as it was read, in the readable shape that content.upsert takes. Pure: it asks the server nothing.

Not here: turning readable values into REST's (fields/), nor looking up what an item points to (surroundings.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.types import own_name


@dataclass(frozen=True, slots=True)
class Around:
    """What a content item only points to, as far as it is known.

    Attributes:
        content_type: its type's identifier.
        single: identifiers of the fields that are not translatable: REST repeats them in every language.
        section: identifier of its section.
        parent: ``{"remote_id": ...}`` or ``{"path": ...}`` of its main Location's parent.
        origin: scheme and host, for the addresses of images and files.
    """

    content_type: str = ""
    single: frozenset[str] = frozenset()
    section: str = ""
    parent: Mapping[str, Json] | None = None
    origin: str = ""


def upsert_shape(content: Mapping[str, Json], around: Around) -> dict[str, Json]:
    """The payload of a content.upsert that would make this item; what is not known is left out.

    ``{"remote_id", "content_type", "parent", "main_language", "section", "always_available", "fields",
    "translations"}``

    Args:
        content: a Content object with its current version embedded (Accept ``Content+json``).
        around: what it points to.

    Raises:
        RecordError: it came without its fields.
    """
    version = _inner(content, "CurrentVersion", "Version")
    rows = _inner(version, "Fields").get("field")
    if not isinstance(rows, list):
        hint = 'Read it by content.search or content.get, or with "shape": "raw".'
        raise RecordError("the content item came without its fields", hint=hint, step="CurrentVersion.Version.Fields")
    main = str(content.get("mainLanguageCode") or _inner(version, "VersionInfo").get("initialLanguageCode") or "")
    languages = _by_language(rows, around.origin)
    fields = languages.pop(main, {})
    translations = {
        code: {name: value for name, value in values.items() if name not in around.single}
        for code, values in languages.items()
    }
    found: dict[str, Json] = {
        "remote_id": content.get("_remoteId") or None,
        "content_type": around.content_type or None,
        "parent": dict(around.parent) if around.parent else None,
        "main_language": main,
        "section": around.section or None,
        "always_available": content.get("alwaysAvailable"),
    }
    shaped = {name: value for name, value in found.items() if value is not None}
    return {**shaped, "fields": fields, **({"translations": translations} if translations else {})}


def _by_language(rows: list[Json], origin: str) -> dict[str, dict[str, Json]]:
    languages: dict[str, dict[str, Json]] = {}
    for row in rows:
        kind = own_name(str(row.get("fieldTypeIdentifier", "")))
        value = _readable(kind, row.get("fieldValue"), origin)
        languages.setdefault(str(row.get("languageCode")), {})[str(row.get("fieldDefinitionIdentifier"))] = value
    return languages


def _readable(kind: str, value: Json, origin: str) -> Json:
    """``null`` for an empty value, ``""`` for an empty text; a form that is not the known one passes as it is."""
    if value is None:
        return "" if kind in _TEXTS else None
    if kind in _MEDIA:
        return _media(value, origin)
    reader = _READERS.get(kind)
    try:
        return reader(value) if reader else value
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return value


def _media(value: Json, origin: str) -> Json:
    """Where the bytes are; ``version`` changes with them."""
    address = value.get("uri") or value.get("url") if isinstance(value, dict) else None
    if not isinstance(address, str):
        return value
    url = origin + address if address.startswith("/") else address
    found = {"url": url, "version": value.get("id"), "file_name": value.get("fileName")}
    found["alternative_text"] = value.get("alternativeText")
    return {name: one for name, one in found.items() if one is not None}


def _day(value: Json) -> Json:
    return _moment(value).date().isoformat()


def _time(value: Json) -> Json:
    return _moment(value).isoformat()


def _moment(value: Json) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value["timestamp"]))  # before 1970 too


def _time_of_day(value: Json) -> Json:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value))).time().isoformat()


def _relation(value: Json) -> Json:
    found = value["destinationContentId"]
    return None if found is None else {"id": found}


def _relations(value: Json) -> Json:
    return [{"id": one} for one in value["destinationContentIds"]]


def _authors(value: Json) -> Json:
    return [{"name": one["name"], "email": one.get("email") or ""} for one in value]


def _asset(value: Json) -> Json:
    found = _relation(value)
    return found and {**found, "alternative_text": value.get("alternativeText")}


def _link(value: Json) -> Json:
    return {"link": value["link"], "text": value.get("text")}


_TEXTS = frozenset({"string", "text"})
_MEDIA = frozenset({"image", "file", "media"})
_READERS: Mapping[str, Callable[[Json], Json]] = {
    "richtext": lambda value: {"xml": value["xml"]},
    "date": _day,
    "datetime": _time,
    "time": _time_of_day,
    "relation": _relation,
    "relation_list": _relations,
    "author": _authors,
    "url": _link,
    "image_asset": _asset,
}


def _inner(value: Json, *keys: str) -> Mapping[str, Json]:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
