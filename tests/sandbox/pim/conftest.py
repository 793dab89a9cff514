"""One PIM for each file of tests, as shipped before each test, and a client that reads its pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connector.sandbox.pim import PimSandbox

Json = Any
TOKEN = "demo-pim-token"


class Reader:
    """Asks the PIM as any client would."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self.url = url
        self.session = session

    def get(self, path: str, token: str = TOKEN, **query: str | int) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        target = path if path.startswith("http") else self.url + path
        return self.session.get(target, params=query, headers=headers, timeout=10)

    def post(self, path: str, body: Json = None) -> requests.Response:
        return self.session.post(self.url + path, json=body, timeout=10)

    def pages(self, **query: str | int) -> list[list[Json]]:
        """The items of every page, following the next links."""
        answer = self.get("/api/products", TOKEN, **query).json()
        pages = [answer["_embedded"]["items"]]
        while "next" in answer["_links"]:
            answer = self.get(answer["_links"]["next"]["href"]).json()
            pages.append(answer["_embedded"]["items"])
        return pages

    def products(self, **query: str | int) -> list[Json]:
        return [item for page in self.pages(**{"limit": 100, **query}) for item in page]


@pytest.fixture(scope="module")
def server() -> Iterator[PimSandbox]:
    with PimSandbox() as running:
        yield running


@pytest.fixture
def pim(server: PimSandbox) -> PimSandbox:
    server.reset()
    return server


@pytest.fixture
def reader(pim: PimSandbox) -> Iterator[Reader]:
    with requests.Session() as session:
        session.trust_env = False
        yield Reader(pim.url, session)
