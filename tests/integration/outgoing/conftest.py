"""One shop and one run log for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.store import Store, open_store
from tests.integration.outgoing.shop import Shop


@pytest.fixture
def ibexa_version() -> str:
    """Of the shop's Ibexa; modules whose tests both must pass define it anew with both."""
    return "4.6"


@pytest.fixture
def shop(tmp_path: Path, ibexa_version: str) -> Iterator[Shop]:
    running = Shop(tmp_path, ibexa_version)
    running.sandbox.book.reset()
    yield running
    running.client.close()
    running.sandbox.stop()
    running.cdn.server.stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/run.db")
    yield opened
    opened.close()
