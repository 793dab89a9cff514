"""Run logs on SQLite and, where there is one, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.store import Store, open_store, upgrade
from tests.databases import KINDS, empty_database


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with empty_database(request.param, tmp_path, request.node.name) as url:
        upgrade(url)
        opened = open_store(url)
        yield opened
        opened.close()
