"""Promises about what goes over the wire, each as a scenario that says what was broken: an empty text is a kept promise.

The same scenario judges the program as it is and the program with a guard taken out: see sabotage.py.
"""

from __future__ import annotations

import contextlib
import gzip
import logging
from pathlib import Path
from typing import Any

from connector.clients.request import Request
from connector.core.errors import AnswerLost, BadAnswer, ClientError, ConnectorError, RecordError
from connector.core.jsonio import dumps
from connector.core.secrets import RedactingFilter
from connector.core.template import fill_path
from connector.sandbox.http import Request as Asked
from connector.sandbox.http import Response
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.rig import TOKEN, at_once, http_client, ibexa_client, listing, read
from tests.integration.clients.scripted import Scripted, js


def one_log_in_for_all_workers(_root: Path) -> str:
    with IbexaSandbox(login_seconds=0.1) as sandbox:
        http = ibexa_client(sandbox.url, max_in_flight=16)
        for _ in range(2):
            answers = at_once(16, lambda _: http.send(Request("GET", "/content/sections")).status)
            sandbox.tokens.revoke_all()
            if answers != [200] * 16:
                return f"answers {answers}"
        logins = sandbox.book.snapshot()["logins"]
    return "" if logins == 2 else f"{logins} log-ins for 2 tokens"


def a_write_is_sent_once(_root: Path) -> str:
    with Scripted(Response(200, [], b"", cut="before")) as server:
        with contextlib.suppress(AnswerLost):
            http_client(server.url).send(Request("POST", "/a", body=b"{}"))
        return "" if len(server.asked) == 1 else f"sent {len(server.asked)} times"


def a_write_is_not_redirected(_root: Path) -> str:
    for code in (301, 302, 303, 307, 308):
        with Scripted(js({}, code, Location="/b"), js({"ok": True})) as server:
            status = http_client(server.url).send(Request("POST", "/a", body=b"{}")).status
            asked = [(one.method, one.path) for one in server.asked]
        if (status, asked) != (code, [("POST", "/a")]):
            return f"{code}: {asked} ended with {status}"
    return ""


def credentials_stay_at_home(_root: Path) -> str:
    with Scripted(js({"items": []})) as thief:
        links = js({"items": [{"id": "1"}], "next": f"{thief.url}/things?page=2"})
        moves = js({}, 302, Location=f"{thief.url}/steal")
        for answer in (links, moves):
            with Scripted(answer) as server:
                with contextlib.suppress(ConnectorError):
                    read(listing(server.url, pagination={"type": "next_link", "next": "next"}))
        return "" if not thief.asked else f"{len(thief.asked)} requests to another origin"


def a_circle_is_left_at_once(_root: Path) -> str:
    def answer(request: Asked) -> Response:
        at = int(dict(request.query).get("after", "0"))
        more = {"next": f"/things?after={at % 5 + 1}"} if len(server.asked) < 60 else {}
        return js({"items": [{"id": f"k{at}", "read": len(server.asked)}], **more})

    with Scripted(answer) as server:
        with contextlib.suppress(ConnectorError):
            read(listing(server.url, pagination={"type": "next_link", "next": "next"}))
        return "" if len(server.asked) <= 7 else f"{len(server.asked)} requests in a circle of 5"


def pages_that_come_again_are_noticed(_root: Path) -> str:
    """A source that counts its pages modulo 4: other requests, the same records."""

    def answer(request: Asked) -> Response:
        page = int(dict(request.query)["page"]) % 4
        items = [{"id": f"{page}-{n}"} for n in range(3)]
        return js({"items": items if len(server.asked) < 60 else []})

    with Scripted(answer) as server:
        with contextlib.suppress(ConnectorError):
            read(listing(server.url, pagination={"type": "page", "size": 3}))
        return "" if len(server.asked) <= 5 else f"{len(server.asked)} requests for 4 pages"


def a_listing_shorter_than_it_says_is_no_success(_root: Path) -> str:
    def answer(request: Asked) -> Response:
        offset = int(dict(request.query)["offset"])
        items = [{"id": str(n)} for n in range(offset, min(offset + 3, 7))]
        return js({"items": items, "total": 10})

    with Scripted(answer) as server:
        try:
            batches = read(listing(server.url, pagination={"type": "offset", "limit": 3}, total="total"))
        except ConnectorError:
            return ""
    return f"{sum(len(one.records) for one in batches)} of 10 records, taken for a whole read"


def a_row_that_goes_hides_no_other(_root: Path) -> str:
    rows = [f"k{n:02}" for n in range(24)]
    asked = 0

    def answer(request: Asked) -> Response:
        nonlocal asked
        asked += 1
        if asked == 3:
            del rows[:4]
        offset = int(dict(request.query)["offset"])
        return js({"items": [{"id": key} for key in rows[offset : offset + 6]]})

    with Scripted(answer) as server:
        found = read(listing(server.url, pagination={"type": "offset", "limit": 6, "overlap": 2}))
    given = [record.key for batch in found for record in batch.records]
    lost, twice = set(rows) - set(given), len(given) - len(set(given))
    return f"lost: {sorted(lost)}, given twice: {twice}" if lost or twice else ""


