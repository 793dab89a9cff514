"""A content item as it is read, in the shape that content.upsert takes: mirroring needs no transformer."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.systems.ibexa.types import own_name

_DROPPED = ("_media-type", "destinationContentHref", "destinationContentHrefs")


def upsert_shape(content: Mapping[str, Json]) -> dict[str, Json]:
    """``{"payload": {"remote_id", "main_language", "fields", "translations"}, "id", "changed_at"}``.

    Args:
        content: a Content object with its current version embedded.
    """
    version = content.get("CurrentVersion", {}).get("Version", {})
    main = str(content.get("mainLanguageCode") or version.get("VersionInfo", {}).get("initialLanguageCode", ""))
    languages: dict[str, dict[str, Json]] = {}
    for one in version.get("Fields", {}).get("field", []):
        fields = languages.setdefault(str(one["languageCode"]), {})
        fields[str(one["fieldDefinitionIdentifier"])] = _readable(
            own_name(str(one.get("fieldTypeIdentifier", ""))), one
        )
    payload: dict[str, Json] = {
        "remote_id": str(content.get("_remoteId", "")),
        "main_language": main,
        "fields": languages.pop(main, {}),
    }
    if languages:
        payload["translations"] = languages
    return {
        "id": content.get("_id"),
        "remote_id": payload["remote_id"],
        "name": content.get("TranslatedName") or content.get("Name"),
        "content_type": str(content.get("ContentType", {}).get("_href", "")),
        "changed_at": content.get("lastModificationDate"),
        "payload": payload,
    }


def _readable(kind: str, field: Mapping[str, Json]) -> Json:
    value = field.get("fieldValue")
    if value is None:
        return None
    if kind == "richtext":
        return {"xml": value.get("xml", "")}
    if kind in ("date", "datetime"):
        return value.get("timestamp")
    if kind == "relation":
        found = value.get("destinationContentId")
        return None if found is None else {"id": found}
    if kind == "relation_list":
        return [{"id": one} for one in value.get("destinationContentIds") or []]
    return {key: one for key, one in value.items() if key not in _DROPPED} if isinstance(value, dict) else value
