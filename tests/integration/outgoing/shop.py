"""A sandbox with a product type, a host with pictures, and an outgoing to it; what an editor does there meanwhile."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

from connector.clients import IbexaClient
from connector.core.clock import StopEvent, SystemClock
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request, Response, Server
from connector.sandbox.ibexa import IbexaSandbox
from connector.systems.catalogue import ibexa


def png(shade: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes((0, shade))))
        + chunk(b"IEND", b"")
    )


class Cdn:
    """A host with pictures that counts its visitors."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.shade = 1
        self.leads_to = ""
        self.server = Server("127.0.0.1", 0, self.answer)

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if self.leads_to:
            return Response(302, [("Location", self.leads_to)], b"")
        if request.path.endswith((".bin", ".gz")):
            large = bytes(2_000_000)
            zipped = request.path.endswith(".gz")
            return Response(
                200, [("Content-Encoding", "gzip")] if zipped else [], gzip.compress(large) if zipped else large
            )
        if request.path.endswith(".html"):
            return Response(200, [("Content-Type", "image/png")], b"<html>log in</html>")
        return Response(200, [("Content-Type", "image/png")], png(self.shade))


class Shop:
    """A sandbox with a product type, and an outgoing to it."""

    def __init__(self, root: Path, version: str = "4.6") -> None:
        self.sandbox = IbexaSandbox(version=version, login_seconds=0).start()
        self.cdn = Cdn()
        self.cdn.server.start()
        self.root = root
        auth = {"type": "jwt", "username": "admin", "password": Secret("publish")}
        quick = {"max_attempts": 2, "first_wait": "10ms", "max_wait": "20ms", "max_elapsed": "300ms"}
        config = {"base_url": self.sandbox.url, "auth": auth, "retry": quick, "max_in_flight": 8}
        self.services = Services(root, lambda name: self.client, SystemClock(), StopEvent())
        self.client = IbexaClient.build("ibexa", config, self.services)
        self.ensure = self.outgoing("content_type", "ensure")
        fields = [
            {"identifier": "name", "type": "string", "required": True, "searchable": True},
            {"identifier": "sku", "type": "string", "translatable": False, "searchable": True},
            {"identifier": "body", "type": "richtext"},
            {"identifier": "price", "type": "float", "translatable": False},
            {"identifier": "stock", "type": "boolean", "translatable": False},
            {"identifier": "since", "type": "date", "translatable": False},
            {
                "identifier": "colour",
                "type": "selection",
                "translatable": False,
                "searchable": True,
                "options": ["Red", "Blue"],
            },
            {"identifier": "picture", "type": "image", "translatable": False},
            {"identifier": "place", "type": "map_location", "translatable": False},
            {"identifier": "related", "type": "relation_list", "translatable": False},
        ]
        self.type = {
            "identifier": "thing",
            "main_language": "eng-GB",
            "name": "Thing",
            "is_container": True,
            "fields": fields,
        }
        assert isinstance(self.send(self.ensure, self.type), Done)
        defaults = {
            "content_type": "thing",
            "main_language": "eng-GB",
            "section": "standard",
            "parent": {"path": "/1/2"},
        }
        cdn = self.cdn.server.url.removeprefix("http://")
        self.assets = {"allow_hosts": [cdn], "allow_private": [cdn], "folder": "pictures"}
        self.upsert = self.outgoing("content", "upsert", payload=defaults, assets=self.assets)

    def outgoing(self, entity: str, action: str, **config: Any) -> IbexaOutgoing:
        declared = {"client": "ibexa", "entity": entity, "action": action, **config}
        return IbexaOutgoing.build(f"{entity}-{action}", declared, self.services)

    def send(self, outgoing: IbexaOutgoing, payload: Json, **delivery: Any) -> Outcome:
        message = outgoing.prepare(Message(payload=payload))
        key = outgoing.key(message) or ""
        return outgoing.send(Delivery(message, delivery.pop("action", outgoing.action), key, **delivery))

    def put(self, remote_id: str = "t-1", delivery: dict[str, Any] | None = None, /, **fields: Any) -> Outcome:
        translations = fields.pop("translations", {})
        payload = {"remote_id": remote_id, "fields": {"name": "A", **fields}, "translations": translations}
        return self.send(self.upsert, payload, **(delivery or {}))

    def edit(self, content_id: str, language: str = "eng-GB", **fields: Json) -> None:
        """What an editor does: change fields and publish."""
        place = {"contentId": content_id}
        made = self.client.send(self.request("content_version.create_draft_from_current", Message(path=place)))
        number = made.json()["Version"]["VersionInfo"]["versionNo"]
        rows = [
            {"fieldDefinitionIdentifier": name, "languageCode": language, "fieldValue": value}
            for name, value in fields.items()
        ]
        place |= {"versionNo": number}
        for operation, payload in (
            ("content_version.update", {"fields": {"field": rows}}),
            ("content_version.publish", None),
        ):
            assert self.client.send(self.request(operation, Message(path=place, payload=payload))).status < 300

    def request(self, operation: str, message: Message) -> Any:
        """Any operation of the reference, ready to be sent."""
        return ibexa().get(operation).request(message)

    def call(self, operation: str, payload: Json = None, destination: Json = None, **path: Json) -> Any:
        """Send one as an editor would, and give its answer."""
        answer = self.client.send(self.request(operation, Message(path=path, payload=payload, destination=destination)))
        assert answer.status < 300, answer.body
        return answer.json() if answer.body.strip() else answer.headers.get("location", "")

    def trash(self, content_id: str | int) -> None:
        """What an editor does: put the item into the trash."""
        item = self.held(str(content_id))
        path = self.sandbox.repository.locations[item.main_location].path.strip("/")
        self.call("location.move", destination="/content/trash", path=path)

    def held(self, content_id: str) -> Any:
        """The item as the sandbox keeps it."""
        return self.sandbox.repository.contents[int(content_id)]

    @property
    def book(self) -> dict[str, Any]:
        return self.sandbox.book.snapshot()

    @property
    def writes(self) -> dict[str, int]:
        found: dict[str, int] = self.book["writes"]["by_op"]
        return found

    def fault(self, op: str, do: dict[str, Any], **when: Any) -> None:
        self.sandbox.faults.add({"match": {"op": op}, "when": when or {"times": 1}, "do": do})

    def is_sound(self) -> bool:
        book = self.book
        twice = [one for one in book["items"].values() if one["creates"] > 1]
        return not twice and not book["duplicates"] and not book["leftover_drafts"]


