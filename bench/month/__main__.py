"""``python -m bench.month [--nights 30] [--categories 60] [--products 400] [--seed N]``: a month of nightly feeds."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.databases import on_database
from bench.month.nights import Size, month

SHOWN = 30


def main() -> int:
    """Print what happened and what came of it; 1 when a difference is left that nobody wanted."""
    parser = argparse.ArgumentParser(prog="bench.month", description=__doc__)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--categories", type=int, default=60)
    parser.add_argument("--products", type=int, default=400)
    parser.add_argument("--acts", type=int, default=13, help="what an editor does in a day")
    parser.add_argument("--seed", type=int, default=4711)
    on_database(parser)
    given = parser.parse_args()
    if given.database:
        os.environ["CONNECTOR_BENCH_DATABASE"] = given.database
    with tempfile.TemporaryDirectory() as root:
        size = Size(given.nights, given.categories, given.products, given.acts, given.seed)
        found = month(Path(root), size, judge_every=5)
    print(f"{given.nights} nights, {found.items} items, {found.versions} versions published, {found.runs} runs,")
    print(f"{found.kills} killed, {found.seconds:.0f} s, seed {given.seed}")
    for title, counts in (
        ("happened", found.events),
        ("went wrong", found.faults),
        ("differs, as wanted", found.wanted),
    ):
        print(f"{title}:")
        for what, count in sorted(counts.items()):
            print(f"  {what}: {count}")
    print(f"differs, and nobody wanted it: {len(found.unexpected)}")
    for told in found.unexpected[:SHOWN]:
        print(f"  {told}")
    return 1 if found.unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
