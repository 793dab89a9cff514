"""The figure of secrets: canaries in every kind of credential, echoed by servers in every encoding, looked for everywhere."""

from __future__ import annotations

import base64
import html
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import IbexaSandbox
from connector.store.pack import unpack
from tests.integration.clients.scripted import Scripted

CANARIES = {
    "bearer": "canary-bearer-4f1d",
    "basic": "canary:basic/4f1d+pw",
    "api_key": "canary api key 4f1d",
    "header": "canary-header-9b2c",
    "query": "canary&query=9b2c",
    "url": "canary/url?x=1#y%20z",
    "json": 'canary"json\\9b2c/x',
    "html": "canary<html>&'9b2c'\"",
    "unicode": "canary-æøå-ü-9b2c",
    "emoji": "canary-🌲-9b2c",
    "file": "canary-of-a-file-77",
    "file_variable": "canary-of-file-variable-77",
    "env_file": "canary-of-env-file-77",
    "long": "canary-long-" + "0123456789abcdef" * 40,
    "short": "cnr7x",
    "digits": "90210777123",
    "base64": "Y2FuYXJ5LWJhc2U2NA==",
    "percent": "canary%2Fpercent%41",
    "lines": "canary-line-one-77\ncanary-line-two-77\n  canary-line-three-77",
    "ibexa": "canary-ibexa-password",
}
_KINDS = {**dict.fromkeys(("basic", "json", "emoji", "lines", "url"), "basic"), "html": "api_key", "long": "header"}
_KINDS |= {name: name for name in ("api_key", "header", "query")}


def encodings(text: str) -> dict[str, str]:
    """Six ways in which a server may write a text back."""
    return {
        "plain": text,
        "URL": quote(text, safe=""),
        "base64": base64.b64encode(f"user:{text}".encode()).decode(),
        "JSON": json.dumps(text)[1:-1].replace("/", "\\/"),
        "HTML": html.escape(text),
        "hex": text.encode().hex(),
    }


def looked_for(text: str) -> Iterator[str]:
    """What must be found nowhere: the text, each of its longer lines, and all their encodings."""
    for one in {text, *(line.strip() for line in text.splitlines() if len(line.strip()) >= 8)}:
        yield from encodings(one).values()
        yield from (json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1], quote(one))
        raw = one.encode()
        yield from (base64.b64encode(raw).decode().rstrip("="), html.escape(one, quote=False))


class Echo:
    """A server that says back what it was sent, in every encoding, in another kind of answer each time."""

    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        with self.lock:
            self.count += 1
            kind = self.count % 5
        name = request.path.rpartition("/")[2]
        said = "\n".join(encodings(CANARIES[name]).values()) if name in CANARIES else "nothing"
        where = [("X-Echo", said.replace("\n", " ").encode("latin-1", "replace").decode("latin-1"))]
        page = f"<!doctype html><html><body>{said}</body></html>".encode()
        own = quote(CANARIES.get(name, "x"), safe="")
        return (
            Response(500, [("Content-Type", "application/json"), *where], json.dumps({"message": said}).encode()),
            Response(200, [("Content-Type", "text/html"), *where], page),
            Response(401, [("Content-Type", "text/plain"), *where], said.encode()),
            Response(302, [("Location", f"https://user:{own}@elsewhere.invalid/{own}?t={own}")], b""),
            Response(200, [("Content-Type", "text/plain")], f"{CANARIES.get(name, '')} is not valid".encode()),
        )[kind]