class Kept:
    """One item, sent again and again; remembers as the engine does."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        self.shop, self.more, self.memory = shop, dict(more), None

    def put(self, delivery: dict[str, Any] | None = None, /, **fields: Any) -> Outcome:
        payload = {"remote_id": "t-1", "fields": {"name": "A", "body": "first", **fields}, **self.more}
        outcome = self.shop.send(self.shop.upsert, payload, **{"memory": self.memory, **(delivery or {})})
        if outcome.memory is not None:
            self.memory = outcome.memory
        return outcome

    def created(self, **fields: Any) -> str:
        outcome = self.put(**fields)
        assert isinstance(outcome, Done)
        return outcome.target_id

    def name(self, language: str = "eng-GB") -> Any:
        found = next(one for one in self.shop.sandbox.repository.contents.values() if one.remote_id == "t-1")
        return found.version.fields[language]["name"]


def twice(shop: Shop, entity: str, action: str, payload: Json, **delivery: Any) -> Outcome:
    """Send it, and once more: the second time must write nothing."""
    outgoing = shop.outgoing(entity, action)
    outcome = shop.send(outgoing, payload, **delivery)
    if isinstance(outcome, Done):
        shop.sandbox.book.reset()
        again = shop.send(outgoing, payload, memory=outcome.memory)
        assert isinstance(again, Skipped), again
        assert shop.writes == {}
    return outcome
