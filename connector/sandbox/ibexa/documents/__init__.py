"""Documents that are kept as they were sent: carts, orders, shipments, segments and the like.

The packages behind them are closed, so only the reference and its examples speak for them: ``collections.json`` says
what a document keeps and how it is shown, ``operations.json`` what can be done with it. What the reference does not
show (the later steps of a workflow, entries of a cart, baskets as a whole) is a likely form, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

Json = Any


@cache
def table(name: str) -> Json:
    """``collections`` or ``operations``, read once; nobody may change it."""
    return json.loads((resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8"))


class Documents:
    """The kept documents by collection; each has an ``id`` and an ``identifier``."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, Json]] = {}
        self._next: dict[str, int] = {}
        self._assigned: dict[tuple[str, int], list[int]] = {}
        self.reset()

    def reset(self) -> None:
        """Only what a clean install has."""
        self._assigned.clear()
        for name, collection in table("collections").items():
            self._kept[name], self._next[name] = {}, 1
            for document in collection.get("start", ()):
                self.add(name, document)

    def add(self, collection: str, document: Mapping[str, Json]) -> Json:
        """Keep a copy under the next id, which is its identifier too if it has none."""
        number = self._next[collection]
        self._next[collection] += 1
        self._kept[collection][number] = {"identifier": str(number), **document, "id": number}
        return self._kept[collection][number]

    def all(self, collection: str) -> list[Json]:
        """The documents, the oldest first."""
        return list(self._kept[collection].values())

    def find(self, collection: str, key: str) -> Json | None:
        """The document of an identifier or id; None when there is none."""
        for document in self._kept[collection].values():
            if document["identifier"] == key:
                return document
        return self._kept[collection].get(int(key)) if key.isdigit() else None

    def remove(self, collection: str, document: Json) -> None:
        """Forget a document; those that go with it are forgotten too."""
        del self._kept[collection][document["id"]]
        for (name, _), numbers in self._assigned.items():
            numbers[:] = [each for each in numbers if each in self._kept[name]]
        for name, other in table("collections").items():
            for field, owner in other.get("goes_with", {}).items():
                for each in self.all(name) if owner == collection else ():
                    if each[field] == document["identifier"]:
                        self.remove(name, each)

    def rename(self, collection: str, document: Json, identifier: str) -> None:
        """Give a document another identifier; those that name it follow."""
        for name, other in table("collections").items():
            for field, owner in other.get("known", {}).items():
                for each in self.all(name) if owner == collection else ():
                    if each.get(field) == document["identifier"]:
                        each[field] = identifier
        document["identifier"] = identifier

    def assigned(self, collection: str, user_id: int) -> list[int]:
        """The ids of the documents that a user has been given; to be changed in place."""
        return self._assigned.setdefault((collection, user_id), [])
