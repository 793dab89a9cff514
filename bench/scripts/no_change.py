"""Nothing has changed: what does a script do to find out?

``python -m bench.scripts.no_change look-up WORKERS`` asks Ibexa for each item and compares its fields.
``python -m bench.scripts.no_change digests FILE`` compares a digest of each record with those of the last run, which are
in a JSON file, and writes it anew. ``remember FILE`` is its first run, without the sending.
"""

from __future__ import annotations

import hashlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.scripts.ibexa import Ibexa, mapped
from bench.scripts.source import records


def main() -> None:
    print({"look-up": look_up, "digests": digests, "remember": remember}[sys.argv[1]](sys.argv[2]), "unchanged")


def look_up(workers: str) -> int:
    ibexa = Ibexa()

    def same(record: dict[str, Any]) -> bool:
        remote_id, values = mapped(record)
        held = ibexa.find(remote_id)
        fields = held["CurrentVersion"]["Version"]["Fields"]["field"]
        return {one["fieldDefinitionIdentifier"]: one["fieldValue"] for one in fields} == values

    with ThreadPoolExecutor(int(workers)) as pool:
        return sum(pool.map(same, records()))


def digests(name: str) -> int:
    known = json.loads(Path(name).read_text(encoding="utf-8"))
    now = {record["sku"]: digest(record) for record in records()}
    Path(name).write_text(json.dumps(now), encoding="utf-8")
    return sum(known.get(sku) == print_of_it for sku, print_of_it in now.items())


def remember(name: str) -> int:
    Path(name).write_text(json.dumps({record["sku"]: digest(record) for record in records()}), encoding="utf-8")
    return len(json.loads(Path(name).read_text(encoding="utf-8")))


def digest(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    main()
