"""The command line as a process against the bundled Ibexa, on a small project in a temporary folder."""

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
    made.things({str(n): f"thing {n}" for n in range(5)})
    return made
