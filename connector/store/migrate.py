"""Brings the run log's tables to this version, forward only; refuses a database of a newer version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from connector.core.errors import StoreError
from connector.store import tables
from connector.store.address import file_of, parsed
from connector.store.engine import Store, make_engine, memory_engine

HEAD = "0011"
"""The newest migration; a test compares it with the migrations themselves."""
_MAKING = 0x636F6E6E
"""The number of the lock under which PostgreSQL lets one process make the tables."""

_IS_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    "postgresql": "SELECT to_regclass('alembic_version')",
}


def current(store: Store) -> str:
    """The revision of the database, or an empty text when it has no tables yet.

    Read by plain SQL: importing Alembic, or looking with SQLAlchemy's inspector, would cost every start.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.reading() as connection:
        return _revision(connection)


def _revision(connection: sa.Connection) -> str:
    if connection.execute(sa.text(_IS_THERE[connection.dialect.name])).scalar() is None:
        return ""
    return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")


def migrate(store: Store) -> tuple[str, str]:
    """Upgrade to HEAD. Returns (revision before, revision after).

    Raises:
        StoreError: the database is of a newer version, or a migration failed (then nothing changed).
    """
    before = current(store)
    if before == HEAD:
        return before, before
    if before > HEAD:
        raise StoreError(f"the run log is of a newer version ({before})", hint="Install the newer ibexa-connector.")
    try:
        with store.engine.begin() as connection:
            if not before and _is_ours(connection):
                _make(connection)
            else:
                _alter(connection)
    except SQLAlchemyError as error:
        raise StoreError(
            f"the run log could not be upgraded ({type(error).__name__})", hint="Nothing was changed."
        ) from None
    return before, current(store)


def _is_ours(connection: sa.Connection) -> bool:
    """Whether it is still without tables, now that no other process can make them."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MAKING})
    return _revision(connection) == ""


def _make(connection: sa.Connection) -> None:
    """All tables as they are today: without Alembic, whose import takes a third of a first run's memory and time."""
    tables.for_dialect(connection.dialect.name).create_all(connection, checkfirst=False)
    connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _alter(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - heavy, needed once per version
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(resources.files("connector.store") / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the run log.

    Args:
        url: a database URL.
        create: SQLite only: make and upgrade the tables. Other databases are upgraded by ``connector db upgrade``.

    Raises:
        StoreError: it cannot be opened, or its tables are missing or of another version.
    """
    store = Store(make_engine(url))
    found = current(store)
    if found == HEAD:
        return store
    if store.is_sqlite and create:
        migrate(store)
        return store
    what = "has no tables yet" if not found else f"is of version {found}, this program needs {HEAD}"
    raise StoreError(f"the run log {what}", hint="Run `connector db upgrade`.")


def look_at(url: str) -> Store | None:
    """The run log as it is, of whatever version; None when it is a file that is not there: none is made.

    Raises:
        StoreError: the URL is none, or its driver is not installed.
    """
    file = file_of(parsed(url))
    return None if file is not None and not file.exists() else Store(make_engine(url))


@contextmanager
def open_to_read(url: str) -> Iterator[Store]:
    """The run log for a question; one that does not exist yet is empty, and is not made for that.

    Raises:
        StoreError: it cannot be opened, or its tables are of another version.
    """
    there = look_at(url)
    if there is not None:
        there.close()
        store = open_store(url, create=False)
    else:
        store = Store(memory_engine())
        migrate(store)
    try:
        yield store
    finally:
        store.close()


def upgrade(url: str) -> tuple[str, str]:
    """Open, migrate, close. Returns (revision before, revision after)."""
    store = Store(make_engine(url))
    try:
        return migrate(store)
    finally:
        store.close()


def revision(url: str) -> str:
    """The revision of the database behind a URL; empty when it has no tables yet."""
    store = Store(make_engine(url))
    try:
        return current(store)
    finally:
        store.close()
