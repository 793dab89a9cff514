"""A client with "format": "xml", over real sockets: a server that knows no JSON, and the sandbox behind such a front.

The sandbox reads and writes XML by rules of its own, those of ibexa/rest, and not with the code under test.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from connector.clients import IbexaClient
from connector.clients.request import Request as Asked
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message, Record
from connector.core.outcome import Done, Outcome, Refused, Skipped
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.incoming.ibexa import IbexaIncoming
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request, Response, Server
from connector.sandbox.ibexa import IbexaSandbox
from tests.integration.clients.scripted import Scripted, js
from tests.integration.outgoing.shop import png

NOW = datetime.now(UTC)
API = "application/vnd.ibexa.api."
TOKEN = js({"JWT": {"token": "abc.def.ghi", "_token": "abc.def.ghi"}})


def client_of(url: str, **config: Any) -> IbexaClient:
    auth = {"type": "jwt", "username": "admin", "password": Secret("publish")}
    declared = {"base_url": url, "auth": auth, "retry": {"max_attempts": 1}, "format": "xml", **config}
    return IbexaClient.build("ibexa", declared, services_of(None))


def services_of(client: IbexaClient | None) -> Services:
    return Services(Path.cwd(), lambda _name: client, SystemClock(), StopEvent())


def records(client: IbexaClient, **config: Json) -> list[Record]:
    declared = {"type": "ibexa", "client": "ibexa", **config}
    (reading,) = IbexaIncoming.build("it", declared, services_of(client)).readings({}, NOW)
    return [one for batch in reading.batches(StopEvent()) for one in batch.records]


def outgoing(client: IbexaClient, entity: str, action: str, **config: Any) -> IbexaOutgoing:
    declared = {"client": "ibexa", "entity": entity, "action": action, **config}
    return IbexaOutgoing.build(f"{entity}-{action}", declared, services_of(client))


def sent(publisher: IbexaOutgoing, payload: Json, **parts: Any) -> Outcome:
    message = publisher.prepare(Message(payload=payload, **parts))
    return publisher.send(Delivery(message, publisher.action, publisher.key(message) or ""))


def xml(body: str, status: int = 200, kind: str = "Any", **headers: str) -> Response:
    return Response(status, [("Content-Type", f"{API}{kind}+xml"), *headers.items()], body.encode())


# -- a server that knows no JSON --------------------------------------------------------------------------------------


def test_a_listing_of_one_is_read() -> None:
    listing = f'<SectionList media-type="{API}SectionList+xml" href="/s"><Section href="/s/1"><sectionId>1</sectionId><identifier>a</identifier></Section></SectionList>'
    with Scripted(TOKEN, xml(listing)) as server:
        found = records(client_of(server.url), entity="section", action="list")
        assert [one.data for one in found] == [{"_href": "/s/1", "sectionId": 1, "identifier": "a"}]
        login, asked = server.asked
        assert login.headers["content-type"] == f"{API}JWTInput+json"
        assert asked.headers["accept"] == f"{API}SectionList+xml"


def test_a_section_is_created() -> None:
    made = f'<Section media-type="{API}Section+xml" href="/s/7"><sectionId>7</sectionId></Section>'
    with Scripted(TOKEN, xml(made, 201, Location="/api/ibexa/v2/content/sections/7")) as server:
        outcome = sent(outgoing(client_of(server.url), "section", "create"), {"identifier": "a", "name": "A & B"})
        assert isinstance(outcome, Done)
        assert outcome.target_id == "7"
        asked = server.asked[1]
        assert asked.headers["content-type"] == f"{API}SectionInput+xml"
        root = ET.fromstring(asked.body)
        assert [root.tag, *((one.tag, one.text) for one in root)] == [
            "SectionInput",
            ("identifier", "a"),
            ("name", "A & B"),
        ]


def test_an_error_is_told_in_the_servers_words() -> None:
    details = '<errorDetails><field fieldTypeId="186"><error><type>empty</type><message>Value is required</message></error></field></errorDetails>'
    error = f"<ErrorMessage><errorCode>400</errorCode><errorMessage>Bad Request</errorMessage><errorDescription>Content fields did not validate</errorDescription>{details}</ErrorMessage>"
    with Scripted(TOKEN, xml(error, 400, "ErrorMessage")) as server:
        outcome = sent(outgoing(client_of(server.url), "section", "create"), {"identifier": "a", "name": "A"})
        assert isinstance(outcome, Refused)
        assert "Content fields did not validate: field definition 186: Value is required" in outcome.problem.message


def test_a_missing_permission_in_xml_is_no_reason_to_log_in_again() -> None:
    error = "<ErrorMessage><errorCode>401</errorCode><errorDescription>no permission</errorDescription></ErrorMessage>"
    with Scripted(TOKEN, xml(error, 401, "ErrorMessage")) as server:
        assert client_of(server.url).send(Asked("GET", "/a")).status == 401
        assert [one.path.rpartition("/")[2] for one in server.asked] == ["jwt", "a"]


def test_a_bad_token_is_replaced_although_that_answer_is_json() -> None:
    refused = js({"code": 401, "message": "Expired JWT Token"}, 401, WWW_Authenticate="Bearer")
    with Scripted(TOKEN, refused, TOKEN, xml("<A/>")) as server:
        assert client_of(server.url).send(Asked("GET", "/a")).json() == {"A": ""}


def test_a_redirect_asks_for_xml_again() -> None:
    moved = Response(307, [("Location", "/api/ibexa/v2/b")], b"")
    with Scripted(TOKEN, moved, xml("<A/>")) as server:
        client_of(server.url).send(Asked("GET", "/a", headers={"Accept": f"{API}A+json"}))
        assert [one.headers["accept"] for one in server.asked[1:]] == [f"{API}A+xml"] * 2


def test_what_xml_would_change_is_a_failed_task_and_nothing_is_sent() -> None:
    field = {"fieldDefinitionIdentifier": "sku", "languageCode": "eng-GB", "fieldValue": "007"}
    payload = {
        "ContentType": {"_href": "/api/ibexa/v2/content/types/1"},
        "mainLanguageCode": "eng-GB",
        "LocationCreate": {
            "ParentLocation": {"_href": "/api/ibexa/v2/content/locations/1/2"},
            "sortField": "PATH",
            "sortOrder": "ASC",
        },
        "fields": {"field": [field]},
    }
    with Scripted(TOKEN) as server:
        outcome = sent(outgoing(client_of(server.url), "content", "create"), payload)
        assert isinstance(outcome, Refused)
        assert 'reads the text "007" as 7' in outcome.problem.message.replace("'", '"')
        assert [one.method for one in server.asked] == ["POST", "GET"], "the log-in, and the content type"


def test_an_answer_that_is_no_xml_is_said() -> None:
    with Scripted(TOKEN, xml("<!DOCTYPE a><a/>")) as server:
        with pytest.raises(BadAnswer, match="DOCTYPE"):
            client_of(server.url).send(Asked("GET", "/a"))


# -- the sandbox behind a front that refuses JSON -----------------------------------------------------------------------


class Front:
    """The sandbox, which reads and writes XML by the server's rules; JSON is refused, but for the log-in."""

    def __init__(self, version: str) -> None:
        self.sandbox = IbexaSandbox(version=version, login_seconds=0)
        self.asked: list[Request] = []
        self.server = Server("127.0.0.1", 0, self._answer)

    def _answer(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "")
        if not kind.endswith("JWTInput+json"):
            self.asked.append(request)
            if "json" in request.headers.get("accept", "") + kind:
                return Response(400, [("Content-Type", "text/plain")], b"no JSON here")
        return self.sandbox._answer(request)


