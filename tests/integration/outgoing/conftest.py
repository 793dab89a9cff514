"""One shop for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.outgoing.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    running = Shop(tmp_path)
    running.sandbox.book.reset()
    yield running
    running.client.close()
    running.sandbox.stop()
    running.cdn.server.stop()
