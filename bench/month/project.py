"""The project of the month: three routes, written as a user would; and our command line on it, killed when asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.databases import run_log
from bench.month.model import OWNERS
from connector.sandbox.ibexa import IbexaSandbox

Json = Any
OUTGOING: dict[str, Json] = {
    "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert",
    "assets": {"allow_hosts": ["127.0.0.1"], "allow_private": ["127.0.0.1"]},
    "payload": {"content_type": "product", "main_language": "eng-GB", "section": "standard", "owners": OWNERS, "move": True},
}  # fmt: skip
ROUTE: dict[str, Json] = {
    "incoming": "products", "transformers": ["product"], "outgoing": "products", "after": ["categories"],
    "concurrency": 4, "when_dropped": "hide", "when_missing": "trash", "retry": {"first_wait": "10ms", "max_wait": "50ms"},
}  # fmt: skip


def _below(code: str) -> str:
    return f"{{remote_id: concat('c-', {code})}}"


_FILES: dict[str, Json] = {
    "configs/clients/ibexa.json": {
        "type": "ibexa", "base_url": "${IBEXA_BASE_URL}", "max_in_flight": 8,
        "auth": {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"},
        "retry": {"max_attempts": 3, "first_wait": "20ms", "max_wait": "100ms"},
        "outage": {"first_probe": "100ms", "max_probe": "200ms", "give_up_after": "1s"},
    },
    "configs/clients/pim.json": {
        "type": "http", "base_url": "${PIM_BASE_URL}",
        "retry": {"max_attempts": 2, "first_wait": "10ms", "max_wait": "20ms"},
    },
    "configs/incoming/types.json": {"type": "file", "path": "types.json", "key": "identifier"},
    "configs/incoming/categories.json": {
        "type": "http", "client": "pim", "endpoint": "/categories", "records": "items", "total": "total", "key": "code",
        "pagination": {"type": "page", "page_param": "page", "size_param": "size", "size": 25},
    },
    "configs/incoming/products.json": {
        "type": "http", "client": "pim", "endpoint": "/products", "records": "items", "total": "total", "key": "sku",
        "pagination": {"type": "page", "page_param": "page", "size_param": "size", "size": 25},
    },
    "configs/outgoing/types.json": {"type": "ibexa", "client": "ibexa", "entity": "content_type", "action": "ensure"},
    "configs/outgoing/categories.json": {
        "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert",
        "payload": {"content_type": "category", "main_language": "eng-GB", "owners": {"name": "initial"}, "move": True},
    },
    "configs/outgoing/products.json": OUTGOING,
    "configs/routes/types.json": {"incoming": "types", "transformers": ["type"], "outgoing": "types"},
    "configs/routes/categories.json": {
        "incoming": "categories", "transformers": ["category"], "outgoing": "categories", "after": ["types"],
        "concurrency": 4, "retry": {"first_wait": "10ms", "max_wait": "50ms"},
    },
    "configs/routes/products.json": ROUTE,
    "transformers/category.json": [{"type": "map", "to": {"payload": {
        "remote_id": "concat('c-', code)",
        "parent": "parent == null && {path: '/1/2'} || " + _below("parent"),
        "fields": {"name": "name.en", "code": "code"},
        "translations": {"nor-NO": {"name": "name.nb"}},
    }}}],
    "transformers/product.json": [{"type": "filter", "where": "enabled"}, {"type": "map", "to": {"payload": {
        "remote_id": "concat('p-', sku)",
        "parent": f"also == null && {_below('category')} || [{_below('category')}, {_below('also')}]",
        "fields": {
            "name": "name.en", "sku": "sku", "teaser": "teaser", "body": {"html": "concat('<p>', body.en, '</p>')"},
            "price": "price", "stock": "stock", "colour": "colour", "related": "related[].{remote_id: concat('p-', @)}",
            "picture": {"url": "picture.href", "version": "picture.version", "alternative_text": "sku"},
        },
        "translations": {
            "nor-NO": {"name": "name.nb", "body": {"html": "concat('<p>', body.nb, '</p>')"}},
            "ger-DE": {"name": "name.de"},
        },
    }}}],
    "types.json": [
        {"identifier": "category", "main_language": "eng-GB", "names": {"eng-GB": "Category"}, "is_container": True,
         "fields": [{"identifier": "name", "type": "string", "required": True},
                    {"identifier": "code", "type": "string", "translatable": False}]},
        {"identifier": "product", "main_language": "eng-GB", "names": {"eng-GB": "Product"}, "fields": [
            {"identifier": "name", "type": "string", "required": True},
            {"identifier": "sku", "type": "string", "translatable": False},
            {"identifier": "teaser", "type": "text", "translatable": False},
            {"identifier": "body", "type": "richtext"},
            {"identifier": "price", "type": "float", "translatable": False},
            {"identifier": "stock", "type": "boolean", "translatable": False},
            {"identifier": "colour", "type": "selection", "translatable": False, "options": ["Red", "Blue", "Green"]},
            {"identifier": "picture", "type": "image", "translatable": False},
            {"identifier": "related", "type": "relation_list", "translatable": False}]},
    ],
}  # fmt: skip


class Project:
    """The files in a folder, and runs of all its routes."""

    def __init__(self, root: Path, ibexa: IbexaSandbox, pim_url: str, changes: Mapping[str, Json]) -> None:
        self.root, self._ibexa = root, ibexa
        self.runs = self.kills = 0
        self._env = {
            **os.environ,
            "IBEXA_BASE_URL": ibexa.url,
            "IBEXA_PASSWORD": "publish",
            "PIM_BASE_URL": pim_url,
            "CONNECTOR_DATABASE_URL": run_log(root),
        }
        for name, body in {**_FILES, **changes}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(body), encoding="utf-8")
        (root / "transformers/type.jmespath").write_text("{payload: @}", encoding="utf-8")

    def run(self, *, kill_after: int = 0) -> tuple[int, str]:
        """All routes in a process of their own; ``kill_after`` writes it is killed. Its exit code, and what it said."""
        self.runs += 1
        process = self._start("run", "--all", "--retry", "--json")
        if kill_after:
            self._kill(process, kill_after)
        told, complaint = process.communicate(timeout=600)
        self.kills += process.returncode == -9
        return process.returncode, (told + complaint).decode()

    def failed(self) -> dict[str, str]:
        """Key -> reason of each failed task."""
        told, complaint = self._start("tasks", "list", "--state", "failed", "--json", "--limit", "1000").communicate()
        if not told:
            raise AssertionError(complaint.decode())
        rows = json.loads(told)
        rows = rows if isinstance(rows, list) else rows["tasks"]
        return {str(row["key"]): json.dumps(row.get("problem") or row.get("reason") or row) for row in rows}

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "connector", "-C", str(self.root), "-q", *arguments]
        return subprocess.Popen(program, env=self._env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def _kill(self, process: subprocess.Popen[bytes], writes: int) -> None:
        book, end = self._ibexa.book, time.monotonic() + 60
        wanted = book.arrived_writes + writes
        while process.poll() is None and time.monotonic() < end:
            late = book.arrived_writes - wanted
            if late > 2 or (late >= 0 and book.in_flight_writes):  # most of all while a write is under way
                process.kill()
                time.sleep(0.05)  # what the server was doing when its client died, it finishes
                return
            time.sleep(0.0005)
