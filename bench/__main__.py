"""``python -m bench [--mode pull,sync-8] [--rounds 3]``: routes beside scripts by hand and other frameworks, as ratios.

What each figure means stands in bench/README.md; ``make bench`` also writes bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import peers, results
from bench.databases import Databases
from bench.modes import MODES
from bench.rounds import measured


def main() -> None:
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the target is ended too
    load = os.getloadavg()[0]
    installed = [peers.install(one) for one in peers.PEERS] if options.peers else []
    for one in installed:
        _tell(f"{one.peer.name} {one.version or one.why}: keeps {one.peer.keeps}")
    databases = Databases(options.database)
    try:
        found = _measure(options.mode, options, installed, databases)
    finally:
        databases.close()
    kind = "PostgreSQL" if options.database else "SQLite"
    facts = results.about(load, _command(options), kind)
    page = results.page(facts, found, installed)
    print(json.dumps(results.as_json(facts, found, installed), indent=2) if options.json else page)
    if options.results:
        options.results.write_text(page, encoding="utf-8")


def _measure(
    names: Sequence[str], options: argparse.Namespace, installed: Sequence[peers.Installed], databases: Databases
) -> list[results.Found]:
    found = []
    for name in names:
        mode = MODES[name]
        records = options.records if options.records and mode.records > 1 else mode.records
        _tell(f"\n{mode.title}: {records} records")
        rows = measured(mode, records, options.rounds, installed=installed, databases=databases, tell=_tell)
        found.append(results.Found(name, records, rows))
    return found


def _tell(line: str) -> None:
    """Progress; what was found goes to standard output."""
    print(line, file=sys.stderr, flush=True)


def _command(options: argparse.Namespace) -> str:
    """What was asked for, without addresses."""
    said = ["python -m bench"]
    said += [f"--mode {','.join(options.mode)}"] if options.mode != list(MODES) else []
    said += [f"--rounds {options.rounds}"]
    said += [f"--records {options.records}"] if options.records else []
    said += [] if options.peers else ["--no-peers"]
    return " ".join([*said, *(["--database …"] if options.database else [])])


def _modes(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in MODES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(MODES)}")
    return names


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number of at least 1")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--mode", type=_modes, default=list(MODES), help=f"some of {','.join(MODES)} (default: all)")
    parser.add_argument("--rounds", type=_count, default=3, help="of each (default: 3)")
    parser.add_argument("--records", type=_count, help="instead of each mode's own number")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="leave out the other frameworks")
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="a PostgreSQL server, postgresql://user@host/database, for the run logs; databases of their own are made there",
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write the page there too")
    return parser


if __name__ == "__main__":
    main()