@pytest.fixture(params=["4.6", "5.0"])
def front(request: pytest.FixtureRequest) -> Iterator[Front]:
    running = Front(request.param)
    with running.sandbox, running.server:
        yield running


TYPE = {
    "identifier": "thing",
    "main_language": "eng-GB",
    "name": "Thing",
    "fields": [
        {"identifier": "name", "type": "string", "required": True},
        {"identifier": "body", "type": "richtext"},
        {"identifier": "price", "type": "float", "translatable": False},
        {"identifier": "stock", "type": "boolean", "translatable": False},
        {"identifier": "since", "type": "date", "translatable": False},
        {"identifier": "colour", "type": "selection", "translatable": False, "options": ["Red", "Blue"]},
        {"identifier": "related", "type": "relation_list", "translatable": False},
    ],
}
FIELDS: Mapping[str, Json] = {
    "name": "A & <B>",
    "body": "<p>One <strong>two</strong></p>",
    "price": 9.25,
    "stock": True,
    "since": "2026-03-02",
    "colour": "Blue",
    "related": [],
}
DEFAULTS = {"content_type": "thing", "main_language": "eng-GB", "section": "standard", "parent": {"path": "/1/2"}}


PICTURE = base64.b64encode(png(3)).decode()
ALL: Mapping[str, tuple[Mapping[str, Json], Json]] = {
    "string": ({}, "A & <B>"),
    "text": ({}, "one\ntwo"),
    "integer": ({}, 42),
    "float": ({}, 1.5),
    "boolean": ({}, True),
    "date": ({}, "2026-03-02"),
    "datetime": ({}, "2026-03-02T04:55:00+01:00"),
    "time": ({}, "14:30:15"),
    "url": ({}, {"link": "https://x.no/a", "text": "X"}),
    "email": ({}, "a@b.no"),
    "author": ({}, [{"name": "Åse", "email": "a@b.no"}, {"name": "Bo", "email": "b@b.no"}]),
    "country": ({"settings": {"isMultiple": True}}, ["Norway", "DE"]),
    "keyword": ({}, ["b", "a"]),
    "selection": ({"options": ["Red", "Blå"], "settings": {"isMultiple": True}}, ["Red", "Blå"]),
    "relation": ({}, {"id": 14}),
    "relation_list": ({}, [{"id": 14}, {"id": 10}]),
    "image_asset": ({}, {"id": 14, "alternative_text": "A"}),
    "map_location": ({}, {"latitude": 59.91, "longitude": 10.75, "address": "Oslo"}),
    "matrix": ({"settings": {"columns": [{"identifier": "k", "name": "K"}]}}, [{"k": "a"}, {"k": "b"}]),
    "isbn": ({}, "978-0-306-40615-7"),
    "richtext": ({}, "<p>One <strong>two</strong></p>"),
    "image": ({}, {"base64": PICTURE, "file_name": "a.png", "alternative_text": "A"}),
    "file": ({}, {"base64": PICTURE, "file_name": "a.pdf"}),
    "media": ({}, {"base64": PICTURE, "file_name": "f.mp4", "autoplay": True, "width": 5}),
}


