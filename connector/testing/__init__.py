"""A pytest plugin: a project's routes, run offline against the bundled Ibexa.

``pytest_plugins = ["connector.testing"]`` in the top ``conftest.py`` of a project gives the fixtures below. There is no
entry point on purpose: a test run that does not ask for them loads nothing of this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.testing.project import CommandFailed, ConnectorProject

__all__ = [
    "CommandFailed", "ConnectorProject", "IbexaSandbox", "connector_project", "connector_project_root", "ibexa_sandbox",
    "ibexa_version",
]  # fmt: skip


@pytest.fixture
def ibexa_version() -> str:
    """The version of Ibexa that ``ibexa_sandbox`` is. Define it anew to name another, or both."""
    return "4.6"


@pytest.fixture
def ibexa_sandbox(ibexa_version: str) -> Iterator[IbexaSandbox]:
    """An Ibexa in memory, freshly installed: ``url``, ``username``, ``password``, ``version``, ``book``, ``faults``.

    ``book.snapshot()`` says what was asked of it, ``faults.add(rule)`` makes something go wrong, ``seed(entries)``
    puts content into it.
    """
    with IbexaSandbox(version=ibexa_version, login_seconds=0) as running:
        yield running


@pytest.fixture
def connector_project_root(request: pytest.FixtureRequest) -> Path:
    """The nearest folder with ``configs/``, from the test's own upwards. Define it anew to name another."""
    for folder in request.path.parents:
        if (folder / "configs").is_dir():
            return folder
    raise pytest.UsageError(
        f"no folder above {request.path} holds configs/: define a fixture connector_project_root that gives the project"
    )


@pytest.fixture
def connector_project(connector_project_root: Path, tmp_path: Path, ibexa_sandbox: IbexaSandbox) -> ConnectorProject:
    """A copy of the project whose Ibexa clients talk to ``ibexa_sandbox``, with an empty run log of its own."""
    return ConnectorProject.copied(connector_project_root, tmp_path / "project", ibexa_sandbox)
