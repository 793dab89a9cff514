"""Images and files: what a record may make us read, fetch and send, and what the field itself says against it."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.core.outcome import Done, Outcome, Refused, Skipped
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request, Response, Server
from tests.integration.outgoing.shop import Shop, png

HEAD = "configs/clients/ibexa.json"


@pytest.fixture
def album(shop: Shop) -> Shop:
    """With a content type whose fields have rules of their own."""
    fields = [
        {"identifier": "name", "type": "string", "required": True},
        {"identifier": "manual", "type": "file", "validators": {"FileSizeValidator": {"maxFileSize": 1}}},
        {"identifier": "film", "type": "media"},
        {
            "identifier": "cover",
            "type": "image",
            "settings": {"mimeTypes": ["image/jpeg", "image/gif"]},
            "validators": {
                "FileSizeValidator": {"maxFileSize": 1},
                "AlternativeTextValidator": {"required": True},
            },
        },
    ]
    album = {**shop.type, "identifier": "album", "name": "Album", "fields": fields}
    assert isinstance(shop.send(shop.ensure, album), Done)
    shop.sandbox.book.reset()
    return shop


def put(shop: Shop, assets: Any = None, type_: str = "album", remote_id: str = "t-1", **fields: Any) -> Outcome:
    outgoing = upsert(shop, shop.assets if assets is None else assets)
    payload = {"remote_id": remote_id, "content_type": type_, "fields": {"name": "A", **fields}}
    return shop.send(outgoing, payload)


def upsert(shop: Shop, assets: Any) -> IbexaOutgoing:
    defaults = {"main_language": "eng-GB", "section": "standard", "parent": {"path": "/1/2"}}
    return shop.outgoing("content", "upsert", payload=defaults, assets=assets)


def refused(outcome: Outcome, *words: str) -> str:
    """Checks what is said; returns the code."""
    assert isinstance(outcome, Refused), outcome
    said = f"{outcome.problem.message} {outcome.problem.hint}"
    assert [one for one in words if one not in said] == [], said
    return outcome.problem.code


def file(data: bytes, name: str = "a.pdf") -> dict[str, Any]:
    return {"base64": base64.b64encode(data).decode(), "file_name": name}


# -- files of the project ---------------------------------------------------------------------------------------------


@pytest.fixture
def project(album: Shop) -> Shop:
    """A project with secrets, a picture, and links that lead out of its folder."""
    for name in (
        ".env",
        HEAD,
        "transformers/product.json",
        ".connector/connector.db",
        "run.db",
        "pictures/.hidden/a.txt",
    ):
        path = album.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("PASSWORD=hush")
    (album.root / "pictures/x.png").write_bytes(png(1))
    (album.root / "pictures/deep").mkdir()
    (album.root / "pictures/deep/y.txt").write_text("a manual")
    (album.root / "pictures/out.txt").symlink_to("../.env")
    (album.root / "pictures/up").symlink_to("..")
    os.mkfifo(album.root / "pictures/pipe.txt")
    return album


LEAKS = [
    *(".env", HEAD, "transformers/product.json", ".connector/connector.db", "run.db", "pictures/../.env", "pictures"),
    *("pictures/out.txt", "pictures/up/run.db", "pictures/.hidden/a.txt", "/etc/passwd", "../x"),
]


@pytest.mark.parametrize("name", LEAKS)
@pytest.mark.parametrize("form", ["file", "url", "text"])
def test_no_record_publishes_a_file_of_the_project(project: Shop, name: str, form: str) -> None:
    outcome = put(project, manual=name if form == "text" else {form: name, "file_name": "a.txt"})
    assert refused(outcome, "below pictures/" if form == "file" and ".hidden" not in name else "") == "AST001"
    assert project.writes == {}


@pytest.mark.parametrize("version", [None, "1"])
def test_a_file_below_the_declared_folder_is_sent(project: Shop, version: str | None) -> None:
    given = {"file": "pictures/deep/y.txt", "version": version}
    assert isinstance(put(project, manual=given), Done)
    [item] = [one for one in project.sandbox.repository.contents.values() if one.remote_id == "t-1"]
    assert item.version.fields["eng-GB"]["manual"]["fileName"].startswith("y-")


def test_without_a_declared_folder_no_file_is_read(project: Shop) -> None:
    refused(put(project, {}, manual={"file": "pictures/deep/y.txt"}), "no assets.folder", '"folder": "pictures"')


@pytest.mark.parametrize(
    "folder", [".", "configs", "Configs", ".connector", "..", "pictures/up", "pictures/../configs", "/"]
)
def test_no_folder_opens_what_the_project_lives_by(project: Shop, folder: str) -> None:
    for name in (HEAD, ".env", ".connector/connector.db", "pictures/deep/y.txt", "/etc/passwd"):
        refused(put(project, {"folder": folder}, manual={"file": name, "file_name": "a.txt"}), "is not read")
    assert project.writes == {}


def test_what_is_no_file_or_not_there_is_said_without_waiting_for_it(project: Shop) -> None:
    refused(put(project, manual={"file": "pictures/pipe.txt"}), "is no file")
    refused(put(project, manual={"file": "pictures/none.txt"}), "is not there")


@pytest.mark.parametrize("url", ["http://[::1", "ftp://127.0.0.1/x", "http://u:hush@127.0.0.1/x", "http://h:99999/", "//h/x", "file:///etc/passwd"])  # fmt: skip
def test_what_is_no_http_address_is_refused(project: Shop, url: str) -> None:
    outcome = put(project, manual={"url": url, "version": "1"})
    refused(outcome, "no plain http(s) address")
    assert "hush" not in str(outcome)


# -- hosts ------------------------------------------------------------------------------------------------------------


class Net:
    """A resolver of our own: names and public addresses, each with the server that stands in for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.stands_in: dict[str, int] = {}
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.look_up)

    def look_up(self, host: Any, port: Any, *given: Any, **named: Any) -> Any:
        if host in self.stands_in:
            return self._real("127.0.0.1", self.stands_in[host], *given, **named)
        answers = self.names.get(host)
        if answers is None:
            return self._real(host, port, *given, **named)
        now = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in now]


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    return Net(monkeypatch)


