"""How large the run log's database is, and how much is free on its disk; giving back what it no longer needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from connector.core.errors import ConfigError
from connector.store.engine import Store


class Measured(Struct, frozen=True):
    """Bytes.

    Attributes:
        size: of what the database holds; pages that it has free inside are not counted.
        free: on the disk; None where that cannot be seen from here.
        folder: the one that was looked at; None if none was.
    """

    size: int
    free: int | None
    folder: Path | None


def folder_of(store: Store) -> Path | None:
    """Where the SQLite file is; None for another database, or one in memory."""
    name = store.engine.url.database
    return Path(name).resolve().parent if store.is_sqlite and name not in (None, "", ":memory:") else None


def measure(store: Store, path: Path | None = None) -> Measured:
    """Look at the database and at its disk, or at that of ``path``.

    Raises:
        StoreError: the database cannot be read.
        ConfigError: there is no such folder.
    """
    folder = path or folder_of(store)
    try:
        free = shutil.disk_usage(folder).free if folder is not None else None
    except OSError as error:
        message = f"the disk of {folder} cannot be looked at: {error.strerror}"
        raise ConfigError(message, hint="Correct disk.path in configs/project.json.") from None
    return Measured(_size(store), free, folder)


def compact(store: Store) -> None:
    """Give back to the disk what the database has free inside, so that nothing removed is left in the file.

    PostgreSQL keeps its files as they are, and uses them again.

    Raises:
        StoreError: another process is using the file, or the disk has no room for a copy of it.
    """
    store.outside("VACUUM", *(["PRAGMA wal_checkpoint(TRUNCATE)"] if store.is_sqlite else []))


def _size(store: Store) -> int:
    with store.reading() as connection:
        if not store.is_sqlite:
            return int(
                connection.execute(sa.select(sa.func.pg_database_size(sa.func.current_database()))).scalar() or 0
            )
        names = ("page_count", "freelist_count", "page_size")
        pages, unused, each = (int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0) for name in names)
        return (pages - unused) * each
