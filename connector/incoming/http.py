"""The HTTP subscriber: any JSON API that lists records, page by page."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Self

import jmespath
from msgspec import Struct
from msgspec.structs import replace

from connector.clients.request import Request, Response
from connector.core.errors import RecordError, Stopped
from connector.core.jsonio import Json, dumps, merge, type_name
from connector.core.model import Batch, Position
from connector.core.problem import Finding
from connector.core.protocols import Scope, Stop, Transformer
from connector.core.services import Services
from connector.core.spec import COUNT, HEADERS, JMESPATH, NAME, OBJECT, SIZE, Field, Spec
from connector.core.units import size
from connector.incoming.cursor import SCHEMA as CURSOR
from connector.incoming.cursor import Cursor
from connector.incoming.cursor_of import CursorOf
from connector.incoming.http_checks import findings
from connector.incoming.paging import PAGINATORS, Guard, Page, PageRequest, Paginator
from connector.incoming.paging.base import Moved, Repeats
from connector.incoming.paging.beyond import beyond
from connector.incoming.paging.ending import Doubt, Ending, tried, unknown
from connector.incoming.paging.guard import MAX_PAGES
from connector.incoming.paging.overlap import Met, met
from connector.incoming.position import beginning, left, listing_of
from connector.incoming.refusals import refusal
from connector.incoming.request_body import divided, listed, pairs, placed, without_nulls
from connector.incoming.select import Selection
from connector.incoming.watch import Watch

log = logging.getLogger("connector.incoming")


class HttpIncoming:
    """Reads records from an endpoint of a client."""

    spec: ClassVar[Spec] = Spec(
        "http",
        "HTTP subscriber",
        "Reads records from a JSON API, page by page.",
        {
            "client": Field(NAME, "The client to read with.", required=True, example="pim"),
            "method": Field(
                {"type": "string", "enum": ["GET", "POST"]},
                "How to ask; POST for systems that search by a body. It is repeated like a GET, so it must only read.",
                default="GET",
            ),
            "endpoint": Field(
                {"type": "string", "pattern": "^/"},
                "Path below the client's base URL.",
                required=True,
                example="/products",
            ),
            "query": Field(OBJECT, "Query parameters; a list repeats its name.", default={}, example={"limit": 100}),
            "body": Field(OBJECT, "What a POST sends, as JSON.", example={"filter": [], "sort": [{"field": "id"}]}),
            "headers": Field(HEADERS, "Headers of every request.", default={}),
            "records": Field(JMESPATH, "Where the records are in an answer.", default="@", example="_embedded.items"),
            "key": Field(JMESPATH, "What names a record at the source.", required=True, example="identifier"),
            "total": Field(JMESPATH, "Where an answer says how many there are in all.", example="total"),
            "pagination": Field(PAGINATORS.json_schema, "How the listing pages.", default={"type": "single"}),
            "max_pages": Field(COUNT, "More pages than this are taken for a fault.", default=MAX_PAGES),
            "max_record": Field(SIZE, "A larger record becomes a failed task.", default="5MiB"),
            "cursor": Field(CURSOR, "Read only what changed since the last complete read."),
            "request_transformer": Field(
                NAME, "A transformer that gets path, query, payload, cursor and now, and changes the request."
            ),
        },
    )

    def __init__(self, name: str, config: Mapping[str, Json], services: Services) -> None:
        self.name = name
        self.config = self.spec.filled(config)

        self.client = services.client(str(self.config["client"]))
        self.paginator: Paginator = PAGINATORS.get(self.config["pagination"]["type"]).build(self.config["pagination"])
        self.paged = listing_of(self.config)
        self.repeats = isinstance(self.paginator, Repeats) and self.paginator.repeats
        self.selection = Selection(self.config["records"], self.config["key"], size(str(self.config["max_record"])))
        self.cursor = Cursor.build(config["cursor"]) if "cursor" in config else None
        self._shaping: Transformer | None = None

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration."""
        return cls(name, config, services)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:  # noqa: ARG003
        """See http_checks."""
        return findings(config)

    def with_request_transformer(self, transformer: Transformer) -> Self:
        """Let a transformer change each run's request."""
        self._shaping = transformer
        return self

    def readings(self, checkpoints: Mapping[str, Position], now: datetime) -> Sequence[HttpReading]:
        """One reading a request: usually one, more when the request transformer gives a list.

        Raises:
            RecordError: the request transformer fails.
        """
        requests = self._requests(checkpoints, now)
        names = [""] if len(requests) == 1 else [f"{number}" for number in range(1, len(requests) + 1)]
        return [
            HttpReading(self, partition, request, checkpoints.get(partition, {}), now)
            for partition, request in zip(names, requests, strict=True)
        ]

    def _requests(self, checkpoints: Mapping[str, Position], now: datetime) -> list[Json]:
        declared = {"path": {}, "query": dict(self.config["query"]), "payload": self.config.get("body")}
        if self._shaping is None:
            return [declared]
        cursor = checkpoints.get("", {}).get("cursor")
        given = {**declared, "cursor": cursor, "now": now.isoformat()}
        made = [one for value in self._shaping.apply(given, Scope("", self.name, now)) for one in listed(value)]
        for one in made:
            if not isinstance(one, dict):
                raise RecordError(f"the request transformer yields {type_name(one)}, not an object", step=self.name)
        return [without_nulls(merge(declared, one)) for one in made] or [declared]


