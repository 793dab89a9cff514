"""The request that makes a new content item, and what its answer tells."""

from __future__ import annotations

from connector.core.jsonio import Json
from connector.systems.ibexa.actions.content.refers import path_of, section_of
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.answered import Answer
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType


def creation(gateway: Gateway, wanted: Wanted, content_type: ContentType, values: list[FieldValue]) -> Json:
    """The payload of content.create.

    Raises:
        NotThereYet: the parent is not there yet.
        Ended: Refused: there is no such section.
    """
    base = "/api/ibexa/v2/content"
    location = {"ParentLocation": {"_href": f"{base}/locations/{path_of(gateway, wanted.parents[0])}"}}
    location |= {"priority": wanted.priority or 0, "hidden": False, "sortField": "PATH", "sortOrder": "ASC"}  # type: ignore[dict-item]
    body: dict[str, Json] = {
        "ContentType": {"_href": content_type.href},
        "mainLanguageCode": wanted.main_language,
        "LocationCreate": location,
        "remoteId": wanted.remote_id,
        "fields": {"field": [one.to_send() for one in values]},
    }
    if wanted.section:
        body["Section"] = {"_href": section_of(gateway, wanted.section)}
    if wanted.always_available is not None:
        body["alwaysAvailable"] = wanted.always_available
    return body


def created_id(answer: Answer) -> int:
    """The content id of what was created."""
    text = answer.location.rstrip("/").rpartition("/")[2]
    return int(text) if text.isdigit() else int(answer.body("Content")["_id"])
