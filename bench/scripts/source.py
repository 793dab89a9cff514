"""Reading the listing by hand: one kept-alive session, page after page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import requests


def pages() -> Iterator[list[dict[str, Any]]]:
    """The records of each page, from SOURCE_BASE_URL."""
    with requests.Session() as session:
        url = os.environ["SOURCE_BASE_URL"] + "/products?limit=100"
        while url:
            answer = session.get(url, timeout=60)
            answer.raise_for_status()
            page = answer.json()
            yield page["items"]
            url = page["next"]


def records() -> Iterator[dict[str, Any]]:
    for page in pages():
        yield from page
