"""Empty databases to test on: an SQLite file, or one of its own on the PostgreSQL server that the environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.store.engine import make_engine

KINDS = ("sqlite", "postgresql")
POSTGRES = os.environ.get("CONNECTOR_TEST_POSTGRES", "")


@contextmanager
def empty_database(kind: str, folder: Path, name: str) -> Iterator[str]:
    """Its URL. Without a server the test is skipped; in CI that is a failure.

    Args:
        kind: one of ``KINDS``.
        folder: for the file.
        name: of the test; makes the database's own.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder}/run.db"
        return
    if not POSTGRES:
        if os.environ.get("CI"):
            pytest.fail("CONNECTOR_TEST_POSTGRES is not set, and CI must test PostgreSQL")
        pytest.skip("no PostgreSQL: set CONNECTOR_TEST_POSTGRES to the URL of a server to test on")
    admin = sa.create_engine(make_engine(POSTGRES).url, isolation_level="AUTOCOMMIT")
    database = f"connector_test_{os.getpid()}_{abs(hash(name)) % 10**8}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {database}")
        connection.exec_driver_sql(f"CREATE DATABASE {database}")
    try:
        yield admin.url.set(database=database).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {database} WITH (FORCE)")
        admin.dispose()
