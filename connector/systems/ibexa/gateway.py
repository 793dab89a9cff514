"""Calls operations of Ibexa by id, and remembers for a while what rarely changes: types, sections, ids by remote id."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from connector.clients import HttpClient
from connector.clients.request import Request, Response
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.protocols import Clock
from connector.systems.catalogue import Catalogue
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.find import view_input
from connector.systems.ibexa.look_ups import LookUps, must_be
from connector.systems.ibexa.remembered import Remembered
from connector.systems.ibexa.types import ContentType, content_type_of

log = logging.getLogger("connector.ibexa")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its operation."""

    operation: str
    response: Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.response.status < 300

    @property
    def location(self) -> str:
        """The Location header, or empty."""
        return self.response.headers.get("location", "")

    def body(self, root: str) -> dict[str, Json]:
        """The object below the root element.

        Raises:
            BadAnswer: it is not there.
        """
        found = self.response.json()
        value = found.get(root) if isinstance(found, dict) else None
        if not isinstance(value, dict):
            raise BadAnswer(f"{self.operation} answered {self.status} without '{root}'", hint="Is a proxy in between?")
        return value


class WouldWrite(Exception):
    """An operation that writes, where only looking is allowed."""

    def __init__(self, operation: str) -> None:
        super().__init__()
        self.operation = operation


class Gateway:
    """One client's Ibexa, shared by all threads."""

    def __init__(self, client: HttpClient, catalogue: Catalogue, clock: Clock) -> None:
        self.client = client
        self.catalogue = catalogue
        self.adopting = threading.Lock()
        self._known = Remembered(clock)
        self._thread = threading.local()
        self.look_ups = LookUps(self._search, self._learn, clock)

    def call(self, operation: str, message: Message) -> Answer:
        """Send one operation.

        Raises:
            ClientError, RecordError: see HttpClient.send and Operation.request.
            WouldWrite: it writes, and this thread may only look.
        """
        found = self.catalogue.get(operation)
        if found.writes and getattr(self._thread, "only_looks", False):
            raise WouldWrite(operation)
        request = found.request(message)
        return Answer(operation, self.client.send(request))

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Inside, this thread may only look."""
        before = getattr(self._thread, "only_looks", False)
        self._thread.only_looks = True
        try:
            yield
        finally:
            self._thread.only_looks = before

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
        found = self._known.ask(("type", href), lambda: self._read_type_at(href))
        if found is None:
            raise BadAnswer(f"Ibexa has no content type at {href}", hint="Was it removed a moment ago?")
        return found

    def section_href(self, identifier: str) -> str | None:
        """The section's href, or None."""
        return self._known.ask(("section", identifier), lambda: self._read_section(identifier))

    def content_id(self, remote_id: str) -> int | None:
        """The id of the content item with that remote id (published, draft or trashed), or None."""
        found = self._known.ask(("content", remote_id), lambda: self._read_content(remote_id))
        return found[0] if found else None

    def location_path(self, remote_id: str) -> str | None:
        """The path (``1/2/61``) of the main Location of the item with that remote id; None if it has none."""
        for _ in range(2):
            found = self._known.ask(("content", remote_id), lambda: self._read_content(remote_id))
            if found is None or found[1]:
                return found[1] if found else None
            # Seen between its create and its publish, perhaps by somebody else a while ago: it may be published now.
            self._known.forget(("content", remote_id))
        return None

    def location_path_by_id(self, location_id: int) -> str | None:
        """The path of the Location with that id, or None."""
        return self._known.ask(("location", str(location_id)), lambda: self._read_location(location_id))

    def object_states(self, group: str) -> Mapping[str, str] | None:
        """The states of an object state group by identifier, with their hrefs; None when there is no such group."""
        return self._known.ask(("states", group), lambda: self._read_states(group))

    def user_id(self) -> int:
        """The id of the user that we are.

        Raises:
            BadAnswer: we are not logged in.
        """
        found = self._known.ask(("user", ""), self._read_user)
        assert found is not None
        return found

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
        answer = _found(self.call("content_type.list", Message(query={"identifier": identifier})))
        rows = answer.body("ContentTypeList").get("ContentType", []) if answer else []
        return content_type_of(rows[0]) if rows else None

    def _read_type_at(self, href: str) -> ContentType | None:
        number = href.rstrip("/").rpartition("/")[2]
        answer = _found(self.call("content_type.get", Message(path={"contentTypeId": number})))
        return content_type_of(answer.body("ContentType")) if answer else None

    def _read_section(self, identifier: str) -> str | None:
        answer = _found(self.call("section.list", Message(query={"identifier": identifier})))
        rows = answer.body("SectionList").get("Section", []) if answer else []
        return str(rows[0]["_href"]) if rows else None

    def _read_states(self, group: str) -> Mapping[str, str] | None:
        answer = _found(self.call("object_state_group.list", Message()))
        rows = answer.body("ObjectStateGroupList").get("ObjectStateGroup", []) if answer else []
        number = next((row["id"] for row in rows if row.get("identifier") == group), None)
        if number is None:
            return None
        listed = _found(self.call("object_state.list", Message(path={"objectStateGroupId": number})))
        states = listed.body("ObjectStateList").get("ObjectState", []) if listed else []
        return {str(row["identifier"]): str(row["_href"]) for row in states}

    def _read_content(self, remote_id: str) -> tuple[int, str | None] | None:
        self.look_ups.ask(remote_id)
        seen: tuple[int, str | None] | None = self._known.get(("content", remote_id))
        if seen is not None:
            return seen
        # What a search does not find may be there all the same.
        answer = _found(self.call("content.find", Message(query={"remoteId": remote_id})))
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
        answer = _found(self.call("location.find", Message(query={"id": location_id})))
        return None if answer is None else path_of_location(answer.body("Location").get("_href"))

    def _read_user(self) -> int:
        answer = _found(self.call("user.get_current", Message()))
        if answer is None:
            raise BadAnswer("Ibexa does not know who we are", hint="Is the client's auth declared?")
        return int(answer.body("User")["_id"])


def content_place(content: Mapping[str, Json]) -> tuple[int, str | None]:
    """Content id and path of the main Location of a Content object."""
    location = content.get("MainLocation")
    href = location.get("_href") if isinstance(location, dict) else None
    return int(content["_id"]), path_of_location(href)


def path_of_location(href: Json) -> str | None:
    """``1/2/61`` from ``/api/ibexa/v2/content/locations/1/2/61``."""
    return str(href).partition("/content/locations/")[2].strip("/") or None if href else None


def _found(answer: Answer) -> Answer | None:
    """The answer, None for 404.

    Raises:
        BadAnswer: anything else: it must not look like "not there".
    """
    if answer.status == 404:
        return None
    if not answer.ok:
        raise BadAnswer(f"{answer.operation} answered {answer.status}: {description(answer.response)}")
    return answer
