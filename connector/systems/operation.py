"""One operation of an API: a row of data that turns a message into a request, and an answer into records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from connector.clients.request import Request
from connector.core.errors import RecordError
from connector.core.jsonio import Json, JsonError, dumps, shown, type_name
from connector.core.model import Message
from connector.core.nearest import did_you_mean
from connector.core.template import fill_path, placeholders
from connector.systems.bodies import Bodies
from connector.systems.body_schema import BodySchema, Fault
from connector.systems.parameters import as_text, must_have
from connector.systems.places import destination, is_tree, misfit, no_place

_READING = frozenset({"GET", "HEAD"})
_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
NO_BODY_ACCEPT = "application/vnd.ibexa.api.ErrorMessage+json"
"""For operations that answer without a body: errors still come as JSON."""


class Operation(Struct, frozen=True):
    """One row of a catalogue.

    Attributes:
        id: ``entity.action``.
        path: template with ``{names}``, below the client's base URL.
        path_of_segments: path parameters whose value is a path itself (``1/2/54``).
        params: what path parameters are, by name: ``type`` and ``help``.
        query: known query parameters, by name: ``type`` and ``help``; ``default``, ``enum``, ``needed`` if any.
        accept, content_type, request_root, response_root: exact media types, the one key around a body; or empty.
        list_at, total_at: keys, joined by dots, of the records and of their number in the answer.
        paging: how the server pages: ``{"style": "none"}``, or parameters. ``ragged``: a short page is not the end.
        destination: takes a Destination header, and cannot do without unless ``destination_optional``.
        required: keys that this operation demands beside those that all with the same body do.
        answers: statuses that the server gives.
        says: by status, what it means here where that is more than it always does; see ``meanings``.
        status: active, deprecated or removed; then ``replaced_by`` may name another operation.
        body: what the payload may hold; None: not known, so nothing is checked.
        repeat: what sending it again does where it makes nothing twice: ``refused`` or ``harmless``; else empty.
        unread: the server wants a body and reads nothing of it.
        closed: of a part of the product whose behaviour is known from the reference only.
    """

    id: str
    title: str
    method: str
    path: str
    path_of_segments: tuple[str, ...] = ()
    params: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    query: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    accept: str = ""
    content_type: str = ""
    request_root: str = ""
    response_root: str = ""
    list_at: str = ""
    total_at: str = ""
    paging: Mapping[str, Json] = field(default_factory=lambda: {"style": "none"})
    destination: bool = False
    destination_optional: bool = False
    required: tuple[str, ...] = ()
    answers: tuple[int, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    status: str = "active"
    replaced_by: str = ""
    repeat: str = ""
    closed: bool = False
    unread: bool = False
    notes: str = ""
    searches: bool = False
    body: BodySchema | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Json], bodies: Bodies | None = None) -> Operation:
        """From the data; unknown keys are an error (TypeError), so that a slip in the data is noticed."""
        values: dict[str, Any] = dict(row)
        values["searches"] = bool(values.pop("reads", False))
        for name in ("path_of_segments", "answers", "required"):
            if name in values:
                values[name] = tuple(values[name])
        found = cls(**values)
        return replace(found, body=bodies.get(found.content_type)) if bodies and found.content_type else found

    @property
    def entity(self) -> str:
        """What it is about, e.g. ``content``."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """What it does, e.g. ``create``."""
        return self.id.partition(".")[2]

    @property
    def reads(self) -> bool:
        """Changes nothing."""
        return self.method in _READING or self.searches

    @property
    def writes(self) -> bool:
        """Changes something."""
        return not self.reads

    @property
    def idempotent(self) -> bool:
        """Sending it twice leaves the same as sending it once."""
        return self.reads or self.method in _REPEATABLE

    @property
    def needs_destination(self) -> bool:
        """Whether it does nothing without one."""
        return self.destination and not self.destination_optional

    @property
    def path_params(self) -> tuple[str, ...]:
        """The names in the path."""
        return placeholders(self.path)

    def request(self, message: Message) -> Request:
        """The request that the message means.

        Raises:
            RecordError: a value is missing, unknown or of a wrong type.
        """
        self._known("path", message.path, self.path_params)
        self._known("query", message.query, tuple(self.query))
        headers = {"Accept": self.accept or NO_BODY_ACCEPT}
        body = self._body(self._empty() if message.payload is None else message.payload)
        if body is not None:
            headers["Content-Type"] = self._media_type(message.path)
        if message.destination is not None:
            if not self.destination:
                hint = "Leave destination out."
                raise RecordError(f"{self.id} takes no destination", hint=hint, step="destination")
            headers["Destination"] = destination(self.id, message.destination)
        query = tuple((name, as_text(name, value)) for name, value in message.query.items() if value is not None)
        path = fill_path(self.path, message.path, multi=frozenset(self.path_of_segments))
        for name, value in message.path.items():
            if wanted := self.misfit(name, value):
                raise no_place(name, value, wanted)
        told = isinstance(message.payload, dict) and "password" in message.payload
        return Request(self.method, path, query, headers, body, safe=self.reads, operation=self.id, confidential=told)

    def _empty(self) -> Json:
        """What is sent when the message has no payload: without a body, a server misses the content type."""
        if not self.content_type:
            return None
        return [] if self.body is not None and self.body.is_list else {}

    def check(self, message: Message) -> None:
        """Whether a request can be made of the message, and its payload lacks nothing; nothing is sent.

        Raises:
            RecordError: as ``request``; or the server is known to refuse the payload as it is.
        """
        self.request(message)
        if self.needs_destination and message.destination is None:
            hint = 'Give it "destination": a path such as "1/2/61", {"id": 61} or {"remote_id": "shoes"}.'
            raise RecordError(f"{self.id} needs a destination", hint=hint, step="destination")
        must_have(self.id, self.query, message.query)
        for fault in self.lacks(self._empty() if message.payload is None else message.payload):
            step = "payload" + fault.pointer.replace("/", ".")
            raise RecordError(f"the payload of {self.id}: {fault.message}", hint=fault.hint, step=step)

    def lacks(self, payload: Json) -> Iterator[Fault]:
        """What is missing in a payload to which nothing will be added."""
        inner = self.unwrapped(payload)
        if self.body is None:
            return
        yield from (one for one in self.body.faults(inner, complete=True) if one.missing)
        for key in self.required:
            if isinstance(inner, dict) and inner.get(key) is None:
                yield Fault("", f"'{key}' is missing", f'Add "{key}".', missing=True)

    def faults(self, payload: Json) -> Iterator[Fault]:
        """What is wrong in a payload, whether or not something will be added to it."""
        inner = self.unwrapped(payload)
        if self.body is None:
            return
        keys = list(inner) if isinstance(inner, dict) else []
        alone = len(keys) == 1 and inner is payload and isinstance(inner[keys[0]], dict)
        if alone and self.request_root and self.body.is_foreign(keys[0]):
            hint = f"The root element is {self.request_root}; it may be left out."
            yield Fault(f"/{keys[0]}", f"'{shown(keys[0], 40)}' is not the root element", hint, at_key=True)
            return
        yield from self.body.faults(inner)

    def unwrapped(self, payload: Json) -> Json:
        """The payload without its root element, if it has one: an object, rarely a list."""
        if isinstance(payload, dict) and len(payload) == 1:
            root, inner = next(iter(payload.items()))
            # The reference itself writes URLWildcardCreate here and UrlWildcardCreate there; servers take either.
            if root.lower() == self.request_root.lower() and isinstance(inner, dict | list):
                return inner
        return payload

    def items(self, body: Json) -> list[Json] | None:
        """The records in an answer; None when they are not where they must be."""
        found = _at(self.list_at, body) if self.list_at else None
        return found if isinstance(found, list) else None

    def total(self, body: Json) -> int | None:
        """How many there are in all, if the answer says so."""
        found = _at(self.total_at, body) if self.total_at else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def _known(self, part: str, given: Mapping[str, Json], names: tuple[str, ...]) -> None:
        for name in (one for one in given if one not in names):
            hint = f"{did_you_mean(name, names)}Known are: {', '.join(names) or 'none'}."
            raise RecordError(f"{self.id} has no {part} parameter '{name}'", hint=hint, step=f"{part}.{name}")

    def misfit(self, name: str, value: Json) -> str:
        """What a path parameter must be and the value is not; empty when it fits, or nothing is known of it."""
        of_tree = name in self.path_of_segments and is_tree(self.entity)
        return "" if self.closed else misfit(name, value, of_tree=of_tree)

    def _body(self, payload: Json) -> bytes | None:
        if payload is None:
            return None
        if not self.content_type:
            raise RecordError(f"{self.id} takes no payload", hint="Leave payload out.", step="payload")
        if not isinstance(payload, dict) and not (isinstance(payload, list) and self.body and self.body.is_list):
            raise RecordError(f"the payload of {self.id} must be an object, not {type_name(payload)}", step="payload")
        inner = self.unwrapped(payload)
        for fault in self.faults(payload):
            step = "payload" + fault.pointer.replace("/", ".")
            raise RecordError(f"the payload of {self.id}: {fault.message}", hint=fault.hint, step=step)
        try:
            return dumps({self.request_root: inner} if self.request_root else payload)
        except JsonError as error:
            raise RecordError(f"the payload {error}", hint="Clean the value in the mapping.", step="payload") from None

    def _media_type(self, path: Mapping[str, Json]) -> str:
        """The content type; that of calendar actions names the kind of event, as the path does."""
        return fill_path(self.content_type, path) if "{" in self.content_type else self.content_type


def _at(place: str, body: Json) -> Json:
    for key in place.split("."):
        body = body.get(key) if isinstance(body, dict) else None
    return body
