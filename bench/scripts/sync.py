"""``python -m bench.scripts.sync WORKERS``: read, map, and look up, create, publish each in a pool of threads."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.scripts.ibexa import Ibexa, mapped
from bench.scripts.source import records


def main() -> None:
    ibexa = Ibexa()

    def put(record: dict[str, Any]) -> None:
        remote_id, values = mapped(record)
        if ibexa.find(remote_id) is None:
            ibexa.publish(ibexa.create(remote_id, values))

    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        print(sum(1 for _ in pool.map(put, records())), "sent")


if __name__ == "__main__":
    main()
