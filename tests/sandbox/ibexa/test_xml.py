"""Bodies and answers in XML: read as the server reads them, losses included, and written as it writes them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from connector.clients.ibexa_xml import from_xml, to_xml
from connector.core.jsonio import dumps, parse
from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.ibexa.xml import read, write
from tests.sandbox.ibexa.client import ROOT, Api
from tests.sandbox.ibexa.test_documents import CART, ENTRY, order, shipment

Json = Any
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
VENDOR = "application/vnd.ibexa.api."


def create_xml(remote_id: str, *fields: tuple[str, str], type_id: int = 13) -> str:
    entries = "".join(
        f"<field><fieldDefinitionIdentifier>{name}</fieldDefinitionIdentifier><languageCode>eng-GB</languageCode>"
        f"<fieldValue>{value}</fieldValue></field>"
        for name, value in fields
    )
    return (
        f'{HEAD}<ContentCreate><ContentType href="{ROOT}/content/types/{type_id}"/><mainLanguageCode>eng-GB</mainLanguageCode>\n'
        f'<LocationCreate><ParentLocation href="{ROOT}/content/locations/1/2"/><priority>0</priority><hidden>false</hidden>'
        "<sortField>PATH</sortField><sortOrder>ASC</sortOrder></LocationCreate>\n"
        f'<Section href="{ROOT}/content/sections/1"/><alwaysAvailable>true</alwaysAvailable><remoteId>{remote_id}</remoteId>\n'
        f"<fields>{entries}</fields></ContentCreate>"
    )


def send_xml(api: Api, method: str, path: str, body: str | bytes, kind: str, accept: str = "") -> requests.Response:
    headers = {"Content_Type": f"{VENDOR}{kind}"} | ({"Accept": accept} if accept else {})
    data = body.encode() if isinstance(body, str) else body
    return api.send(method, path, data, **headers)


@pytest.fixture
def typed(api: Api) -> Api:
    """With a content type 13 of one field for each sort of value."""
    kinds = {
        "title": "ezstring",
        "qty": "ezinteger",
        "price": "ezfloat",
        "active": "ezboolean",
        "tags": "ezkeyword",
        "link": "ezurl",
        "at": "ezdatetime",
    }
    definitions = [
        {"identifier": name, "fieldType": kind, "names": {"value": [{"_languageCode": "eng-GB", "#text": name}]}}
        for name, kind in kinds.items()
    ]
    body = {
        "ContentTypeCreate": {
            "identifier": "typed",
            "mainLanguageCode": "eng-GB",
            "names": {"value": [{"_languageCode": "eng-GB", "#text": "Typed"}]},
            "FieldDefinitions": {"FieldDefinition": definitions},
        }
    }
    answer = api.send("POST", "/content/typegroups/1/types?publish=true", body, "ContentTypeCreate")
    assert answer.json()["ContentType"]["id"] == 13, answer.text
    return api


# the field, what the XML says, what the server stored: recorded from a 4.6, the last ones derived from its rules
CHANGED: list[tuple[str, str, Json]] = [
    ("title", "007", "7"),
    ("title", "1.10", "1.1"),
    ("title", "true", "1"),
    ("title", "False", None),
    ("title", "12345678901234567890", "9223372036854775807"),
    ("title", "  blanks  ", "blanks"),
    ("title", "007 x", "007 x"),
    ("title", "-5", "-5"),
    ("title", "1.2.3", "1.2"),
    ("title", "5.0", "5"),
    ("title", "<![CDATA[a < b & c]]>", "a < b & c"),
    ("title", "", None),
    ("qty", "5", 5),
    ("price", "9.5", 9.5),
    ("active", "true", True),
    ("tags", "<value>a</value><value>b</value>", ["a", "b"]),
    ("link", '<value key="link">https://x</value><value key="text">t</value>', {"link": "https://x", "text": "t"}),
]


@pytest.mark.parametrize(("name", "value", "stored"), CHANGED)
def test_values_change_on_their_way_through_xml(typed: Api, name: str, value: str, stored: Json) -> None:
    answer = send_xml(typed, "POST", "/content/objects", create_xml("one", (name, value)), "ContentCreate+xml")
    assert answer.status_code == 201, answer.text
    fields = answer.json()["Content"]["CurrentVersion"]["Version"]["Fields"]["field"]
    assert {each["fieldDefinitionIdentifier"]: each["fieldValue"] for each in fields}[name] == stored


@pytest.mark.parametrize(
    ("name", "value", "status", "told"),
    [
        ("active", "1", 406, "not 'integer'"),
        ("qty", "-5", 406, "not 'string'"),
        ("qty", "5.5", 406, "not 'double'"),
        ("title", "<b>x</b>", 500, "An error has occurred"),
    ],
)
def test_values_of_another_type_are_refused(typed: Api, name: str, value: str, status: int, told: str) -> None:
    answer = send_xml(typed, "POST", "/content/objects", create_xml("one", (name, value)), "ContentCreate+xml")
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_remote_ids_are_left_alone(typed: Api) -> None:
    assert (
        send_xml(typed, "POST", "/content/objects", create_xml("007", ("title", "x")), "ContentCreate+xml").status_code
        == 201
    )
    assert typed.send("GET", "/content/objects?remoteId=007").status_code == 307
    assert typed.send("GET", "/content/objects?remoteId=7").status_code == 404


def test_a_whole_life_in_xml(api: Api) -> None:
    login = send_xml(
        api,
        "POST",
        "/user/token/jwt",
        "<JWTInput><username>admin</username><password>publish</password></JWTInput>",
        "JWTInput+xml",
        f"{VENDOR}JWT+xml",
    )
    assert (login.status_code, login.headers["Content-Type"]) == (200, f"{VENDOR}JWT+xml")
    token = re.search(r' token="([^"]+)"', login.text)
    assert token
    assert f"<token>{token.group(1)}</token>" in login.text
    made = send_xml(
        api,
        "POST",
        "/content/objects",
        create_xml("xml-1", ("name", "Xml folder &amp; co"), type_id=1),
        "ContentCreate+xml",
        f"{VENDOR}Content+xml",
    )
    assert made.headers["Accept-Patch"] == f"{VENDOR}ContentUpdate+xml"
    assert "<Name>Xml folder &amp; co</Name>" in made.text
    assert api.publish(52).status_code == 204
    query = (
        f"{HEAD}<ViewInput><identifier>t</identifier><ContentQuery><Filter><ContentRemoteIdCriterion>xml-1</ContentRemoteIdCriterion></Filter>"
        "<limit>10</limit><offset>0</offset><SortClauses><ContentId>ascending</ContentId></SortClauses></ContentQuery></ViewInput>"
    )
    found = send_xml(api, "POST", "/views", query, "ViewInput+xml; version=1.1", f"{VENDOR}View+xml; version=1.1")
    assert "<count>1</count>" in found.text
    assert "<maxScore></maxScore>" in found.text
    assert '<searchHit media-type="application/vnd.ibexa.api.searchHit+xml" score="0" index="">' in found.text
    both = send_xml(api, "POST", "/views", query, "ViewInput+xml; version=1.1", "application/json")
    assert both.json()["View"]["Result"]["count"] == 1
    changed = send_xml(
        api,
        "PATCH",
        "/content/objects/52",
        f"{HEAD}<ContentUpdate><remoteId>xml-1b</remoteId></ContentUpdate>",
        "ContentUpdate+xml",
    )
    assert changed.json()["Content"]["_remoteId"] == "xml-1b"


def test_several_criteria_of_a_kind_are_a_list(api: Api) -> None:
    api.published("a")
    api.published("b")
    query = "<ViewInput><identifier>t</identifier><ContentQuery><Filter><OR><ContentRemoteIdCriterion>a</ContentRemoteIdCriterion><ContentRemoteIdCriterion>b</ContentRemoteIdCriterion></OR></Filter></ContentQuery></ViewInput>"
    found = send_xml(api, "POST", "/views", query, "ViewInput+xml; version=1.1")
    assert found.json()["View"]["Result"]["count"] == 2


@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        ("<a><b></a>", "ContentUpdate+xml", 400, "Detected errors in input XML"),
        ('{"a": 1}', "ContentUpdate+xml", 400, "Start tag expected"),
        ("", "ContentUpdate+xml", 500, ""),
        ("{}", "ContentUpdate+yaml", 400, "Unknown format specification: 'yaml'."),
        ("<a/>", "ContentUpdate+xml", 500, ""),
        ("<a><x>1</x></a>", "NoSuch+xml", 400, "Unknown content type specification"),
    ],
)
def test_bodies_that_do_not_do(api: Api, body: str, kind: str, status: int, told: str) -> None:
    api.published("one")
    answer = send_xml(api, "PATCH", "/content/objects/52", body, kind)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_lists_are_where_the_server_has_them() -> None:
    def inner(text: str) -> Json:
        return read.document(f"<T>{text}</T>".encode())["T"]

    assert inner("<names><value languageCode='eng-GB'>x</value></names>") == {
        "names": {"value": [{"_languageCode": "eng-GB", "#text": "x"}]}
    }
    assert inner("<fields><field><a>1</a></field></fields>") == {"fields": {"field": [{"a": "1"}]}}
    assert inner("<a>1</a><a>2</a><a>3</a>") == {"a": ["1", "2", "3"]}
    assert inner("<a/>") == {"a": None}
    assert inner("<a/><a>1</a>") == {"a": "1"}, "an empty element counts as none"
    assert inner("<a>1</a><a>2</a><b>1</b><b>2</b>") == {"a": ["1", "2"], "b": "1"}, "a second list beside one is lost"
    assert inner("<fieldValue><value key='a'/><value key='b'><value>1</value></value></fieldValue>") == {
        "fieldValue": {"a": [], "b": [1]}
    }
    assert inner("<fieldValue> </fieldValue>") == {"fieldValue": None}


def test_answers_are_written_as_the_server_writes_them() -> None:
    def inner(value: Json) -> str:
        return write.document({"T": value}).removeprefix(f"{HEAD}<T>").removesuffix("</T>\n")

    assert (
        write.document({"T": {"_media-type": f"{VENDOR}T+json", "_href": "/t"}})
        == f'{HEAD}<T media-type="{VENDOR}T+xml" href="/t"/>\n'
    )
    assert inner({"maxScore": None, "flag": True}) == "<maxScore></maxScore><flag>true</flag>"
    assert inner({"fieldValue": None}) == "<fieldValue/>"
    assert (
        inner({"fieldValue": {"xml": '<p a="1"/>', "n": None, "f": 1.5}})
        == '<fieldValue><value key="xml">&lt;p a=&quot;1&quot;/&gt;</value><value key="n"/><value key="f">1.500000</value></fieldValue>'
    )
    assert (
        write.document({"BookmarkList": {"items": [{"__href": "/b"}]}})
        == f'{HEAD}<BookmarkList><Bookmark _href="/b"/></BookmarkList>\n'
    )


# what is the same for Connector's own reader, whichever of the two forms it asks for
PATHS = (
    "/", "/content/sections", "/content/sections/99", "/content/types", "/content/types/1", "/content/typegroups", "/content/objects/52",
    "/content/objects/52/versions", "/content/objects/52/versions/1", "/content/objects/52/objectstates", "/content/locations/1/2",
    "/content/locations/1/2/children", "/content/objectstategroups", "/content/objectstategroups/2/objectstates", "/languages",
    "/content/trash", "/bookmark", "/content/urlaliases", "/content/locations/1/43/urlaliases?custom=false", "/services/countries",
    "/segment_groups", "/segment_groups/corporate_accounts/segments", "/shipments", "/shipments/abc", "/shipping/methods",
    "/shipping/method-types", "/user/users/14", "/orders/order/1/shipments",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_both_forms_say_the_same(api: Api, sandbox: IbexaSandbox, path: str) -> None:
    api.published("one")
    api.send("POST", "/bookmark/43")
    api.send("POST", "/orders/orders", order(), "OrderCreate")
    api.send("POST", "/orders/order/1/shipments", shipment(), "ShipmentCreate")
    in_json = api.send("GET", path)
    in_xml = api.send("GET", path, Accept=f"{VENDOR}Content+xml")
    assert in_xml.status_code == in_json.status_code
    assert dumps(from_xml(in_xml.content)) == dumps(parse(in_json.content))


def test_an_empty_cart_leaves_no_trace_of_its_entries_in_xml(api: Api) -> None:
    api.send("POST", "/cart", CART, "CartCreate")
    text = api.send("GET", "/cart/1", Accept="*/*").text
    assert "<enabled>1</enabled></Currency></Cart>" in text
    sent = api.send("POST", "/cart/1/entry", to_xml(ENTRY), Content_Type=f"{VENDOR}CartEntryAdd+xml")
    assert sent.status_code == 204
    assert "<CartEntry " in api.send("GET", "/cart/1", Accept="*/*").text
