"""``python -m bench.faults [NAME ...] [--full]``: without a name all; small unless --full is given."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

from bench.databases import on_database
from bench.faults.canaries import secrets
from bench.faults.memory import memory
from bench.faults.run_log import frozen, overlap, sqlite
from bench.faults.upserts import tree, weather
from bench.faults.wire import loops, lost_answers, origins, tokens

FIGURES: dict[str, tuple[Callable[..., dict[str, Any]], tuple[Any, ...], tuple[Any, ...]]] = {
    "lost-answers": (lost_answers, (300,), (10_000,)),
    "loops": (loops, (60, 50), (1000, 1000)),
    "origins": (origins, (), ()),
    "tokens": (tokens, (20,), (500,)),
    "sqlite": (sqlite, (3000,), (100_000,)),
    "frozen": (frozen, (2.0,), (30.0,)),
    "overlap": (overlap, (150,), (1000,)),
    "secrets": (secrets, (), ()),
    "weather": (weather, (300,), (2000,)),
    "tree": (tree, (60, 240), (1000, 5000)),
    "memory": (memory, (20_000,), (1_000_000,)),
}
"""Name -> figure, its small size, its full size."""
ON_SERVERS = {"weather", "tree"}
"""Those that run the command line; the others bring their own databases, or need none."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(FIGURES))
    parser.add_argument("--full", action="store_true", help="the sizes of docs/reliability.md")
    on_database(parser)
    options = parser.parse_args()
    if options.database:
        os.environ["CONNECTOR_BENCH_DATABASE"] = options.database
        if unable := set(options.names or FIGURES) - ON_SERVERS:
            parser.error(f"--database is for {', '.join(sorted(ON_SERVERS))}; not for {', '.join(sorted(unable))}")
    for name in options.names or FIGURES:
        if name not in FIGURES:
            parser.error(f"there is no figure '{name}'. There are: {', '.join(FIGURES)}")
        figure, small, full = FIGURES[name]
        started = time.monotonic()
        found = figure(*(full if options.full else small))
        print(f"{name} ({time.monotonic() - started:.0f} s)")
        for what, value in found.items():
            print(f"  {what}: {value}")


if __name__ == "__main__":
    main()