def test_a_content_item_is_the_same_by_xml_as_by_json(front: Front) -> None:
    by_xml, by_json = client_of(front.server.url), client_of(front.sandbox.url, format="json")
    assert isinstance(sent(outgoing(by_xml, "content_type", "ensure"), TYPE), Done)
    assert isinstance(sent(outgoing(by_xml, "content_type", "ensure"), TYPE), Skipped)
    for client, remote_id in ((by_xml, "x-1"), (by_json, "j-1")):
        upsert = outgoing(client, "content", "upsert", payload=DEFAULTS)
        assert isinstance(sent(upsert, {"remote_id": remote_id, "fields": dict(FIELDS)}), Done)
    for client in (by_xml, by_json):
        upsert = outgoing(client, "content", "upsert", payload=DEFAULTS)
        for remote_id in ("x-1", "j-1"):
            assert isinstance(sent(upsert, {"remote_id": remote_id, "fields": dict(FIELDS)}), Skipped)
    find: Json = {"content_types": ["thing"]}
    for shape in ("upsert", "raw"):
        found = [
            {one.key: one.data for one in records(client, entity="content", action="search", find=find, shape=shape)}
            for client in (by_xml, by_json)
        ]
        assert list(found[0]) == ["x-1", "j-1"]
        assert found[0] == found[1]
    assert all("json" not in one.headers["accept"] for one in front.asked)


def test_every_field_type_is_the_same_by_xml_as_by_json(front: Front) -> None:
    by_xml, by_json = client_of(front.server.url), client_of(front.sandbox.url, format="json")
    fields = [{"identifier": name, "type": name, **more} for name, (more, _) in ALL.items()]
    declared = {"identifier": "all", "main_language": "eng-GB", "fields": fields}
    assert isinstance(sent(outgoing(by_xml, "content_type", "ensure"), declared), Done)
    assert isinstance(sent(outgoing(by_json, "content_type", "ensure"), declared), Skipped)
    values = {name: value for name, (_, value) in ALL.items()}
    for client, remote_id in ((by_xml, "x-1"), (by_json, "j-1")):
        upsert = outgoing(client, "content", "upsert", payload={**DEFAULTS, "content_type": "all"})
        assert isinstance(sent(upsert, {"remote_id": remote_id, "fields": dict(values)}), Done)
    found = []
    for client in (by_xml, by_json):
        upsert = outgoing(client, "content", "upsert", payload={**DEFAULTS, "content_type": "all"})
        for remote_id in ("x-1", "j-1"):
            assert isinstance(sent(upsert, {"remote_id": remote_id, "fields": dict(values)}), Skipped)
        find: Json = {"content_types": ["all"]}
        found.append([one.data for one in records(client, entity="content", action="search", find=find)])
    seen = [json.dumps(one).replace(front.server.url, front.sandbox.url) for one in found]
    assert seen[0] == seen[1]
    assert [{*one["payload"]["fields"]} for one in found[0]] == [{*ALL}] * 2


def test_listings_are_the_same_by_xml_as_by_json(front: Front) -> None:
    by_xml, by_json = client_of(front.server.url), client_of(front.sandbox.url, format="json")
    asked: list[dict[str, Json]] = [
        {"entity": "section", "action": "list"},
        {"entity": "content_type", "action": "list", "query": {"identifier": "folder"}},
        {"entity": "language", "action": "list"},
        {"entity": "location", "action": "list_children", "path": {"path": "1/2"}, "expand": True},
        {"entity": "trash", "action": "list"},
    ]
    for one in asked:
        found = [[record.data for record in records(client, **one)] for client in (by_xml, by_json)]
        assert found[0] == found[1], one