@pytest.fixture
def inside() -> Iterator[tuple[int, list[Any]]]:
    """A server of the private network; what it was asked."""
    asked: list[Any] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response(200, [], b"internal")

    server = Server("127.0.0.1", 0, answer)
    server.start()
    yield int(server.url.rpartition(":")[2]), asked
    server.stop()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0", "127.1"])
def test_an_allowed_host_of_this_machine_is_not_fetched_from(album: Shop, inside: Any, host: str) -> None:
    port, asked = inside
    outcome = put(album, {"allow_hosts": [host]}, manual=f"http://{host}:{port}/a.txt")
    assert refused(outcome, "private network", "assets.allow_private") == "AST001"
    assert asked == []
    assert album.writes == {}
    both = {"allow_hosts": [host], "allow_private": [host]}
    assert isinstance(put(album, both, manual=f"http://{host}:{port}/a.txt"), Done)
    assert len(asked) == 1


@pytest.mark.parametrize("place", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0"])
def test_an_allowed_name_that_leads_inside_is_not_fetched_from(album: Shop, net: Net, inside: Any, place: str) -> None:
    port, asked = inside
    net.names["cdn.example"] = [[place]]
    net.stands_in = {place: port} if place != "127.0.0.1" else {}
    refused(put(album, {"allow_hosts": ["cdn.example"]}, manual=f"http://cdn.example:{port}/a.txt"), "private network")
    refused(put(album, {"allow_hosts": ["cdn.example"], "allow_private": ["other.example"]}, manual=f"http://cdn.example:{port}/a.txt"))  # fmt: skip
    assert asked == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(album: Shop, net: Net, inside: Any) -> None:
    port, asked = inside
    outside = album.cdn.server.url
    net.names["cdn.example"] = [["8.8.8.8"], ["127.0.0.1"]]
    net.stands_in["8.8.8.8"] = int(outside.rpartition(":")[2])
    assert isinstance(put(album, {"allow_hosts": ["cdn.example"]}, manual=f"http://cdn.example:{port}/a.txt"), Done)
    assert asked == []
    assert album.cdn.asked[0].headers["host"] == f"cdn.example:{port}"


def test_of_several_addresses_only_the_public_one_is_used(album: Shop, net: Net, inside: Any) -> None:
    port, asked = inside
    net.names["cdn.example"] = [["127.0.0.1", "8.8.8.8"]]
    net.stands_in["8.8.8.8"] = int(album.cdn.server.url.rpartition(":")[2])
    assert isinstance(put(album, {"allow_hosts": ["cdn.example"]}, manual=f"http://cdn.example:{port}/a.txt"), Done)
    assert asked == []


def test_a_redirect_to_elsewhere_is_not_followed_and_not_tried_again(album: Shop, inside: Any) -> None:
    port, asked = inside
    album.cdn.leads_to = f"http://127.0.0.1:{port}/secret"
    refused(put(album, manual=f"{album.cdn.server.url}/a.txt"), "leads elsewhere")
    assert asked == []


# -- size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["big.bin", "big.gz"])
def test_what_is_too_large_is_refused_at_once(album: Shop, name: str) -> None:
    assets = {**album.assets, "max_size": "100kB"}
    outcome = put(album, assets, manual={"url": f"{album.cdn.server.url}/{name}", "version": "1"})
    assert refused(outcome, "100000", "assets.max_size", "2000000 bytes" if name == "big.bin" else "") == "AST001"
    assert album.writes == {}


# -- the field's own rules --------------------------------------------------------------------------------------------


RULES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"manual": file(b"x" * 1_100_000)}, ("album.manual", "1100000 bytes", "maxFileSize of 1 MB")),
    ({"manual": file(b"<?php", "shell.php")}, ("album.manual", ".php", "forbidden_extensions")),
    ({"manual": file(b"<?php", "shell.p.HP.PHAR")}, ("album.manual", ".phar")),
    ({"film": file(b"MZ", "film.exe")}, ("album.film", ".exe")),
    ({"cover": {**file(b"GIF89a....")}}, ("album.cover", "alternative text")),
    ({"cover": {**file(b"GIF89a...."), "alternative_text": " "}}, ("album.cover", "alternative text")),
    ({"cover": {**file(png(1), "a.png"), "alternative_text": "A"}}, ("album.cover", "image/png", "image/jpeg, image/gif")),
    ({"cover": {**file(b"no picture", "a.png"), "alternative_text": "A"}}, ("album.cover", "no PNG")),
    ({"cover": {**file(b"GIF89a" + b"x" * 1_100_000), "alternative_text": "A"}}, ("album.cover", "maxFileSize")),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "words"), RULES)
