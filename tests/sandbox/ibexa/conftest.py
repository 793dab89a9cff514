"""One sandbox for each file of tests, with the data of a clean install before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import Api


@pytest.fixture(scope="module")
def server() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running


@pytest.fixture
def sandbox(server: IbexaSandbox) -> IbexaSandbox:
    server.faults.clear()
    server.reset()
    return server


@pytest.fixture
def api(sandbox: IbexaSandbox) -> Iterator[Api]:
    with requests.Session() as session:
        session.trust_env = False
        client = Api(sandbox.url, session)
        client.log_in()
        sandbox.book.reset()
        yield client
