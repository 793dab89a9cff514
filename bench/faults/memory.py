"""The figure of memory: a million records through the whole of a run, and again unchanged, as its size over time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.work import make_project, target

ROOT = Path(__file__).resolve().parents[2]
EVERY = 0.2


def memory(records: int, sent: int = 2000) -> dict[str, Any]:
    """All records are read, mapped and accounted for; a few thousand of them are sent, the others are filtered."""
    with tempfile.TemporaryDirectory() as folder, target(records, 0) as url:
        root = Path(folder)
        make_project(root, 8, only=f"sku < '{sent:07d}'")
        env = {**os.environ, "IBEXA_BASE_URL": url, "SOURCE_BASE_URL": url, "IBEXA_PASSWORD": "publish"}
        env |= {"PYTHONPATH": str(ROOT)}
        env["CONNECTOR_DATABASE_URL"] = f"sqlite:///{root}/run.db"
        first, again = _watched(root, env), _watched(root, env)
        size = (root / "run.db").stat().st_size
    return {
        "records": records,
        "sent": sent,
        **_told("first", first, records),
        **_told("again", again, records),
        "run log, MB": size // 1_000_000,
    }


def _watched(root: Path, env: dict[str, str]) -> list[tuple[float, float]]:
    """(seconds, MB) of one run."""
    program = [sys.executable, "-m", "connector", "-q", "-C", str(root), "run", "products"]
    process = subprocess.Popen(program, env=env, stdout=subprocess.DEVNULL)
    started, found = time.monotonic(), list[tuple[float, float]]()
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmRSS")), "")
        if line:
            found.append((time.monotonic() - started, int(line.split()[1]) / 1024))
        time.sleep(EVERY)
    assert process.returncode == 0, process.returncode
    return found


def _told(name: str, sizes: list[tuple[float, float]], records: int) -> dict[str, Any]:
    """The slope from the end of the first fifth, where everything is warm, to the end."""
    seconds = sizes[-1][0]
    warm = [one for one in sizes if one[0] >= seconds / 5]
    third = max(len(warm) // 4, 1)
    grown = _mean(warm[-third:]) - _mean(warm[:third])
    return {
        f"{name}: records/s": round(records / seconds),
        f"{name}: peak, MB": round(max(size for _, size in sizes)),
        f"{name}: growth per 100,000 records after warm-up, MB": round(grown / (0.6 * records / 100_000), 2),
    }


def _mean(sizes: list[tuple[float, float]]) -> float:
    return sum(size for _, size in sizes) / len(sizes)
