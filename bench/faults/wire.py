"""Figures over the wire: lost answers, circles, other origins, log-ins."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from connector.clients.request import Request
from connector.clients.request import Response as Answered
from connector.core.errors import ConnectorError, PagingError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.incoming.http import HttpIncoming
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request as Asked
from connector.sandbox.http import Response
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.fault_server import FaultServer, is_create
from tests.faults.rig import ONCE, at_once, folders, http_client, ibexa_client, listing, read, services
from tests.integration.clients.scripted import Scripted, js

LOST = ("committed, then cut", "committed, then late", "committed, then 502")
PATIENCE = {"connect": "5s", "read": "600ms", "total": "1s"}


def lost_answers(writes: int, *, seed: int = 4711, workers: int = 8) -> dict[str, Any]:
    """Every create is committed, and every answer to the first attempt is lost in one of three ways."""
    chance = random.Random(seed)
    kinds = [
        LOST[0] if chance.random() < 0.45 else LOST[2] if chance.random() < 0.8 else LOST[1] for _ in range(writes)
    ]
    first: set[bytes] = set()
    lock = threading.Lock()

    def script(request: Asked, _: int) -> str:
        if not is_create(request):
            return ""
        with lock:
            if request.body in first:
                return ""
            first.add(request.body)
            return kinds[len(first) - 1]

    with IbexaSandbox(login_seconds=0) as sandbox, FaultServer(sandbox, script, hang=0.7) as server:
        client = ibexa_client(server.url, retry=ONCE, timeout=PATIENCE, max_in_flight=workers)
        upsert = folders(client)
        with ThreadPoolExecutor(workers) as pool:
            unfinished = sum(pool.map(lambda n: not _written(upsert, n), range(writes)))
        book, fired = sandbox.book.snapshot(), server.fired
    ours = {name: one for name, one in book["items"].items() if name.startswith("w-")}
    return {
        "writes": writes,
        "answers lost": sum(fired[kind] for kind in LOST),
        **{kind: fired[kind] for kind in LOST},
        "second entities": sum(one["creates"] != 1 for one in ours.values()) + len(book["duplicates"]),
        "not published": writes - sum(one["status"] == "PUBLISHED" for one in ours.values()) + unfinished,
        "drafts left over": len(book["leftover_drafts"]),
    }


def _written(upsert: IbexaOutgoing, number: int) -> bool:
    """As the engine does: after each attempt that ended unknown the next one looks first."""
    message = upsert.prepare(Message(payload={"remote_id": f"w-{number}", "fields": {"name": f"write {number}"}}))
    for attempt in range(1, 6):
        try:
            delivery = Delivery(message, "upsert", f"w-{number}", suspect=attempt > 1, attempt=attempt)
            outcome: Outcome = upsert.send(delivery)
        except ConnectorError:
            continue
        if isinstance(outcome, Done | Skipped):
            return True
    return False


def loops(longest: int, honest: int = 1000) -> dict[str, Any]:
    """Circles of every length by links and by page numbers; and honest listings whose records say the same."""
    kinds: dict[str, dict[str, Any]] = {
        "link": {"type": "next_link", "next": "next"},
        "page": {"type": "page", "size": 2},
    }
    most, unnoticed, circles = 0, 0, 0
    for length in range(1, longest + 1):
        for kind, paging in kinds.items():
            with _asked(_circle(kind, length), over_a_socket=length % 25 == 1) as (source, count):
                circles += 1
                try:
                    read(source(pagination=paging))
                    unnoticed += 1
                except PagingError:
                    most = max(most, count() - length)
    alarms = sum(_false_alarm(number) for number in range(honest))
    return {
        "circles": circles,
        "longest": longest,
        "requests too many, at most": most,
        "not noticed": unnoticed,
        "honest listings": honest,
        "false alarms": alarms,
    }


class _Short:
    """A client without a wire: half a million requests in a circle need no sockets, each 25th length has them."""

    def __init__(self, answer: Callable[[Asked], Response]) -> None:
        self.answer, self.asked = answer, 0

    def send(self, request: Request) -> Answered:
        self.asked += 1
        query = parse_qsl(request.link.partition("?")[2]) if request.link else list(request.query)
        return Answered(200, {}, self.answer(Asked("GET", "/things", query)).body, "", 0.0)


@contextmanager
def _asked(answer: Callable[[Asked], Response], *, over_a_socket: bool) -> Iterator[tuple[Any, Callable[[], int]]]:
    if over_a_socket:
        with Scripted(answer) as server:
            yield partial(listing, server.url), lambda: len(server.asked)
        return
    client = _Short(answer)

    def source(**config: Any) -> HttpIncoming:
        declared = {"client": "pim", "endpoint": "/things", "records": "items", "key": "id", **config}
        return HttpIncoming.build("things", declared, services(lambda _: client))

    yield source, lambda: client.asked


def _circle(kind: str, length: int) -> Any:
    """By links the records change with every answer, so only the link tells; by pages they come round again."""
    count = iter(range(10**9))

    def by_link(request: Asked) -> Response:
        at = int(dict(request.query).get("at", "0"))
        follows = (at + 1) % length
        link = f"/things?at={follows}" if follows else "/things"
        return js({"items": [{"id": str(at), "n": next(count)}], "next": link})

    def by_page(request: Asked) -> Response:
        at = int(dict(request.query)["page"]) % length
        return js({"items": [{"id": f"{at}-{n}"} for n in range(2)]})

    return by_link if kind == "link" else by_page


def _false_alarm(number: int) -> bool:
    """A listing whose records differ in nothing but their keys, with empty pages and repeats in between."""
    chance = random.Random(number)
    pages = chance.randrange(1, 12)
    rows = [
        [{"id": f"{page}-{n}", "text": "same"} for n in range(chance.choice((0, 1, 2, 5)))] for page in range(pages)
    ]

    def answer(request: Asked) -> Response:
        at = int(dict(request.query).get("at", "0"))
        more = {"next": f"/things?at={at + 1}"} if at + 1 < pages else {}
        return js({"items": rows[at], **more})

    with Scripted(answer) as server:
        try:
            found = read(listing(server.url, pagination={"type": "next_link", "next": "next"}))
        except PagingError:
            return True
    return sum(len(one.records) for one in found) != sum(map(len, rows))


def origins() -> dict[str, Any]:
    """Links and redirects that lead to a server of somebody else's, and addresses that only look like our own."""
    with Scripted(js({"items": []})) as thief:
        port = thief.url.rpartition(":")[2]
        targets = [
            f"{thief.url}/things",
            f"http://localhost:{port}/things",
            f"http://[::1]:{port}/things",
            f"//127.0.0.1:{port}/things",
            f"http:\\\\127.0.0.1:{port}/things",
            f"http://2130706433:{port}/things",
            f"http://0x7f.1:{port}/things",
            f"https://127.0.0.1:{port}/things",
            "http://169.254.169.254/latest/meta-data",
            "http://127.0.0.1.evil.invalid/things",
        ]
        tried, followed = 0, Counter[str]()
        for target in targets:
            for name, answer in _ways(target).items():
                with Scripted(answer) as server:
                    user = target.replace("http://", f"http://user:pw@{server.url[7:]}@", 1)
                    for one in (target, user):
                        tried += 1
                        _try(name, server, one)
                        followed[name] += len(server.asked) > 1
        asked = len(thief.asked)
        leaked = sum("authorization" in one.headers for one in thief.asked)
    return {
        "attempts": tried,
        "requests to another origin": asked,
        "credentials sent": leaked,
        "followed": sum(followed.values()),
    }


