"""Answers without end, without measure or without sense: refused at the limit, in time, in bounded memory (45 to 47)."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
import zlib
from decimal import Decimal
from pathlib import Path

import pytest

from connector.clients.request import Request
from connector.core.errors import AnswerLost, AnswerTooLarge, BadAnswer, ClientError
from connector.sandbox.http import Response
from tests.faults.raw_server import RawServer
from tests.faults.rig import ONCE, http_client
from tests.integration.clients.scripted import Scripted

SHORT = {"connect": "2s", "read": "5s", "total": "600ms"}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_head_that_trickles_ends_at_the_total_time_out() -> None:
    """Each byte comes well within the read time-out; only the whole takes too long."""
    with RawServer(b"HTTP/1.1 200 OK\r\n", forever=b"X", pause=0.05) as server:
        started = time.monotonic()
        with pytest.raises(AnswerLost):
            http_client(server.url, timeout=SHORT, retry=ONCE).send(Request("GET", "/a"))
        assert time.monotonic() - started < 20


def test_a_body_that_trickles_ends_at_the_total_time_out() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with RawServer(head, forever=b"x", pause=0.05) as server:
        started = time.monotonic()
        with pytest.raises(AnswerLost):
            http_client(server.url, timeout=SHORT, retry=ONCE).send(Request("GET", "/a"))
        assert time.monotonic() - started < 20


def test_a_stream_of_chunks_without_end_is_left_at_the_limit() -> None:
    with RawServer(CHUNKED, forever=b"4000\r\n" + b"x" * 0x4000 + b"\r\n") as server:
        with pytest.raises(AnswerTooLarge):
            http_client(server.url, max_body="1MiB").send(Request("GET", "/a"))
        assert server.written < 16 * 1024 * 1024, "it is not read to its end"


def test_a_body_of_ten_gigabytes_is_left_at_the_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"
    with RawServer(head, forever=b"x" * 65536) as server:
        with pytest.raises(AnswerTooLarge):
            http_client(server.url, max_body="1MiB").send(Request("GET", "/a"))
        assert server.written < 16 * 1024 * 1024


def test_a_compressed_answer_that_ends_too_early_is_damaged_not_short() -> None:
    whole = gzip.compress(json.dumps({"items": list(range(9999))}).encode())
    for body in (whole[: len(whole) // 2], whole[:-8]):
        with Scripted(Response(200, [("Content-Encoding", "gzip")], body)) as server, pytest.raises(BadAnswer):
            http_client(server.url).send(Request("GET", "/a"))


def test_a_bomb_takes_no_memory(tmp_path: Path) -> None:
    """In a process of its own: 1 GiB in 1 MB, and twice packed in a few kilobytes; the peak stays below limit + 32 MiB."""
    once = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(once.compress(b"\0" * 1_048_576) for _ in range(1024)) + once.flush()
    (tmp_path / "bomb").write_bytes(bomb)
    program = (
        "import resource, sys, pathlib\n"
        "from connector.clients.request import Request\n"
        "from connector.core.errors import ClientError\n"
        "from tests.faults.rig import http_client\n"
        "http = http_client(sys.argv[1], max_body='16MiB', retry={'max_attempts': 1})\n"
        "http.send(Request('GET', '/small'))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in ('/bomb', '/twice'):\n"
        "    try:\n"
        "        http.send(Request('GET', path))\n"
        "        sys.exit(f'{path} was read')\n"
        "    except ClientError as error:\n"
        "        print(type(error).__name__)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    twice = gzip.compress(bomb)
    answers = {
        "/small": Response(200, [], b"{}"),
        "/bomb": Response(200, [("Content-Encoding", "gzip")], bomb),
        "/twice": Response(200, [("Content-Encoding", "gzip, gzip")], twice),
    }
    with Scripted(lambda request: answers[request.path]) as server:
        done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    *kinds, grown = done.stdout.split()
    assert kinds == ["AnswerTooLarge", "BadAnswer"]
    assert int(grown) <= 16 + 32


def test_a_page_of_many_megabytes_is_refused_by_the_limit_and_an_object_of_many_keys_is_read() -> None:
    keys = json.dumps({"items": [{f"k{n}": n for n in range(50_000)}]}).encode()
    page = json.dumps({"items": ["x" * 1000] * 40_000}).encode()
    with Scripted(Response(200, [], keys), Response(200, [], page)) as server:
        http = http_client(server.url)
        assert len(http.send(Request("GET", "/a")).json()["items"][0]) == 50_000
        with pytest.raises(AnswerTooLarge, match="larger than"):
            http.send(Request("GET", "/b"))


NUMBERS = {
    "30 digits": (b"123456789012345678901234567890", 123456789012345678901234567890),
    "17 digits": (b"1234567890.1234567", 1234567890.1234567),
    "an exponent": (b"1e-7", 1e-7),
    "a negative zero": (b"-0.0", -0.0),
    "more than a double holds": (b"0.1000000000000000055", Decimal("0.1000000000000000055")),
    "larger than a double": (b"1e400", Decimal("1e400")),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_kept(name: str) -> None:
    written, value = NUMBERS[name]
    with Scripted(Response(200, [], b'{"n": ' + written + b"}")) as server:
        assert http_client(server.url).send(Request("GET", "/a")).json() == {"n": value}


@pytest.mark.parametrize("body", [b'{"n": ' + b"9" * 5000 + b"}", b'{"n": 1e9999}', b"[" * 100_000, b"\xff\xfe{\0}\0"])
def test_what_cannot_be_kept_is_refused_in_words(body: bytes) -> None:
    with Scripted(Response(200, [], body)) as server, pytest.raises(BadAnswer, match="answered 200"):
        http_client(server.url).send(Request("GET", "/a")).json()


@pytest.mark.parametrize("head", [b"", b"HTTP/9 what\r\n\r\n", b"\0" * 99])
def test_what_is_no_http_is_an_error_of_the_system(head: bytes) -> None:
    with RawServer(head) as server, pytest.raises(ClientError):
        http_client(server.url, timeout=SHORT, retry=ONCE).send(Request("GET", "/a")).json()
