"""Looks up what content items only point to: content type, section, places, and what their fields refer to.

Ids mean something in one Ibexa only, so a reading gives remote ids instead. They are looked up many at a time and
remembered. Made for one reading, so that nothing outlives it. What the user may not see, or what is gone, is left out,
and the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.fields.choices import own_labels
from connector.systems.ibexa.look_ups import AT_ONCE
from connector.systems.ibexa.shape import Around, fields_of, pointed_to
from connector.systems.ibexa.types import ContentType, content_type_of
from connector.systems.operation import Operation
from connector.systems.places import BASE_PATH

log = logging.getLogger("connector.ibexa")
_OBJECTS = f"{BASE_PATH}/content/objects"
_ROOT = 1
"""The Location at the top, which is no content item's."""
_PAGE = 200
"""Locations in one answer; an item may have many."""


class Surroundings:
    """Of all content items of one client.

    Args:
        client: asks.
        search: the operation content.search.
    """

    def __init__(self, client: HttpClient, search: Operation) -> None:
        self._client = client
        self._search = search
        self._types: dict[str, ContentType | None] = {}
        self._sections: dict[str, str] = {}
        self._parents: dict[int, list[int]] = {}
        self._lying: dict[int, dict[int, Mapping[str, Json]]] = {}
        self._contents: dict[int, str] = {}
        self._places: dict[int, str] = {}

    def expect(self, contents: Sequence[Mapping[str, Json]]) -> None:
        """These Content objects will be asked for: what they point to is looked up together.

        Raises:
            ClientError: the server cannot be used, or answers with anything but "yes", "not yours" or "not there".
        """
        self._parents = {int(one["_id"]): [] for one in contents}
        self._lying = {number: {} for number in self._parents}
        for one in self._found("LocationQuery", "ContentIdCriterion", list(self._parents)):
            number, parent = int(_content_of(one)["_id"]), _above(str(one.get("pathString")))
            self._parents[number].append(parent)
            self._lying[number][parent] = one
        for one in contents:
            listed = self._parents[int(one["_id"])]
            if (main := _above(_href(one, "MainLocation"))) and main not in listed:  # the search is behind
                listed += [main, *self._listed(int(one["_id"]))]
        pointed = {one for content in contents for one in pointed_to(fields_of(content))}
        parents = {one for listed in self._parents.values() for one in listed} - {_ROOT}
        self._learn_places({number for scheme, number in pointed if scheme == "ezlocation"} | parents)
        self._learn_contents({number for scheme, number in pointed if scheme == "ezcontent"})

    def of(self, content: Mapping[str, Json]) -> Around:
        """What a Content object points to.

        Raises:
            ClientError: as ``expect``.
        """
        number = int(content["_id"])
        if number not in self._parents:
            self.expect([content])
        content_type = self._type(_href(content, "ContentType"))
        fields = content_type.fields.values() if content_type else ()
        pointed = set(pointed_to(fields_of(content)))
        known = {one: self._named(*one) for one in pointed}
        self._tell(content, [f"{scheme}://{one}" for (scheme, one), name in known.items() if not name])
        places = self._lying[number].values()
        main = self._lying[number].get(_above(_href(content, "MainLocation")), {})
        return Around(
            content_type=content_type.identifier if content_type else "",
            single=frozenset(one.identifier for one in fields if not one.translatable),
            section=self._section(_href(content, "Section")),
            parents=tuple(self._parents_of(content)),
            priority=main.get("priority") or None,
            hidden=(bool(places) and all(one.get("hidden") is True for one in places)) or content.get("isHidden"),
            origin=self._client.origin,
            remote_ids={one: name for one, name in known.items() if name},
            options={one.identifier: own_labels(one.settings) for one in fields if one.type == "selection"},
        )

    def _tell(self, content: Mapping[str, Json], gone: list[str]) -> None:
        if gone:
            log.warning(
                "content item %s (%s) points to %s, which is not there or may not be read: left out",
                content.get("_id"),
                content.get("_remoteId"),
                ", ".join(sorted(gone)),
            )

    def _named(self, scheme: str, number: int) -> str:
        return (self._contents if scheme == "ezcontent" else self._places).get(number, "")

    def _parents_of(self, content: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
        """The main one first, if it is shown; all of them are below content items but for the top of the tree."""
        main = _above(_href(content, "MainLocation"))
        number = int(content["_id"])
        shown = {one for one in self._parents[number] if self._lying[number].get(one, {}).get("hidden") is not True}
        for one in dict.fromkeys([main, *self._parents[number]] if main else ()):
            if shown and one not in shown:
                continue  # nobody sees it there; in another Ibexa its Location would not be hidden
            if one == _ROOT:
                yield {"path": f"/{_ROOT}"}
            elif self._places.get(one):
                yield {"remote_id": self._places[one]}
            else:
                self._tell(content, [f"its parent, Location {one}"])

    # -- together -----------------------------------------------------------------------------------------------------

    def _learn_contents(self, numbers: set[int]) -> None:
        unknown = sorted(numbers - self._contents.keys())
        there = self._found("ContentQuery", "ContentIdCriterion", unknown)
        found = {int(one["_id"]): str(one["_remoteId"]) for one in there}
        # A search may be behind, and is blind to the trash.
        self._contents |= {one: found.get(one) or self._remote_id_of(one) for one in unknown}

    def _learn_places(self, numbers: set[int]) -> None:
        unknown = sorted(numbers - self._places.keys())
        located = self._found("LocationQuery", "LocationIdCriterion", unknown)
        found = {int(one["id"]): str(_content_of(one)["_remoteId"]) for one in located}
        self._places |= {one: found.get(one) or self._remote_id_at(one) for one in unknown}

    def _found(self, node: str, criterion: str, numbers: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """What a search for these ids finds, each thing once."""
        order = {"ContentId" if node == "ContentQuery" else "LocationId": "ascending"}
        for start in range(0, len(numbers), AT_ONCE):
            some = ",".join(map(str, numbers[start : start + AT_ONCE]))
            query: dict[str, Json] = {"Filter": {criterion: some}, "SortClauses": order}
            offset, count = 0, 1
            while offset < count:
                page = {**query, "limit": _PAGE, "offset": offset}
                message = Message(payload={"identifier": "connector", node: page})
                response = self._client.send(self._search.request(message))
                if not 200 <= response.status < 300:
                    raise BadAnswer(f"{self._search.id} answered {response.status}: {description(response)}")
                result = _inner(response.json(), "View", "Result")
                hits = _inner(result, "searchHits").get("searchHit") or []
                yield from (hit["value"][node.removesuffix("Query")] for hit in hits)
                offset, count = offset + _PAGE, int(result.get("count") or 0)

    # -- one by one ---------------------------------------------------------------------------------------------------

    def _listed(self, number: int) -> list[int]:
        """The parents of all Locations of an item, in their order."""
        found = self._read(f"{_OBJECTS}/{number}/locations", "LocationList") or {}
        return [_above(str(one.get("_href"))) for one in found.get("Location") or ()]

    def _remote_id_of(self, number: int) -> str:
        content = self._read(f"{_OBJECTS}/{number}", "ContentInfo", "Content") or {}
        return str(content.get("_remoteId") or "") if content.get("status", "PUBLISHED") == "PUBLISHED" else ""

    def _remote_id_at(self, number: int) -> str:
        location = self._read(f"{BASE_PATH}/content/locations?id={number}", "Location")
        return str(_content_of(location).get("_remoteId") or "") if location else ""

    def _type(self, href: str) -> ContentType | None:
        if href and href not in self._types:
            found = self._read(href, "ContentType")
            self._types[href] = content_type_of(found) if found else None
        return self._types.get(href)

    def _section(self, href: str) -> str:
        if href and href not in self._sections:
            self._sections[href] = str((self._read(href, "Section") or {}).get("identifier") or "")
        return self._sections.get(href, "")

    def _read(self, href: str, kind: str, root: str = "") -> dict[str, Json] | None:
        headers = {"Accept": f"application/vnd.ibexa.api.{kind}+json"}
        response = self._client.send(Request("GET", link=href, headers=headers, operation=f"read {kind}"))
        if response.status in (401, 403, 404):
            return None
        if not 200 <= response.status < 300:
            raise BadAnswer(f"{href} answered {response.status}: {description(response)}")
        body = response.json()
        found = body.get(root or kind) if isinstance(body, dict) else None
        if not isinstance(found, dict):
            raise BadAnswer(f"{href} answered without '{root or kind}'", hint="Is a proxy in between?")
        return found


def _content_of(location: Mapping[str, Json]) -> Mapping[str, Json]:
    return _inner(location, "ContentInfo", "Content")


def _above(path: str) -> int:
    """The id of the Location above, of a path such as ``/1/2/61/`` or an address that ends so; 0: there is none."""
    ids = path.strip("/").split("/")
    return int(ids[-2]) if len(ids) > 1 and ids[-2].isdigit() else 0


def _href(content: Mapping[str, Json], name: str) -> str:
    return str(_inner(content, name).get("_href") or "")


def _inner(value: Json, *keys: str) -> Mapping[str, Json]:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
