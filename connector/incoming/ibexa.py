"""The Ibexa subscriber: any reading operation of the reference, paged as the server really does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from connector.clients.request import Request
from connector.core.errors import BadAnswer, ConfigError, SourceError, Stopped
from connector.core.jsonio import Json, merge
from connector.core.model import Batch, Message, Position, Record
from connector.core.problem import Finding
from connector.core.protocols import Scope, Stop, Transformer
from connector.core.services import Services
from connector.core.spec import BOOLEAN, COUNT, JMESPATH, NAME, OBJECT, TEXT, Field, Spec
from connector.incoming.paging import Guard, Page, PageRequest
from connector.incoming.select import Selection
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.find import SCHEMA as FIND
from connector.systems.ibexa.find import view_input
from connector.systems.ibexa.shape import upsert_shape
from connector.systems.operation import Operation

_MAX_RECORD = 64 * 1024 * 1024


class IbexaIncoming:
    """Reads one entity of Ibexa by one action."""

    spec: ClassVar[Spec] = Spec(
        "ibexa",
        "Ibexa subscriber",
        "Reads from Ibexa by any reading operation of the REST reference.",
        {
            "client": Field(NAME, "The client to read with.", required=True, example="ibexa"),
            "entity": Field(TEXT, "What to read, e.g. `content`.", required=True, example="content"),
            "action": Field(TEXT, "How; left out: the entity's one listing.", example="list_children"),
            "path": Field(OBJECT, "Path parameters.", default={}, example={"path": "1/2"}),
            "query": Field(OBJECT, "Query parameters.", default={}),
            "payload": Field(OBJECT, "The body of a search, in the API's own words."),
            "find": Field(
                FIND, "For content: what to search for, in a few words.", example={"content_types": ["article"]}
            ),
            "pagination": Field(BOOLEAN, "Page through everything; false: one answer only.", default=True),
            "page_size": Field(
                {**COUNT, "maximum": 1000}, "Records a page, where the server lets one choose.", default=100
            ),
            "expand": Field(BOOLEAN, "Read what each reference in a listing points to.", default=False),
            "key": Field(JMESPATH, "What names a record; left out: remote id, else id, else address."),
            "shape": Field(
                {"type": "string", "enum": ["upsert", "raw"]},
                "upsert: content as content.upsert takes it. raw: the server's own form.",
                default="upsert",
            ),
            "request_transformer": Field(
                NAME, "A transformer that gets path, query, payload, cursor and now, and changes the request."
            ),
        },
    )

    def __init__(self, name: str, config: Mapping[str, Json], services: Services) -> None:
        self.name = name
        self.config = self.spec.filled(config)
        self.operation = _operation(self.config)
        self.client = services.client(str(self.config["client"]))
        self._shaping: Transformer | None = None

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration.

        Raises:
            ConfigError: entity, action or find do not fit.
        """
        return cls(name, config, services)

    @classmethod
    def lint(cls, config: Mapping[str, Json]) -> list[Finding]:
        """Entity and action exist and read; parameters are known."""
        entity, action = config.get("entity"), config.get("action")
        if not isinstance(entity, str) or "${" in f"{entity}{action}":
            return []
        try:
            operation = _operation(config)
        except ConfigError as error:
            known = entity in ibexa().entities()
            return [Finding("/action" if known and action else "/entity", "CFG150", error.message, error.hint)]
        return _lint_parameters(operation, config)

    def with_request_transformer(self, transformer: Transformer) -> Self:
        """Let a transformer change each run's request."""
        self._shaping = transformer
        return self

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[IbexaReading]:
        """One reading a request."""
        declared = self._declared()
        requests = [declared]
        if self._shaping is not None:
            given = {**declared, "cursor": None, "now": now.isoformat()}
            made = self._shaping.apply(given, Scope("", self.name, now))
            listed = [one for value in made for one in (value if isinstance(value, list) else [value])]
            requests = [merge(declared, one) for one in listed if isinstance(one, dict)] or requests
        names = [""] if len(requests) == 1 else [str(number) for number in range(1, len(requests) + 1)]
        return [
            IbexaReading(self, partition, request, checkpoints.get(partition, {}))
            for partition, request in zip(names, requests, strict=True)
        ]

    def _declared(self) -> dict[str, Json]:
        payload = self.config.get("payload")
        if self.config.get("find"):
            payload = merge(view_input(self.config["find"], self.name), payload or {})
        elif payload is None and self.operation.id == "content.search":
            payload = view_input({}, self.name)
        return {"path": self.config["path"], "query": self.config["query"], "payload": payload}

    def record(self, data: Json, origin: str) -> Record:
        """One item of a listing as a record."""
        found = data.get("value", {}).get("Content", data) if isinstance(data, dict) and "value" in data else data
        is_content = isinstance(found, dict) and "CurrentVersion" in found
        if is_content and self.config["shape"] == "upsert":
            found = upsert_shape(found)
        return Selection("@", self._key(found), _MAX_RECORD).record(found, origin)

    def _key(self, found: Json) -> str:
        if self.config.get("key"):
            return str(self.config["key"])
        names = ("remote_id", "_remoteId", "id", "_id", "identifier", "_href")
        known = next((name for name in names if isinstance(found, dict) and found.get(name) not in (None, "")), "_href")
        return f'"{known}"'


