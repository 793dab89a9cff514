"""What a rehearsal has read so far: in a file of its own that nobody else sees and that is gone with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self

_AT_ONCE = 500


class Seen:
    """Key hashes of records, each with the fingerprint of its data. Not in memory: a source may have millions."""

    def __init__(self) -> None:
        # An empty name is SQLite's own temporary database: in memory while small, then a nameless file.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE seen (hash TEXT PRIMARY KEY, fingerprint TEXT) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, records: Mapping[str, str]) -> None:
        """Key hash -> fingerprint."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", records.items())
        self._database.execute("COMMIT")

    def among(self, hashes: Iterable[str]) -> dict[str, str]:
        """Those of them that were added, with their fingerprints."""
        asked, found = list(hashes), dict[str, str]()
        for start in range(0, len(asked), _AT_ONCE):
            found.update(self._some(asked[start : start + _AT_ONCE]))
        return found

    def _some(self, hashes: Sequence[str]) -> list[tuple[str, str]]:
        places = ",".join("?" * len(hashes))
        query = f"SELECT hash, fingerprint FROM seen WHERE hash IN ({places})"  # noqa: S608 - question marks only
        return self._database.execute(query, hashes).fetchall()
