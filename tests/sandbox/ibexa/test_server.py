"""The server below: keep-alive, odd methods, chunks, limits, stopping; the router; the command."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests

from connector.sandbox.http import MAX_BODY_BYTES, Request, Response, Server
from connector.sandbox.router import Router


def echo(request: Request) -> Response:
    if request.path == "/fail":
        raise RuntimeError("on purpose")
    told = f"{request.method} {request.path} {request.query} {request.headers.get('X-Odd', '')} "
    return Response(200, [("Content-Type", "text/plain")], told.encode() + request.body)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server("127.0.0.1", 0, echo) as running:
        yield running


def test_one_connection_carries_many_requests_of_any_method(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for method in ("GET", "PUBLISH", "COPY", "PATCH", "SWAP"):
        connection.request(method, "/a%20b?x=1&x=2&y=", body=b"body", headers={"x-odd": "yes"})
        answer = connection.getresponse()
        assert answer.read() == f"{method} /a%20b [('x', '1'), ('x', '2'), ('y', '')] yes body".encode()
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert (answer.read(), int(answer.headers["Content-Length"]) > 0) == (b"", True)
    connection.close()


def test_chunked_bodies_are_read(server: Server) -> None:
    answer = requests.post(server.url, data=iter([b"one ", b"two"]), timeout=5)
    assert answer.text.endswith("one two")


def test_a_body_over_the_cap_is_refused(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(MAX_BODY_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_nonsense_and_failures_do_not_end_the_server(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(b"nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert requests.get(f"{server.url}/fail", timeout=5).status_code == 500
    assert requests.get(server.url, timeout=5).status_code == 200


def test_stopping_closes_open_connections_and_frees_the_port() -> None:
    server = Server("127.0.0.1", 0, echo).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    port = server.port
    server.stop()
    server.stop()
    connection.request("GET", "/")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        connection.getresponse()
    connection.close()
    with Server("127.0.0.1", port, echo) as again:
        assert requests.get(again.url, timeout=5).ok


def test_the_router_knows_shapes_and_methods() -> None:
    router: Router[str] = Router()
    router.add("GET", "/content/objects/{id:int}", "get")
    router.add("DELETE", "/content/objects/{id:int}", "delete")
    router.add("GET", "/content/locations/{path:ids}/children", "children")
    router.add("GET", "/content/locations/{path:ids}", "location")
    router.add("GET", "/{any}", "any")
    found = router.find("GET", "/content/objects/52")
    assert found is not None
    assert (found.target, found.params) == ("get", {"id": "52"})
    wrong = router.find("PUT", "/content/objects/52")
    assert wrong is not None
    assert (wrong.target, wrong.methods) == (None, ("GET", "DELETE"))
    assert router.find("GET", "/content/objects/abc") is None
    deep = router.find("GET", "/content/locations/1/2/54/children")
    assert deep is not None
    assert (deep.target, deep.params) == ("children", {"path": "1/2/54"})
    other = router.find("GET", "/x")
    assert other is not None
    assert other.target == "any"


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    started = time.monotonic()
    command = [sys.executable, "-m", "connector.sandbox", "--port", "0", "--fault", '{"do": {"status": 503}}']
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert time.monotonic() - started < 5
        url = line.split()[3]
        assert "user admin, password publish" in line
        assert requests.get(f"{url}/api/ibexa/v2/", timeout=5).status_code == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


def test_the_command_refuses_a_wrong_fault() -> None:
    command = [sys.executable, "-m", "connector.sandbox", "--fault", '{"do": {}}']
    finished = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (finished.returncode, "exactly one" in finished.stderr) == (2, True)
