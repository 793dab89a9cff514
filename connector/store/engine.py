"""Opens the database and hands out short transactions; turns the driver's errors into StoreError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from connector.core.errors import StoreError

BUSY_MILLISECONDS = 30_000
CACHE_KILOBYTES = 512
"""Of each connection, of which a run has four: what SQLite reads again, the system holds in memory anyway."""
FROZEN_MILLISECONDS = 20_000
"""PostgreSQL ends a transaction that says nothing for so long: a process that is stopped inside one (a suspended host)
would keep its locks, and with them everybody out, for as long as it is stopped. Below the time of a lease. What
PostgreSQL does not see, ``connector.store.frozen`` ends."""
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
        with _translated(self.engine), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that may write; on SQLite it takes the write lock at once (no late "database is locked").

        Raises:
            StoreError: the database cannot be written: full, read-only, locked too long, away.
        """
        with _translated(self.engine), self.engine.begin() as connection:
            yield connection

    def outside(self, *statements: str) -> None:
        """Statements that no transaction may hold, such as VACUUM.

        Raises:
            StoreError: one of them failed.
        """
        options = {"outside": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with _translated(self.engine), self.engine.execution_options(**options).connect() as connection:
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
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        raise StoreError("CONNECTOR_DATABASE_URL is no database URL", hint=_URL_HINT) from None
    name = parsed.get_backend_name()
    if name == "sqlite":
        return _sqlite_engine(parsed)
    if name != "postgresql":
        raise StoreError(f"a run log in '{name}' is not supported", hint=_URL_HINT)
    try:
        engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg", query={"application_name": APPLICATION, **parsed.query}),
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise StoreError(
            "the PostgreSQL driver is not installed", hint="pip install 'ibexa-connector[postgres]'"
        ) from None
    event.listen(engine, "connect", _prepare_postgres)
    return engine


_URL_HINT = "Use sqlite:///path/to/connector.db or postgresql://user:password@host/database."


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database not in (None, "", ":memory:"):
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"the folder of the run log, {folder}, cannot be made: {error.strerror}"
            raise StoreError(message, hint=_ELSEWHERE) from None
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.close()


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


@contextmanager
def _translated(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise _store_error(error, engine) from None


class Locked(StoreError):
    """A lock was not to be had within the time that this transaction allows."""


_ELSEWHERE = (
    "Let this user write in its folder, or keep the run log elsewhere: "
    "export CONNECTOR_DATABASE_URL=sqlite:////path/to/connector.db"
)
_LOCK_NOT_AVAILABLE = "55P03"
_WHO_LOCKS = "See who holds it in pg_stat_activity, and end that session with pg_terminate_backend(pid)."
_KNOWN = (
    ("disk is full", "the disk is full: nothing more can be accounted for", "Make room, then run again: it goes on."),
    ("disk i/o", "the disk refuses to write", "Check the disk, then run again: it goes on."),
    ("readonly", "the run log is read-only", _ELSEWHERE),
    ("unable to open", "the run log's file cannot be opened", _ELSEWHERE),
    ("locked", "the run log stayed locked too long", "Is another process holding it? `connector runs` shows who."),
    ("malformed", "the run log's file is damaged", "Restore it from a backup; what was written at the target is safe."),
    ("not a database", "the run log's file is no database", "CONNECTOR_DATABASE_URL points to another file."),
    ("no such table", "the run log has no tables yet", "Run `connector db upgrade`."),
    ("does not exist", "the run log has no tables yet", "Run `connector db upgrade`."),
    ("connection", "the run log's database cannot be reached", "Check CONNECTOR_DATABASE_URL and the server."),
)


def _store_error(error: SQLAlchemyError, engine: sa.Engine) -> StoreError:
    if getattr(getattr(error, "orig", None), "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        return Locked("the run log stayed locked too long", hint=_WHO_LOCKS)
    cause = str(getattr(error, "orig", "") or "").lower()
    file = f": {engine.url.database}" if engine.dialect.name == "sqlite" and engine.url.database else ""
    for word, message, hint in _KNOWN:
        if word in cause:
            return StoreError(message + file, hint=hint)
    kind = type(getattr(error, "orig", None) or error).__name__
    return StoreError(f"the run log's database failed ({kind})", hint="Run with -v for more.")
