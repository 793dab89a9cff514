"""``python -m bench.scripts.pull [FILE]``: read all records; with a file, keep each in SQLite, a transaction a page."""

from __future__ import annotations

import json
import sqlite3
import sys

from bench.scripts.source import pages


def main() -> None:
    count = 0
    if len(sys.argv) == 1:
        for page in pages():
            for record in page:
                count += record["sku"] != ""
    else:
        count = keep(sys.argv[1])
    print(count, "read")


def keep(path: str) -> int:
    count = 0
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE record (key TEXT PRIMARY KEY, data TEXT NOT NULL)")
    for page in pages():
        rows = [(record["sku"], json.dumps(record, ensure_ascii=False)) for record in page]
        with database:
            database.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", rows)
        count += len(rows)
    database.close()
    return count


if __name__ == "__main__":
    main()
