"""``python -m bench.reading``: the incoming of the project in this folder, iterated; nothing is kept or sent."""

from __future__ import annotations

import os
from pathlib import Path

from connector.app import Application
from connector.core.clock import StopEvent, SystemClock


def main() -> None:
    stop, count = StopEvent(), 0
    with Application.open(Path(), os.environ, stop=stop) as app:
        for reading in app.incoming("products").readings({}, SystemClock().now()):
            for batch in reading.batches(stop):
                count += sum(record.problem is None for record in batch.records)
    print(count, "read")


if __name__ == "__main__":
    main()