def project(root: Path, echo: str, ibexa: str) -> dict[str, str]:
    """A client, an incoming and a route for each canary; the environment that holds them."""
    env = {"ECHO": echo, "IBEXA": ibexa, "CONNECTOR_DATABASE_URL": f"sqlite:///{root}/run.db"}
    env |= {f"C_{name.upper()}": text for name, text in CANARIES.items() if "file" not in name}
    (root / "secrets").mkdir()
    (root / "secrets/one").write_text(CANARIES["file"])
    (root / "secrets/two").write_text(CANARIES["file_variable"])
    env["C_FILE_VARIABLE_FILE"] = str(root / "secrets/two")
    (root / "secrets.env").write_text(f"C_ENV_FILE={CANARIES['env_file']}\n")
    target = {"type": "jwt", "username": "admin", "password": "${C_IBEXA}"}
    once = {"retry": {"max_attempts": 1}, "request_log": "full"}
    _write(root, "clients/shop", {"type": "ibexa", "base_url": "${IBEXA}", "auth": target, **once})
    fixed = {"content_type": "folder", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    out = {"type": "ibexa", "client": "shop", "entity": "content", "action": "upsert", "payload": fixed}
    _write(root, "outgoing/folders", out)
    mapping = {"payload": {"remote_id": "id", "fields": {"name": "id"}}}
    (root / "transformers").mkdir()
    (root / "transformers/thing.json").write_text(json.dumps([{"type": "map", "to": mapping}]))
    for name in CANARIES:
        reference = "${file:secrets/one}" if name == "file" else f"${{C_{name.upper()}}}"
        kind = _KINDS.get(name, "bearer")
        client: dict[str, Any] = {"type": "http", "base_url": "${ECHO}", **once}
        client |= {
            "basic": {"auth": {"type": "basic", "username": "user", "password": reference}},
            "api_key": {"auth": {"type": "api_key", "key": reference}},
            "header": {"headers": {"X-Shop-Token": reference}},
            "query": {},
        }.get(kind, {"auth": {"type": "bearer", "token": reference}})
        incoming: dict[str, Any] = {
            "type": "http",
            "client": name.replace("_", "-"),
            "endpoint": f"/{name}",
            "key": "id",
        }
        incoming |= {"query": {"api_key": reference}} if kind == "query" else {}
        _write(root, f"clients/{name.replace('_', '-')}", client)
        _write(root, f"incoming/{name.replace('_', '-')}", incoming)
        parts = {
            "incoming": name.replace("_", "-"),
            "transformers": ["thing"],
            "outgoing": "folders",
            "same_host": True,
        }
        _write(root, f"routes/{name.replace('_', '-')}", parts)
    (root / "things.json").write_text(json.dumps([{"id": f"c-{number}"} for number in range(3)]))
    _write(root, "incoming/things", {"type": "file", "path": "things.json", "key": "id"})
    _write(
        root,
        "routes/things",
        {"incoming": "things", "transformers": ["thing"], "outgoing": "folders", "same_host": True},
    )
    return env


def _write(root: Path, name: str, body: Any) -> None:
    path = root / f"configs/{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body))


def commands() -> list[list[str]]:
    names = [name.replace("_", "-") for name in CANARIES]
    runs = [["-v", "run", "--all"], ["-v", "run", "--all", "--json"], ["run", "--all", "--retry"]]
    asked = [["validate"], ["check"], ["-v", "check", "--json"], ["explain", "query"], ["explain", "header", "--json"]]
    shown = [["preview", name] for name in names[:8]]
    told = [
        ["runs", "--json"],
        ["tasks", "--json"],
        ["tasks", "failures", "--json"],
        ["requests", "--json"],
        ["requests"],
    ]
    return [*asked, *shown, *runs, *told]


def secrets() -> dict[str, Any]:
    """Run everything, then look everywhere."""
    echo = Echo()
    said = json.dumps({"ErrorMessage": {"errorCode": 406, "errorDescription": " | ".join(_echoed("ibexa"))}})
    fault = {"status": 406, "body": said, "content_type": "application/vnd.ibexa.api.ErrorMessage+json"}
    with (
        tempfile.TemporaryDirectory() as folder,
        IbexaSandbox(login_seconds=0, password=CANARIES["ibexa"]) as sandbox,
        Scripted(echo.answer) as server,
    ):
        root = Path(folder)
        sandbox.faults.add({"match": {"op": "content.create"}, "do": fault})
        env = {**os.environ, **project(root, server.url, sandbox.url)}
        places: dict[str, str] = {}
        for words in commands():
            process, lines = _run(root, env, words)
            places[f"connector {' '.join(words)}"] = process
            places[f"process list during {' '.join(words)}"] = lines
        asked = len(server.asked)
        places |= dict(_run_log(root))
        sent = "\n".join(
            text for one in server.asked for text in (*one.headers.values(), *(value for _, value in one.query))
        )
    hits = sorted(
        {(name, place) for name, text in CANARIES.items() for place, found in places.items() if _in(text, found)}
    )
    return {
        "canaries": len(CANARIES),
        "encodings": len(encodings("x")),
        "places": len(places),
        "characters searched": sum(map(len, places.values())),
        "echoes sent by the servers": asked + sandbox.book.snapshot()["writes"]["total"],
        "canaries that really went out": sum(
            any(one in sent for one in looked_for(text)) for text in CANARIES.values()
        ),
        "hits": len(hits),
        **({"where": hits} if hits else {}),
    }


def _echoed(name: str) -> list[str]:
    return list(encodings(CANARIES[name]).values())


def _in(text: str, found: str) -> bool:
    return any(one in found for one in looked_for(text))


def _run(root: Path, env: dict[str, str], words: list[str]) -> tuple[str, str]:
    program = [sys.executable, "-m", "connector", "-C", str(root), "--env-file", str(root / "secrets.env"), *words]
    process = subprocess.Popen(program, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    listed = "".join(path.read_text(errors="replace") for path in Path("/proc").glob(f"{process.pid}/cmdline"))
    output, errors = process.communicate(timeout=120)
    return output + errors, listed


def _run_log(root: Path) -> Iterator[tuple[str, str]]:
    """The files as they are, and everything in them unpacked."""
    for path in sorted(root.glob("run.db*")):
        yield path.name, path.read_bytes().decode("utf-8", "replace")
    database = sqlite3.connect(root / "run.db")
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        rows = database.execute(f"SELECT * FROM {name}").fetchall()
        texts = [
            json.dumps(unpack(cell), ensure_ascii=False) if isinstance(cell, bytes) else str(cell)
            for row in rows
            for cell in row
        ]
        yield f"table {name}", "\n".join(texts)
    database.close()