class HttpReading(Struct):
    """One partition of one run."""

    incoming: HttpIncoming
    partition: str
    request: Json
    start: Position
    now: datetime

    def batches(self, stop: Stop) -> Iterator[Batch]:
        """Page by page; see core.protocols.Reading."""
        me = self.incoming
        since = self.start.get("cursor")
        start = self.start if self.start.get("declared", me.paged) == me.paged else {"cursor": since}
        highest = start.get("highest", since)
        asked = start.get("next")
        guard = Guard(start.get("guard"), int(me.config["max_pages"]))
        request = PageRequest.from_json(asked) if asked else me.paginator.first()
        watch, of = Watch(me.config, since, resumed=bool(asked)), CursorOf.read_by(me.config, self.start)
        while True:
            if stop:
                raise Stopped("asked to stop while reading")
            before = guard.as_json()
            try:
                found = self._met(request, since, guard)
            except Moved:
                yield Batch([], beginning(since), last=False)
                raise
            request, page = found.request, found.fresh
            guard.has_read(found.compared, len(page.records), found.covered)
            follows = me.paginator.next(request, found.page)
            watch.saw(found.page, page.records)
            doubt = None if follows is not None else self._doubt(found, since, guard)
            fault = guard.fault(follows) if follows is not None else (doubt and doubt.fault) or guard.short()
            highest = me.cursor.highest(highest, page.records, self.now) if me.cursor else highest
            records = me.selection.listed(page.records, f"{me.name} page {guard.pages}", of=page.size)
            if fault is None and doubt is None:
                position = left((follows, guard.as_json()), since, highest, me.paged)
            elif follows is None:  # a listing that ended too early is read again from where this read began
                position = beginning(since)
            else:  # after a link that lies, the next run begins with this page, and may be given a better one
                position = left((request, before), since, highest, me.paged)
            last = follows is None and fault is None
            whole = not last or (doubt is None and watch.whole)
            marked, notes = of.marked(position, ended=whole and last), [*watch.findings(doubt), *of.findings()]
            yield Batch(records, marked, last, page.total, found.back, whole, notes)
            if fault is not None:
                raise fault
            if follows is None:
                return
            request = follows

    def first_answer(self) -> Response:
        """What the source answers to the first request of a read from the start, whatever its status.

        Raises:
            ClientError: no answer.
        """
        me = self.incoming
        response: Response = me.client.send(self._sent(me.paginator.first(), None, f"{me.name} page 1"))
        return response

    def _doubt(self, found: Met, since: Json, guard: Guard) -> Doubt | None:
        """What speaks against a listing that has ended; a page that may lie behind it is asked for, once."""
        me, page = self.incoming, found.fresh

        def ask(one: PageRequest) -> Page:
            return self._page(one, since, guard.pages + 1).without(one.known)

        def news(records: list[Json]) -> list[Json]:
            known = {me.selection.name(one) for one in page.records}
            return [] if guard.knows(records) else [one for one in records if me.selection.name(one) not in known]

        covered = page.total is not None and guard.short() is None
        asked = {**self.request["query"], **(self.request["payload"] or {}), **found.request.query}
        ending = Ending(me.config, guard.pages, page, asked, covered)
        doubt = ending.doubt(tried(ask, guard) if me.config["method"] == "GET" else unknown)
        follows = me.paginator.next(found.request, replace(found.page, total=None)) if covered and not doubt else None
        return beyond(page, lambda: ask(follows), news, str(me.config["total"])) if follows else doubt

    def _met(self, request: PageRequest, since: Json, guard: Guard) -> Met:
        def ask(request: PageRequest) -> Page:
            guard.about_to_ask(request)
            return self._page(request, since, guard.pages + 1)

        found = met(self.incoming.paginator, request, ask)
        if found.back:
            log.warning("%s: its listing moved while it was read: read again from further back", self.incoming.name)
            guard.moved()
        else:
            guard.stood_still()
        return found

    def _page(self, request: PageRequest, since: Json, number: int) -> Page:
        me = self.incoming
        where = f"{me.name} page {number}"
        response = me.client.send(self._sent(request, since, where))
        if not 200 <= response.status < 300:
            raise refusal(response, where)
        body = response.json(surrogates=True)
        total = jmespath.search(me.config["total"], body) if me.config.get("total") else None
        counted = total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
        records = me.selection.records_in(body, where)
        names = [me.selection.name(one) for one in records] if me.repeats else ()
        return Page(body, records, counted, len(response.body), response.headers, names)

    def _sent(self, request: PageRequest, since: Json, where: str) -> Request:
        me = self.incoming
        parameters = {**(me.cursor.to_send(since) if me.cursor else {}), **request.query}
        query = {**self.request["query"], **parameters}
        method, headers = str(me.config["method"]), {"Accept": "application/json"}
        body = None
        if method == "POST":
            query, places = divided(query)
            headers["Content-Type"] = "application/json"
            body = dumps(placed(self.request["payload"] or {}, places))
        return Request(
            method,
            str(me.config["endpoint"]),
            () if request.link else tuple(pairs(query)),
            {**headers, **me.config["headers"]},
            body,
            safe=True,
            link=request.link,
            operation=where,
        )