def _ways(target: str) -> dict[str, Response]:
    moved = {f"redirect {code}": js({}, code, Location=target) for code in (301, 302, 303, 307, 308)}
    return {"next link": js({"items": [{"id": "1"}], "next": target}), **moved}


def _try(name: str, server: Scripted, target: str) -> None:
    server.answers = [_ways(target)[name]]
    server.asked.clear()
    try:
        if name == "next link":
            read(listing(server.url, pagination={"type": "next_link", "next": "next"}))
        else:
            http_client(server.url, retry=ONCE).send(Request("GET", "/things"))
    except ConnectorError:
        pass


def tokens(expiries: int, workers: int = 16) -> dict[str, Any]:
    """Each time the token ends, or is taken back, all workers ask at once."""
    with IbexaSandbox(login_seconds=0.02) as sandbox:
        client = ibexa_client(sandbox.url, max_in_flight=workers)
        refused = 0
        for _ in range(expiries):
            answers = at_once(workers, lambda _: client.send(Request("GET", "/content/sections")).status)
            refused += sum(one != 200 for one in answers)
            sandbox.tokens.revoke_all()
        logins = sandbox.book.snapshot()["logins"]
    return {
        "expiries": expiries,
        "workers": workers,
        "log-ins": logins,
        "more than one": logins - expiries,
        "failed": refused,
    }
