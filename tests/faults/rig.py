"""Small builders for fault tests: clients, incomings, outgoings and routes on real sockets and a real run log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connector.clients import HttpClient, IbexaClient
from connector.core.clock import StopEvent, SystemClock
from connector.core.model import Batch, Position
from connector.core.protocols import Clock, Stop
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.incoming.http import HttpIncoming
from connector.outgoing.ibexa import IbexaOutgoing

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOKEN = "bearer-canary-4711"
QUICK = {"max_attempts": 3, "first_wait": "10ms", "max_wait": "20ms"}
ONCE = {"max_attempts": 1}


def services(find: Callable[[str], Any] = lambda name: None, **given: Any) -> Services:
    clock: Clock = given.get("clock", SystemClock())
    stop: Stop = given.get("stop", StopEvent())
    return Services(given.get("root", Path()), find, clock, stop, given.get("log", lambda entry: None))


def http_client(url: str, **config: Any) -> HttpClient:
    given = {name: config.pop(name) for name in ("clock", "stop", "log") if name in config}
    auth = {"type": "bearer", "token": Secret(TOKEN)}
    return HttpClient.build("pim", {"base_url": url, "auth": auth, "retry": QUICK, **config}, services(**given))


def ibexa_client(url: str, **config: Any) -> IbexaClient:
    given = {name: config.pop(name) for name in ("clock", "stop", "log") if name in config}
    auth = {"type": "jwt", "username": "admin", "password": Secret(config.pop("password", "publish"))}
    return IbexaClient.build("ibexa", {"base_url": url, "auth": auth, "retry": QUICK, **config}, services(**given))


def outgoing(client: IbexaClient, entity: str, action: str, **config: Any) -> IbexaOutgoing:
    declared = {"client": "ibexa", "entity": entity, "action": action, **config}
    return IbexaOutgoing.build(f"{entity}-{action}", declared, services(lambda name: client))


def folders(client: IbexaClient) -> IbexaOutgoing:
    """An upsert of folders below the root."""
    fixed = {"content_type": "folder", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    return outgoing(client, "content", "upsert", payload=fixed)


def listing(url: str, **config: Any) -> HttpIncoming:
    """An incoming over ``/things``: records in ``items``, keys in ``id``."""
    client = http_client(url, retry=ONCE)
    declared = {"client": "pim", "endpoint": "/things", "records": "items", "key": "id", **config}
    return HttpIncoming.build("things", declared, services(lambda name: client))


def read(source: HttpIncoming, position: Position | None = None, now: datetime = NOW) -> list[Batch]:
    [reading] = source.readings({"": position} if position else {}, now)
    return list(reading.batches(StopEvent()))


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """The results of ``call(number)`` from so many threads; what is raised is a result too."""
    found: list[Any] = []

    def work(number: int) -> None:
        try:
            found.append(call(number))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the verdict
            found.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
