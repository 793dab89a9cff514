"""What is measured: a project, the target it talks to, and a process run to its end with its time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
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
NONE = "sku == 'none of them'"
"""No record of the target."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: wall and processor seconds, peak memory in MB, what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    output: str


def make_project(root: Path, workers: int, *, only: str = "", every: str = "") -> None:
    """A project of one route: a listing over HTTP, a mapping, content items.

    Args:
        root: where.
        workers: tasks at a time, and requests in flight.
        only: which records the mapping lets through, as JMESPath; the others are read and stored, and nothing more.
        every: the pace of its schedule; without it has none.
    """
    filters = [{"type": "filter", "where": only}] if only else []
    files: dict[str, Any] = {
        "configs/clients/ibexa.json": {
            "type": "ibexa",
            "base_url": "${IBEXA_BASE_URL}",
            "auth": {"type": "jwt", "username": "admin", "password": "${IBEXA_PASSWORD}"},
            "max_in_flight": workers,
        },
        "configs/clients/source.json": {"type": "http", "base_url": "${SOURCE_BASE_URL}"},
        "configs/incoming/products.json": {
            "type": "http",
            "client": "source",
            "endpoint": "/products",
            "query": {"limit": 100},
            "records": "items",
            "key": "sku",
            "total": "total",
            "pagination": {"type": "next_link", "next": "next"},
        },
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
            "same_host": True,  # one process plays both
            **({"schedule": {"every": every}} if every else {}),
        },
        "transformers/product.json": [*filters, {"type": "map", "to": MAPPING}],
    }
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")


@contextmanager
def target(records: int, latency_ms: float) -> Iterator[str]:
    """The source and the Ibexa (bench.target) in a process of their own; their URL."""
    options = ["--records", str(records), "--latency-ms", str(latency_ms)]
    command = [sys.executable, "-m", "bench.target", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def asked(url: str, *, forget: bool) -> dict[str, int]:
    """How often each kind of request came since the last call; with forget, the target holds no content items again."""
    with urllib.request.urlopen(f"{url}/bench/{'forget' if forget else 'counts'}") as answer:
        found: dict[str, int] = json.load(answer)
    return found


def compiled() -> dict[str, str]:
    """Where a process keeps what it compiled, for machines whose environment says that it must not: users' do not.

    Else each start would compile everything anew, which is most of what a short run does.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "connector-bench" / "compiled"
    return {"PYTHONPYCACHEPREFIX": str(folder)} if os.environ.get("PYTHONDONTWRITEBYTECODE") else {}


def measure(program: list[str], env: dict[str, str], cwd: Path) -> Measured:
    """Run a process to its end and account for it, and for the processes that it started and waited for.

    The peak is that of the largest of them. A process begins with the peak of the one that starts it, so whoever calls
    this should be small.

    Raises:
        RuntimeError: it did not end with 0.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.monotonic()
    with (cwd / "errors.log").open("w+b") as errors:
        process = subprocess.Popen(
            program, env={**inherited, **env}, cwd=cwd, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout is not None
        with process.stdout:
            output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise RuntimeError(f"{program}\nended with {process.returncode}\n{output[-1000:]}\n{said[-2000:]}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)
