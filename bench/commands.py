"""How long commands take that people wait for: ``python -m bench.commands``.

Prints the time of ``validate`` over a project of 100 routes, and of ``--help`` against a Python that does nothing.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9


def project(root: Path, routes: int) -> None:
    client = {
        "base_url": "${IBEXA_BASE_URL}",
        "auth": {"type": "jwt", "username": "u", "password": "${IBEXA_PASSWORD}"},
    }
    write(root / "configs/clients/ibexa.json", {"type": "ibexa", **client})
    write(root / "configs/clients/pim.json", {"type": "http", "base_url": "${PIM_BASE_URL}"})
    fixed = {"content_type": "article", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    for n in range(routes):
        asked = {"type": "http", "client": "pim", "endpoint": f"/p{n}", "records": "items", "key": "id"}
        write(root / f"configs/incoming/in-{n}.json", {**asked, "pagination": {"type": "offset"}})
        sent = {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert", "payload": fixed}
        write(root / f"configs/outgoing/out-{n}.json", sent)
        fields = {f"field{one}": f"values.field{one}.data" for one in range(20)}
        mapping = {"payload": {"remote_id": "concat('a-', id)", "fields": fields}}
        write(root / f"transformers/map-{n}.json", [{"type": "map", "to": mapping}])
        route = {"incoming": f"in-{n}", "transformers": [f"map-{n}"], "outgoing": f"out-{n}"}
        write(root / f"configs/routes/route-{n}.json", {**route, "schedule": {"cron": "*/5 * * * *"}})


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")


def median(*command: str) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    program = str(Path(sys.executable).parent / "connector")
    with tempfile.TemporaryDirectory() as folder:
        project(Path(folder), 100)
        seconds = median(program, "-C", folder, "validate")
    nothing, help_ = median(sys.executable, "-c", "pass"), median(program, "--help")
    print(f"validate, 100 routes   {seconds:.2f} s")
    print(
        f"--help                 {help_:.3f} s, {help_ / nothing:.1f} times a Python that does nothing ({nothing:.3f} s)"
    )


if __name__ == "__main__":
    main()
