"""The Ibexa subscriber: any reading operation of the reference, paged as the server really does it.

Not here: how an operation becomes a request (systems/operation.py), how it pages (systems/listing.py), what the words
of ``find`` mean (systems/ibexa/find.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Self

from msgspec import Struct
from msgspec.structs import replace

from connector.core.errors import RecordError, SourceError, Stopped
from connector.core.jsonio import Json, fingerprint, merge, type_name
from connector.core.model import Batch, Message, Position, Record
from connector.core.problem import Finding
from connector.core.protocols import Scope, Stop, Transformer
from connector.core.services import Services
from connector.core.spec import BOOLEAN, COUNT, DURATION, JMESPATH, NAME, OBJECT, SIZE, TEXT, Field, Spec
from connector.core.units import duration, size
from connector.incoming.cursor import Cursor
from connector.incoming.cursor_of import CursorOf
from connector.incoming.ibexa_checks import findings, operation_of
from connector.incoming.ibexa_links import Links, Unread, refusal
from connector.incoming.paging import Guard, Page, PageRequest
from connector.incoming.select import Selection
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.find import SCHEMA as FIND
from connector.systems.ibexa.find import search_body
from connector.systems.ibexa.shape import upsert_shape
from connector.systems.ibexa.surroundings import Surroundings
from connector.systems.listing import Listing

_CURSOR: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "start": {**TEXT, "description": "ISO 8601; where the first read begins. Left out: it reads everything."},
        "lookback": {**DURATION, "description": "How much earlier to ask again: for late commits.", "default": "5m"},
    },
    "additionalProperties": False,
}
_KEYS = '_remoteId || _id || _href || "__href" || Version._href || id || identifier'
"""What names an item when nothing is declared. Bookmarks have two underscores, versions are one level down."""


_BY_ITSELF = "Leave it out: it pages by itself, and page_size says how many records at a time."
_ADDRESS = "Say entity and action: `connector catalogue list` has the address of each."
_INSTEAD: Mapping[str, str] = {
    "records": "Leave it out: the operation itself knows where its records are.",
    "total": "Leave it out: the operation itself knows where an answer says how many there are.",
    **dict.fromkeys(("pages", "page", "max_pages", "limit", "offset"), _BY_ITSELF),
    **dict.fromkeys(("endpoint", "url", "method"), _ADDRESS),
    "headers": "Leave it out: the headers are the operation's and the client's.",
    "body": "Write it as payload.",
}
"""Keys of other kinds of incomings, and what is known here without them."""


class IbexaIncoming:
    """Reads one entity of Ibexa by one operation."""

    spec: ClassVar[Spec] = Spec(
        "ibexa",
        "Ibexa subscriber",
        "Reads from Ibexa by any reading operation of the REST reference.",
        {
            "client": Field(NAME, "The client to read with.", required=True, example="ibexa"),
            "entity": Field(TEXT, "What to read, e.g. `content`.", required=True, example="content"),
            "action": Field(TEXT, "How; left out: the entity's one listing.", example="list_children"),
            "path": Field(OBJECT, "Path parameters.", default={}, example={"path": "1/2"}),
            "query": Field(OBJECT, "Query parameters.", default={}, example={"identifier": "media"}),
            "payload": Field(OBJECT, "The body of a search, in the API's own words, with or without its root element."),
            "find": Field(
                FIND, "For content: what to search for, in a few words.", example={"content_types": ["article"]}
            ),
            "pagination": Field(BOOLEAN, "Page through everything; false: one answer only.", default=True),
            "page_size": Field(
                {**COUNT, "maximum": 1000}, "Records a page, where the server lets one choose.", default=100
            ),
            "expand": Field(BOOLEAN, "Read what each link in a listing points to: one request each.", default=False),
            "key": Field(JMESPATH, "What names a record; left out: its remote id, else its address or id."),
            "shape": Field(
                {"type": "string", "enum": ["upsert", "raw"]},
                "For content. upsert: a message for content.upsert, below `payload`. raw: the server's own form.",
                default="upsert",
            ),
            "cursor": Field(_CURSOR, "For content: read only what was modified since the last complete read."),
            "max_record": Field(SIZE, "A larger record becomes a failed task.", default="5MiB"),
            "request_transformer": Field(
                NAME, "A transformer that gets path, query, payload, find, cursor and now, and changes the request."
            ),
        },
        instead=_INSTEAD,
    )

    def __init__(self, name: str, config: Mapping[str, Json], services: Services) -> None:
        self.name = name
        self.config = self.spec.filled(config)
        catalogue = ibexa(services.systems.get("ibexa", ()))
        self.operation = operation_of(self.config, catalogue)
        self._search = catalogue.get("content.search")
        self.client = services.client(str(self.config["client"]))
        usual = _KEYS if self.operation.list_at else f"{_KEYS} || '{self.operation.id}'"  # the one thing there is
        self.selection = Selection("@", str(self.config.get("key") or usual), size(str(self.config["max_record"])))
        self.cursor = _cursor(config["cursor"]) if "cursor" in config else None
        self._shaping: Transformer | None = None
        # The checkpoint of a reading that was left half-way holds good for the same declaration only.
        asking = ("entity", "action", "path", "query", "payload", "find", "pagination", "page_size", "cursor")
        self.version = fingerprint({key: self.config.get(key) for key in asking})

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration.

        Raises:
            ConfigError: entity, action, find or cursor do not fit.
        """
        return cls(name, config, services)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:
        """See ibexa_checks."""
        return findings(config, systems.get("ibexa", ()))

    def surroundings(self) -> Surroundings:
        """For one reading."""
        return Surroundings(self.client, self._search)

    def with_request_transformer(self, transformer: Transformer) -> Self:
        """Let a transformer change each run's request."""
        self._shaping = transformer
        return self

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[IbexaReading]:
        """One reading a request: usually one, more when the request transformer gives a list.

        Raises:
            RecordError: the request transformer fails, or what it makes cannot be asked.
        """
        cursor = checkpoints.get("", {}).get("cursor")
        requests = self._requests(cursor, now)
        names = [""] if len(requests) == 1 else [str(number) for number in range(1, len(requests) + 1)]
        return [
            self._reading(partition, request, checkpoints.get(partition, {}), now)
            for partition, request in zip(names, requests, strict=True)
        ]

    def _requests(self, cursor: Json, now: datetime) -> list[dict[str, Json]]:
        declared = {part: self.config.get(part) for part in ("path", "query", "payload", "find")}
        if self._shaping is None:
            return [declared]
        given = {**declared, "cursor": cursor, "now": now.isoformat()}
        made = list(self._shaping.apply(given, Scope("", self.name, now)))
        listed = [one for value in made for one in (value if isinstance(value, list) else [value])]
        for one in listed:
            if not isinstance(one, dict):
                raise RecordError(f"the request transformer yields {type_name(one)}, not an object", step=self.name)
        return [_without_nulls(merge(declared, one)) for one in listed] or [declared]

    def _reading(self, partition: str, request: Mapping[str, Json], start: Position, now: datetime) -> IbexaReading:
        """Goes on where a reading was left half-way, with what that one asked; otherwise starts anew."""
        if start.get("declared") == self.version and "offset" in start:
            return IbexaReading(self, partition, start["asked"], start, now)
        kept: Position = {name: start[name] for name in ("cursor", "of") if name in start}
        anew = kept if self.cursor and start.get("cursor") is not None else {}
        return IbexaReading(self, partition, self._asked(request, anew.get("cursor")), anew, now)

    def _asked(self, request: Mapping[str, Json], cursor: Json) -> dict[str, Json]:
        """Path, query and payload as they go into every page of a reading."""
        find = {**(request.get("find") or {}), **(self.cursor.to_send(cursor) if self.cursor else {})}
        payload = request.get("payload")
        if self.operation.id == "content.search":
            payload = search_body(find, payload, self.name)
        message = Message(request.get("path") or {}, request.get("query") or {}, payload)
        self.operation.check(message)
        return message.as_json()