@dataclass(slots=True)
class IbexaReading:
    """One partition of one run."""

    incoming: IbexaIncoming
    partition: str
    request: Json
    start: Position

    def batches(self, stop: Stop) -> Iterator[Batch]:
        """Page by page; see core.protocols.Reading."""
        me = self.incoming
        guard = Guard(self.start.get("guard"))
        offset = int(self.start.get("offset", 0))
        while True:
            if stop:
                raise Stopped("asked to stop while reading")
            guard.about_to_ask(PageRequest({"offset": offset}))
            page = self._page(offset, guard.pages + 1)
            guard.has_read(page)
            offset += len(page.records)
            last = self._is_last(page, offset)
            origin = f"{me.name} page {guard.pages}"
            expanded = [self._expanded(one) for one in page.records]
            records = [me.record(data, f"{origin} [{at}]") for at, data in enumerate(expanded)]
            yield Batch(records, {} if last else {"offset": offset, "guard": guard.as_json()}, last, page.total)
            if last:
                return

    def _is_last(self, page: Page, offset: int) -> bool:
        me = self.incoming
        if me.operation.paging["style"] == "none" or not me.config["pagination"] or not page.records:
            return True
        if page.total is not None:
            return offset >= page.total
        # trash.list cuts first and drops what may not be read afterwards: a short page is not the end there.
        return me.operation.id != "trash.list" and len(page.records) < int(me.config["page_size"])

    def _page(self, offset: int, number: int) -> Page:
        me = self.incoming
        request = me.operation.request(self._message(offset))
        response = me.client.send(request)
        where = f"{me.name} page {number}"
        if not 200 <= response.status < 300:
            message = f"{where}: {me.operation.id} answered {response.status}: {description(response)}"
            raise BadAnswer(message, hint="Check path, query and find in the incoming, and the user's permissions.")
        body = response.json()
        if not me.operation.list_at:
            return Page(body, [body.get(me.operation.response_root, body)], None)
        items = me.operation.items(body)
        if items is None:
            raise SourceError(f"{where}: the answer has no `{me.operation.list_at}`", hint="Is a proxy in between?")
        return Page(body, items, me.operation.total(body))

    def _message(self, offset: int) -> Message:
        me = self.incoming
        paging: Mapping[str, Any] = me.operation.paging
        query, payload = dict(self.request.get("query") or {}), self.request.get("payload")
        size = int(me.config["page_size"])
        if paging["style"] == "offset_limit":
            query |= {paging["offset_param"]: offset, paging["limit_param"]: size}
        elif paging["style"] == "view_offset_limit":
            payload = _placed(payload, me.operation, {paging["offset_at"]: offset, paging["limit_at"]: size})
        return Message(path=self.request.get("path") or {}, query=query, payload=payload)

    def _expanded(self, item: Json) -> Json:
        me = self.incoming
        if not me.config["expand"] or not isinstance(item, dict) or not item.get("_href"):
            return item
        accept = str(item.get("_media-type") or "application/json")
        sent = Request("GET", link=str(item["_href"]), headers={"Accept": accept}, operation=f"{me.name} expand")
        response = me.client.send(sent)
        if not 200 <= response.status < 300:
            raise BadAnswer(f"{me.name}: {response.url} answered {response.status}: {description(response)}")
        body = response.json()
        return next(iter(body.values())) if isinstance(body, dict) and len(body) == 1 else body


def _operation(config: Mapping[str, Json]) -> Operation:
    catalogue = ibexa()
    entity, action = str(config["entity"]), config.get("action")
    found = catalogue.find(entity, str(action)) if action else catalogue.default_listing(entity)
    if not found.reads:
        raise ConfigError(f"{found.id} writes; an incoming only reads", hint="Use it in an outgoing.")
    if config.get("find") and found.id != "content.search":
        raise ConfigError(f"find belongs to content.search, not to {found.id}", hint="Leave action out.")
    return found


def _lint_parameters(operation: Operation, config: Mapping[str, Json]) -> list[Finding]:
    found = []
    given = {"path": operation.path_params, "query": tuple(operation.query)}
    for part, names in given.items():
        for name in config.get(part) or {}:
            if name not in names:
                hint = f"It has: {', '.join(names) or 'none'}."
                found.append(
                    Finding(f"/{part}/{name}", "CFG154", f"{operation.id} has no {part} parameter '{name}'", hint)
                )
    if "request_transformer" in config:
        return found
    missing = [name for name in operation.path_params if name not in (config.get("path") or {})]
    return found + [
        Finding("", "CFG155", f"{operation.id} needs path.{name}", f'Add "path": {{ "{name}": … }}.')
        for name in missing
    ]


def _placed(payload: Json, operation: Operation, values: Mapping[str, Json]) -> Json:
    """Offset and limit at their places in the body (``ViewInput.ContentQuery.limit``), its root being implied."""
    body = dict(payload or {})
    if list(body) == [operation.request_root]:
        body = dict(body[operation.request_root])
    for place, value in values.items():
        _, node, key = place.split(".")
        queried = next((name for name in (node, "LocationQuery", "Query") if name in body), node)
        body[queried] = {**body.get(queried, {}), key: value}
    return body
