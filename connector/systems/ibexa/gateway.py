"""Calls operations of Ibexa by id, and remembers for a while what rarely changes: types, sections, ids by remote id."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from msgspec.structs import replace

from connector.clients import HttpClient
from connector.clients.request import Request
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.protocols import Clock
from connector.systems.catalogue import Catalogue
from connector.systems.ibexa.answered import Answer, content_place, found, path_of_location, told
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.find import view_input
from connector.systems.ibexa.look_ups import LookUps, must_be
from connector.systems.ibexa.looking import Looking, WouldWrite
from connector.systems.ibexa.remembered import Remembered
from connector.systems.ibexa.types import OLD, ContentType, content_type_of, version_of

log = logging.getLogger("connector.ibexa")
_TOP = 1
"""The Location above all others; it has no content, and so cannot be read."""
_LARGEST_ID = 2**31 - 1
_TELLING = 10
"""Content types that are looked at for their names of field types: the first hardly has none of Ibexa's own."""


class Gateway:
    """One client's Ibexa, shared by all threads."""

    def __init__(self, client: HttpClient, catalogue: Catalogue, clock: Clock) -> None:
        self.client = client
        self.catalogue = catalogue
        self.adopting = threading.Lock()
        self.clock = clock
        self._known = Remembered(clock)
        self._looking = Looking()
        self.look_ups = LookUps(self._search, self._learn, clock)

    def call(self, operation: str, message: Message, within: float | None = None) -> Answer:
        """Send one operation; ``within``: see Request.

        Raises:
            ClientError, RecordError, TooLate: see HttpClient.send and Operation.request.
            WouldWrite: it writes, and this thread may only look.
        """
        row = self.catalogue.get(operation)
        if row.writes and self.only_looks:
            raise WouldWrite(operation)
        request = row.request(message)
        response = self.client.send(request if within is None else replace(request, within=within))
        return Answer(operation, response, row.says)

    @property
    def only_looks(self) -> bool:
        """Whether this thread may only look."""
        return self._looking.only

    def looking(self) -> AbstractContextManager[None]:
        """Inside, this thread may only look."""
        return self._looking.begun()

    def follow(self, link: str, accept: str) -> Answer:
        """Read what an ``_href`` points to."""
        request = Request("GET", link=link, headers={"Accept": accept}, operation="link")
        return Answer(f"GET {link}", self.client.send(request))

    # -- what is remembered -----------------------------------------------------------------------------------------

    def content_type(self, identifier: str) -> ContentType | None:
        """The published content type with its field definitions, or None."""
        return self._known.ask(("content_type", identifier), lambda: self._read_type(identifier))

    def content_type_at(self, href: str) -> ContentType:
        """The published content type with that href, which a content item of it gave.

        Raises:
            BadAnswer: it is not there.
        """
        known = self._known.ask(("type", href), lambda: self._read_type_at(href))
        if known is None:
            raise BadAnswer(f"Ibexa has no content type at {href}", hint="Was it removed a moment ago?")
        return known

    def section_href(self, identifier: str) -> str | None:
        """The section's href, or None."""
        return self._known.ask(("section", identifier), lambda: self._read_section(identifier))

    def content_id(self, remote_id: str) -> int | None:
        """The id of the content item with that remote id (published, draft or trashed), or None."""
        known = self._known.ask(("content", remote_id), lambda: self._read_content(remote_id))
        return known[0] if known else None

    def has_content(self, number: int) -> bool:
        """Whether there is a content item with that id; what may not be read is taken to be there."""
        return self._has("content.get", Message(path={"contentId": number}), number)

    def has_location(self, number: int) -> bool:
        """Whether there is a Location with that id; what may not be read is taken to be there."""
        return number == _TOP or self._has("location.find", Message(query={"id": number}), number)

    def _has(self, operation: str, message: Message, number: int) -> bool:
        def look() -> bool | None:
            return None if self.call(operation, message).status == 404 else True

        # A larger one would be no 404, but an error 500.
        return 0 < number <= _LARGEST_ID and self._known.ask((operation, str(number)), look) is not None

    def location_path(self, remote_id: str) -> str | None:
        """The path (``1/2/61``) of the main Location of the item with that remote id; None if it has none."""
        for _ in range(2):
            known = self._known.ask(("content", remote_id), lambda: self._read_content(remote_id))
            if known is None or known[1]:
                return known[1] if known else None
            # Seen between its create and its publish, perhaps by somebody else a while ago: it may be published now.
            self._known.forget(("content", remote_id))
        return None

    def location_path_by_id(self, location_id: int) -> str | None:
        """The path of the Location with that id, or None."""
        return self._known.ask(("location", str(location_id)), lambda: self._read_location(location_id))

    def group_type(self, path: str) -> str | None:
        """Content type of what lies at a path, which shall be a user group's; None: Ibexa does not say."""
        return self._known.ask(("group", path), lambda: self._read_group_type(path))

    def object_states(self, group: str) -> Mapping[str, str] | None:
        """The states of an object state group by identifier, with their hrefs; None when there is no such group."""
        return self._known.ask(("states", group), lambda: self._read_states(group))

    def user_id(self) -> int:
        """The id of the user that we are.

        Raises:
            BadAnswer: we are not logged in.
        """
        known = self._known.ask(("user", ""), self._read_user)
        assert known is not None
        return known

    def countries(self) -> Mapping[str, str]:
        """Alpha-2 code by every way to write a country that Ibexa knows, in small letters; empty: it does not say."""
        return self._known.ask(("countries", ""), self._read_countries) or {}

    def languages(self) -> frozenset[str]:
        """The codes of the languages that Ibexa has; empty: it does not say."""
        return self._known.ask(("languages", ""), self._read_languages) or frozenset()

    def version(self) -> str:
        """Which Ibexa it is: ``OLD`` or ``NEW``, by its names of field types; ``OLD`` where these do not tell."""
        return self._known.ask(("version", ""), self._read_version) or OLD

    def learn_content(self, remote_id: str, content_id: int, location_path: str | None) -> None:
        """Remember an item that was just written or read."""
        self._known.learn(("content", remote_id), (content_id, location_path))

    def refer_to(self, remote_ids: Iterable[str]) -> None:
        """Content with these will be referred to soon: what is not known of it is looked up together."""
        unknown = [one for one in remote_ids if self._known.get(("content", one)) is None]
        self.look_ups.expect(unknown, to_write=False)

    def forget(self, kind: str, name: str) -> None:
        """Ask again next time."""
        self._known.forget((kind, name))

    def _read_type(self, identifier: str) -> ContentType | None:
        answer = found(self.call("content_type.list", Message(query={"identifier": identifier})))
        rows = answer.body("ContentTypeList").get("ContentType", []) if answer else []
        return content_type_of(rows[0]) if rows else None

    def _read_type_at(self, href: str) -> ContentType | None:
        number = href.rstrip("/").rpartition("/")[2]
        answer = found(self.call("content_type.get", Message(path={"contentTypeId": number})))
        return content_type_of(answer.body("ContentType")) if answer else None

    def _read_section(self, identifier: str) -> str | None:
        answer = found(self.call("section.list", Message(query={"identifier": identifier})))
        rows = answer.body("SectionList").get("Section", []) if answer else []
        return str(rows[0]["_href"]) if rows else None

    def _read_states(self, group: str) -> Mapping[str, str] | None:
        answer = found(self.call("object_state_group.list", Message()))
        rows = answer.body("ObjectStateGroupList").get("ObjectStateGroup", []) if answer else []
        number = next((row["id"] for row in rows if row.get("identifier") == group), None)
        if number is None:
            return None
        listed = found(self.call("object_state.list", Message(path={"objectStateGroupId": number})))
        states = listed.body("ObjectStateList").get("ObjectState", []) if listed else []
        return {str(row["identifier"]): str(row["_href"]) for row in states}

    def _read_group_type(self, path: str) -> str | None:
        answer = told(self.call("user_group.get", Message(path={"path": path})))
        href = answer.body("UserGroup").get("ContentType", {}).get("_href") if answer else None
        return self.content_type_at(str(href)).identifier if href else None

    def _read_countries(self) -> Mapping[str, str] | None:
        answer = told(self.call("country.list", Message()))
        rows = answer.body("CountryList").get("Country", []) if answer else []
        ways = ("name", "Alpha3", "Alpha2")
        return {str(row[way]).casefold(): str(row["Alpha2"]) for way in ways for row in rows if row.get(way)}

    def _read_languages(self) -> frozenset[str] | None:
        answer = told(self.call("language.list", Message()))
        rows = answer.body("LanguageList").get("Language", []) if answer else []
        return frozenset(str(row["languageCode"]) for row in rows)

    def _read_version(self) -> str | None:
        answer = told(self.call("content_type.list", Message(query={"limit": _TELLING})))
        return version_of(answer.body("ContentTypeList").get("ContentType", [])) if answer else None

    def _read_content(self, remote_id: str) -> tuple[int, str | None] | None:
        self.look_ups.ask(remote_id)
        seen: tuple[int, str | None] | None = self._known.get(("content", remote_id))
        if seen is not None:
            return seen
        # What a search does not find may be there all the same.
        answer = found(self.call("content.find", Message(query={"remoteId": remote_id})))
        if answer is None:
            return None
        must_be(answer.body("Content"), remote_id)
        return content_place(answer.body("Content"))

    def _search(self, remote_ids: Sequence[str]) -> list[dict[str, Json]] | None:
        payload = view_input({"remote_ids": list(remote_ids)})
        payload["ContentQuery"]["limit"] = len(remote_ids)
        answer = self.call("content.search", Message(payload=payload))
        if not answer.ok:
            log.warning("looking up %s remote ids together failed: %s", len(remote_ids), description(answer.response))
            return None
        hits = answer.body("View").get("Result", {}).get("searchHits", {}).get("searchHit", [])
        return [hit["value"]["Content"] for hit in hits]

    def _learn(self, content: Mapping[str, Json]) -> None:
        self.learn_content(str(content["_remoteId"]), *content_place(content))

    def _read_location(self, location_id: int) -> str | None:
        answer = found(self.call("location.find", Message(query={"id": location_id})))
        return None if answer is None else path_of_location(answer.body("Location").get("_href"))

    def _read_user(self) -> int:
        answer = found(self.call("user.get_current", Message()))
        if answer is None:
            raise BadAnswer("Ibexa does not know who we are", hint="Is the client's auth declared?")
        return int(answer.body("User")["_id"])