class IbexaReading(Struct):
    """One partition of one run."""

    incoming: IbexaIncoming
    partition: str
    request: Json
    start: Position
    now: datetime

    def batches(self, stop: Stop) -> Iterator[Batch]:
        """Page by page; see core.protocols.Reading."""
        me = self.incoming
        with Links(me.client, me.operation.id, me.name).open() as links:
            yield from self._pages(stop, (me.surroundings(), links))

    def _pages(self, stop: Stop, tools: tuple[Surroundings, Links]) -> Iterator[Batch]:
        me = self.incoming
        message = Message(**self.request)
        config = me.config
        listing = Listing.of(me.operation, message, int(config["page_size"]), paged=bool(config["pagination"]))
        guard = Guard(self.start.get("guard"))
        offset, before = self.start.get("offset", listing.start), self.start.get("total")
        cursor = self.start.get("cursor")
        highest = self.start.get("highest", cursor)
        of = CursorOf.read_by(config, self.start)
        while True:
            if stop:
                raise Stopped("asked to stop while reading")
            guard.about_to_ask(PageRequest({"offset": offset}))
            page = self._page(listing.ask(message, offset), guard.pages + 1)
            guard.has_read(page)
            records, highest = self._records(page, (guard.pages, *tools), highest)
            follows = listing.follow(offset, page, before)
            ended = {} if highest is None else {"cursor": highest}
            position = {"declared": me.version, "asked": self.request, "offset": follows, "total": page.total}
            position |= {"cursor": cursor, "highest": highest, "guard": guard.as_json()}
            position = of.marked(ended if follows is None else position, ended=follows is None)
            yield Batch(records, position, follows is None, page.total, notes=of.findings())
            if follows is None:
                return
            if isinstance(follows, int) and follows <= offset:
                guard = Guard()
            offset, before = follows, page.total

    def _page(self, message: Message, number: int) -> Page:
        me = self.incoming
        where = f"{me.name} page {number}"
        response = me.client.send(me.operation.request(message))
        if not 200 <= response.status < 300:
            raise refusal(me.operation.id, response, where, me.operation.says)
        body = response.json()
        if not me.operation.list_at:
            return Page(body, [_below_root(body, me.operation.response_root)])
        items = me.operation.items(body)
        if items is None and isinstance(body, dict) and list(body) == [me.operation.list_at.rpartition(".")[2]]:
            return Page(body, list(body.values()))  # a filter for one thing redirects to that thing
        if items is None:
            there = ", ".join(list(body)[:12]) if isinstance(body, dict) else type_name(body)
            raise SourceError(
                f"{where}: the answer to {me.operation.id} has no `{me.operation.list_at}`",
                hint=f"It has: {there or 'nothing'}. Is a proxy in between, or another version of Ibexa?",
            )
        return Page(body, items, me.operation.total(body))

    def _records(self, page: Page, at: tuple[int, Surroundings, Links], highest: Json) -> tuple[list[Record], Json]:
        me = self.incoming
        number, around, links = at
        listed = [_hit(item) for item in page.records]
        if me.cursor is not None:
            for one in listed:
                highest = me.cursor.higher(highest, one, self.now)
        whole = links.expanded(listed) if me.config["expand"] else listed
        if me.config["shape"] == "upsert":
            around.expect([one for one in whole if not isinstance(one, Unread) and _is_content(one)])
        records = []
        for index, (item, found) in enumerate(zip(listed, whole, strict=True)):
            origin = f"{me.name} page {number} [{index}]"
            try:
                if isinstance(found, Unread):
                    raise found
                records.append(self._record(found, origin, around))
            except RecordError as error:
                record = me.selection.record(item, origin)
                records.append(replace(record, problem=error.problem(origin)))
        return records, highest

    def _record(self, found: Json, origin: str, around: Surroundings) -> Record:
        """The default key is looked for in the server's own form, a declared one in the record that users see."""
        me = self.incoming
        if me.config["shape"] == "raw" or not _is_content(found):
            return me.selection.record(found, origin)
        shaped = {"payload": upsert_shape(found, around.of(found))}
        if me.config.get("key"):
            return me.selection.record(shaped, origin)
        return replace(me.selection.record(found, origin), data=shaped)


def _cursor(config: Mapping[str, Json]) -> Cursor:
    lookback = duration(str(config.get("lookback", "5m")))
    return Cursor("lastModificationDate", {"changed_since": "{cursor}"}, str(config.get("start", "")), lookback)


def _hit(item: Json) -> Json:
    """The thing in a search hit (``{"value": {"Content": ...}}``); any other item as it is."""
    value = item.get("value") if isinstance(item, dict) else None
    inner = [value[name] for name in ("Content", "Location") if name in value] if isinstance(value, dict) else []
    return inner[0] if inner else item


def _is_content(found: Json) -> bool:
    version = found.get("CurrentVersion") if isinstance(found, dict) else None
    return isinstance(version, dict) and "Version" in version


def _below_root(body: Json, root: str) -> Json:
    if isinstance(body, dict) and root in body:
        return body[root]
    return next(iter(body.values())) if isinstance(body, dict) and len(body) == 1 else body


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return value
