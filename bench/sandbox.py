"""``python -m bench.sandbox [--items 1000] [--requests 500]``: how quick the Ibexa sandbox is, by kind of request.

Wall time depends on what else the machine does; the processor time of the server for a request does not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = "/api/ibexa/v2"
GOAL_PER_SECOND = 500
_TICKS = os.sysconf("SC_CLK_TCK")


class Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc)
        self._token = ""
        body = {"JWTInput": {"username": "admin", "password": "publish"}}
        self._token = self.send("POST", "/user/token/jwt", body, "JWTInput")["JWT"]["token"]

    def send(self, method: str, path: str, body: Any = None, kind: str = "") -> Any:
        headers = {"Accept": "application/vnd.ibexa.api.Content+json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if kind:
            headers["Content-Type"] = f"application/vnd.ibexa.api.{kind}"
            headers["Content-Type"] = headers["Content-Type"].replace(
                kind, kind.replace(";", "+json;") if ";" in kind else f"{kind}+json"
            )
        self._connection.request(method, ROOT + path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        assert answer.status < 400, (method, path, answer.status, raw[:300])
        return json.loads(raw) if raw else None


def creation(remote_id: str) -> Any:
    return {
        "ContentCreate": {
            "ContentType": {"_href": f"{ROOT}/content/types/1"},
            "mainLanguageCode": "eng-GB",
            "LocationCreate": {
                "ParentLocation": {"_href": f"{ROOT}/content/locations/1/2"},
                "sortField": "PATH",
                "sortOrder": "ASC",
            },
            "remoteId": remote_id,
            "fields": {"field": [{"fieldDefinitionIdentifier": "name", "fieldValue": f"Item {remote_id}"}]},
        }
    }


def view(criteria: Any, **more: Any) -> Any:
    return {
        "ViewInput": {
            "identifier": "b",
            "ContentQuery": {"Filter": criteria, "SortClauses": {"ContentId": "ascending"}, **more},
        }
    }


def kinds(client: Client, ids: list[int]) -> Iterator[tuple[str, Callable[[int], None]]]:
    """What to measure: a name, and what to do the nth time."""
    at = len(ids)
    search = "ViewInput; version=1.1"
    yield "read an item", lambda n: client.send("GET", f"/content/objects/{ids[n % at]}")
    yield "find by remote id", lambda n: client.send("GET", f"/content/objects?remoteId=made-{n % at}")
    yield (
        "view by remote id",
        lambda n: client.send("POST", "/views", view({"ContentRemoteIdCriterion": f"made-{n % at}"}), search),
    )
    yield (
        "create",
        lambda n: ids.append(
            client.send("POST", "/content/objects", creation(f"new-{n}"), "ContentCreate")["Content"]["_id"]
        ),
    )
    yield "publish", lambda n: client.send("PUBLISH", f"/content/objects/{ids[at + n]}/versions/1")
    yield "draft", lambda n: client.send("COPY", f"/content/objects/{ids[n % at]}/currentversion")
    yield "children, a page", lambda n: client.send("GET", f"/content/locations/1/2/children?limit=10&offset={n % at}")
    yield (
        "view by date",
        lambda n: client.send(
            "POST",
            "/views",
            view({"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": 1600000000 + n}}),
            search,
        ),
    )
    yield (
        "view, a page of all",
        lambda n: client.send("POST", "/views", view({"ParentLocationIdCriterion": 2}, limit=25, offset=n), search),
    )


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.sandbox", description=__doc__)
    parser.add_argument("--items", type=int, default=1000, help="published items to begin with")
    parser.add_argument("--requests", type=int, default=500, help="requests of each kind")
    options = parser.parse_args()
    started = time.monotonic()
    command = [sys.executable, "-m", "connector.sandbox", "--port", "0", "--login-seconds", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[3]
        print(f"started in {time.monotonic() - started:.2f} s (goal: under 1)\n")
        try:
            measure(Client(url), server.pid, options.items, options.requests)
        finally:
            server.terminate()


def measure(client: Client, pid: int, items: int, requests: int) -> None:
    ids = []
    for number in range(items):
        ids.append(
            client.send("POST", "/content/objects", creation(f"made-{number}"), "ContentCreate")["Content"]["_id"]
        )
        client.send("PUBLISH", f"/content/objects/{ids[-1]}/versions/1")
    print(f"{'':22} a second   server's ms each   ({items} items, one connection; goal: {GOAL_PER_SECOND} a second)")
    for name, act in kinds(client, ids):
        before, begun = processor_seconds(pid), time.monotonic()
        for number in range(requests):
            act(number)
        wall, used = time.monotonic() - begun, processor_seconds(pid) - before
        print(f"{name:22} {requests / wall:8.0f} {1000 * used / requests:12.2f}")


if __name__ == "__main__":
    main()
