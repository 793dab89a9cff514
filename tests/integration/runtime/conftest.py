"""Run logs on SQLite and, where there is one, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, open_store, upgrade
from tests.databases import KINDS, empty_database


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty_database(request.param, tmp_path, request.node.name) as url:
        upgrade(url)
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sandbox() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running
