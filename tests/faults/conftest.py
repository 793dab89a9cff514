"""A sandbox and a small project for tests that start the command line as a process; databases to run on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


@pytest.fixture
def sandbox() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox) -> ThingsProject:
    made = ThingsProject(tmp_path, sandbox.url)
    made.things({str(n): f"thing {n}" for n in range(30)})
    return made
