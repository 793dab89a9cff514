"""What a route would ask first: its incoming is built as for a run, with a client that only writes requests down.

So it is the incoming's own code that makes the request, and no connection is ever opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct, field

from connector.clients import CLIENTS, IbexaClient
from connector.clients.ibexa import normalised
from connector.clients.request import Request
from connector.config.declaration import Declaration
from connector.config.explain import Surroundings
from connector.config.project import Project
from connector.config.secrecy import is_secret_parameter
from connector.config.variables import resolve
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import ConfigError, ConnectorError, Stopped
from connector.core.jsonio import Json, parse
from connector.core.model import Message
from connector.core.protocols import Reading, Transformer
from connector.core.secrets import MASK
from connector.core.services import Services
from connector.explain.calls import CALLS
from connector.incoming import INCOMING
from connector.incoming.file import FileIncoming
from connector.incoming.http import HttpIncoming, HttpReading
from connector.incoming.ibexa import IbexaIncoming, IbexaReading
from connector.incoming.paging import Page
from connector.incoming.paging.offset import Offset
from connector.incoming.paging.page import PageNumber
from connector.incoming.request_body import is_place
from connector.outgoing import OUTGOING
from connector.outgoing.ibexa import IbexaOutgoing
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.listing import Listing

_AT_MOST = 3
"""Readings that are shown when a request transformer makes many."""


class _Notebook(Struct):
    """Stands in for a client: writes down what it is asked to send, and says that it stops."""

    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> object:
        """Write down.

        Raises:
            Stopped: always.
        """
        self.asked.append(request)
        raise Stopped("only written down")


class Asker(Struct, frozen=True):
    """Says what the parts of a route would ask.

    Attributes:
        transformer: gives a compiled transformer by its name.
        now: what a request transformer is told.
    """

    project: Project
    around: Surroundings
    transformer: Callable[[str], Transformer]
    now: datetime

    def address(self, client: str) -> str:
        """The base URL of a client, without what is not known."""
        declaration = self.project.clients[client]
        url = self.around.text(str(declaration.data.get("base_url", ""))).strip().rstrip("/")
        return normalised(url) if issubclass(CLIENTS.get(declaration.data["type"]), IbexaClient) else url

    def incoming(self, declaration: Declaration) -> list[dict[str, Json]]:
        """The first requests of the reading side; what cannot be said has a ``problem`` instead."""
        head: dict[str, Json] = {"part": "incoming", "name": declaration.name}
        kind: type[object] = INCOMING.get(declaration.data["type"])
        if kind not in (HttpIncoming, FileIncoming, IbexaIncoming):
            return [{**head, "problem": f"only a run tells what an incoming of type {declaration.data['type']} asks"}]
        lacking = self.around.lacking(declaration.data)
        try:
            return [{**head, **one} for one in self._incoming(declaration)]
        except (ConnectorError, ValueError) as error:
            message = error.message if isinstance(error, ConnectorError) else "a value does not fit"
            return [{**head, "problem": f"not known until {', '.join(lacking)} is set" if lacking else message}]

    def _incoming(self, declaration: Declaration) -> Iterator[dict[str, Json]]:
        config = self._standing_in(declaration)
        kind = config["type"]
        if INCOMING.get(kind) is FileIncoming:
            path = str(config["path"])
            there = (self.project.root / path).is_file()
            yield {"path": path, "paging": "" if there else "the file is not there now"}
            return
        notebook = _Notebook()
        services = Services(
            self.project.root, lambda _: notebook, SystemClock(), StopEvent(), systems=self.project.added()
        )
        built = INCOMING.get(kind).build(declaration.name, config, services)
        if config.get("request_transformer") and not isinstance(built, FileIncoming):
            built.with_request_transformer(self.transformer(str(config["request_transformer"])))
        base = self.address(str(config["client"]))
        readings = built.readings({}, self.now)
        for reading in readings[:_AT_MOST]:
            yield _first(reading, base, notebook)
        if len(readings) > _AT_MOST:
            yield {"paging": f"and {len(readings) - _AT_MOST} more like these, from the request transformer"}

    def _standing_in(self, declaration: Declaration) -> dict[str, Json]:
        """As for a run; what is not set or not to be shown stays a reference, where a text can stand."""
        env = self.around.standing_in(declaration.data)
        return resolve(declaration, self.around.schemas[declaration.family], env)

    def log_in(self, client: str) -> list[dict[str, Json]]:
        """The request that comes before all others, where a client logs in."""
        declaration = self.project.clients[client]
        auth = declaration.data.get("auth") or {}
        if auth.get("type") != "jwt":
            return []
        path = self.around.text(str(auth.get("login_path", "/user/token/jwt")))
        who = self.around.text(str(auth.get("username", "")))
        url = self.address(client) + path
        return [{"part": "client", "name": client, "method": "POST", "url": url, "paging": f"logs in as {who}"}]

    def outgoing(self, declaration: Declaration) -> list[dict[str, Json]]:
        """The operation, or the composed action and what it calls."""
        head: dict[str, Json] = {"part": "outgoing", "name": declaration.name}
        data = declaration.data
        kind: type[object] = OUTGOING.get(data["type"])
        if kind is not IbexaOutgoing:
            return [{**head, "problem": f"only a run tells what an outgoing of type {data['type']} sends"}]
        entity, action = (self.around.text(str(data[key])) for key in ("entity", "action"))
        catalogue = ibexa(self.project.added().get("ibexa", ()))
        base = self.address(str(data["client"]))
        name = f"{entity}.{action}"
        if (entity, action) in ACTIONS:
            calls = [(catalogue.get(one), when) for one, when in CALLS.get(name, ())]
            listed = [
                {"operation": one.id, "method": one.method, "path": one.path, "when": when} for one, when in calls
            ]
            return [{**head, "operation": name, "composed": True, "url": base, "calls": listed}]
        try:
            found = catalogue.find(entity, action)
        except ConfigError as error:
            return [{**head, "problem": error.message}]
        made: dict[str, Json] = {"operation": found.id, "composed": False, "method": found.method}
        made |= {"url": base + found.path, "content_type": found.content_type}
        return [{**head, **made, "paging": "once for each message; names in braces come from its path"}]


def _first(reading: Reading, base: str, notebook: _Notebook) -> dict[str, Json]:
    """The request for the first page of a reading, and how it goes on."""
    notebook.asked.clear()
    with suppress(Stopped):
        next(iter(reading.batches(StopEvent())), None)
    [request] = notebook.asked
    shown = _shown(request, base)
    if isinstance(reading, HttpReading):
        return {**shown, **_http_paging(reading, base, request)}
    if isinstance(reading, IbexaReading):
        return {**shown, "operation": request.operation, **_ibexa_paging(reading, base)}
    return shown


def _http_paging(reading: HttpReading, base: str, request: Request) -> dict[str, Json]:
    """How it goes on, and the second request where it does not depend on the first answer."""
    paginator = reading.incoming.paginator
    declared = paginator.spec.filled(reading.incoming.config["pagination"])
    settings = ", ".join(f"{key} {value}" for key, value in declared.items() if key not in ("type", "description"))
    words = f"{paginator.spec.title}: {paginator.spec.help}" + (f" ({settings})" if settings else "")
    if not isinstance(paginator, Offset | PageNumber) or any(map(is_place, paginator.first().query)):
        return {"paging": words}
    full: list[Json] = [None] * int(declared["limit" if isinstance(paginator, Offset) else "size"])
    follows = paginator.next(paginator.first(), Page(None, full))
    changed = {name: str(value) for name, value in follows.query.items()} if follows else {}
    second = tuple((name, changed.get(name, value)) for name, value in request.query)
    return {"paging": words, "then": _url(base + request.path, second)}


def _ibexa_paging(reading: IbexaReading, base: str) -> dict[str, Json]:
    me, message = reading.incoming, Message(**reading.request)
    listing = Listing.of(me.operation, message, int(me.config["page_size"]), paged=bool(me.config["pagination"]))
    if not listing.size:
        asked = "one answer: this operation does not page" if me.config["pagination"] else "one answer, as declared"
        return {"paging": asked}
    if me.operation.paging["style"] == "cursor":
        return {"paging": f"{listing.size} a page; each answer names the next"}
    second = me.operation.request(listing.ask(message, listing.start + listing.size))
    words = f"{listing.size} a page, from {listing.start}; the next one begins where the last one ended"
    then: Mapping[str, Json] = {} if second.body else {"then": _shown(second, base)["url"]}
    return {"paging": words, **then}


def _shown(request: Request, base: str) -> dict[str, Json]:
    found: dict[str, Json] = {"method": request.method, "url": _url(base + request.path, request.query)}
    found["query"] = [[name, _value(name, value)] for name, value in request.query]
    if request.body is not None:
        found["body"] = parse(request.body)
    return found


def _url(address: str, query: Sequence[tuple[str, str]]) -> str:
    """References that are not filled in stay readable; everything else is as it would be sent."""
    pairs = "&".join(f"{quote(name, safe='')}={_encoded(_value(name, value))}" for name, value in query)
    return f"{address}?{pairs}" if pairs else address


def _encoded(value: str) -> str:
    return value if "${" in value or value == MASK else quote(value, safe="", errors="replace")


def _value(name: str, value: str) -> str:
    return MASK if is_secret_parameter(name) and not value.startswith("${") else value