def a_keyset_in_no_order_is_no_whole_read(_root: Path) -> str:
    values = [1, 9, 8, 2, 3, 4, 5]  # sorted by something else: behind 8 there is only 9

    def answer(request: Asked) -> Response:
        after = int(dict(request.query).get("after", 0))
        return js({"items": [{"id": str(n), "n": n} for n in values if n > after][:3]})

    with Scripted(answer) as server:
        try:
            found = read(
                listing(server.url, pagination={"type": "keyset", "by": "n", "key_param": "after", "limit": 3})
            )
        except ConnectorError:
            return ""
    given = sum(len(batch.records) for batch in found)
    return f"{given} of {len(values)} records, taken for a whole read" if given < len(values) else ""


NO_LISTINGS: tuple[Response, ...] = (
    js({"error": "try later"}),
    Response(200, [("Content-Type", "text/html")], b"<!doctype html><html>log in</html>"),
    Response(200, [("Content-Type", "application/json")], b""),
    Response(200, [("Content-Type", "application/json")], b'{"items": ['),
    Response(200, [("Content-Type", "application/json")], b'{"items": [{"id": "1"}]}', cut="partial"),
    js({"items": {"id": "1"}}),
    js({"items": []}, 500),
)


def what_is_no_listing_is_not_an_empty_one(_root: Path) -> str:
    for number, answer in enumerate(NO_LISTINGS, 1):
        with Scripted(answer) as server:
            try:
                read(listing(server.url))
            except ConnectorError:
                continue
            return f"answer {number} was taken for a listing"
    return ""


def a_bomb_is_refused(_root: Path) -> str:
    bomb = gzip.compress(b"0" * 30_000_000)
    with Scripted(Response(200, [("Content-Encoding", "gzip")], bomb)) as server:
        try:
            size = len(http_client(server.url, max_body="1MiB").send(Request("GET", "/a")).body)
        except ClientError:
            return ""
    return f"{size} bytes were read"


def a_header_cannot_split_a_request(_root: Path) -> str:
    with Scripted(js({})) as server:
        http = http_client(server.url)
        for value in ("a\r\nX-Evil: 1", "a\nb", "a\x00b", "🌲"):
            try:
                http.send(Request("GET", "/a", headers={"X-Thing": value}))
            except RecordError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the verdict
                return f"{value!r} ended in {type(error).__name__}"
            return f"{value!r} was sent"
    return ""


def a_path_value_stays_one_segment(_root: Path) -> str:
    for value in ("../x", "..", "%2e%2e", "a/b", "a?b#c", "//h", "", ".", "a\x00", "\u202eabc"):
        try:
            path = fill_path("/objects/{id}/versions", {"id": value})
        except RecordError:
            continue
        if path.count("/") != 3 or "/../" in path or "?" in path or "#" in path:
            return f"{value!r} became {path}"
    return ""


def strict_json_or_a_bad_answer(_root: Path) -> str:
    for body in (b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"a": 1e9999}', b'{"a": "\\ud800"}', b"[" * 9000):
        with Scripted(Response(200, [("Content-Type", "application/json")], body)) as server:
            try:
                http_client(server.url).send(Request("GET", "/a")).json()
            except BadAnswer:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the verdict
                return f"{body[:20]!r} ended in {type(error).__name__}"
            return f"{body[:20]!r} was read"
    return ""


def every_digit_goes_out_again(_root: Path) -> str:
    for number in ("0.1000000000000000055", "12345678901234567890.5", "1E+400", "1180591620717411303424", "12.1"):
        with Scripted(Response(200, [], f'{{"n":{number}}}'.encode())) as server:
            http = http_client(server.url)
            try:
                http.send(Request("POST", "/b", body=dumps(http.send(Request("GET", "/a")).json())))
            except ValueError as error:
                return f"{number} ended in {type(error).__name__}"
            sent = server.asked[-1].body.decode()
        if sent != f'{{"n":{number}}}':
            return f"{number} became {sent}"
    return ""


def no_secret_is_told(_root: Path) -> str:
    log: list[Any] = []
    echo = js({"message": f"bad token {TOKEN}", "asked": TOKEN}, 500, X_Echo=TOKEN)
    with Scripted(echo) as server:
        http = http_client(server.url, request_log="full", log=log.append, retry={"max_attempts": 1})
        answer = http.send(Request("GET", "/a", query=(("t", TOKEN),)))
        try:
            raise BadAnswer(f"no listing but {answer.body.decode()}")
        except BadAnswer as error:
            problem = dumps(error.problem().as_json()).decode()
    line = logging.LogRecord("x", logging.INFO, "", 1, "sent %s", (TOKEN,), None)
    RedactingFilter().filter(line)
    places = {"request log": str(log), "problem": problem, "log": line.getMessage()}
    return ", ".join(name for name, text in places.items() if TOKEN in text)


def nothing_is_asked_before_the_time_that_was_named(_root: Path) -> str:
    with Scripted(js({}, 429, Retry_After="1"), js({"ok": 1})) as server:
        moments: list[float] = []
        http = http_client(server.url, log=lambda entry: moments.append(float(entry["seconds"])), request_log="full")
        started = http._services.clock.monotonic()
        http.send(Request("GET", "/a"))
        took = http._services.clock.monotonic() - started
    return "" if took >= 1 and len(moments) == 2 else f"asked again after {took:.2f} s instead of 1"
