"""The work that both sides do: products in a file, an Ibexa with latency, a project that carries one into the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAPPING = {
    "payload": {
        "remote_id": "concat('b-', sku)",
        "fields": {
            "name": "values.name.en_GB",
            "short_name": "upper(values.short)",
            "description": {"html": "values.text"},
        },
    }
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: wall and processor seconds, peak memory in MB, what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    output: str
    code: int


def make_project(root: Path, count: int, workers: int) -> None:
    """A project of one route, and its source."""
    files: dict[str, Any] = {
        "configs/clients/ibexa.json": {
            "type": "ibexa",
            "base_url": "${IBEXA_BASE_URL}",
            "auth": {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"},
            "max_in_flight": workers,
            "request_log": "off",
        },
        "configs/incoming/products.json": {"type": "file", "path": "products.ndjson", "key": "sku"},
        "configs/outgoing/products.json": {
            "type": "ibexa",
            "client": "ibexa",
            "entity": "content",
            "action": "upsert",
            "payload": {"content_type": "folder", "main_language": "eng-GB", "parent": {"path": "/1/2"}},
        },
        "configs/routes/products.json": {
            "incoming": "products",
            "transformers": ["product"],
            "outgoing": "products",
            "concurrency": workers,
        },
        "transformers/product.json": [{"type": "map", "to": MAPPING}],
    }
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")
    with (root / "products.ndjson").open("w", encoding="utf-8") as out:
        for number in range(count):
            text = f"<p>Product <strong>{number}</strong> of the catalogue, æøå &amp; more.</p><ul><li>one</li><li>two</li></ul>"
            values = {"name": {"en_GB": f"Product {number}"}, "short": f"p {number}", "text": text}
            out.write(json.dumps({"sku": f"{number:07d}", "values": values}) + "\n")


@contextmanager
def ibexa(latency_ms: float) -> Iterator[str]:
    """A sandbox in a process of its own; its URL."""
    program = [
        sys.executable,
        "-m",
        "connector.sandbox",
        "--port",
        "0",
        "--login-seconds",
        "0",
        "--latency-ms",
        str(latency_ms),
    ]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
    try:
        yield url
    finally:
        process.terminate()
        process.wait()


def measure(program: list[str], env: dict[str, str], cwd: Path) -> Measured:
    """Run a process to its end and account for it."""
    started = time.monotonic()
    process = subprocess.Popen(program, env={**os.environ, **env}, cwd=cwd, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output, process.returncode)
