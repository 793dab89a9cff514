"""Content to begin with: what is sown is there, below what it names, and not in the book."""

from __future__ import annotations

from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import Api

FOLDER = {"content_type": "folder", "fields": {"name": "Shoes"}}


def test_items_are_published_below_their_parents_and_the_book_is_empty(sandbox: IbexaSandbox, api: Api) -> None:
    section = {"SectionInput": {"identifier": "shop", "name": "Shop"}}
    sandbox.seed(
        [
            {**FOLDER, "remote_id": "shoes"},
            {**FOLDER, "remote_id": "boots", "parent": "shoes"},
            {"method": "POST", "path": "/content/sections", "type": "SectionInput", "body": section},
        ]
    )
    book = sandbox.book.snapshot()
    assert (book["requests"]["total"], book["items"], book["leftover_drafts"]) == (0, {}, [])
    shoes, boots = (sandbox.repository.content_by_remote_id(name) for name in ("shoes", "boots"))
    assert shoes is not None
    assert boots is not None
    assert (shoes.status, boots.status) == ("PUBLISHED", "PUBLISHED")
    assert api.main_location(boots.id).startswith(api.main_location(shoes.id) + "/")
    assert "shop" in api.send("GET", "/content/sections").text


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"content_type": "folder"}, "is a list"),
        ([FOLDER, "x"], "entry 2: it is an object with"),
        ([{**FOLDER, "remoteId": "x"}], "entry 1: it is an object with"),
        ([{**FOLDER, "fields": "x"}], "entry 1: 'fields' is an object"),
        ([{**FOLDER, "content_type": "shoe"}], "entry 1: there is no content type 'shoe'"),
        ([{**FOLDER, "parent": "nowhere"}], "entry 1: there is no item with the remote id 'nowhere'"),
        ([{**FOLDER, "fields": {"nonsense": "x"}}], "entry 1: 400"),
        ([{"method": "GET", "path": "/content/objects/4711"}], "entry 1: 404"),
        ([{**FOLDER, "remote_id": "a"}, {**FOLDER, "remote_id": "a"}], "entry 2: 406"),
    ],
)
def test_an_entry_that_cannot_be_carried_out_is_said(sandbox: IbexaSandbox, entries: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sandbox.seed(entries)
