"""Looks up what content items only point to: content type, section, parent. Asked once each, then remembered.

Made for one reading, so that nothing outlives it. What the user may not see, or what is gone, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.shape import Around
from connector.systems.ibexa.types import ContentType, content_type_of
from connector.systems.places import BASE_PATH

_LOCATIONS = f"{BASE_PATH}/content/locations/"


class Surroundings:
    """Of all content items of one client."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client
        self._types: dict[str, ContentType | None] = {}
        self._sections: dict[str, str] = {}
        self._parents: dict[str, dict[str, Json] | None] = {}

    def of(self, content: Mapping[str, Json]) -> Around:
        """What a Content object points to.

        Raises:
            ClientError: the server cannot be used, or answers with anything but "yes", "not yours" or "not there".
        """
        content_type = self._type(_href(content, "ContentType"))
        fields = content_type.fields.values() if content_type else ()
        return Around(
            content_type=content_type.identifier if content_type else "",
            single=frozenset(one.identifier for one in fields if not one.translatable),
            section=self._section(_href(content, "Section")),
            parent=self._parent(_href(content, "MainLocation")),
            origin=self._client.origin,
        )

    def _type(self, href: str) -> ContentType | None:
        if href and href not in self._types:
            found = self._read(href, "ContentType")
            self._types[href] = content_type_of(found) if found else None
        return self._types.get(href)

    def _section(self, href: str) -> str:
        if href and href not in self._sections:
            self._sections[href] = str((self._read(href, "Section") or {}).get("identifier") or "")
        return self._sections.get(href, "")

    def _parent(self, href: str) -> dict[str, Json] | None:
        parent = href.rpartition("/")[0]
        path = parent.removeprefix(_LOCATIONS)
        if not parent.startswith(_LOCATIONS) or not path:
            return None
        if parent not in self._parents:
            # The root of the tree is no content item.
            location = self._read(parent, "Location") if "/" in path else None
            content = ((location or {}).get("ContentInfo") or {}).get("Content") or {}
            remote_id = content.get("_remoteId")
            self._parents[parent] = {"remote_id": remote_id} if remote_id else {"path": f"/{path}"}
        return self._parents[parent]

    def _read(self, href: str, kind: str) -> dict[str, Json] | None:
        headers = {"Accept": f"application/vnd.ibexa.api.{kind}+json"}
        response = self._client.send(Request("GET", link=href, headers=headers, operation=f"read {kind}"))
        if response.status in (401, 403, 404):
            return None
        if not 200 <= response.status < 300:
            raise BadAnswer(f"{href} answered {response.status}: {description(response)}")
        body = response.json()
        found = body.get(kind) if isinstance(body, dict) else None
        if not isinstance(found, dict):
            raise BadAnswer(f"{href} answered without '{kind}'", hint="Is a proxy in between?")
        return found


def _href(content: Mapping[str, Json], name: str) -> str:
    found = content.get(name)
    return str(found.get("_href") or "") if isinstance(found, dict) else ""
