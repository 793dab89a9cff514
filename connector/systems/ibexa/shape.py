"""A content item as it was read, in the readable shape that content.upsert takes. Pure: it asks the server nothing.

Not here: turning readable values into REST's (fields/), nor looking up what an item points to (surroundings.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct, field

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.fields.account import ACCOUNT
from connector.systems.ibexa.fields.media import PLAYER
from connector.systems.ibexa.fields.references import numbers_in, with_remote_ids
from connector.systems.ibexa.types import own_name


class Around(Struct, frozen=True):
    """What a content item only points to, as far as it is known.

    Attributes:
        content_type: its type's identifier.
        single: identifiers of the fields that are not translatable: REST repeats them in every language.
        section: identifier of its section.
        parents: ``{"remote_id": ...}`` of what it lies below, that of its main Location first; the top is
            ``{"path": "/1"}``. Where some of its Locations are hidden, only of those that are not.
        origin: scheme and host, for the addresses of images and files.
        options: of fields that are selections: number -> label, as far as that label means this option alone.
        remote_ids: of what its fields point to: ``ezcontent`` or ``ezlocation``, id -> the content item's remote id.
            What is not among them is left out.
        priority: of its main Location.
        hidden: whether it or each of its Locations is hidden.
    """

    content_type: str = ""
    single: frozenset[str] = frozenset()
    section: str = ""
    parents: Sequence[Mapping[str, Json]] = ()
    origin: str = ""
    remote_ids: Mapping[tuple[str, int], str] = field(default_factory=dict)
    options: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    priority: int | None = None
    hidden: bool | None = None

    def content(self, number: Json) -> str:
        """The remote id of the content item with that id; empty: it is not there, or may not be read."""
        return self.remote_ids.get(("ezcontent", number), "")

    def target(self, scheme: str, number: int) -> str:
        """The remote id of what a link or embed leads to; empty as above."""
        return self.remote_ids.get((scheme, number), "")


def upsert_shape(content: Mapping[str, Json], around: Around) -> dict[str, Json]:
    """The payload of a content.upsert that would make this item; what is not known is left out.

    ``{"remote_id", "content_type", "parent", "main_language", "section", "always_available", "priority", "hidden",
    "fields", "translations"}``

    Args:
        content: a Content object with its current version embedded (Accept ``Content+json``).
        around: what it points to.

    Raises:
        RecordError: it came without its fields.
    """
    version = _inner(content, "CurrentVersion", "Version")
    rows = fields_of(content)
    if rows is None:
        hint = 'Read it by content.search or content.get, or with "shape": "raw".'
        raise RecordError("the content item came without its fields", hint=hint, step="CurrentVersion.Version.Fields")
    main = str(content.get("mainLanguageCode") or _inner(version, "VersionInfo").get("initialLanguageCode") or "")
    languages = _by_language(rows, around)
    fields = languages.pop(main, {})
    translations = {
        code: {name: value for name, value in values.items() if name not in around.single}
        for code, values in languages.items()
    }
    parents = [dict(one) for one in around.parents]
    found: dict[str, Json] = {
        "remote_id": content.get("_remoteId") or None,
        "content_type": around.content_type or None,
        "parent": parents[0] if len(parents) == 1 else parents or None,
        "main_language": main,
        "section": around.section or None,
        "always_available": content.get("alwaysAvailable"),
        "priority": around.priority,
        "hidden": around.hidden,
    }
    shaped = {name: value for name, value in found.items() if value is not None}
    return {**shaped, "fields": fields, **({"translations": translations} if translations else {})}


def fields_of(content: Mapping[str, Json]) -> list[Json] | None:
    """The fields of a Content object as REST gives them; None: it came without."""
    rows = _inner(content, "CurrentVersion", "Version", "Fields").get("field")
    return rows if isinstance(rows, list) else None


def pointed_to(rows: list[Json] | None) -> Iterator[tuple[str, int]]:
    """What these fields point to: ``ezcontent`` or ``ezlocation``, and the id."""
    for row in rows or ():
        kind, value = own_name(str(row.get("fieldTypeIdentifier", ""))), row.get("fieldValue")
        if not isinstance(value, dict):
            continue
        if kind == "richtext":
            yield from numbers_in(str(value.get("xml") or ""))
        elif kind in _POINTERS:
            ids = [value.get("destinationContentId"), *(value.get("destinationContentIds") or ())]
            yield from (("ezcontent", one) for one in ids if isinstance(one, int))


def _by_language(rows: list[Json], around: Around) -> dict[str, dict[str, Json]]:
    languages: dict[str, dict[str, Json]] = {}
    for row in rows:
        kind = own_name(str(row.get("fieldTypeIdentifier", "")))
        name = str(row.get("fieldDefinitionIdentifier"))
        if kind == ACCOUNT:
            continue  # no message takes it
        value = _readable(kind, row.get("fieldValue"), around)
        if kind == "selection" and isinstance(value, list):
            labels = around.options.get(name)
            value = value if labels is None else [labels.get(one, {"option": one}) for one in value]
        languages.setdefault(str(row.get("languageCode")), {})[name] = value
    return languages


def _readable(kind: str, value: Json, around: Around) -> Json:
    """``""`` for an empty value, which empties the field where it is sent; an unknown form passes as it is."""
    if value is None:
        return ""
    if kind in _MEDIA:
        return _media(value, around.origin)
    reader = _READERS.get(kind)
    try:
        return reader(value, around) if reader else value
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return value


def _media(value: Json, origin: str) -> Json:
    """Where the bytes are; ``version`` changes with them."""
    address = value.get("uri") or value.get("url") if isinstance(value, dict) else None
    if not isinstance(address, str):
        return value
    url = origin + address if address.startswith("/") else address
    url = _DOWNLOAD.sub(r"\1", url)  # without the version it is the one that is published, whatever comes between
    found = {"url": url, "version": value.get("id"), "file_name": value.get("fileName")}
    if "alternativeText" in value:
        found["alternative_text"] = value["alternativeText"] or ""  # null would leave that of the copy as it is
    if "hasController" in value:  # a film; an image's width and height follow from its bytes
        found |= {ours: value.get(theirs) for ours, (theirs, _) in PLAYER.items()}
    return {name: one for name, one in found.items() if one is not None}


def _day(value: Json, _around: Around) -> Json:
    return _moment(value).date().isoformat()


def _time(value: Json, _around: Around) -> Json:
    return _moment(value).isoformat()


def _moment(value: Json) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value["timestamp"]))  # before 1970 too


def _time_of_day(value: Json, _around: Around) -> Json:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value))).time().isoformat()


def _relation(value: Json, around: Around) -> Json:
    found = around.content(value["destinationContentId"])
    return {"remote_id": found} if found else ""


def _relations(value: Json, around: Around) -> Json:
    named = [around.content(one) for one in value["destinationContentIds"]]
    return [{"remote_id": one} for one in named if one]


def _richtext(value: Json, around: Around) -> Json:
    return {"xml": with_remote_ids(value["xml"], around.target)}


def _authors(value: Json, _around: Around) -> Json:
    named = [{"name": one.get("name") or "", "email": one.get("email") or ""} for one in value]
    return [one for one in named if any(one.values())]  # the editor's form leaves empty rows behind


def _asset(value: Json, around: Around) -> Json:
    found = _relation(value, around)
    return found and {**found, "alternative_text": value.get("alternativeText")}


def _link(value: Json, _around: Around) -> Json:
    return {"link": value["link"], "text": value.get("text")}


_MEDIA = frozenset({"image", "file", "media"})
_POINTERS = frozenset({"relation", "relation_list", "image_asset"})
_DOWNLOAD = re.compile(r"(/content/download/[0-9]+/[0-9]+)\?version=[0-9]+$")
_READERS: Mapping[str, Callable[[Json, Around], Json]] = {
    "richtext": _richtext,
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
