"""An item below three others, and where it lies: for the tests of its Locations."""

from __future__ import annotations

from typing import Any

from connector.core.model import Message
from connector.core.outcome import Done
from tests.integration.outgoing.shop import Kept, Shop

A, B, C = {"remote_id": "cat-a"}, {"remote_id": "cat-b"}, {"remote_id": "cat-c"}


class Placed(Kept):
    """``t-1``, made below ``cat-a``; ``cat-b`` and ``cat-c`` are there too."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, parent=A, **more)
        for name in ("cat-a", "cat-b", "cat-c"):
            assert isinstance(shop.put(name), Done)
        self.created()
        shop.sandbox.book.reset()

    @property
    def lies(self) -> list[str]:
        """Remote ids of the items below which it lies, the main one first."""
        repository = self.shop.sandbox.repository
        item = repository.content_by_remote_id("t-1")
        assert item is not None
        order = sorted(item.locations, key=lambda one: (one != item.main_location, one))
        parents = [repository.locations[repository.locations[one].parent_id] for one in order]
        return [repository.contents[one.content_id].remote_id for one in parents]

    def path(self, remote_id: str) -> str:
        """Of the main Location of an item, such as 1/2/61."""
        repository = self.shop.sandbox.repository
        item = repository.content_by_remote_id(remote_id)
        assert item is not None
        assert item.main_location is not None
        return repository.locations[item.main_location].path.strip("/")

    def by_hand(self, remote_id: str) -> None:
        """An editor gives it a Location below that item."""
        item = self.shop.sandbox.repository.content_by_remote_id("t-1")
        assert item is not None
        href = f"/api/ibexa/v2/content/locations/{self.path(remote_id)}"
        place = {"ParentLocation": {"_href": href}, "sortField": "PATH", "sortOrder": "ASC"}
        self.shop.call("location.create", place, contentId=item.id)

    def said(self) -> Message:
        """What ``put`` sends, for ``earlier``."""
        payload = {"remote_id": "t-1", "fields": {"name": "A", "body": "first"}, **self.more}
        return self.shop.upsert.prepare(Message(payload=payload))
