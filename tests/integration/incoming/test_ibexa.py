"""Reading from Ibexa over a real socket: the sandbox, and a server that lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.clients import IbexaClient
from connector.clients.request import Request
from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import BadAnswer, OriginRefused, PagingError, RecordError, SourceError, Stopped
from connector.core.jsonio import Json
from connector.core.model import Batch, Message, Position, Record
from connector.core.protocols import Scope
from connector.core.secrets import Secret
from connector.core.services import Services
from connector.incoming.ibexa import IbexaIncoming
from connector.sandbox.ibexa import IbexaSandbox
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions.content.wanted import wanted_of
from connector.transformers.chain import MappingChain

NOW = datetime.now(UTC)
API = "application/vnd.ibexa.api."
ROOT = "/api/ibexa/v2"


@pytest.fixture(scope="module", params=["4.6", "5.0"])
def server(request: pytest.FixtureRequest) -> Iterator[IbexaSandbox]:
    with IbexaSandbox(version=request.param, login_seconds=0) as running:
        yield running


@pytest.fixture(scope="module")
def shared(server: IbexaSandbox) -> Iterator[IbexaClient]:
    client = _client(server.url)
    yield client
    client.close()


@pytest.fixture
def client(server: IbexaSandbox, shared: IbexaClient) -> IbexaClient:
    server.faults.clear()
    server.reset()
    return shared


def _client(url: str) -> IbexaClient:
    auth = {"type": "jwt", "username": "admin", "password": Secret("publish")}
    config: dict[str, Json] = {"base_url": url, "auth": auth, "retry": {"max_attempts": 1}}
    return IbexaClient.build("ibexa", config, _services(None))


def _services(client: IbexaClient | None) -> Services:
    return Services(Path.cwd(), lambda _name: client, SystemClock(), StopEvent())


def _incoming(client: IbexaClient, **config: Json) -> IbexaIncoming:
    return IbexaIncoming.build("it", {"type": "ibexa", "client": "ibexa", **config}, _services(client))


def _batches(incoming: IbexaIncoming, start: Position | None = None) -> list[Batch]:
    (reading,) = incoming.readings({"": start} if start else {}, NOW)
    return list(reading.batches(StopEvent()))


def _records(incoming: IbexaIncoming, start: Position | None = None) -> list[Record]:
    return [record for batch in _batches(incoming, start) for record in batch.records]


def _made(client: IbexaClient, count: int, parent: str = "1/2", prefix: str = "it") -> list[int]:
    """New published folders."""
    return [_create(client, f"{prefix}-{number}", parent) for number in range(count)]


def _create(client: IbexaClient, remote_id: str, parent: str = "1/2", more: Sequence[Json] = ()) -> int:
    field = {"fieldDefinitionIdentifier": "name", "fieldValue": remote_id}
    place = {"ParentLocation": {"_href": f"{ROOT}/content/locations/{parent}"}, "sortField": "PATH", "sortOrder": "ASC"}
    body = {"ContentType": {"_href": f"{ROOT}/content/types/1"}, "mainLanguageCode": "eng-GB", "LocationCreate": place}
    message = Message(payload={**body, "remoteId": remote_id, "fields": {"field": [field, *more]}})
    created = client.send(ibexa().get("content.create").request(message))
    assert created.status == 201, created.body
    number = int(created.json()["Content"]["_id"])
    _call(client, "content_version.publish", contentId=number, versionNo=1)
    return number


def _call(client: IbexaClient, operation: str, **path: Json) -> None:
    answer = client.send(ibexa().get(operation).request(Message(path)))
    assert answer.status < 300, answer.body


# -- searching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 11])
def test_every_item_is_read_once_whatever_the_number(client: IbexaClient, count: int) -> None:
    home = _create(client, "home")
    _made(client, count, _path(client, home))
    incoming = _incoming(client, entity="content", page_size=5, find={"parent": _location(client, home)})
    batches = _batches(incoming)
    keys = [record.key for batch in batches for record in batch.records]
    assert keys == [f"it-{number}" for number in range(count)]
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert batches[-1].position == {}
    assert {batch.total for batch in batches} == {count}
    assert len(batches) == max(1, -(-count // 5))


def test_a_reading_that_is_left_half_way_goes_on_there(client: IbexaClient, server: IbexaSandbox) -> None:
    _made(client, 12)
    incoming = _incoming(client, entity="content", page_size=5, find={"content_types": ["folder"]})
    whole = _batches(incoming)
    stored = json.loads(json.dumps(whole[0].position))
    server.book.reset()
    rest = [record.key for batch in _batches(incoming, stored) for record in batch.records]
    assert rest == [record.key for batch in whole[1:] for record in batch.records]
    assert (
        server.book.snapshot()["requests"]["by_op"]["content.search"] == 2 * (len(whole) - 1) + 1
    )  # and Locations, and their parent


def test_another_declaration_does_not_go_on_in_the_middle_of_an_old_one(client: IbexaClient) -> None:
    _made(client, 12)
    old = _batches(_incoming(client, entity="content", page_size=5, find={"content_types": ["folder"]}))[0].position
    fresh = _incoming(client, entity="content", page_size=5, find={"remote_ids": ["it-1", "it-2"]})
    assert [record.key for record in _records(fresh, old)] == ["it-1", "it-2"]


def test_nothing_is_missed_when_items_disappear_while_they_are_read(client: IbexaClient) -> None:
    numbers = _made(client, 12)
    incoming = _incoming(client, entity="content", page_size=4, find={"remote_ids": [f"it-{n}" for n in range(12)]})
    (reading,) = incoming.readings({}, NOW)
    seen: list[str] = []
    for number, batch in enumerate(reading.batches(StopEvent())):
        seen += [record.key for record in batch.records]
        if number == 0:
            for gone in numbers[:2]:
                _call(client, "content.delete", contentId=gone)
    assert set(seen) == {f"it-{number}" for number in range(12)}


def test_find_narrows_by_every_word(client: IbexaClient) -> None:
    _made(client, 3)
    home = _create(client, "home")
    _made(client, 2, _path(client, home), prefix="in")

    def keys(**find: Json) -> set[str]:
        return {record.key for record in _records(_incoming(client, entity="content", find=find))}

    assert keys(remote_ids=["it-0", "home"]) == {"it-0", "home"}
    assert keys(ids=[home]) == {"home"}
    assert keys(under=f"/{_path(client, home)}") == {"home", "in-0", "in-1"}
    assert keys(parent=_location(client, home)) == {"in-0", "in-1"}
    assert keys(parent=_location(client, home), section="media") == set()
    assert keys(parent=_location(client, home), criteria={"NOT": {"ContentRemoteIdCriterion": "in-1"}}) == {"in-0"}
    assert keys(remote_ids=["it-0"], changed_since="2001-01-01") == {"it-0"}
    assert keys(remote_ids=["it-0"], languages=["nor-NO"]) == set()
    later = datetime.fromtimestamp(NOW.timestamp() + 86400, UTC).isoformat()
    assert keys(remote_ids=["it-0"], changed_since=later) == set()


def test_an_unknown_content_type_is_an_error_that_names_it(client: IbexaClient) -> None:
    with pytest.raises(BadAnswer, match="nosuch") as caught:
        _records(_incoming(client, entity="content", find={"content_types": ["nosuch"]}))
    assert "content.search answered 404" in caught.value.message


def test_a_record_is_a_message_that_an_upsert_takes_without_a_transformer(client: IbexaClient) -> None:
    home = _create(client, "home")
    _create(client, "inner", _path(client, home))
    (record,) = _records(_incoming(client, entity="content", find={"remote_ids": ["inner"]}))
    (message,) = MappingChain([]).messages(record, NOW)
    wanted = wanted_of(message.payload)
    assert (wanted.remote_id, wanted.content_type, wanted.section) == ("inner", "folder", "standard")
    assert wanted.parents == ({"remote_id": "home"},)
    assert wanted.fields["name"] == "inner"


def test_type_section_and_parent_are_asked_for_once(client: IbexaClient, server: IbexaSandbox) -> None:
    _made(client, 20)
    server.book.reset()
    _records(_incoming(client, entity="content", page_size=5, find={"remote_ids": [f"it-{n}" for n in range(20)]}))
    asked = server.book.snapshot()["requests"]["by_op"]
    assert (asked["content_type.get"], asked["section.get"]) == (1, 1)
    assert asked["content.search"] == 9  # four pages with a search each for their Locations, and one for the parent
    assert "location.get" not in asked


def test_all_places_come_by_remote_id_the_main_one_first(client: IbexaClient, server: IbexaSandbox) -> None:
    _in_two_places(client)
    (record,) = _records(_incoming(client, entity="content", find={"remote_ids": ["it"]}))
    assert record.data["payload"]["parent"] == [{"remote_id": "one"}, {"remote_id": "two"}]
    # A search that is behind, and does not know the item's Locations yet.
    nothing = {"View": {"Result": {"count": 0, "searchHits": {"searchHit": []}}}}
    do = {"status": 200, "body": json.dumps(nothing), "content_type": f"{API}View+json"}
    for missed in (2, 3):
        server.faults.clear()
        server.faults.add({"match": {"op": "content.search"}, "when": {"nth": missed}, "do": do})
        (again,) = _records(_incoming(client, entity="content", find={"remote_ids": ["it"]}))
        assert again.data == record.data


def _in_two_places(client: IbexaClient) -> None:
    one, two = _create(client, "one"), _create(client, "two")
    number = _create(client, "it", _path(client, one))
    place = {"ParentLocation": {"_href": f"{ROOT}/content/locations/{_path(client, two)}"}, "sortField": "PATH"}
    message = Message({"contentId": number}, payload={**place, "sortOrder": "ASC"})
    assert client.send(ibexa().get("location.create").request(message)).status == 201


def test_what_is_not_published_is_pointed_to_by_nobody(client: IbexaClient, caplog: pytest.LogCaptureFixture) -> None:
    gone, there = _create(client, "gone"), _create(client, "there")
    xml = (
        '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink"><para>'
        f'<link xlink:href="ezlocation://{_location(client, gone)}">a</link> '
        f'<link xlink:href="ezlocation://{_location(client, there)}">b</link></para></section>'
    )
    field = {"fieldDefinitionIdentifier": "description", "fieldValue": {"xml": xml}}
    _create(client, "it", more=[field])
    _call(client, "content.delete", contentId=gone)
    (record,) = _records(_incoming(client, entity="content", find={"remote_ids": ["it"]}))
    text = record.data["payload"]["fields"]["description"]["xml"]
    assert '<para>a <link xlink:href="ezremotelocation://there">b</link></para>' in text
    assert "left out" in caplog.text


def test_the_servers_own_form_can_be_had(client: IbexaClient) -> None:
    number = _create(client, "raw")
    (record,) = _records(_incoming(client, entity="content", shape="raw", find={"remote_ids": ["raw"]}))
    assert record.key == "raw"
    assert record.data["_id"] == number
    assert record.data["CurrentVersion"]["Version"]["Fields"]["field"]


def test_a_declared_key_is_looked_for_in_the_record_that_users_see(client: IbexaClient) -> None:
    _create(client, "named")
    incoming = _incoming(client, entity="content", key="payload.fields.name", find={"remote_ids": ["named"]})
    assert [record.key for record in _records(incoming)] == ["named"]
    missing = _incoming(client, entity="content", key="payload.fields.nosuch", find={"remote_ids": ["named"]})
    (record,) = _records(missing)
    assert record.problem is not None
    assert "nosuch" in record.problem.message


def test_locations_can_be_searched_in_the_apis_own_words(client: IbexaClient) -> None:
    _made(client, 7)
    payload = {"LocationQuery": {"Filter": {"ParentLocationIdCriterion": 2}}}
    records = _records(_incoming(client, entity="content", payload=payload, page_size=3))
    assert len(records) == 7
    assert all(record.key.startswith(f"{ROOT}/content/locations/1/2/") for record in records)


# -- cursor -----------------------------------------------------------------------------------------------------------


def test_a_cursor_reads_only_what_was_modified_since(client: IbexaClient, server: IbexaSandbox) -> None:
    numbers = _made(client, 4)
    for age, number in enumerate(numbers):
        server.repository.contents[number].modified = NOW.timestamp() - 3600 * (4 - age)
    find = {"remote_ids": [f"it-{n}" for n in range(4)]}
    incoming = _incoming(client, entity="content", page_size=2, find=find, cursor={"lookback": "10m"})
    first = _batches(incoming)
    cursor = first[-1].position
    assert [len(batch.records) for batch in first] == [2, 2]
    assert datetime.fromisoformat(cursor["cursor"]).timestamp() == pytest.approx(NOW.timestamp() - 3600, abs=2)
    assert [record.key for record in _records(incoming, cursor)] == ["it-3"]
    server.repository.contents[numbers[0]].modified = NOW.timestamp()
    server.repository.derived.clear()  # what searches keep until the next write
    assert [record.key for record in _records(incoming, cursor)] == ["it-0", "it-3"]


def test_a_cursor_stays_when_nothing_was_modified(client: IbexaClient) -> None:
    incoming = _incoming(client, entity="content", find={"content_types": ["folder"]}, cursor={})
    held = {"cursor": "2099-01-01T00:00:00+00:00"}
    (batch,) = _batches(incoming, held)
    assert (list(batch.records), batch.position["cursor"]) == ([], held["cursor"])


def test_a_cursor_of_another_search_is_told_once(client: IbexaClient) -> None:
    incoming = _incoming(client, entity="content", find={"content_types": ["folder"]}, cursor={})
    position = _batches(incoming, {"cursor": "2020-01-01T00:00:00+00:00"})[-1].position
    assert _batches(incoming, position)[-1].notes == []
    wider = _incoming(client, entity="content", find={"content_types": ["folder", "user_group"]}, cursor={})
    first = _batches(wider, position)[-1]
    assert [one.code for one in first.notes] == ["PAG003"]
    assert _batches(wider, first.position)[-1].notes == []


# -- other operations -------------------------------------------------------------------------------------------------


def test_an_entity_alone_is_read_by_its_listing(client: IbexaClient) -> None:
    records = _records(_incoming(client, entity="section"))
    assert [record.data["identifier"] for record in records] == ["standard", "users", "media"]
    assert records[0].key == f"{ROOT}/content/sections/1"


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (2, 1), (3, 2), (4, 2), (7, 3)])
def test_children_are_paged_beyond_the_servers_ten(client: IbexaClient, count: int, pages: int) -> None:
    home = _create(client, "home")
    _made(client, count, _path(client, home))
    path = {"path": _path(client, home)}
    batches = _batches(_incoming(client, entity="location", action="list_children", path=path, page_size=3))
    assert sum(len(batch.records) for batch in batches) == count
    assert len({record.key for batch in batches for record in batch.records}) == count
    assert len(batches) == pages


def test_a_limit_in_the_query_is_the_page_size(client: IbexaClient) -> None:
    home = _create(client, "home")
    _made(client, 5, _path(client, home))
    config = {"path": {"path": _path(client, home)}, "query": {"limit": 2}}
    assert [
        len(one.records) for one in _batches(_incoming(client, entity="location", action="list_children", **config))
    ] == [2, 2, 1]
    one = _batches(_incoming(client, entity="location", action="list_children", pagination=False, **config))
    assert [(len(batch.records), batch.last) for batch in one] == [(2, True)]


def test_links_are_followed_when_asked_to(client: IbexaClient) -> None:
    home = _create(client, "home")
    _made(client, 3, _path(client, home))
    config = {"entity": "location", "action": "list_children", "path": {"path": _path(client, home)}}
    plain = _records(_incoming(client, **config))
    assert all("remoteId" not in record.data for record in plain)
    full = _records(_incoming(client, expand=True, key="ContentInfo.Content._remoteId", **config))
    assert sorted(record.key for record in full) == ["it-0", "it-1", "it-2"]
    assert all(record.data["pathString"].startswith("/1/2/") for record in full)


def test_a_single_thing_is_one_record(client: IbexaClient) -> None:
    number = _create(client, "single")
    (record,) = _records(_incoming(client, entity="content", action="get", path={"contentId": number}))
    assert (record.key, record.data["payload"]["fields"]["name"]) == ("single", "single")
    (found,) = _records(_incoming(client, entity="content", action="find", query={"remoteId": "single"}))
    assert found.data == record.data
    (user,) = _records(_incoming(client, entity="user", action="get_current"))
    assert user.data["login"] == "admin"


def test_content_types_are_read_page_by_page(client: IbexaClient) -> None:
    batches = _batches(_incoming(client, entity="content_type", page_size=2))
    names = [record.data["identifier"] for batch in batches for record in batch.records]
    assert len(names) == len(set(names)) == 6
    assert len(batches) == 4  # the third page was full


def test_an_error_says_what_the_server_said(client: IbexaClient) -> None:
    incoming = _incoming(client, entity="location", action="list_children", path={"path": "1/2/999"})
    with pytest.raises(BadAnswer, match=r"it page 1: location.list_children answered 404"):
        _records(incoming)


def test_a_stop_ends_the_reading_between_pages(client: IbexaClient) -> None:
    _made(client, 6)
    (reading,) = _incoming(client, entity="content", page_size=2, find={"content_types": ["folder"]}).readings({}, NOW)
    stop = StopEvent()
    batches = reading.batches(stop)
    next(batches)
    stop.set()
    with pytest.raises(Stopped):
        next(batches)


# -- the request transformer ------------------------------------------------------------------------------------------


class _Shaping:
    version = "1"

    def __init__(self, *results: Json) -> None:
        self.results = results
        self.given: Mapping[str, Json] = {}

    def apply(self, value: Json, scope: Scope) -> list[Json]:
        self.given = value
        return list(self.results)


def test_a_request_transformer_changes_the_request(client: IbexaClient) -> None:
    _made(client, 3)
    shaping = _Shaping({"find": {"remote_ids": ["it-2"], "content_types": None}})
    declared = _incoming(client, entity="content", find={"content_types": ["article"]})
    assert [record.key for record in _records(declared.with_request_transformer(shaping))] == ["it-2"]
    assert set(shaping.given) == {"path", "query", "payload", "find", "cursor", "now"}


def test_a_list_of_requests_is_read_in_partitions_of_their_own(client: IbexaClient) -> None:
    _made(client, 4)
    shaping = _Shaping([{"find": {"remote_ids": ["it-0", "it-1"]}}, {"find": {"remote_ids": ["it-2"]}}])
    incoming = _incoming(client, entity="content", page_size=1).with_request_transformer(shaping)
    one, two = incoming.readings({}, NOW)
    assert (one.partition, two.partition) == ("1", "2")
    assert [batch.records[0].key for batch in one.batches(StopEvent())] == ["it-0", "it-1"]
    assert [batch.records[0].key for batch in two.batches(StopEvent())] == ["it-2"]


def test_a_resumed_reading_asks_what_the_stopped_one_asked(client: IbexaClient) -> None:
    _made(client, 4)
    incoming = _incoming(client, entity="content", page_size=1)
    asked = {"find": {"remote_ids": ["it-0", "it-1"]}}
    position = _batches(incoming.with_request_transformer(_Shaping(asked)))[0].position
    other = incoming.with_request_transformer(_Shaping({"find": {"remote_ids": ["it-3"]}}))
    assert [record.key for record in _records(other, position)] == ["it-1"]


@pytest.mark.parametrize("made", [3, {"find": {"remote_ids": []}}, {"query": {"nosuch": 1}}])
def test_a_request_that_makes_no_sense_ends_the_run_before_anything_is_sent(client: IbexaClient, made: Json) -> None:
    with pytest.raises(RecordError):
        _incoming(client, entity="content").with_request_transformer(_Shaping(made)).readings({}, NOW)


# -- a server that lies -----------------------------------------------------------------------------------------------


class _Liar(BaseHTTPRequestHandler):
    """Answers from ``server.answers``: method and path -> function of the query or body."""

    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        path, _, query = self.path.removeprefix(ROOT).partition("?")
        status, answer = self.server.answers[path](query or body)  # type: ignore[attr-defined]
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _do  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def liar() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Liar) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _lied_to(liar: ThreadingHTTPServer, answers: Mapping[str, Any], **config: Json) -> IbexaIncoming:
    liar.answers = answers  # type: ignore[attr-defined]
    url = f"http://127.0.0.1:{liar.server_address[1]}"
    basic = {"type": "basic", "username": "a", "password": Secret("secret-b")}
    client = IbexaClient.build("ibexa", {"base_url": url, "auth": basic, "retry": {"max_attempts": 1}}, _services(None))
    return _incoming(client, shape="raw", **config)


def _hits(numbers: range, count: int) -> tuple[int, Json]:
    hits = [{"value": {"Content": {"_remoteId": f"r{n}", "_id": n}}} for n in numbers]
    return 200, {"View": {"Result": {"count": count, "searchHits": {"searchHit": hits}}}}


def test_a_listing_that_ignores_offset_is_an_error_at_the_second_page(liar: ThreadingHTTPServer) -> None:
    incoming = _lied_to(liar, {"/views": lambda _: _hits(range(5), 50)}, entity="content", page_size=5)
    (reading,) = incoming.readings({}, NOW)
    batches = reading.batches(StopEvent())
    assert len(next(batches).records) == 5
    with pytest.raises(PagingError, match="page 2 is the same as page 1"):
        next(batches)


def test_a_total_without_its_items_is_an_error(liar: ThreadingHTTPServer) -> None:
    def answer(body: Json) -> tuple[int, Json]:
        offset = body["ViewInput"]["ContentQuery"]["offset"]
        return _hits(range(offset, min(offset + 5, 10)), 50)

    with pytest.raises(PagingError, match="says 50 and gives none from 10 on"):
        _records(_lied_to(liar, {"/views": answer}, entity="content", page_size=5))


def test_a_server_with_smaller_pages_than_asked_for_loses_nothing(liar: ThreadingHTTPServer) -> None:
    def answer(body: Json) -> tuple[int, Json]:
        offset = body["ViewInput"]["ContentQuery"]["offset"]
        return _hits(range(offset, min(offset + 3, 10)), 10)

    records = _records(_lied_to(liar, {"/views": answer}, entity="content", page_size=5))
    assert [record.key for record in records] == [f"r{n}" for n in range(10)]


def test_an_answer_without_its_list_is_an_error_and_not_an_empty_shop(liar: ThreadingHTTPServer) -> None:
    incoming = _lied_to(liar, {"/content/sections": lambda _: (200, {"Sections": []})}, entity="section")
    with pytest.raises(SourceError, match=r"no `SectionList\.Section`") as caught:
        _records(incoming)
    assert "Sections" in caught.value.hint


@pytest.mark.parametrize("answer", [(200, b""), (200, b"<html>log in</html>"), (500, b""), (204, b"")])
def test_an_answer_that_is_none_is_an_error(liar: ThreadingHTTPServer, answer: tuple[int, bytes]) -> None:
    with pytest.raises(BadAnswer):
        _records(_lied_to(liar, {"/content/sections": lambda _: answer}, entity="section"))


def test_items_in_the_trash_are_read_past_short_pages(liar: ThreadingHTTPServer) -> None:
    def answer(query: str) -> tuple[int, Json]:
        offset = int(dict(pair.split("=") for pair in query.split("&"))["offset"])
        there = [n for n in range(offset, min(offset + 4, 10)) if n % 4]  # every fourth may not be read
        return 200, {"Trash": {"TrashItem": [{"_href": f"/t/{n}"} for n in there]}}

    records = _records(_lied_to(liar, {"/content/trash": answer}, entity="trash", page_size=4))
    assert [record.key for record in records] == [f"/t/{n}" for n in range(10) if n % 4]


def test_a_link_that_cannot_be_read_fails_its_own_record_only(liar: ThreadingHTTPServer) -> None:
    links = [{"_href": f"{ROOT}/content/locations/{n}", "_media-type": API + "Location+json"} for n in (1, 2)]
    error = {"ErrorMessage": {"errorCode": 404, "errorDescription": "Could not find Location 2"}}
    answers = {
        "/content/locations/1/2/children": lambda _: (200, {"LocationList": {"Location": links}}),
        "/content/locations/1": lambda _: (200, {"Location": {"_href": "/l/1", "remoteId": "one"}}),
        "/content/locations/2": lambda _: (404, error),
    }
    config = {"entity": "location", "action": "list_children", "path": {"path": "1/2"}, "expand": True}
    good, bad = _records(_lied_to(liar, answers, **config))
    assert good.problem is None
    assert good.data["remoteId"] == "one"
    assert bad.problem is not None
    assert "Could not find Location 2" in bad.problem.message
    assert bad.key == f"{ROOT}/content/locations/2"


def test_a_link_to_another_host_is_not_followed(liar: ThreadingHTTPServer) -> None:
    item = {"_href": "http://198.51.100.1/steal", "_media-type": API + "Location+json"}
    answers = {"/content/locations/1/2/children": lambda _: (200, {"LocationList": {"Location": [item]}})}
    config = {"entity": "location", "action": "list_children", "path": {"path": "1/2"}, "expand": True}
    with pytest.raises(OriginRefused):
        _records(_lied_to(liar, answers, **config))


def _location(client: IbexaClient, content_id: int) -> int:
    return int(_path(client, content_id).rpartition("/")[2])


def _path(client: IbexaClient, content_id: int) -> str:
    request: Request = ibexa().get("content.get").request(Message({"contentId": content_id}))
    href: str = client.send(request).json()["Content"]["MainLocation"]["_href"]
    return href.removeprefix(f"{ROOT}/content/locations/")
