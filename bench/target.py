"""``python -m bench.target --records 2000 --latency-ms 10``: what both sides talk to, in a process of its own.

It lists records in pages of 100, and plays the three requests of a new content item (look up, create, publish) with as
little work as it can, so that it is not what a benchmark measures. Everything else (login, content types, locations)
it passes on to a sandbox inside it. It is one thread on an asyncio loop; the latency is a timer for each answer.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import unquote

from connector.sandbox.ibexa import IbexaSandbox

PAGE = 100
KEPT = 100_000
"""Pages of the first records are made once and kept."""
ROOT = "/api/ibexa/v2"
OBJECTS = f"{ROOT}/content/objects"
FIRST_ID = 100_000
"""Above what the sandbox holds."""

MEDIA = "application/vnd.ibexa.api."
_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "keep-alive"}


class Target:
    """The records, the content items that were made, and how often each kind of request was asked."""

    def __init__(self, records: int, sandbox: IbexaSandbox) -> None:
        self.records = records
        self.url = ""
        self._pages: dict[int, bytes] = {}
        self._sandbox = http.client.HTTPConnection(sandbox.url.partition("//")[2])
        self.counts = Counter[str]()
        self._held: dict[str, bytes] = {}

    def answer(self, method: str, path: str, headers: bytes, body: bytes) -> bytes:
        """The whole answer, as bytes for the socket."""
        if path.startswith("/products"):
            self.counts["list"] += 1
            return self._page(path)
        if path.startswith("/bench/"):
            return self._about(path)
        if method == "GET" and path.startswith(f"{OBJECTS}?remoteId="):
            self.counts["find"] += 1
            return self._find(unquote(path.partition("=")[2]))
        if method == "POST" and path == OBJECTS:
            self.counts["create"] += 1
            return self._create(body)
        if path.startswith(OBJECTS) and path.endswith("/versions/1") and method in {"PUBLISH", "POST"}:
            self.counts["publish"] += 1
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        self.counts["other"] += 1
        return self._pass_on(method, path, headers, body)

    def _page(self, path: str) -> bytes:
        start = int(path.partition("start=")[2] or 0)
        if start in self._pages:
            return self._pages[start]
        following = start + PAGE
        more = f"{self.url}/products?start={following}" if following < self.records else None
        items = [record(number) for number in range(start, min(following, self.records))]
        body = json.dumps({"items": items, "total": self.records, "next": more}, ensure_ascii=False).encode()
        answer = _answer("200 OK", body, "application/json")
        if start < KEPT:
            self._pages[start] = answer
        return answer

    def _about(self, path: str) -> bytes:
        """What was asked since the last time; ``/bench/forget`` also lets the content items go."""
        found = json.dumps(self.counts).encode()
        self.counts.clear()
        if path == "/bench/forget":
            self._held.clear()
        return _answer("200 OK", found, "application/json")

    def _find(self, remote_id: str) -> bytes:
        if remote_id in self._held:
            return _answer("200 OK", self._held[remote_id], f"{MEDIA}Content+json")
        error = {"errorCode": 404, "errorMessage": "Not Found", "errorDescription": "Could not find 'Content'"}
        return _answer("404 Not Found", json.dumps({"ErrorMessage": error}).encode(), f"{MEDIA}ErrorMessage+json")

    def _create(self, body: bytes) -> bytes:
        asked = json.loads(body)["ContentCreate"]
        number = FIRST_ID + len(self._held)
        made = json.dumps(content(number, asked)).encode()
        self._held[asked["remoteId"]] = made
        return _answer("201 Created", made, f"{MEDIA}Content+json", f"Location: {OBJECTS}/{number}\r\n")

    def _pass_on(self, method: str, path: str, headers: bytes, body: bytes) -> bytes:
        lines = (line.partition(": ") for line in headers.decode("latin-1").split("\r\n")[1:])
        kept = {name: value for name, _, value in lines if name.lower() not in {"host", "connection", "content-length"}}
        self._sandbox.request(method, path, body or None, kept)
        got = self._sandbox.getresponse()
        data = got.read()
        more = "".join(f"{name}: {value}\r\n" for name, value in got.getheaders() if name.lower() not in _HOP_BY_HOP)
        return f"HTTP/1.1 {got.status} {got.reason}\r\n{more}Content-Length: {len(data)}\r\n\r\n".encode() + data


def record(number: int) -> dict[str, Any]:
    """A product of the source: about 250 bytes, texts with letters beyond ASCII and some HTML."""
    text = (
        f"<p>Product <strong>{number}</strong> of the catalogue, æøå &amp; more.</p><ul><li>one</li><li>two</li></ul>"
    )
    return {
        "sku": f"{number:07d}",
        "updated": f"2026-01-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "values": {"name": {"en_GB": f"Product {number}"}, "short": f"p {number}", "text": text},
    }


def content(number: int, asked: dict[str, Any]) -> dict[str, Any]:
    """What Ibexa says of a content item, as far as either side reads it, at about the size of the real answer."""
    href = f"{OBJECTS}/{number}"
    fields = [
        {"id": number * 10 + at, "fieldTypeIdentifier": "ezrichtext" if rich(field) else "ezstring", **field}
        for at, field in enumerate(asked["fields"]["field"])
    ]
    info = {
        "id": number, "versionNo": 1, "status": "DRAFT", "modificationDate": "2026-11-21T14:13:13+00:00",
        "Creator": {"_href": f"{ROOT}/user/users/14"}, "creationDate": "2026-11-21T14:13:13+00:00",
        "initialLanguageCode": "eng-GB", "languageCodes": "eng-GB",
        "VersionTranslationInfo": {"Language": [{"languageCode": "eng-GB"}]},
        "names": {"value": [{"_languageCode": "eng-GB", "#text": f"Product {number}"}]},
        "Content": {"_media-type": f"{MEDIA}ContentInfo+json", "_href": href},
    }  # fmt: skip
    version = {"_href": f"{href}/versions/1", "VersionInfo": info, "Fields": {"field": fields}}
    version["Relations"] = {"_href": f"{href}/versions/1/relations", "Relation": []}
    return {
        "Content": {
            "_media-type": f"{MEDIA}Content+json", "_href": href, "_remoteId": asked["remoteId"], "_id": number,
            "ContentType": {"_media-type": f"{MEDIA}ContentType+json", **asked["ContentType"]},
            "Name": f"Product {number}", "TranslatedName": f"Product {number}",
            "Versions": {"_media-type": f"{MEDIA}VersionList+json", "_href": f"{href}/versions"},
            "CurrentVersion": {"_media-type": f"{MEDIA}Version+json", "_href": f"{href}/currentversion", "Version": version},
            "Section": {"_media-type": f"{MEDIA}Section+json", "_href": f"{ROOT}/content/sections/1"},
            "Locations": {"_media-type": f"{MEDIA}LocationList+json", "_href": f"{href}/locations"},
            "Owner": {"_media-type": f"{MEDIA}User+json", "_href": f"{ROOT}/user/users/14"},
            "mainLanguageCode": "eng-GB", "currentVersionNo": 1, "alwaysAvailable": True, "isHidden": False,
            "status": "DRAFT", "ObjectStates": {"_href": f"{href}/objectstates"},
        }
    }  # fmt: skip


def rich(field: dict[str, Any]) -> bool:
    return isinstance(field["fieldValue"], dict)


def _answer(status: str, body: bytes, kind: str, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One kept-alive connection; a request at a time, as all sides send them."""

    def __init__(self, target: Target, latency: float) -> None:
        self._target = target
        self._latency = latency
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(rest) < length:
            return
        self._read = b""
        method, path, _ = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        answer = self._target.answer(method, path, head, rest)
        if self._latency and path.startswith(ROOT):
            asyncio.get_running_loop().call_later(self._latency, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def serve(records: int, latency: float) -> None:
    with IbexaSandbox(login_seconds=0) as sandbox:
        target = Target(records, sandbox)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(partial(Connection, target, latency), "127.0.0.1", 0, backlog=128)
        target.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        print(target.url, flush=True)
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.target", description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--latency-ms", type=float, default=0.0, help="of each answer of Ibexa; the listing has none")
    options = parser.parse_args()
    asyncio.run(serve(options.records, options.latency_ms / 1000))


if __name__ == "__main__":
    main()