def test_what_the_field_would_not_take_is_refused_before_anything_is_written(
    album: Shop, fields: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(put(album, **fields), *words)
    assert album.writes == {}
    assert isinstance(put(album), Done)
    album.sandbox.book.reset()
    refused(put(album, **fields), *words)
    assert album.writes == {}


def test_what_the_field_takes_is_sent(album: Shop) -> None:
    picture = {**file(b"GIF89a\1\0\1\0...."), "alternative_text": "A"}
    assert isinstance(put(album, manual=file(b"x" * 1_000_000), cover=picture, film=file(b"film", "a.mp4")), Done)
    assert isinstance(put(album, cover={**picture, "alternative_text": "B"}), Done)


def test_a_site_that_takes_other_endings_says_so(album: Shop) -> None:
    assets = {**album.assets, "forbidden_extensions": ["php", "ZIP"]}
    refused(put(album, assets, manual=file(b"x", "a.zip")), ".zip")
    outcome = put(album, assets, manual=file(b"<svg/>", "a.svg"))
    assert not isinstance(outcome, Refused) or "forbidden_extensions" not in outcome.problem.hint


def test_an_empty_file_is_refused(album: Shop) -> None:
    Path(album.root / "pictures").mkdir()
    Path(album.root / "pictures/a.txt").touch()
    refused(put(album, manual={"file": "pictures/a.txt"}), "it is empty")


def test_a_look_fetches_nothing(album: Shop) -> None:
    assert isinstance(put(album), Done)
    outgoing = upsert(album, album.assets)
    payload = {"remote_id": "t-1", "content_type": "album", "fields": {"name": "A", "manual": {"url": f"{album.cdn.server.url}/a.txt", "version": "1"}}}  # fmt: skip
    outcome = album.send(outgoing, payload, action="verify")
    assert isinstance(outcome, Skipped)
    assert outcome.reason == "drifted"
    assert album.cdn.asked == []
