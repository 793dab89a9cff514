"""Opens the database and hands out short transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from connector.core.errors import Replaced, StoreError
from connector.store.address import file_of, parsed
from connector.store.failures import ELSEWHERE, translated

BUSY_MILLISECONDS = 30_000
CACHE_KILOBYTES = 512
"""Of each connection, of which a run has four: what SQLite reads again, the system holds in memory anyway."""
FROZEN_MILLISECONDS = 20_000
"""PostgreSQL ends a transaction that says nothing for so long: a process that is stopped inside one (a suspended host)
would keep its locks, and with them everybody out, for as long as it is stopped. Below the time of a lease. What
PostgreSQL does not see, ``connector.store.frozen`` ends."""
_FILE = "run log file"
_REPLACED = "Put it back if it was moved; then start again: what was sent is found again at the target, by its keys."
APPLICATION = "connector"
"""How PostgreSQL names our sessions (``pg_stat_activity.application_name``), unless the URL names them."""


class Store:
    """The run log. ``reading`` and ``writing`` give a connection inside one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._readers = engine.execution_options(read_only=True)

    @property
    def is_sqlite(self) -> bool:
        """True for the default database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads.

        Raises:
            StoreError: the database cannot be read.
        """
        with translated(self.engine), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that may write; on SQLite it takes the write lock at once (no late "database is locked").

        Raises:
            StoreError: the database cannot be written: full, read-only, locked too long, away.
        """
        with translated(self.engine), self.engine.begin() as connection:
            yield connection

    def outside(self, *statements: str) -> None:
        """Statements that no transaction may hold, such as VACUUM.

        Raises:
            StoreError: one of them failed.
        """
        options = {"outside": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with translated(self.engine), self.engine.execution_options(**options).connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def make_engine(url: str) -> sa.Engine:
    """An engine with our settings; parameters never appear in its messages.

    Raises:
        StoreError: the URL is none, its driver is not installed, or its folder cannot be made.
    """
    address = parsed(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address)
    try:
        engine = sa.create_engine(
            address.set(query={"application_name": APPLICATION, **address.query}),
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise StoreError(
            "the PostgreSQL driver is not installed", hint="pip install 'ibexa-connector[postgres]'"
        ) from None
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def memory_engine() -> sa.Engine:
    """An empty SQLite database that ends with this process."""
    return _sqlite_engine(sa.make_url("sqlite://"))


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    file = file_of(url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"the folder of the run log, {file.parent}, cannot be made: {error.strerror}"
            raise StoreError(message, hint=ELSEWHERE) from None
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    if file is not None:
        _watch_file(engine, file)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _watch_file(engine: sa.Engine, file: Path) -> None:
    """Each transaction sees that the file is still the one that was opened.

    One that is removed, or another moved to its place, goes on to be written by whoever has it open, and is gone with
    that process; meanwhile everybody else has another run log, with leases of its own.
    """

    def opened(_connection: Any, record: Any) -> None:
        record.info[_FILE] = _identity(file)

    def check(connection: sa.Connection) -> None:
        if connection.info.get(_FILE) != _identity(file):
            message = f"the run log's file was removed or replaced while it was in use: {file}"
            raise Replaced(message, hint=_REPLACED)

    event.listen(engine, "connect", opened)
    event.listen(engine, "begin", check)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _to_wal(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.close()


def _to_wal(cursor: sqlite3.Cursor) -> None:
    """SQLite does not wait here when others do the same to a new file: it says at once that it is locked."""
    patience = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def _prepare_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {FROZEN_MILLISECONDS}")
    connection.commit()


def _begin_sqlite(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("outside", False):
        return
    # A deferred BEGIN that reads before it writes fails at once when another has written meanwhile.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
