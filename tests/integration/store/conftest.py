"""Run logs on SQLite and, where there is one, on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.store import Store, open_store, upgrade
from connector.store.engine import make_engine

POSTGRES = os.environ.get("CONNECTOR_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path}/run.db")
        yield opened
        opened.close()
        return
    if not POSTGRES:
        if os.environ.get("CI"):
            pytest.fail("CONNECTOR_TEST_POSTGRES is not set, and CI must test PostgreSQL")
        pytest.skip("no PostgreSQL: set CONNECTOR_TEST_POSTGRES to the URL of a server to test on")
    admin = sa.create_engine(make_engine(POSTGRES).url, isolation_level="AUTOCOMMIT")
    name = f"connector_test_{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = admin.url.set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    opened = open_store(url)
    yield opened
    opened.close()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()
